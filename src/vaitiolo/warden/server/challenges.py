"""Challenges that are out: each for one request, for one use, for two minutes. In memory only.

A challenge is no secret and opens nothing; what counts is that nobody can answer it twice.
"""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Final

from vaitiolo.keys.octets import random_bytes, sha256
from vaitiolo.keys.sessions import fingerprint
from vaitiolo.warden.server.memory import MINUTE
from vaitiolo.warden.server.refusing import No

LIFE: Final = 2 * MINUTE
# More at the door than can be asked for while one is good (some 1,000 a second, each with two
# computations of the key service), so that a crowd of strangers pushes out nobody's.
MOST_AT_THE_DOOR: Final = 1 << 17
MOST_SIGNED_IN: Final = 1 << 12
NONCE_BYTES: Final = 32

_LABEL: Final = b"vaitiolo/1/touch"


@dataclass(frozen=True, slots=True)
class Out:
    """What a challenge was given for, to which session (none at signing in), and until when."""

    over: bytes
    whose: bytes
    until: int


class Challenges:
    """The challenges of one warden.

    Whoever knocks without a session can ask for any number of them, so those have a shelf of their
    own: they push out each other's, and never the ones of colleagues who are signed in.
    """

    def __init__(self) -> None:
        self._signed_in: OrderedDict[bytes, Out] = OrderedDict()
        self._at_the_door: OrderedDict[bytes, Out] = OrderedDict()
        self._lock = Lock()

    def draw(self, over: bytes, *, cookie: bytes = b"", now: int) -> bytes:
        """Return a new challenge for what is asked: SHA-256 over a label, a nonce and the request.

        The oldest one is forgotten when too many are out.
        """
        about = sha256(over)
        drawn = sha256(_LABEL + random_bytes(NONCE_BYTES) + about)
        shelf, most = self._shelf(cookie)
        with self._lock:
            shelf[drawn] = Out(about, _whose(cookie), now + LIFE)
            _forget_late(shelf, now)
            while len(shelf) > most:
                shelf.popitem(last=False)
        return drawn

    def take(self, challenge: bytes, over: bytes, *, cookie: bytes = b"", now: int) -> None:
        """Use a challenge up. Raises No(no-touch) if it was not given for this, or not now."""
        with self._lock:
            out = self._shelf(cookie)[0].pop(challenge, None)
        if out is None:
            raise No("no-touch", because="challenge")
        if out.until < now:
            raise No("no-touch", because="late")
        if out.over != sha256(over) or out.whose != _whose(cookie):
            raise No("no-touch", because="for another request")

    def _shelf(self, cookie: bytes) -> tuple[OrderedDict[bytes, Out], int]:
        if cookie:
            return self._signed_in, MOST_SIGNED_IN
        return self._at_the_door, MOST_AT_THE_DOOR


def _forget_late(shelf: OrderedDict[bytes, Out], now: int) -> None:
    """Forget what nobody can answer any more, the oldest first: memory is for a crowd alone."""
    while shelf and next(iter(shelf.values())).until < now:
        shelf.popitem(last=False)


def _whose(cookie: bytes) -> bytes:
    return fingerprint(cookie) if cookie else b""
