"""Messages about the incident kit: taken out by two officers, opened on no server."""

from dataclasses import dataclass, field

from vaitiolo.warden.kinds import Caller
from vaitiolo.warden.protocol.saying import Message, Question


@dataclass(frozen=True, slots=True)
class AskIncidentKey(Question):
    """An officer asks whether the house keeps what a leak is searched with."""

    callers = frozenset({Caller.WEB, Caller.CONSOLE})
    cookie: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class IncidentKey(Message):
    """Whether two officers can open a kit, how many have a share, and how many records wait."""

    is_kept: bool
    officers: int
    records: int


@dataclass(frozen=True, slots=True)
class AdoptIncidentKey(Question):
    """An officer brings in what a ceremony drew: the pinned card, and its seed for every pair."""

    callers = frozenset({Caller.CONSOLE})
    cookie: bytes = field(repr=False)
    key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class BeginKit(Question):
    """Two officers, both signed in at the console, begin to take a kit out."""

    callers = frozenset({Caller.CONSOLE})
    first: bytes = field(repr=False)
    second: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class KitBegun(Message):
    """What the rest is asked with, and of how many segments there are records."""

    kit: bytes = field(repr=False)
    segments: int
    chain_is_whole: bool


@dataclass(frozen=True, slots=True)
class HashKit(Question):
    """Go on computing the kit's hash; when that is done, its entry is made."""

    callers = frozenset({Caller.CONSOLE})
    cookie: bytes = field(repr=False)
    kit: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class KitHashed(Message):
    """How far it is. With the last segment come the hash and what the kit holds."""

    done: int
    sha256: bytes
    records: int
    gone: int
    altered: int


@dataclass(frozen=True, slots=True)
class ReadKit(Question):
    """Ask for the kit in order, some segments at a time. Refused before its entry was made."""

    callers = frozenset({Caller.CONSOLE})
    cookie: bytes = field(repr=False)
    kit: bytes = field(repr=False)
    start: int


@dataclass(frozen=True, slots=True)
class KitPart(Message):
    """Some of its bytes; the next question begins at `next`.

    With the last of them it is said whether all were those of the entry.
    """

    raw: bytes = field(repr=False)
    next: int
    is_over: bool
    is_as_recorded: bool
