"""The messages that can be said over the warden's socket, and their version.

Frozen dataclasses, encoded by ``frames``. What is not in this file cannot be said: no answer
has a field for a key, a seed or a tag, and no question asks to sign bytes of one's own choosing.
"""

from dataclasses import dataclass, field
from typing import ClassVar
from uuid import UUID

from vaitiolo.warden.kinds import Caller
from vaitiolo.warden.parts import (
    Arrival,
    Arrived,
    BookRow,
    Colleague,
    Hit,
    NewCompartment,
    OpenedOne,
    Plain,
    Read,
    Sealed,
    ToDrop,
    Wanted,
)

VERSION = 1
WEB_ALONE = frozenset({Caller.WEB, Caller.CONSOLE})


class Message:
    """Anything that can be said."""

    __slots__ = ()


class Question(Message):
    """Anything that can be asked, and by whom."""

    __slots__ = ()
    callers: ClassVar[frozenset[Caller]] = WEB_ALONE


@dataclass(frozen=True, slots=True)
class Done(Message):
    """It is done and recorded."""


@dataclass(frozen=True, slots=True)
class Refused(Message):
    """It was refused; the reason is one of ``client``'s refusals."""

    reason: str


@dataclass(frozen=True, slots=True)
class SignIn(Question):
    """Open a slot: the one proof of who somebody is. The cookie was drawn by the web."""

    cookie: bytes = field(repr=False)
    name: str = field(repr=False)
    password: str = field(repr=False)
    network: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Recognise(Question):
    """Whose cookie is this? Keeps an idle session alive."""

    cookie: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Recognised(Message):
    """The person behind a cookie."""

    person: UUID
    name: str = field(repr=False)
    role: int
    unit: UUID | None
    desk: UUID | None
    is_weak: bool


@dataclass(frozen=True, slots=True)
class SignOut(Question):
    """End the session; its seed is forgotten."""

    cookie: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Open(Question):
    """Open compartments, all or none, each recorded before any is opened."""

    cookie: bytes = field(repr=False)
    wanted: tuple[Wanted, ...]


@dataclass(frozen=True, slots=True)
class Opened(Message):
    """Handles, in the order asked."""

    compartments: tuple[OpenedOne, ...]


@dataclass(frozen=True, slots=True)
class Unseal(Question):
    """Read documents of one open compartment, all in one question."""

    cookie: bytes = field(repr=False)
    handle: bytes = field(repr=False)
    documents: tuple[Sealed, ...]


@dataclass(frozen=True, slots=True)
class Unsealed(Message):
    """What they said, in the order asked."""

    documents: tuple[Read, ...]


@dataclass(frozen=True, slots=True)
class Seal(Question):
    """Seal documents; those of a signed kind are signed by the asker and recorded first."""

    cookie: bytes = field(repr=False)
    handle: bytes = field(repr=False)
    documents: tuple[Plain, ...]


