"""Key cards (CARD, type 0x04): a holder's public keys, vouched for up to the pinned root.

A card in a table is worth nothing until `vouching.verify` has judged it; only then does its type
let anybody seal to it. Ids are over the body, because an ML-DSA signature differs each time.
"""

import struct
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import NewType, Protocol
from uuid import UUID

from vaitiolo.keys import primitives
from vaitiolo.keys.fields import CARD, NO_END, ZERO, Fields, head
from vaitiolo.keys.kinds import RecoveryRole
from vaitiolo.keys.primitives import Readable, RecipientKey
from vaitiolo.keys.refused import Refused
from vaitiolo.keys.signatures import Signer


class CardClass(IntEnum):
    """What sort of holder a card is for."""

    STAFF = 1
    REGISTRAR = 2
    PATIENT = 3
    MACHINE = 4
    RECOVERY = 5
    ROLE = 6


class Role(IntEnum):
    """What the holder is to the house; recovery cards carry a `RecoveryRole` instead."""

    NONE = 0
    THERAPIST = 1
    RECEPTION = 2
    BILLING = 3
    PRIVACY_OFFICER = 4
    OPERATOR = 5
    MANAGER = 6
    REGISTRAR = 16
    DUTY = 32


_ROLES: dict[CardClass, frozenset[int]] = {
    CardClass.STAFF: frozenset(range(Role.THERAPIST, Role.MANAGER + 1)),
    CardClass.REGISTRAR: frozenset({Role.REGISTRAR}),
    CardClass.PATIENT: frozenset({Role.NONE}),
    CardClass.MACHINE: frozenset({Role.NONE}),
    CardClass.RECOVERY: frozenset(RecoveryRole),
    CardClass.ROLE: frozenset({Role.DUTY, Role.RECEPTION, Role.BILLING}),
}
_NOBODY = UUID(int=0)
_TERMS = struct.Struct(">IBBII")


@dataclass(frozen=True, slots=True)
class PublicKeys:
    """The public halves of a seed, as a card shows them."""

    xwing: bytes
    ed25519: bytes
    mldsa65: bytes


class CardKeys(Signer, Protocol):
    """The keys that a card is made from, or signed with; `HolderKeys` has them."""

    def public(self, *, mldsa65: bool = False) -> PublicKeys:
        """Return the public halves; the third is empty unless it is asked for."""
        ...

    def sign_mldsa65(self, message: Readable) -> bytes:
        """Return an ML-DSA-65 signature."""
        ...


@dataclass(frozen=True, slots=True)
class Terms:
    """What a card says besides its keys. Dates are days since 1970-01-01, both inclusive."""

    org: UUID
    holder: UUID
    klass: CardClass
    role: int
    generation: int = 1
    not_before: int = 0
    not_after: int = NO_END
    prev: bytes = ZERO


@dataclass(frozen=True, slots=True)
class CardSignature:
    """One signer's two signatures; both must verify."""

    signer: bytes
    ed25519: bytes
    mldsa65: bytes


