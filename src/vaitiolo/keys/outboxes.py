"""Outbox rows (OUTBOX, type 0x06): a reminder that only the worker can open, and deletes once sent.

The warden seals with the key service and cannot open again. No standing key reads a register here.
"""

import struct
from dataclasses import dataclass, field
from uuid import UUID

from vaitiolo.keys import envelope, primitives
from vaitiolo.keys.envelope import Padding
from vaitiolo.keys.fields import OUTBOX, Fields, head
from vaitiolo.keys.kms import Kms
from vaitiolo.keys.primitives import Readable
from vaitiolo.keys.refused import Refused

_FRONT = struct.Struct(">4s16s16sII")
_LEAST_SEALED = envelope.OVERHEAD + envelope.padded_length(0, Padding.DOCUMENT)


@dataclass(frozen=True, slots=True)
class Outbox:
    """An outbox row as it was read or made. ``due`` is in seconds since 1970."""

    org: UUID
    row: UUID
    due: int
    kms_epoch: int
    sealed_key: bytes = field(default=b"", repr=False)
    sealed: bytes = field(default=b"", repr=False)

    def front(self) -> bytes:
        """Return the 44 bytes that both seals are bound to."""
        return _FRONT.pack(head(OUTBOX), self.org.bytes, self.row.bytes, self.due, self.kms_epoch)

    def encode(self) -> bytes:
        """Return the bytes of OUTBOX."""
        length = len(self.sealed_key).to_bytes(2, "big")
        return self.front() + length + self.sealed_key + self.sealed


def parse(raw: Readable) -> Outbox:
    """Read an outbox row, all of it and nothing more, or raise `Refused`. Nothing is opened."""
    fields = Fields(raw, OUTBOX)
    org, row, due, epoch = fields.id(), fields.id(), fields.number(4), fields.number(4)
    sealed_key, sealed = fields.take(fields.number(2)), fields.rest()
    if not sealed_key or len(sealed) < _LEAST_SEALED:
        raise Refused("format.short")
    return Outbox(org, row, due, epoch, sealed_key, sealed)


def make(text: Readable, *, org: UUID, row: UUID, due: int, kms_epoch: int, kms: Kms) -> Outbox:
    """Seal a reminder under a key of its own, which the key service seals for the worker.

    The key is forgotten at once: whoever calls this cannot open the row again.
    """
    shape = Outbox(org, row, due, kms_epoch)
    key = primitives.random_bytes(primitives.KEY_LENGTH)
    try:
        sealed_key = kms.seal(_name(kms_epoch), shape.front(), key)
        sealed = envelope.seal(
            key, _context(shape), text, epoch=kms_epoch, padding=Padding.DOCUMENT
        )
    finally:
        primitives.wipe(key)
    return Outbox(org, row, due, kms_epoch, sealed_key, sealed)


def unseal(outbox: Outbox, *, org: UUID, row: UUID, kms: Kms) -> bytearray:
    """Open the row that was asked for, by the key service's `open`, which the worker alone may use.

    Raises `Refused` for another row or organisation, and for anything altered.
    """
    if (outbox.org, outbox.row) != (org, row):
        raise Refused("outbox.place")
    key = kms.open(_name(outbox.kms_epoch), outbox.front(), outbox.sealed_key)
    try:
        return envelope.unseal(
            key,
            _context(outbox),
            outbox.sealed,
            epoch=outbox.kms_epoch,
            padding=Padding.DOCUMENT,
        )
    finally:
        primitives.wipe(key)


def _name(kms_epoch: int) -> str:
    return f"outbox-{kms_epoch}"


def _context(outbox: Outbox) -> bytes:
    return b"vaitiolo/1/outbox" + outbox.front()
