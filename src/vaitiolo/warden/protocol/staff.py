"""Messages about who works here."""

from dataclasses import dataclass, field
from uuid import UUID

from vaitiolo.warden.parts import Colleague
from vaitiolo.warden.protocol.saying import Message, Question


@dataclass(frozen=True, slots=True)
class Colleagues(Question):
    """Who works here."""

    cookie: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Staff(Message):
    """Everyone on the staff, the asker too."""

    colleagues: tuple[Colleague, ...]


@dataclass(frozen=True, slots=True)
class RevokeCard(Question):
    """A registrar ends a colleague's card, at once."""

    cookie: bytes = field(repr=False)
    person: UUID
    reason: int
