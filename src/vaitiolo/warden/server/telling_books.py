"""What the ledger says of each telling, read once: its steps, its rows, what became of them.

Rows in a table are whatever the database's owner wrote; here stands which of them may go now.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final
from uuid import UUID

from vaitiolo.keys.octets import sha256
from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.queries import Recorded
from vaitiolo.warden.server.evidence import Chain
from vaitiolo.warden.server.recording import Recording
from vaitiolo.warden.telling_parts import Became, Channel, ToldOne

STEPS: Final = frozenset(
    {Act.TELLING_PLANNED, Act.TELLING_APPROVED, Act.TELLING_STOPPED, Act.TELLING_WENT_ON}
)
FAILED: Final = frozenset({Became.REFUSED, Became.UNCERTAIN, Became.BOUNCED, Became.RETURNED})
TALKED: Final = frozenset({Became.CALLED, Became.REACHED})
ID: Final = 16


@dataclass(frozen=True, slots=True)
class Step:
    """One deed about a telling, and what its entry says."""

    time_us: int
    act: Act
    said: Mapping[str, Any] = field(repr=False)

    @property
    def person(self) -> UUID:
        """Who did it."""
        return UUID(hex=self.said["person"])


@dataclass(frozen=True, slots=True)
class _Ways:
    """The rows of one person from one step of a telling, in the order in which they may go."""

    whose: tuple[str, int]
    rows: tuple[tuple[UUID, str], ...]


class Book:
    """One telling; read on whenever it is asked."""

    def __init__(self, recording: Recording, telling: UUID) -> None:
        self._chain = Chain(recording, telling)
        self._lock = Lock()
        self._steps: list[Step] = []
        self._printed: set[UUID] = set()
        self._ways: dict[UUID, _Ways] = {}
        self._of: dict[tuple[str, int], list[_Ways]] = {}
        self._became: dict[UUID, str] = {}

    def steps(self) -> tuple[Step, ...]:
        """Return the telling's steps. Raises Refused where one is gone or said a second time."""
        with self._lock:
            self._read_on()
            return tuple(self._steps)

    def printed(self) -> frozenset[UUID]:
        """Return the rows of the letters that were given out before."""
        with self._lock:
            self._read_on()
            return frozenset(self._printed)

    def strange(self, rows: Sequence[UUID]) -> frozenset[UUID]:
        """Return which of these rows must not go: not made here, settled, or before their turn."""
        with self._lock:
            self._read_on()
            whose = [self._ways[one].whose for one in rows if one in self._ways]
            twice = {one for one in whose if one[0] and whose.count(one) > 1}
            return frozenset(
                one for one in rows if not self._may_go(one) or self._ways[one].whose in twice
            )

    def _may_go(self, row: UUID) -> bool:
        ways = self._ways.get(row)
        if ways is None or row in self._became:
            return False
        others = (one for one in self._of[ways.whose] if one is not ways and ways.whose[0])
        if any(self._became.get(one) == Became.SENT for other in others for one, _ in other.rows):
            return False
        before = ways.rows[: [one for one, _ in ways.rows].index(row)]
        return all(self._is_past(one, channel) for one, channel in before)

    def _is_past(self, row: UUID, channel: str) -> bool:
        past = TALKED if channel == Channel.BY_CALL else FAILED
        return self._became.get(row) in past

    def _read_on(self) -> None:
        for entry, said in self._chain.newer():
            self._take_in(entry, said)

    def _take_in(self, entry: Recorded, said: Mapping[str, Any]) -> None:
        act = Act(entry.leaf.act)
        if act in STEPS:
            self._steps.append(Step(entry.leaf.time_us, act, said))
            # An approval names the rows of those who help; each goes by itself.
            said = {**said, "made": [("", 0, [(row, "")]) for row in said.get("helpers", ())]}
        elif act == Act.EXPORT:
            self._printed.update(UUID(hex=row) for row in said["rows"])
        if act in STEPS | {Act.NOTICE}:
            for whose, followup, rows in said["made"]:
                self._put(whose, followup, rows)
        elif act == Act.NOTICE_BECAME:
            self._settle(said.get("rows", ()))

    def _put(self, whose: str, followup: int, rows: Iterable[tuple[str, str]]) -> None:
        ways = _Ways((whose, followup), tuple((UUID(hex=row), channel) for row, channel in rows))
        self._of.setdefault(ways.whose, []).append(ways)
        self._ways.update((row, ways) for row, _channel in ways.rows)

    def _settle(self, said: Iterable[tuple[str, str]]) -> None:
        for text, word in said:
            row = UUID(hex=text)
            # What went out can come back, and nothing else can be said of it later.
            if self._became.get(row) != Became.SENT or word == Became.BOUNCED:
                self._became[row] = word


class Books:
    """Every telling that was asked for."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._lock = Lock()
        self._books: dict[UUID, Book] = {}

    def of(self, telling: UUID) -> Book:
        """Return a telling's book; an id that no telling has is not kept."""
        with self._lock:
            book = self._books.get(telling) or Book(self._recording, telling)
            if book.steps():
                self._books[telling] = book
            return book


def made(telling: UUID, told: Iterable[ToldOne], *, followup: int) -> dict[str, object]:
    """Return what the telling's own chain says of notices: whose are one's, and in which order."""
    return {
        "made": [
            [_whose(telling, one.patient), followup, [[n.row.hex, n.channel] for n in one.notices]]
            for one in told
        ]
    }


def _whose(telling: UUID, patient: UUID) -> str:
    """Return what tells a person from another, and names nobody: of this chain nothing goes."""
    return sha256(b"vaitiolo/1/notice-of", telling.bytes, patient.bytes)[:ID].hex()
