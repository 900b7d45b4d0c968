"""Messages about copies of named notes for a named reader."""

from dataclasses import dataclass, field
from uuid import UUID

from vaitiolo.warden.parts import Sealed
from vaitiolo.warden.protocol.saying import Message, Question


@dataclass(frozen=True, slots=True)
class CopyNotes(Question):
    """Copy notes of one's own out of an open chart, for one reader, until a day."""

    cookie: bytes = field(repr=False)
    handle: bytes = field(repr=False)
    documents: tuple[Sealed, ...]
    reader: UUID
    until: int


@dataclass(frozen=True, slots=True)
class Copied(Message):
    """The copies' compartment, and the copies in the order asked."""

    compartment: UUID
    copies: tuple[Sealed, ...]
