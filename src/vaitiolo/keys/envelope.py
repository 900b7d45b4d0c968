"""The seal of a document (SEALED, type 0x01): committing, padded, bound to one place.

AES-256-GCM does not commit to its key; the commitment, compared first, does. The place is never
stored: whoever opens says what he asks for. Never opens another type, version or suite.
"""

import struct
from collections.abc import Callable
from enum import Enum
from typing import Self

from vaitiolo.keys import primitives
from vaitiolo.keys.bodies import Place
from vaitiolo.keys.fields import SEALED, ZERO, head
from vaitiolo.keys.primitives import Readable, hkdf
from vaitiolo.keys.refused import Refused

HEAD_LENGTH = 72
OVERHEAD = HEAD_LENGTH + primitives.TAG_LENGTH

_LENGTH = struct.Struct(">I")
_PREFIX = head(SEALED)
_NONCE = bytes(11) + b"\x01"  # The key is used once, so the nonce may be constant.
_BOTH_KEYS = (b"\x04\x78DERIVEKEY", b"COMMITKEY")
_SMALL = 16_384


class Padding(Enum):
    """How far the length of a text is hidden."""

    DOCUMENT = "1 KiB up to 16 KiB, then Padmé"
    PHONEBOOK = "256 bytes"
    NONE = "nothing: seeds, shares and keys have one length"


def document_context(place: Place, *, epoch: int) -> bytes:
    """Return the 71 bytes that bind a document to its place and to the epoch of its key."""
    return b"vaitiolo/1/doc" + place.encode() + _LENGTH.pack(epoch)


def seal(
    dk: Readable,
    context: Readable,
    plaintext: Readable,
    *,
    epoch: int,
    padding: Padding,
    draw: Callable[[int], bytearray] = primitives.random_bytes,
) -> bytes:
    """Seal a text: key and commitment as in AWS Encryption SDK suite 0x0478, AES-256-GCM.

    The salt is hedged: with a frozen generator, two different texts still get two keys. Who seals
    many texts with one key has a `Sealer`, and may not have it longer than the key.
    """
    with Sealer(dk, draw=draw) as sealer:
        return sealer.seal(context, plaintext, epoch=epoch, padding=padding)


class Sealer:
    """Seals many texts with one key, whose hedge is derived once. Leaving the block wipes it."""

    __slots__ = ("_dk", "_draw", "_hedge", "_is_over")

    def __init__(
        self, dk: Readable, *, draw: Callable[[int], bytearray] = primitives.random_bytes
    ) -> None:
        self._dk = dk
        self._draw = draw
        self._hedge = bytearray()
        self._is_over = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self._is_over = True
        primitives.wipe(self._hedge)

    def seal(
        self, context: Readable, plaintext: Readable, *, epoch: int, padding: Padding
    ) -> bytes:
        """Return what `seal` does; raise `Refused` after the block, when the key is zeros."""
        if self._is_over:
            raise Refused("seal.over")
        padded = _pad(plaintext, padding)
        # Derived at the first text: most openings only read.
        self._hedge = self._hedge or hkdf(self._dk, ZERO, b"vaitiolo/1/hedge")
        salt = primitives.hmac_sha256(self._hedge, b"".join((self._draw(32), context, padded)))
        key, commitment = primitives.hkdf_pair(self._dk, salt, _BOTH_KEYS)
        front = b"".join((_PREFIX, _LENGTH.pack(epoch), salt, commitment))
        try:
            return front + primitives.aead_seal(key, padded, nonce=_NONCE, aad=front + context)
        finally:
            primitives.wipe(key, padded)


def unseal(
    dk: Readable, context: Readable, sealed: Readable, *, epoch: int, padding: Padding
) -> bytearray:
    """Open a sealed text; raise `Refused` when one bit of it, its place or its key is different."""
    if epoch_of(sealed) != epoch:
        raise Refused("seal.epoch")
    front = bytes(sealed[:HEAD_LENGTH])
    salt = front[8:40]
    key, commitment = primitives.hkdf_pair(dk, salt, _BOTH_KEYS)
    try:
        if not primitives.same(commitment, front[40:]):
            raise Refused("seal.commit")
        padded = primitives.aead_open(
            key, memoryview(sealed)[HEAD_LENGTH:], nonce=_NONCE, aad=front + context
        )
    finally:
        primitives.wipe(key)
    return _unpad(padded, padding)


def epoch_of(sealed: Readable) -> int:
    """Return the epoch that a sealed text names, after type, version and smallest length."""
    if bytes(sealed[:4]) != _PREFIX or len(sealed) < OVERHEAD + _LENGTH.size:
        raise Refused("seal.head")
    epoch: int = _LENGTH.unpack(sealed[4:8])[0]
    return epoch


def padded_length(length: int, padding: Padding) -> int:
    """Return how many bytes a text of this length takes, with its own length before it."""
    total = _LENGTH.size + length
    if padding is Padding.NONE:
        return total
    return -(-total // _step(total, padding)) * _step(total, padding)


def _step(total: int, padding: Padding) -> int:
    if padding is Padding.PHONEBOOK:
        return 256
    if total <= _SMALL:
        return 1024
    exponent = total.bit_length() - 1
    return 1 << (exponent - exponent.bit_length())


def _pad(plaintext: Readable, padding: Padding) -> bytearray:
    padded = bytearray(padded_length(len(plaintext), padding))
    padded[:4] = _LENGTH.pack(len(plaintext))
    padded[4 : 4 + len(plaintext)] = plaintext
    return padded


def _unpad(padded: bytearray, padding: Padding) -> bytearray:
    length: int = _LENGTH.unpack_from(padded)[0]
    end = _LENGTH.size + length
    # Counting zeros is one pass in C; a slice would copy plaintext that is not there anyway.
    wrong_size = padded_length(length, padding) != len(padded)
    if wrong_size or padded.count(0, end) != len(padded) - end:
        primitives.wipe(padded)
        raise Refused("seal.padding")
    del padded[end:]
    del padded[: _LENGTH.size]
    return padded
