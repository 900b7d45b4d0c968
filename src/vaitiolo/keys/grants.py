"""Grants (GRANT, type 0x02): a compartment's key, sealed to one holder, signed and chained.

HPKE base mode has no sender, so a grant without a signature, or without a chain up to the creation
or the rotation of its key, is refused. Never remembers a key.
"""

import struct
from dataclasses import dataclass, field
from uuid import UUID

from vaitiolo.keys import primitives
from vaitiolo.keys.cards import TrustedCard
from vaitiolo.keys.fields import GRANT, NO_END, ZERO, Fields, head
from vaitiolo.keys.primitives import Readable, hkdf
from vaitiolo.keys.refused import Refused
from vaitiolo.keys.signatures import Signer

LENGTH = 1388
SEALED_KEY_LENGTH = primitives.HPKE_OVERHEAD + primitives.KEY_LENGTH

_FRONT = struct.Struct(">4sII16s32s32s32s32s")


@dataclass(frozen=True, slots=True)
class Grant:
    """A grant as it was read or made. It has not been verified yet."""

    epoch: int
    until: int
    compartment: UUID
    recipient: bytes
    grantor: bytes
    dk_commit: bytes
    parent: bytes
    sealed_key: bytes = field(default=b"", repr=False)
    signature: bytes = field(default=b"", repr=False)

    @property
    def id(self) -> bytes:
        """Return the hash that children name as their parent."""
        return primitives.sha256(b"vaitiolo/1/grant-id", self.encode())

    def front(self) -> bytes:
        """Return the 156 bytes before the sealed key."""
        return _FRONT.pack(
            head(GRANT),
            self.epoch,
            self.until,
            self.compartment.bytes,
            self.recipient,
            self.grantor,
            self.dk_commit,
            self.parent,
        )

    def encode(self) -> bytes:
        """Return the 1,388 bytes of GRANT."""
        return self.front() + self.sealed_key + self.signature


@dataclass(frozen=True, slots=True)
class Terms:
    """What is granted: which key of which compartment, until which day, and by what right.

    ``parent`` is the grantor's own grant, the rotation that made the key, or 32 zeros at creation.
    """

    compartment: UUID
    epoch: int
    parent: bytes
    until: int = NO_END


def parse(raw: Readable) -> Grant:
    """Read a grant of exactly 1,388 bytes, or raise `Refused`. It is not verified here."""
    fields = Fields(raw, GRANT)
    grant = Grant(
        epoch=fields.number(4),
        until=fields.number(4),
        compartment=fields.id(),
        recipient=fields.take(32),
        grantor=fields.take(32),
        dk_commit=fields.take(32),
        parent=fields.take(32),
        sealed_key=fields.take(SEALED_KEY_LENGTH),
        signature=fields.take(primitives.ED25519_SIGNATURE_LENGTH),
    )
    fields.end()
    return grant


def commitment(dk: Readable) -> bytes:
    """Return what a grant says publicly about its key: HKDF-SHA-512 (RFC 5869), one way."""
    return bytes(hkdf(dk, ZERO, b"vaitiolo/1/dk-commit"))


def make(
    dk: Readable,
    terms: Terms,
    *,
    org: UUID,
    recipient: TrustedCard,
    keys: Signer,
    grantor: bytes,
) -> Grant:
    """Seal a compartment's key to a card that was judged, signed by the grantor (card id).

    HPKE base mode (RFC 9180) with everything before it in the info; Ed25519 (RFC 8032) over all.
    """
    open_terms = Grant(
        epoch=terms.epoch,
        until=terms.until,
        compartment=terms.compartment,
        recipient=recipient.id,
        grantor=grantor,
        dk_commit=commitment(dk),
        parent=terms.parent,
    )
    sealed_key = primitives.hpke_seal(dk, recipient.recipient, hpke_info(open_terms, org=org))
    signature = keys.sign(_statement(open_terms, sealed_key, org=org))
    return parse(open_terms.front() + sealed_key + signature)


def hpke_info(grant: Grant, *, org: UUID) -> bytes:
    """Return what the sealed key is bound to: HPKE's public interface has no other place."""
    return b"vaitiolo/1/grant" + org.bytes + grant.front()


def verify(
    grant: Grant, *, org: UUID, recipients: frozenset[bytes], grantor: TrustedCard, day: int
) -> None:
    """Return quietly when a grant is to the asker, in date, and signed by its grantor.

    ``recipients`` is the asker's card and those it renews (`vouching.earlier_cards`). Raises
    `Refused`. The chain is a question of its own: `chains.verify_chain`.
    """
    if grant.recipient not in recipients:
        raise Refused("grant.recipient")
    if day > grant.until:
        raise Refused("grant.until")
    check_signature(grant, org=org, grantor=grantor)


def check_signature(grant: Grant, *, org: UUID, grantor: TrustedCard) -> None:
    """Return quietly when the named grantor signed a grant, else raise `Refused`."""
    if grant.grantor != grantor.id:
        raise Refused("grant.grantor")
    statement = _statement(grant, grant.sealed_key, org=org)
    primitives.ed25519_verify(grantor.ed25519, statement, grant.signature)


def _statement(grant: Grant, sealed_key: bytes, *, org: UUID) -> bytes:
    return b"vaitiolo/1/grant-sig" + org.bytes + grant.front() + sealed_key
