"""Drops (DROP, type 0x0A): what others leave on a desk without being able to read it.

Sealed to the holder's card and signed by the sender: sealing to a public key has no sender of its
own, so a drop without a good signature is refused.
"""

import struct
from dataclasses import dataclass, field
from uuid import UUID

from vaitiolo.keys import envelope, primitives
from vaitiolo.keys.cards import TrustedCard
from vaitiolo.keys.envelope import Padding
from vaitiolo.keys.fields import DROP, Fields, head
from vaitiolo.keys.primitives import Readable
from vaitiolo.keys.refused import Refused
from vaitiolo.keys.signatures import Signer

_FRONT = struct.Struct(">4s16s16s32s32sI")
_SEALED_KEY_LENGTH = primitives.HPKE_OVERHEAD + primitives.KEY_LENGTH
_LEAST_SEALED = envelope.OVERHEAD + envelope.padded_length(0, Padding.DOCUMENT)
_NO_EPOCH = 0  # The key serves this one drop.


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a drop belongs: the desk's compartment, a row of its own, the day it was left."""

    org: UUID
    compartment: UUID
    row: UUID
    day: int


@dataclass(frozen=True, slots=True)
class Drop:
    """A drop as it was read or made. It has not been verified yet."""

    compartment: UUID
    row: UUID
    recipient: bytes
    sender: bytes
    day: int
    sealed_key: bytes = field(default=b"", repr=False)
    sealed: bytes = field(default=b"", repr=False)
    signature: bytes = field(default=b"", repr=False)

    def front(self) -> bytes:
        """Return the 104 bytes before the sealed key."""
        return _FRONT.pack(
            head(DROP),
            self.compartment.bytes,
            self.row.bytes,
            self.recipient,
            self.sender,
            self.day,
        )

    def encode(self) -> bytes:
        """Return the bytes of DROP."""
        return self.front() + self.sealed_key + self.sealed + self.signature


def parse(raw: Readable) -> Drop:
    """Read a drop, all of it and nothing more, or raise `Refused`. It is not verified here."""
    fields = Fields(raw, DROP)
    compartment, row = fields.id(), fields.id()
    recipient, sender, day = fields.take(32), fields.take(32), fields.number(4)
    sealed_key, rest = fields.take(_SEALED_KEY_LENGTH), fields.rest()
    cut = len(rest) - primitives.ED25519_SIGNATURE_LENGTH
    if cut < _LEAST_SEALED:
        raise Refused("format.short")
    return Drop(
        compartment, row, recipient, sender, day, sealed_key, rest[:cut], signature=rest[cut:]
    )


def make(
    text: Readable, spot: Spot, *, recipient: TrustedCard, keys: Signer, sender: bytes
) -> Drop:
    """Seal a text for somebody's desk, signed by the sender (card id).

    A fresh key in HPKE base mode (RFC 9180), the text in SEALED under it, Ed25519 (RFC 8032) over
    all.
    """
    shape = Drop(spot.compartment, spot.row, recipient.id, sender, spot.day)
    key = primitives.random_bytes(primitives.KEY_LENGTH)
    try:
        sealed_key = primitives.hpke_seal(key, recipient.xwing, hpke_info(shape, org=spot.org))
        context = _context(shape, org=spot.org)
        sealed = envelope.seal(key, context, text, epoch=_NO_EPOCH, padding=Padding.DOCUMENT)
    finally:
        primitives.wipe(key)
    signed = shape.front() + sealed_key + sealed
    return parse(signed + keys.sign(_label(spot.org) + signed))


def hpke_info(drop: Drop, *, org: UUID) -> bytes:
    """Return what the sealed key is bound to."""
    return _context(drop, org=org)


def verify(
    drop: Drop, *, org: UUID, compartment: UUID, recipients: frozenset[bytes], sender: TrustedCard
) -> None:
    """Return quietly when a drop is for this desk and its sender signed it, else raise `Refused`.

    ``recipients`` is the holder's card and those it renews; ``sender`` was judged on the drop's
    day.
    """
    if drop.compartment != compartment or drop.recipient not in recipients:
        raise Refused("drop.desk")
    if drop.sender != sender.id:
        raise Refused("drop.sender")
    signed = _label(org) + drop.front() + drop.sealed_key + drop.sealed
    primitives.ed25519_verify(sender.ed25519, signed, drop.signature)


def unseal(drop: Drop, key: Readable, *, org: UUID) -> bytearray:
    """Open the text of a drop with its own key; raise `Refused`."""
    context = _context(drop, org=org)
    return envelope.unseal(key, context, drop.sealed, epoch=_NO_EPOCH, padding=Padding.DOCUMENT)


def _context(drop: Drop, *, org: UUID) -> bytes:
    return b"vaitiolo/1/drop" + org.bytes + drop.front()


def _label(org: UUID) -> bytes:
    return b"vaitiolo/1/drop-sig" + org.bytes
