"""The asking half: what access modules and sign-in call, and the refusals that people read.

It holds no key. What it returns is a handle, sealed bytes, or words that the asker may read.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final, TypeVar
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from vaitiolo.kit.errors import Refusal
from vaitiolo.warden import frames, protocol
from vaitiolo.warden.kinds import Mode, Purpose
from vaitiolo.warden.parts import (
    Arrival,
    Arrived,
    BookRow,
    Colleague,
    Hit,
    NewCompartment,
    Place,
    Plain,
    Read,
    Reader,
    Sealed,
    ToDrop,
    Wanted,
)
from vaitiolo.warden.protocol import Health, Recognised
from vaitiolo.warden.session import Session
from vaitiolo.warden.transport import Transport, WardenAway

__all__ = [
    "Arrival",
    "BookRow",
    "Colleague",
    "Hit",
    "NewCompartment",
    "Place",
    "Plain",
    "Read",
    "Reader",
    "Recognised",
    "Sealed",
    "ToDrop",
    "Wanted",
]

A = TypeVar("A", bound=protocol.Message)

# Rows of a phone book or a chart travel in frames of about this size, so that no frame is huge.
FRAME_ROWS: Final = 2_000


class NotGranted(Refusal):
    """The asker holds no grant, or there is no such compartment: the two look alike."""

    status = HTTPStatus.NOT_FOUND
    message = _("There is nothing here that you can open. The attempt was recorded.")


class NotAllowed(Refusal):
    """The asker's role may not ask this."""

    message = _("Your role does not include this. Nothing was changed.")


class SignedOut(Refusal):
    """The session has ended: idle, too old, ended elsewhere, or the warden has restarted."""

    status = HTTPStatus.UNAUTHORIZED
    message = _("You are signed out. What was saved is kept under seal; sign in to go on.")


class WrongSignIn(Refusal):
    """Name or password is wrong; which of the two is not told."""

    message = _("The name or the password is not right. Nothing was opened.")


class TooManyTries(Refusal):
    """Too many failed tries for this name."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    message = _("Too many tries. Wait fifteen minutes, then try again.")


class CardEnded(Refusal):
    """The asker's own card was revoked or has run out."""

    message = _("Your access has ended. Nothing more can be opened; your drafts are kept.")


class OverBudget(Refusal):
    """More different patients than the signed policy allows in this time."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    message = _(
        "You have opened as many different patients as the policy allows for now. Nothing more "
        "was opened. Those already open this hour stay open; wait, or ask the privacy officer."
    )


class LedgerSilent(Refusal):
    """The ledger could not be written, so nothing was done."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    message = _("Records cannot be opened now, because the opening could not be written down.")


class WardenSilent(Refusal):
    """Nobody answers at the warden's socket."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    message = _(
        "Records cannot be opened now: the key agent does not answer. What was saved is kept."
    )


class SealBroken(Refusal):
    """Something stored is not what was once sealed. It was not shown, and it was recorded."""

    status = HTTPStatus.CONFLICT
    message = _(
        "This could not be verified, so it is not shown. It was recorded; tell the privacy officer."
    )


class TooLarge(Refusal):
    """More than one question may carry."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    message = _("This is too large to be sealed in one piece. Nothing of it was stored.")


class QuestionBroken(RuntimeError):
    """The warden did not understand the question: a fault of ours, never of the person."""


REFUSALS: Final[dict[str, type[Refusal]]] = {
    "not-granted": NotGranted,
    "not-allowed": NotAllowed,
    "signed-out": SignedOut,
    "wrong-sign-in": WrongSignIn,
    "too-many-tries": TooManyTries,
    "card-ended": CardEnded,
    "over-budget": OverBudget,
    "ledger-silent": LedgerSilent,
    "vault-away": WardenSilent,
    "seal-broken": SealBroken,
    "too-large": TooLarge,
}


