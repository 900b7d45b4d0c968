"""How the formats of this room are read: big-endian, "VT", one type byte, one version byte.

Short or long by one byte, or another type or version: `Refused`. Nothing is skipped or guessed.
"""

from datetime import date
from uuid import UUID

from vaitiolo.keys.primitives import Readable
from vaitiolo.keys.refused import Refused

SEALED = 0x01
GRANT = 0x02
SLOT = 0x03
CARD = 0x04
OUTBOX = 0x06
CEREMONY = 0x07
ROTATION = 0x08
REVOKE = 0x09
DROP = 0x0A
REGISTRATION = 0x0B
KIT = 0x0C
SECTION = 0x0D
PAGE = 0x0E
REPLY = 0x0F

ZERO = bytes(32)
NO_END = 0xFFFFFFFF

_VERSION = 1
_EPOCH = date(1970, 1, 1)
_HEADS = {number: bytes((0x56, 0x54, number, _VERSION)) for number in range(1, 16)}


def head(kind: int) -> bytes:
    """Return the four bytes that every object of this type starts with."""
    return _HEADS[kind]


def day_number(day: date) -> int:
    """Return the days since 1970-01-01, as dates stand in the formats."""
    return (day - _EPOCH).days


class Fields:
    """Reads the fields of one object in order; raise `Refused` at the first that is not there."""

    __slots__ = ("_at", "_raw")

    def __init__(self, raw: Readable, kind: int) -> None:
        self._raw = bytes(raw)
        self._at = 0
        if self.take(4) != head(kind):
            raise Refused("format.head")

    def take(self, length: int) -> bytes:
        """Return the next bytes."""
        start = self._at
        self._at += length
        if self._at > len(self._raw):
            raise Refused("format.short")
        return self._raw[start : self._at]

    def number(self, width: int) -> int:
        """Return the next unsigned number of so many bytes."""
        return int.from_bytes(self.take(width), "big")

    def id(self) -> UUID:
        """Return the next id of 16 bytes."""
        return UUID(bytes=self.take(16))

    def rest(self) -> bytes:
        """Return everything that is left."""
        return self.take(len(self._raw) - self._at)

    def end(self) -> None:
        """Raise `Refused` when anything is left."""
        if self._at != len(self._raw):
            raise Refused("format.long")