@dataclass(frozen=True, slots=True)
class SealedBack(Message):
    """Sealed bytes, in the order asked."""

    sealed: tuple[bytes, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Create(Question):
    """Make compartments, with their recovery and first grants."""

    cookie: bytes = field(repr=False)
    compartments: tuple[NewCompartment, ...]


@dataclass(frozen=True, slots=True)
class Created(Message):
    """Their ids, in the order asked."""

    compartments: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Grant(Question):
    """Let a colleague open a compartment that the asker holds, until a day (none: no end)."""

    cookie: bytes = field(repr=False)
    compartment: UUID
    person: UUID
    until: int | None = None


@dataclass(frozen=True, slots=True)
class Colleagues(Question):
    """Who works here."""

    cookie: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Staff(Message):
    """Everyone on the staff, the asker too."""

    colleagues: tuple[Colleague, ...]


@dataclass(frozen=True, slots=True)
class LoadBook(Question):
    """Add rows to a phone book in memory; ``is_last`` says that it is now complete."""

    cookie: bytes = field(repr=False)
    handle: bytes = field(repr=False)
    rows: tuple[Sealed, ...]
    is_last: bool = True


@dataclass(frozen=True, slots=True)
class Find(Question):
    """Look in a phone book by name, part of a name, phone, e-mail, birth date or identity code."""

    cookie: bytes = field(repr=False)
    book: UUID
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Found(Message):
    """The best few rows and how many there are; or that the book is not open yet."""

    is_loaded: bool
    rows: tuple[BookRow, ...] = ()
    total: int = 0


@dataclass(frozen=True, slots=True)
class FindHetu(Question):
    """Is this identity code known? Says here, perhaps elsewhere, or none."""

    cookie: bytes = field(repr=False)
    book: UUID
    hetu: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class HetuFound(Message):
    """``here`` (then with the patient), ``perhaps-elsewhere`` or ``none``."""

    where: str
    patient: UUID | None = None


@dataclass(frozen=True, slots=True)
class PutHetu(Question):
    """Enter the identity code of a new patient into the index."""

    cookie: bytes = field(repr=False)
    identity: UUID
    hetu: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Drop(Question):
    """Seal something onto colleagues' desks without opening them."""

    cookie: bytes = field(repr=False)
    drops: tuple[ToDrop, ...]


@dataclass(frozen=True, slots=True)
class OpenDrops(Question):
    """Read what others laid on the own desk."""

    cookie: bytes = field(repr=False)
    handle: bytes = field(repr=False)
    drops: tuple[bytes, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class BeginSearch(Question):
    """Begin a search for words in the notes of the own caseload."""

    cookie: bytes = field(repr=False)
    words: str = field(repr=False)
    charts: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class SearchBegun(Message):
    """The search's id, good for this session alone."""

    search: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ScanChart(Question):
    """Look through documents of one chart of a search."""

    cookie: bytes = field(repr=False)
    search: bytes = field(repr=False)
    chart: UUID
    documents: tuple[Sealed, ...]


@dataclass(frozen=True, slots=True)
class EndSearch(Question):
    """Ask for the hits; the patients whose hits are shown are recorded first."""

    cookie: bytes = field(repr=False)
    search: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Hits(Message):
    """The newest hits, at most a page of them, and how many there are."""

    hits: tuple[Hit, ...]
    total: int


@dataclass(frozen=True, slots=True)
class PutOutbox(Question):
    """Seal a message that only the worker can open, due on a moment (seconds of 1970)."""

    cookie: bytes = field(repr=False)
    row: UUID
    due: int
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class TakeOutbox(Question):
    """The worker is about to open a row of the outbox."""

    callers = frozenset({Caller.WORKER})
    row: UUID


@dataclass(frozen=True, slots=True)
class OutboxSent(Question):
    """The worker has sent a row, or gave it up."""

    callers = frozenset({Caller.WORKER})
    row: UUID
    was_sent: bool


@dataclass(frozen=True, slots=True)
class RevokeCard(Question):
    """A registrar ends a colleague's card, at once."""

    cookie: bytes = field(repr=False)
    person: UUID
    reason: int


@dataclass(frozen=True, slots=True)
class Check(Question):
    """Ask how the warden is, and whether it can read the ledger."""

    callers = frozenset(Caller)


@dataclass(frozen=True, slots=True)
class Health(Message):
    """The warden's protocol, and the size of its ledger."""

    version: int
    ledger_size: int
    is_demo: bool
    org: UUID


@dataclass(frozen=True, slots=True)
class BeginBringingIn(Question):
    """Two officers, both signed in at the console, begin to bring a register in."""

    callers = frozenset({Caller.CONSOLE})
    first: bytes = field(repr=False)
    second: bytes = field(repr=False)
    source: str
    patients: int


@dataclass(frozen=True, slots=True)
class BringingIn(Message):
    """What the rest of the register is to be sent with."""

    batch: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class BringIn(Question):
    """Some patients of the register. Outside the hourly figures, each recorded."""

    callers = frozenset({Caller.CONSOLE})
    batch: bytes = field(repr=False)
    arrivals: tuple[Arrival, ...]


@dataclass(frozen=True, slots=True)
class BroughtIn(Message):
    """The same patients, sealed."""

    arrived: tuple[Arrived, ...]


@dataclass(frozen=True, slots=True)
class EndBringingIn(Question):
    """The register is in; the officers' leave to bring more ends here."""

    callers = frozenset({Caller.CONSOLE})
    batch: bytes = field(repr=False)
