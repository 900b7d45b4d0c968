"""What every message is: a question with its callers, and the plain answers."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from vaitiolo.warden.kinds import Caller

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
