"""Opening compartments, making them, and letting colleagues open them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from vaitiolo.warden import protocol
from vaitiolo.warden.client.asking import ask
from vaitiolo.warden.kinds import Mode, Purpose
from vaitiolo.warden.parts import NewCompartment, Plain, Read, Reader, Sealed, Wanted
from vaitiolo.warden.session import Session

# Rows of a phone book or a chart travel in frames of about this size, so that no frame is huge.
FRAME_ROWS: Final = 2_000


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


def begin_hand_over(
    session: Session, person: UUID, patients: Sequence[UUID], *, assertion: bytes
) -> None:
    """Say that patients of one's own are handed over; for a day they are beside the figure."""
    question = protocol.BeginHandOver(session.cookie, person, tuple(patients), assertion)
    ask(session.transport, question, protocol.Done)
