"""Challenges for touches: until when, a nonce, and a MAC that says for whom and for what request.

Nothing need be kept of a challenge that is out. It is no secret and opens nothing; who must see to
it that none is answered twice remembers those that were used (docs/formats.md, touch).
"""

from typing import Final

from vaitiolo.keys import primitives
from vaitiolo.keys.primitives import Readable
from vaitiolo.keys.refused import Refused

KEY_LENGTH: Final = 32
LENGTH: Final = 56

_NONCE: Final = 16
_UNTIL: Final = 8
_MAC: Final = 32
_LABEL: Final = b"vaitiolo/1/touch"


def new_key() -> bytes:
    """Return a key for marking challenges, of one process and for its life alone."""
    return bytes(primitives.random_bytes(KEY_LENGTH))


def draw(key: Readable, request: bytes, *, whose: bytes, until: int) -> bytes:
    """Return a new challenge for a request, marked with HMAC-SHA-256 (RFC 2104)."""
    front = until.to_bytes(_UNTIL, "big") + primitives.random_bytes(_NONCE)
    return front + _mark(key, front, request, whose=whose)


def until_of(key: Readable, challenge: bytes, request: bytes, *, whose: bytes) -> int:
    """Return until when a challenge is good; raise `Refused` if it was not given for this."""
    front, mark = challenge[:-_MAC], challenge[-_MAC:]
    if len(challenge) != LENGTH:
        raise Refused("challenge.form")
    if not primitives.same(mark, _mark(key, front, request, whose=whose)):
        raise Refused("challenge.mark")
    return int.from_bytes(front[:_UNTIL], "big")


def _mark(key: Readable, front: bytes, request: bytes, *, whose: bytes) -> bytes:
    # Digests have one length each, so that what is joined reads in one way only.
    about = primitives.sha256(whose) + primitives.sha256(request)
    return primitives.hmac_sha256(key, _LABEL + front + about)
