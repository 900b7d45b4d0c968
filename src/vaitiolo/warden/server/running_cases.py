"""Cases that officers have joined: their shares until two are in, then the key for an hour.

In memory alone. A restart, the end of the hour or the case's closing wipes it.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import RLock
from typing import Any, Final
from uuid import UUID

from vaitiolo.keys.octets import wipe
from vaitiolo.warden.server.memory import MINUTE

# How long the first officer's share waits for the second, and how long the case then runs.
WAITS: Final = 15 * MINUTE
RUNS: Final = 60 * MINUTE


@dataclass(slots=True)
class Running:
    """A case with one officer, who waits, or with two, and then the seed."""

    case: UUID
    patients: tuple[UUID, ...]
    until: int
    shares: dict[UUID, bytearray] = field(default_factory=dict, repr=False)
    officers: frozenset[UUID] = frozenset()
    seed: bytearray = field(default_factory=bytearray, repr=False)
    listed: set[UUID] = field(default_factory=set)
    read: set[UUID] = field(default_factory=set)
    on_list: frozenset[UUID] = field(init=False)
    # What a loss did to each patient, for the telling that was begun: the scope, and its rows.
    reach: tuple[int, Mapping[UUID, Any]] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Have the list as a set too, to look up in."""
        self.on_list = frozenset(self.patients)

    @property
    def is_running(self) -> bool:
        """Return whether two officers are in."""
        return bool(self.officers)

    def wipe(self) -> None:
        """Overwrite shares and seed."""
        wipe(self.seed, *self.shares.values())
        self.shares.clear()
        self.seed = bytearray()
        self.reach = None
        self.officers = frozenset()


class Cases:
    """The cases of one warden. Every step of one goes on under the same lock."""

    def __init__(self) -> None:
        self._cases: dict[UUID, Running] = {}
        self._lock = RLock()

    @contextmanager
    def joining(self, case: UUID, patients: tuple[UUID, ...], *, now: int) -> Iterator[Running]:
        """Give a case to an officer who joins; what waited too long has been wiped."""
        with self._lock:
            found = self._cases.get(case)
            if found is not None and found.until < now:
                self.drop(case)
                found = None
            if found is None:
                found = self._cases[case] = Running(case, patients, now + WAITS)
            yield found

    @contextmanager
    def running(self, case: UUID, officer: UUID, *, now: int) -> Iterator[Running | None]:
        """Give a case that runs to one of its two officers, else nothing."""
        with self._lock:
            found = self._cases.get(case)
            lives = found is not None and found.until >= now
            yield found if found is not None and lives and officer in found.officers else None

    def find(self, case: UUID, *, now: int) -> tuple[frozenset[UUID], int]:
        """Return which officers are in a case and until when: one waits, for two it runs."""
        with self._lock:
            found = self._cases.get(case)
            if found is None or found.until < now:
                return frozenset(), 0
            return found.officers or frozenset(found.shares), found.until

    def drop(self, case: UUID) -> Running | None:
        """Wipe a case and return what is left of it: its counts."""
        with self._lock:
            found = self._cases.pop(case, None)
            if found is not None:
                found.wipe()
            return found

    def drop_lapsed(self, *, now: int, ended: Callable[[Running], None]) -> None:
        """Wipe every case whose time is over, and tell of each that was running."""
        with self._lock:
            for found in [one for one in self._cases.values() if one.until < now]:
                was_running = found.is_running
                self.drop(found.case)
                if was_running:
                    ended(found)