def ask(transport: Transport, question: protocol.Question, answer: type[A]) -> A:
    """Ask the warden; return its answer or raise the refusal it gave."""
    try:
        frame = frames.encode(question)
    except frames.FrameBroken:
        raise TooLarge from None
    try:
        said = frames.decode(transport.ask(frame))
    except WardenAway:
        raise WardenSilent from None
    if isinstance(said, protocol.Refused):
        if said.reason in REFUSALS:
            raise REFUSALS[said.reason]
        raise QuestionBroken(said.reason)
    if not isinstance(said, answer):
        raise QuestionBroken(type(said).__name__)
    return said


@dataclass(frozen=True, slots=True)
class OpenCompartment:
    """A compartment that is open to this session for this request. It holds a handle, no key."""

    session: Session = field(repr=False)
    handle: bytes = field(repr=False)
    id: UUID
    klass: int
    readers: tuple[Reader, ...] = field(repr=False)
    recoveries: tuple[str, ...]

    def unseal(self, documents: Sequence[Sealed]) -> tuple[Read, ...]:
        """Read documents in one question. Raises SealBroken if any is not what was sealed."""
        if not documents:
            return ()
        question = protocol.Unseal(self.session.cookie, self.handle, tuple(documents))
        return ask(self.session.transport, question, protocol.Unsealed).documents

    def seal(self, documents: Sequence[Plain]) -> tuple[bytes, ...]:
        """Seal documents; those of a signed kind are recorded, then signed by the asker."""
        question = protocol.Seal(self.session.cookie, self.handle, tuple(documents))
        return ask(self.session.transport, question, protocol.SealedBack).sealed

    def load_book(self, rows: Sequence[Sealed], *, is_complete: bool = True) -> None:
        """Add phone-book rows to the warden's memory, where ``find`` looks."""
        cookie, handle, transport = self.session.cookie, self.handle, self.session.transport
        for start in range(0, max(len(rows), 1), FRAME_ROWS):
            some = tuple(rows[start : start + FRAME_ROWS])
            is_last = is_complete and start + FRAME_ROWS >= len(rows)
            ask(transport, protocol.LoadBook(cookie, handle, some, is_last), protocol.Done)

    def open_drops(self, drops: Sequence[bytes]) -> tuple[Read, ...]:
        """Read what colleagues laid on this desk; one without a valid signature is refused."""
        if not drops:
            return ()
        question = protocol.OpenDrops(self.session.cookie, self.handle, tuple(drops))
        return ask(self.session.transport, question, protocol.Unsealed).documents


def sign_in(session: Session, *, name: str, password: str, network: str) -> Recognised:
    """Open a slot. Raises WrongSignIn, TooManyTries."""
    question = protocol.SignIn(session.cookie, name, password, network)
    return ask(session.transport, question, Recognised)


def recognise(session: Session) -> Recognised:
    """Return the person behind a cookie. Raises SignedOut, CardEnded."""
    return ask(session.transport, protocol.Recognise(session.cookie), Recognised)


def sign_out(session: Session) -> None:
    """End a session; the warden forgets its seed."""
    ask(session.transport, protocol.SignOut(session.cookie), protocol.Done)


def open_compartments(session: Session, wanted: Sequence[Wanted]) -> tuple[OpenCompartment, ...]:
    """Open several compartments, all or none, recorded first. Raises NotGranted, OverBudget."""
    question = protocol.Open(session.cookie, tuple(wanted))
    opened = ask(session.transport, question, protocol.Opened).compartments
    return tuple(
        OpenCompartment(
            session, one.handle, one.compartment, one.klass, one.readers, one.recoveries
        )
        for one in opened
    )


def open_compartment(
    session: Session,
    compartment: UUID,
    *,
    purpose: Purpose,
    mode: Mode = Mode.READ,
    ground: str = "",
) -> OpenCompartment:
    """Open one compartment. For writing, nothing is shown and no entry of opening is made."""
    return open_compartments(session, [Wanted(compartment, mode, purpose, ground)])[0]


def create_compartments(session: Session, new: Sequence[NewCompartment]) -> tuple[UUID, ...]:
    """Make compartments with their recovery and first grants; return their ids."""
    question = protocol.Create(session.cookie, tuple(new))
    return ask(session.transport, question, protocol.Created).compartments


