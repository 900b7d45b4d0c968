"""The chain over all records of fingerprints, and the seal of the key that they are made with.

Every record has a digest, and every digest a link over all before it. Erasing a record leaves both,
so that one that was taken away or exchanged shows. Knows no table.
"""

import struct
from typing import Final
from uuid import UUID

from vaitiolo.keys import primitives
from vaitiolo.keys.fields import ZERO
from vaitiolo.keys.kms import Kms
from vaitiolo.keys.primitives import Readable
from vaitiolo.keys.rows import MarkRow, NewMark

KEY_NAME: Final = "staff-1"  # never turned: a record must be found by the same key for ever
FIRST: Final = ZERO
_NUMBERS: Final = struct.Struct(">QBQQI")


def digest_of(number: int, record: NewMark | MarkRow, sealed_key: bytes) -> bytes:
    """Return SHA-256 over all that a record is; its segment's sealed key is part of it."""
    segment = record.segment if isinstance(record, MarkRow) else record.segment.number
    numbers = _NUMBERS.pack(number, record.kind, record.version, segment, record.place)
    ids = record.patient.bytes + record.row.bytes
    label = b"vaitiolo/1/mark-record"
    return primitives.sha256(label, numbers, ids, sealed_key, record.sealed_marks)


def link(before: bytes, digest: bytes) -> bytes:
    """Return the link of a record: SHA-256 over the one before it, zeros at first, and digest."""
    return primitives.sha256(b"vaitiolo/1/mark-link", before, digest)


def seal_key(key: Readable, *, kms: Kms, org: UUID) -> bytes:
    """Return the fingerprint key under the key service's seal. Raises `Refused`, KmsAway."""
    return kms.seal(KEY_NAME, b"vaitiolo/1/fingerprint-key" + org.bytes, key)


def open_key(sealed: Readable, *, kms: Kms, org: UUID) -> bytearray:
    """Return the fingerprint key; the caller wipes it. Raises `Refused`, KmsAway."""
    return kms.open(KEY_NAME, b"vaitiolo/1/fingerprint-key" + org.bytes, sealed)
