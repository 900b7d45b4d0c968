"""A provider with a watcher beside it, who says when it falls silent, and when it is back.

Changes nothing of what is asked or answered.
"""

from collections.abc import Callable
from threading import Lock
from typing import TypeVar

from vaitiolo.keys.kms import Kms, KmsAway
from vaitiolo.keys.primitives import Readable
from vaitiolo.keys.refused import Refused

T = TypeVar("T")

Say = Callable[[str], None]


class Watched:
    """A `Kms` that knows whether its service answered the last time."""

    __slots__ = ("_kms", "_lock", "_say", "is_away")

    def __init__(self, kms: Kms, say: Say) -> None:
        """Tell ``say`` what an operator should know; this room writes no log of its own."""
        self._kms = kms
        self._say = say
        self._lock = Lock()
        self.is_away = False

    def mac(self, name: str, data: Readable) -> bytes:
        """Compute, as `Kms` says."""
        return self._noticing(lambda: self._kms.mac(name, data))

    def seal(self, name: str, aad: Readable, data: Readable) -> bytes:
        """Seal, as `Kms` says."""
        return self._noticing(lambda: self._kms.seal(name, aad, data))

    def open(self, name: str, aad: Readable, blob: Readable) -> bytearray:
        """Open, as `Kms` says."""
        return self._noticing(lambda: self._kms.open(name, aad, blob))

    def _noticing(self, deed: Callable[[], T]) -> T:
        try:
            done = deed()
        except KmsAway as away:
            self._notice(str(away))
            raise
        except Refused as refused:
            # Most refusals are our own and no sign of the service; a missing key is its answer.
            if refused.reason in {"kms.key", "kms.answer"}:
                self._notice("")
            raise
        self._notice("")
        return done

    def _notice(self, trouble: str) -> None:
        with self._lock:
            if self.is_away == bool(trouble):
                return
            self.is_away = bool(trouble)
        if trouble:
            self._say(f"The key service does not answer: {trouble}. It is tried again.")
        else:
            self._say("The key service answers again.")
