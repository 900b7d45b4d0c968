"""Revocations (REVOKE, type 0x09): a registrar's signed word that a card is not to be trusted.

Takes no key away by itself: the grants of the card are deleted and their compartments rotated.
"""

import struct
from dataclasses import dataclass, field
from enum import IntEnum
from uuid import UUID

from vaitiolo.keys import primitives
from vaitiolo.keys.cards import CardClass, TrustedCard
from vaitiolo.keys.fields import REVOKE, Fields, head
from vaitiolo.keys.primitives import Readable
from vaitiolo.keys.refused import Refused
from vaitiolo.keys.signatures import Signer

LENGTH = 140

_FRONT = struct.Struct(">4s32sBI3s32s")
_GAP = bytes(3)


class Reason(IntEnum):
    """Why a card was revoked."""

    LEFT = 1
    LOST = 2
    STOLEN = 3
    REPLACED = 4
    MISTAKE = 5


@dataclass(frozen=True, slots=True)
class Revocation:
    """A revocation as it was read or made. ``since`` is the first day without trust."""

    card: bytes
    why: Reason
    since: int
    registrar: bytes
    signature: bytes = field(default=b"", repr=False)

    def front(self) -> bytes:
        """Return the 76 bytes before the signature."""
        return _FRONT.pack(head(REVOKE), self.card, self.why, self.since, _GAP, self.registrar)

    def encode(self) -> bytes:
        """Return the 140 bytes of REVOKE."""
        return self.front() + self.signature


def parse(raw: Readable) -> Revocation:
    """Read a revocation of exactly 140 bytes, or raise `Refused`. It is not verified here."""
    fields = Fields(raw, REVOKE)
    card, why, since = fields.take(32), _reason(fields.number(1)), fields.number(4)
    if fields.take(3) != _GAP:
        raise Refused("revoke.gap")
    registrar = fields.take(32)
    signature = fields.take(primitives.ED25519_SIGNATURE_LENGTH)
    fields.end()
    return Revocation(card, why, since, registrar=registrar, signature=signature)


def make(
    card: bytes, why: Reason, *, since: int, org: UUID, registrar: bytes, keys: Signer
) -> Revocation:
    """Return a registrar's signed revocation of a card. Ed25519 (RFC 8032)."""
    word = Revocation(card, why, since, registrar=registrar)
    return parse(word.front() + keys.sign(_statement(word, org=org)))


def verify(revocation: Revocation, *, org: UUID, registrar: TrustedCard) -> None:
    """Return quietly when a registrar, trusted when its leaf was written, signed it.

    Raises `Refused` otherwise.
    """
    if registrar.klass is not CardClass.REGISTRAR or registrar.id != revocation.registrar:
        raise Refused("revoke.registrar")
    statement = _statement(revocation, org=org)
    primitives.ed25519_verify(registrar.ed25519, statement, revocation.signature)


def _statement(revocation: Revocation, *, org: UUID) -> bytes:
    return b"vaitiolo/1/revoke" + org.bytes + revocation.front()


def _reason(number: int) -> Reason:
    try:
        return Reason(number)
    except ValueError:
        raise Refused("revoke.reason") from None
