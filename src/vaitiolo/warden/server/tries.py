"""Tries at signing in, counted by name tag or by security key, and for the whole house.

Outside the web, and in memory only. A key that answered has a count of its own, so that whoever
knows a name cannot keep out the person who has the key.
"""

import contextlib
from collections import deque
from threading import Lock
from typing import Final

from vaitiolo.warden.server.memory import MINUTE
from vaitiolo.warden.server.refusing import No

SPAN: Final = 15 * MINUTE
PER_NAME: Final = 5
WHOLE_HOUSE: Final = 200
MOST_NAMES: Final = 50_000
HOUSE: Final = "house"


class Pace:
    """At most so many of something within a span, for the whole warden."""

    def __init__(self, most: int, *, span: int) -> None:
        self._most = most
        self._span = span
        self._times: deque[int] = deque()
        self._lock = Lock()

    def spend(self, now: int) -> None:
        """Count one, or raise No(too-many-tries)."""
        with self._lock:
            while self._times and now - self._times[0] > self._span:
                self._times.popleft()
            if len(self._times) >= self._most:
                raise No("too-many-tries", because="pace")
            self._times.append(now)


class Tries:
    """The tries of the last quarter of an hour that have not succeeded."""

    def __init__(self) -> None:
        self._by_name: dict[bytes, deque[int]] = {}
        self._all: deque[int] = deque()
        self._alarmed: int | None = None
        self._lock = Lock()

    def begin(self, name_tag: bytes, *, now: int, has_key: bool = False) -> None:
        """Count a try, or raise No(too-many-tries) when this name, or the house, had too many.

        It counts from its beginning: a hundred at the same moment are a hundred tries. ``has_key``:
        a security key has answered; then only its own tries count, because nobody can be guessing
        through the whole house with it.
        """
        with self._lock:
            mine = self._recent(self._by_name.get(name_tag, deque()), now)
            everyone = self._recent(self._all, now)
            if len(mine) >= PER_NAME:
                raise No("too-many-tries", because="name")
            if len(everyone) >= WHOLE_HOUSE and not has_key:
                raise No("too-many-tries", because=HOUSE)
            if len(self._by_name) >= MOST_NAMES:
                self._by_name.clear()
            self._by_name.setdefault(name_tag, deque()).append(now)
            self._all.append(now)

    def is_alarm_due(self, *, now: int) -> bool:
        """Return whether somebody should be told that the house has had too many, once a span."""
        with self._lock:
            is_due = self._alarmed is None or now - self._alarmed > SPAN
            self._alarmed = now if is_due else self._alarmed
            return is_due

    def succeeded(self, name_tag: bytes, *, now: int) -> None:
        """Forget the tries of a name that has now signed in, and that this one was a failure."""
        with self._lock:
            self._by_name.pop(name_tag, None)
            with contextlib.suppress(ValueError):
                self._all.remove(now)

    def _recent(self, times: deque[int], now: int) -> deque[int]:
        while times and now - times[0] > SPAN:
            times.popleft()
        return times
