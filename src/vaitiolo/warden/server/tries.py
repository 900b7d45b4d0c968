"""Tries at signing in, counted by name tag and for the whole house, outside the web."""

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
        self._lock = Lock()

    def begin(self, name_tag: bytes, *, now: int) -> None:
        """Count a try, or raise No(too-many-tries) when this name, or the house, had too many.

        It counts from its beginning: a hundred at the same moment are a hundred tries.
        """
        with self._lock:
            mine = self._recent(self._by_name.get(name_tag, deque()), now)
            everyone = self._recent(self._all, now)
            if len(mine) >= PER_NAME or len(everyone) >= WHOLE_HOUSE:
                raise No("too-many-tries", because="name" if len(mine) >= PER_NAME else "house")
            if len(self._by_name) >= MOST_NAMES:
                self._by_name.clear()
            self._by_name.setdefault(name_tag, deque()).append(now)
            self._all.append(now)

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
