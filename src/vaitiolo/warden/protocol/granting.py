"""Messages about making compartments and letting colleagues open them."""

from dataclasses import dataclass, field
from uuid import UUID

from vaitiolo.warden.parts import NewCompartment
from vaitiolo.warden.protocol.saying import Message, Question


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
class BeginHandOver(Question):
    """Say that patients of one's own are handed over to a colleague, with a touch."""

    cookie: bytes = field(repr=False)
    person: UUID
    patients: tuple[UUID, ...]
    assertion: bytes = field(repr=False)
