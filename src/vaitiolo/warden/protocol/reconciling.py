"""Messages that set what was signed beside the rows that there are. No patient, no word of text."""

from dataclasses import dataclass

from vaitiolo.warden.erasure_parts import OtherDeed
from vaitiolo.warden.kinds import Caller
from vaitiolo.warden.parts import SignedDeed
from vaitiolo.warden.protocol.saying import Message, Question

_COUNTERS = frozenset({Caller.CONSOLE, Caller.WORKER})


@dataclass(frozen=True, slots=True)
class ListSigned(Question):
    """Ask which documents the ledger says were signed, from an index on, some at a time."""

    callers = _COUNTERS
    since: int


@dataclass(frozen=True, slots=True)
class SignedListed(Message):
    """Some of them; `erased` entries say no more which one. The next question begins at `next`."""

    deeds: tuple[SignedDeed, ...]
    erased: int
    next: int
    size: int


@dataclass(frozen=True, slots=True)
class ListOthers(Question):
    """Ask for copies, reminders and erasures in the ledger, from an index on, some at a time."""

    callers = _COUNTERS
    since: int


@dataclass(frozen=True, slots=True)
class OthersListed(Message):
    """Some of them. ``lies`` are erasures of which something is still there, by their index."""

    deeds: tuple[OtherDeed, ...]
    lies: tuple[int, ...]
    next: int
    size: int


@dataclass(frozen=True, slots=True)
class NoteReconciled(Question):
    """Say what was found; it is recorded, and rows without an entry are an alert."""

    callers = _COUNTERS
    entries: int
    rows: int
    dangling: int
    missing: int
