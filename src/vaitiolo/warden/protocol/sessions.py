"""Messages about a person's own sessions: where they are signed in, and ending it there."""

from dataclasses import dataclass, field
from uuid import UUID

from vaitiolo.warden.parts import Seated
from vaitiolo.warden.protocol.saying import Message, Question


@dataclass(frozen=True, slots=True)
class NameSession(Question):
    """Say once, right after signing in, which browser a session is in."""

    cookie: bytes = field(repr=False)
    words: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SessionNamed(Message):
    """It is named; and which earlier session had to end because there were too many."""

    ended: tuple[Seated, ...]


@dataclass(frozen=True, slots=True)
class ListSessions(Question):
    """Ask where one is signed in."""

    cookie: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class SessionsListed(Message):
    """The asker's living sessions, the latest first."""

    sessions: tuple[Seated, ...]


@dataclass(frozen=True, slots=True)
class EndSession(Question):
    """End one of the asker's own sessions."""

    cookie: bytes = field(repr=False)
    session: UUID


@dataclass(frozen=True, slots=True)
class EndAllSessions(Question):
    """End all of the asker's own sessions, or all but the one that asks."""

    cookie: bytes = field(repr=False)
    but_this: bool
