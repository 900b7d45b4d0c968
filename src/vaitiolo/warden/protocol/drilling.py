"""Messages about exercises of the breach desk: asked for, begun, scored. No patient is in one."""

from dataclasses import dataclass, field

from vaitiolo.warden.drill_parts import KnownDrill
from vaitiolo.warden.kinds import Caller
from vaitiolo.warden.protocol.saying import Message, Question


@dataclass(frozen=True, slots=True)
class AskDrill(Question):
    """An officer asks for an exercise; the worker makes it, with invented people."""

    cookie: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class DrillAsked(Message):
    """The number of the exercise: the index of its entry."""

    drill: int


@dataclass(frozen=True, slots=True)
class ListDrills(Question):
    """Ask which exercises there were, for officers."""

    cookie: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class DrillsListed(Message):
    """What the ledger says of them, the newest first."""

    drills: tuple[KnownDrill, ...]


@dataclass(frozen=True, slots=True)
class BeginDrill(Question):
    """The worker takes the exercise that waits, if one does; ``DrillAsked`` with -1 if none."""

    callers = frozenset({Caller.WORKER})


@dataclass(frozen=True, slots=True)
class EndDrill(Question):
    """The worker says what an exercise came to: its score as JSON, or nothing if it broke off."""

    callers = frozenset({Caller.WORKER})
    drill: int
    score: str
