"""Messages about the phone book and the index of identity codes."""

from dataclasses import dataclass, field
from uuid import UUID

from vaitiolo.warden.parts import BookRow, Sealed
from vaitiolo.warden.protocol.saying import Message, Question


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
