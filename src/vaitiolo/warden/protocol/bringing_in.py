"""Messages about a register that two officers bring in."""

from dataclasses import dataclass, field

from vaitiolo.warden.kinds import Caller
from vaitiolo.warden.parts import Arrival, Arrived
from vaitiolo.warden.protocol.saying import Message, Question


@dataclass(frozen=True, slots=True)
class BeginBringingIn(Question):
    """Two officers, both signed in at the console, begin to bring a register in."""

    callers = frozenset({Caller.CONSOLE})
    first: bytes = field(repr=False)
    second: bytes = field(repr=False)
    source: str
    patients: int


@dataclass(frozen=True, slots=True)
class BringingIn(Message):
    """What the rest of the register is to be sent with."""

    batch: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class BringIn(Question):
    """Some patients of the register. Outside the hourly figures, each recorded."""

    callers = frozenset({Caller.CONSOLE})
    batch: bytes = field(repr=False)
    arrivals: tuple[Arrival, ...]


@dataclass(frozen=True, slots=True)
class BroughtIn(Message):
    """The same patients, sealed."""

    arrived: tuple[Arrived, ...]


@dataclass(frozen=True, slots=True)
class EndBringingIn(Question):
    """The register is in; the officers' leave to bring more ends here."""

    callers = frozenset({Caller.CONSOLE})
    batch: bytes = field(repr=False)
