"""A seed while its holder is signed in: sealed under a key that only the browser's cookie holds.

Neither the warden's memory nor a logged cookie opens anything alone. Never written to a disk.
"""

from typing import Final
from uuid import UUID

from vaitiolo.keys import envelope, primitives
from vaitiolo.keys.envelope import Padding
from vaitiolo.keys.primitives import Readable
from vaitiolo.keys.refused import Refused

COOKIE_LENGTH: Final = 32

_LABEL: Final = b"vaitiolo/1/session"
_NO_EPOCH: Final = 0


def fingerprint(cookie: Readable) -> bytes:
    """Return what a session is found by: SHA-256 of the cookie (32 bytes), one way."""
    return primitives.sha256(cookie)


def seal_seed(seed: Readable, cookie: Readable, *, org: UUID, holder: UUID) -> bytes:
    """Seal a seed for a session; raise `Refused` for a cookie of another length."""
    if len(cookie) != COOKIE_LENGTH:
        raise Refused("session.cookie")
    key = _key(cookie, org)
    try:
        return envelope.seal(
            key, _context(org, holder), seed, epoch=_NO_EPOCH, padding=Padding.NONE
        )
    finally:
        primitives.wipe(key)


def open_seed(sealed: Readable, cookie: Readable, *, org: UUID, holder: UUID) -> bytearray:
    """Open the seed of a session for one question; the caller wipes it. Raises `Refused`."""
    key = _key(cookie, org)
    try:
        return envelope.unseal(
            key, _context(org, holder), sealed, epoch=_NO_EPOCH, padding=Padding.NONE
        )
    finally:
        primitives.wipe(key)


def _key(cookie: Readable, org: UUID) -> bytearray:
    return primitives.hkdf(cookie, org.bytes, _LABEL)


def _context(org: UUID, holder: UUID) -> bytes:
    return _LABEL + org.bytes + holder.bytes
