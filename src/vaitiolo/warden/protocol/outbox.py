"""Messages about what only the worker can open."""

from dataclasses import dataclass, field
from uuid import UUID

from vaitiolo.warden.kinds import Caller
from vaitiolo.warden.protocol.saying import Question


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
