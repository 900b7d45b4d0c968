"""Messages about who somebody is."""

from dataclasses import dataclass, field
from uuid import UUID

from vaitiolo.warden.parts import TouchKey
from vaitiolo.warden.protocol.saying import Message, Question


@dataclass(frozen=True, slots=True)
class WaysToSignIn(Question):
    """Ask which ways in this house allows."""


@dataclass(frozen=True, slots=True)
class WaysIn(Message):
    """What the policy allows to everybody: facts of the house, never of a person."""

    password_alone: bool
    key_alone: bool


@dataclass(frozen=True, slots=True)
class AskToSignIn(Question):
    """Ask for what a security key needs to answer for a name."""

    name: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AskedToSignIn(Message):
    """A challenge for two minutes, and four keys: as many for every name, known or not."""

    challenge: bytes = field(repr=False)
    rp_id: str
    keys: tuple[TouchKey, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class SignIn(Question):
    """Open a slot: the one proof of who somebody is. The cookie was drawn by the web.

    ``kind`` is 1 (password and key), 2 (key), 3 (printed code, as ``password``) or 4 (password).
    """

    cookie: bytes = field(repr=False)
    name: str = field(repr=False)
    kind: int
    password: str = field(repr=False)
    prf: bytes = field(repr=False)
    assertion: bytes = field(repr=False)
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
