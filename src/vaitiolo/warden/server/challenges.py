"""Challenges: each for one request, for one use, for two minutes. Only used ones are remembered.

A challenge is no secret and opens nothing; what counts is that nobody can answer it twice.
"""

from collections import OrderedDict
from threading import Lock
from typing import Final

from vaitiolo.keys import challenges
from vaitiolo.keys.refused import Refused
from vaitiolo.warden.server.memory import MINUTE
from vaitiolo.warden.server.refusing import No

LIFE: Final = 2 * MINUTE


class Challenges:
    """The challenges of one warden, known by its own mark on them.

    Whoever knocks without a session can ask for any number of them. Nothing is kept of those, so
    there is nothing that they could push out; a challenge is kept from its use until it is late.
    """

    def __init__(self) -> None:
        # Drawn anew at each start: what an earlier process gave is good for nothing.
        self._key = challenges.new_key()
        self._used: OrderedDict[bytes, int] = OrderedDict()
        self._lock = Lock()

    def draw(self, over: bytes, *, cookie: bytes = b"", now: int) -> bytes:
        """Return a new challenge for what is asked, for one session or for the sign-in."""
        return challenges.draw(self._key, over, whose=cookie, until=now + LIFE)

    def take(self, challenge: bytes, over: bytes, *, cookie: bytes = b"", now: int) -> None:
        """Use a challenge up. Raises No(no-touch) if it was not given for this, or not now."""
        try:
            until = challenges.until_of(self._key, challenge, over, whose=cookie)
        except Refused:
            raise No("no-touch", because="for another request") from None
        if until < now:
            raise No("no-touch", because="late")
        with self._lock:
            self._forget_late(now)
            if challenge in self._used:
                raise No("no-touch", because="used")
            # Longer than the challenge itself is good, and so in the order of use.
            self._used[challenge] = now + LIFE

    def _forget_late(self, now: int) -> None:
        while self._used and next(iter(self._used.values())) < now:
            self._used.popitem(last=False)
