"""Messages about who somebody is."""

from dataclasses import dataclass, field
from uuid import UUID

from vaitiolo.warden.protocol.saying import Message, Question


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
