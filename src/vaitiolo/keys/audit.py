"""Keys of the ledger: the tag a subject's entries stand under, and the seal of their details.

The key of a subject is computed from 32 random bytes and the KMS, never stored. Deleting those
bytes erases: what remains in the ledger are tags and commitments that lead to nobody.
"""

from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from vaitiolo.keys import envelope, primitives
from vaitiolo.keys.kms import Macs
from vaitiolo.keys.primitives import Readable
from vaitiolo.keys.refused import Refused

SECRET_LENGTH: Final = 32
TAG_LENGTH: Final = 16
SALT_LENGTH: Final = 32
COMMIT_LENGTH: Final = 32


@dataclass(frozen=True, slots=True)
class DetailPlace:
    """The entry that a detail belongs to: whose chain, and the commitment in its leaf."""

    org: UUID
    tag: bytes
    commit: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.tag) != TAG_LENGTH or len(self.commit) != COMMIT_LENGTH:
            raise Refused("audit.place")

    @property
    def context(self) -> bytes:
        """Return the bytes that bind a sealed detail to this entry."""
        return b"vaitiolo/1/detail" + self.org.bytes + self.tag + self.commit


def audit_key(secret: Readable, *, kms: Macs, number: int, org: UUID) -> bytearray:
    """Return K_audit of a subject from its 32 random bytes; the caller wipes it.

    HKDF-SHA-512 of KMS.mac("audit-<n>"): a stolen vault without the KMS relinks nobody.
    """
    if len(secret) != SECRET_LENGTH:
        raise Refused("audit.secret")
    mac = kms.mac(f"audit-{number}", b"".join((b"vaitiolo/1/audit", org.bytes, secret)))
    return primitives.hkdf(mac, org.bytes, b"vaitiolo/1/audit-key")


def subject_tag(key: Readable) -> bytes:
    """Return the 16 bytes that stand for the subject in the ledger; nothing about it is in them."""
    return primitives.hmac_sha256(key, b"tag/v1")[:TAG_LENGTH]


def mark(key: Readable, tag: bytes) -> bytes:
    """Return 16 bytes that stand for a tag on lists outside the vault, under the key of a chain.

    Whoever has a list and the log cannot tell which chain is whose.
    """
    return primitives.hmac_sha256(key, b"mark/v1" + tag)[:TAG_LENGTH]


def commit(salt: Readable, detail: Readable) -> bytes:
    """Return the salted commitment of a leaf to its detail (canonical JSON): HMAC-SHA-256."""
    if len(salt) != SALT_LENGTH:
        raise Refused("audit.salt")
    return primitives.hmac_sha256(salt, detail)


def seal_detail(detail: Readable, *, key: Readable, place: DetailPlace) -> bytes:
    """Return a detail sealed for its entry, its length hidden in steps of 256 bytes."""
    own = _detail_key(key, place.org)
    try:
        return envelope.seal(
            own, place.context, detail, epoch=0, padding=envelope.Padding.PHONEBOOK
        )
    finally:
        primitives.wipe(own)


def unseal_detail(
    sealed: Readable, *, key: Readable, salt: Readable, place: DetailPlace
) -> bytearray:
    """Return the detail of an entry; raise `Refused` when it is not what the leaf committed to."""
    own = _detail_key(key, place.org)
    try:
        detail = envelope.unseal(
            own, place.context, sealed, epoch=0, padding=envelope.Padding.PHONEBOOK
        )
    finally:
        primitives.wipe(own)
    if not primitives.same(commit(salt, detail), place.commit):
        primitives.wipe(detail)
        raise Refused("audit.commit")
    return detail


def _detail_key(key: Readable, org: UUID) -> bytearray:
    return primitives.hkdf(key, org.bytes, b"vaitiolo/1/detail-key")