@dataclass(frozen=True, slots=True)
class Card:
    """A card as it was read or made. It has not been judged yet."""

    terms: Terms
    keys: PublicKeys
    self_signature: bytes
    signatures: tuple[CardSignature, ...] = ()
    id: bytes = field(init=False)
    # Read when it is first sealed to: most cards are looked up to be believed.
    _recipient: RecipientKey | None = field(init=False, default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        _demand_sense(self)
        object.__setattr__(self, "id", primitives.sha256(b"vaitiolo/1/card-id", self.body()))

    @property
    def holder(self) -> UUID:
        """Return whose card this is; a role card's is its unit, a recovery card's is zero."""
        return self.terms.holder

    @property
    def xwing(self) -> bytes:
        """Return the public key that is sealed to."""
        return self.keys.xwing

    @property
    def recipient(self) -> RecipientKey:
        """Return the same, read once for all that is sealed to this card, or raise `Refused`."""
        key = self._recipient or primitives.recipient_key(self.keys.xwing)
        object.__setattr__(self, "_recipient", key)
        return key

    @property
    def ed25519(self) -> bytes:
        """Return the public key that the holder signs under."""
        return self.keys.ed25519

    @property
    def klass(self) -> CardClass:
        """Return the sort of holder."""
        return self.terms.klass

    @property
    def role(self) -> int:
        """Return the `Role`, or the `RecoveryRole` of a recovery card."""
        return self.terms.role

    def body(self) -> bytes:
        """Return what the id and every signature are over."""
        return _body(self.terms, self.keys)

    def encode(self) -> bytes:
        """Return the bytes of CARD."""
        signed = b"".join(s.signer + s.ed25519 + s.mldsa65 for s in self.signatures)
        return self.body() + self.self_signature + bytes((len(self.signatures),)) + signed


# Only vouching.verify turns a card into this, and only this is sealed to or believed.
TrustedCard = NewType("TrustedCard", Card)


@dataclass(frozen=True, slots=True)
class RootKeys:
    """The organisation's root, pinned outside every database."""

    ed25519: bytes
    mldsa65: bytes

    @property
    def id(self) -> bytes:
        """Return SHA-256 of both keys: the signer named on registrars' cards."""
        return primitives.sha256(self.ed25519, self.mldsa65)


def parse(raw: Readable) -> Card:
    """Read a card, all of it and nothing more, or raise `Refused`. It is not judged here."""
    fields = Fields(raw, CARD)
    terms = _read_terms(fields)
    xwing, ed25519 = fields.take(primitives.XWING_PUBLIC_LENGTH), fields.take(32)
    keys = PublicKeys(xwing, ed25519, mldsa65=fields.take(fields.number(2)))
    self_signature = fields.take(primitives.ED25519_SIGNATURE_LENGTH)
    signatures = tuple(_read_signature(fields) for _ in range(fields.number(1)))
    fields.end()
    return Card(terms, keys, self_signature, signatures)


def request(keys: CardKeys, terms: Terms) -> Card:
    """Return a card signed by its own key alone: what a registrar, or the root, then signs.

    A recovery card needs no more: it is valid by its id in the signed policy.
    """
    public = keys.public(mldsa65=terms.klass is CardClass.REGISTRAR)
    signed = keys.sign(b"vaitiolo/1/card-self" + _body(terms, public))
    return Card(terms, public, signed)


def countersign(card: Card, keys: CardKeys, *, signer: bytes) -> Card:
    """Return the card with one more signer: Ed25519 (RFC 8032) and ML-DSA-65 (FIPS 204).

    ``signer`` is the registrar's card id, or `RootKeys.id` for a registrar's card.
    """
    signed = statement(card)
    added = CardSignature(signer, keys.sign(signed), keys.sign_mldsa65(signed))
    return replace(card, signatures=(*card.signatures, added))


def statement(card: Card) -> bytes:
    """Return what signers sign, with both algorithms."""
    return b"vaitiolo/1/card-sig" + card.body() + card.self_signature


def root_keys(keys: CardKeys) -> RootKeys:
    """Return the public root of a root seed, to be pinned."""
    public = keys.public(mldsa65=True)
    return RootKeys(ed25519=public.ed25519, mldsa65=public.mldsa65)


def demand_keys(card: Card, keys: CardKeys) -> None:
    """Return quietly when a card shows the public halves of these keys, else raise `Refused`.

    A seed that gives other keys than its card was planted, and is no sign-in.
    """
    if card.keys != keys.public(mldsa65=card.klass is CardClass.REGISTRAR):
        raise Refused("card.seed")


def _body(terms: Terms, public: PublicKeys) -> bytes:
    return b"".join(
        (
            head(CARD),
            terms.org.bytes,
            terms.holder.bytes,
            _TERMS.pack(
                terms.generation, terms.klass, terms.role, terms.not_before, terms.not_after
            ),
            terms.prev,
            public.xwing,
            public.ed25519,
            len(public.mldsa65).to_bytes(2, "big"),
            public.mldsa65,
        )
    )


def _read_terms(fields: Fields) -> Terms:
    org, holder, generation = fields.id(), fields.id(), fields.number(4)
    try:
        klass = CardClass(fields.number(1))
    except ValueError:
        raise Refused("card.class") from None
    role, not_before, not_after = fields.number(1), fields.number(4), fields.number(4)
    return Terms(org, holder, klass, role, generation, not_before, not_after, prev=fields.take(32))


def _read_signature(fields: Fields) -> CardSignature:
    return CardSignature(
        signer=fields.take(32),
        ed25519=fields.take(primitives.ED25519_SIGNATURE_LENGTH),
        mldsa65=fields.take(primitives.MLDSA65_SIGNATURE_LENGTH),
    )


def _demand_sense(card: Card) -> None:
    terms = card.terms
    lengths = len(card.keys.xwing), len(card.keys.ed25519), len(card.keys.mldsa65)
    registrar = terms.klass is CardClass.REGISTRAR
    if lengths != (
        primitives.XWING_PUBLIC_LENGTH,
        32,
        primitives.MLDSA65_PUBLIC_LENGTH if registrar else 0,
    ):
        raise Refused("card.keys")
    if terms.role not in _ROLES[terms.klass] or terms.generation == 0:
        raise Refused("card.role")
    if terms.not_before > terms.not_after:
        raise Refused("card.dates")
    if len({signature.signer for signature in card.signatures}) != len(card.signatures):
        raise Refused("card.signers")
    _demand_recovery_form(card)


def _demand_recovery_form(card: Card) -> None:
    terms = card.terms
    if (terms.klass is CardClass.RECOVERY) != (terms.holder == _NOBODY):
        raise Refused("card.holder")
    if terms.klass is CardClass.RECOVERY and (terms.not_after != NO_END or card.signatures):
        raise Refused("card.recovery")
