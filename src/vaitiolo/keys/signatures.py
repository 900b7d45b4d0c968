"""Ed25519 over bytes, for checkpoints: all that the ledger and the witness may use of this room.

Knows no format, no card and no table, and hands out no key object.
"""

from typing import Protocol

from vaitiolo.keys import primitives
from vaitiolo.keys.primitives import Readable
from vaitiolo.keys.refused import Refused

__all__ = ["Refused", "Signer", "new_seed", "public_of", "sign", "verify"]


class Signer(Protocol):
    """Whoever signs in the formats of this room, without showing the key."""

    def sign(self, message: Readable) -> bytes:
        """Return the 64 bytes of an Ed25519 signature (RFC 8032)."""
        ...


def new_seed() -> bytearray:
    """Return 32 fresh random bytes to sign with."""
    return primitives.random_bytes(primitives.KEY_LENGTH)


def public_of(seed: Readable) -> bytes:
    """Return the 32 public bytes of a signing seed (RFC 8032)."""
    return primitives.ed25519_public(seed)


def sign(seed: Readable, message: Readable) -> bytes:
    """Return the 64 bytes of an Ed25519 signature (RFC 8032)."""
    return primitives.ed25519_sign(seed, message)


def verify(public: Readable, message: Readable, signature: Readable) -> None:
    """Return quietly when the signature is good, else raise `Refused`."""
    primitives.ed25519_verify(public, message, signature)