def grant(session: Session, compartment: UUID, person: UUID, *, until: int | None = None) -> None:
    """Let a colleague open what the asker holds; ``until`` is in days since 1970."""
    ask(
        session.transport, protocol.Grant(session.cookie, compartment, person, until), protocol.Done
    )


def list_colleagues(session: Session) -> tuple[Colleague, ...]:
    """Return everyone on the staff."""
    return ask(session.transport, protocol.Colleagues(session.cookie), protocol.Staff).colleagues


def find(session: Session, book: UUID, text: str) -> protocol.Found:
    """Look in a phone book; ``is_loaded`` is false when its rows must be loaded first."""
    return ask(session.transport, protocol.Find(session.cookie, book, text), protocol.Found)


def find_hetu(session: Session, book: UUID, hetu: str) -> protocol.HetuFound:
    """Ask whether an identity code is known here, perhaps elsewhere, or nowhere."""
    question = protocol.FindHetu(session.cookie, book, hetu)
    return ask(session.transport, question, protocol.HetuFound)


def put_hetu(session: Session, identity: UUID, hetu: str) -> None:
    """Enter a new patient's identity code into the index."""
    ask(session.transport, protocol.PutHetu(session.cookie, identity, hetu), protocol.Done)


def drop(session: Session, drops: Sequence[ToDrop]) -> tuple[bytes, ...]:
    """Seal things onto colleagues' desks without opening them."""
    question = protocol.Drop(session.cookie, tuple(drops))
    return ask(session.transport, question, protocol.SealedBack).sealed


def begin_search(session: Session, words: str, charts: Sequence[UUID]) -> bytes:
    """Record a search of the own caseload and begin it."""
    question = protocol.BeginSearch(session.cookie, words, tuple(charts))
    return ask(session.transport, question, protocol.SearchBegun).search


def scan_chart(
    session: Session, search: bytes, chart: UUID, *, documents: Sequence[Sealed]
) -> None:
    """Have one chart looked through; hits are kept by the warden until the end."""
    question = protocol.ScanChart(session.cookie, search, chart, tuple(documents))
    ask(session.transport, question, protocol.Done)


def end_search(session: Session, search: bytes) -> protocol.Hits:
    """Return the newest hits; their patients are recorded before they are returned."""
    return ask(session.transport, protocol.EndSearch(session.cookie, search), protocol.Hits)


def put_outbox(session: Session, *, row: UUID, due: int, body: bytes) -> bytes:
    """Seal a message for the worker alone; ``due`` in seconds since 1970."""
    question = protocol.PutOutbox(session.cookie, row, due, body)
    return ask(session.transport, question, protocol.SealedBack).sealed[0]


def take_outbox(transport: Transport, row: UUID) -> None:
    """Record that the worker is about to open a row of the outbox."""
    ask(transport, protocol.TakeOutbox(row), protocol.Done)


def settle_outbox(transport: Transport, row: UUID, *, was_sent: bool) -> None:
    """Record that a row of the outbox was sent, or given up."""
    ask(transport, protocol.OutboxSent(row, was_sent), protocol.Done)


def revoke_card(session: Session, person: UUID, *, reason: int) -> None:
    """End a colleague's card at once; for registrars."""
    ask(session.transport, protocol.RevokeCard(session.cookie, person, reason), protocol.Done)


def check(transport: Transport) -> Health:
    """Return how the warden is. Raises WardenSilent, LedgerSilent."""
    return ask(transport, protocol.Check(), Health)


def begin_bringing_in(first: Session, second: Session, *, source: str, patients: int) -> bytes:
    """Two officers begin to bring a register in; return what its patients are sent with."""
    question = protocol.BeginBringingIn(first.cookie, second.cookie, source, patients)
    return ask(first.transport, question, protocol.BringingIn).batch


def bring_in(
    transport: Transport, batch: bytes, arrivals: Sequence[Arrival]
) -> tuple[Arrived, ...]:
    """Seal some patients of a register."""
    question = protocol.BringIn(batch, tuple(arrivals))
    return ask(transport, question, protocol.BroughtIn).arrived


def end_bringing_in(transport: Transport, batch: bytes) -> None:
    """Say that the register is in."""
    ask(transport, protocol.EndBringingIn(batch), protocol.Done)
