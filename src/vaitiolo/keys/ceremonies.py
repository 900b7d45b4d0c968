"""Ceremonies (CEREMONY, type 0x07): what an officer takes to the machine without network, and back.

A request carries recovery grants of named compartments and the card of a successor; an answer the
same keys, sealed to that card. What stands in the file is checked against pinned keys and never
believed for being there. Holds no seed and knows no paper.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from uuid import UUID

from vaitiolo.keys import cards, grants, primitives, vouching
from vaitiolo.keys.cards import Card, CardClass, Role, RootKeys, TrustedCard
from vaitiolo.keys.fields import CEREMONY, ZERO, Fields, head
from vaitiolo.keys.grants import Grant
from vaitiolo.keys.holders import HolderKeys
from vaitiolo.keys.kinds import RecoveryRole
from vaitiolo.keys.primitives import Readable
from vaitiolo.keys.refused import Refused
from vaitiolo.keys.signatures import Signer
from vaitiolo.keys.vouching import Authority, Moment

_FRONT = struct.Struct(">4sBB16s16sI32s32s32s")

# Who may take a request out of the house.
MAY_ASK = frozenset({int(Role.PRIVACY_OFFICER), int(Role.REGISTRAR)})


class Direction(IntEnum):
    """Which way the file goes."""

    REQUEST = 1
    ANSWER = 2


class CeremonyPurpose(IntEnum):
    """Why the ceremony is held."""

    SUCCESSION = 1
    LOSS = 2
    ROTATION = 3
    CONTACT_OFFLINE = 4


_OPENED_BY = {
    CeremonyPurpose.SUCCESSION: RecoveryRole.CHART,
    CeremonyPurpose.LOSS: RecoveryRole.CHART,
    CeremonyPurpose.ROTATION: RecoveryRole.CHART,
    CeremonyPurpose.CONTACT_OFFLINE: RecoveryRole.CONTACT,
}


@dataclass(frozen=True, slots=True)
class Terms:
    """What a ceremony is about. ``made`` is a day; ``recovery`` and ``target`` are card ids."""

    purpose: CeremonyPurpose
    org: UUID
    case: UUID
    made: int
    recovery: bytes
    target: bytes


@dataclass(frozen=True, slots=True)
class Ceremony:
    """A request or an answer as it was read or made. It has not been checked yet."""

    direction: Direction
    terms: Terms
    request: bytes
    cards: tuple[Card, ...]
    grants: tuple[Grant, ...] = field(repr=False)
    signer: bytes
    signature: bytes = field(default=b"", repr=False)

    @property
    def id(self) -> bytes:
        """Return SHA-256 of the whole: what an answer names its request by."""
        return primitives.sha256(self.encode())

    def statement(self) -> bytes:
        """Return what the signer signs."""
        return b"vaitiolo/1/ceremony" + self._front()

    def encode(self) -> bytes:
        """Return the bytes of CEREMONY."""
        return self._front() + self.signature

    def _front(self) -> bytes:
        terms, encoded = self.terms, [card.encode() for card in self.cards]
        return b"".join(
            (
                _FRONT.pack(
                    head(CEREMONY),
                    self.direction,
                    terms.purpose,
                    terms.org.bytes,
                    terms.case.bytes,
                    terms.made,
                    terms.recovery,
                    terms.target,
                    self.request,
                ),
                len(encoded).to_bytes(2, "big"),
                *(len(card).to_bytes(4, "big") + card for card in encoded),
                len(self.grants).to_bytes(4, "big"),
                *(grant.encode() for grant in self.grants),
                self.signer,
            )
        )


@dataclass(frozen=True, slots=True)
class Pins:
    """What is known without the file: from the signed policy, on the command line or on paper."""

    org: UUID
    root: RootKeys
    registrars_per_card: int
    contact: bytes
    chart: bytes

    def recovery(self, purpose: CeremonyPurpose) -> bytes:
        """Return the id of the recovery card that a ceremony for this purpose uses."""
        return self.contact if _OPENED_BY[purpose] is RecoveryRole.CONTACT else self.chart


@dataclass(frozen=True, slots=True)
class CheckedRequest:
    """A request whose cards, grants and signature lead to what is pinned."""

    request: Ceremony
    recovery: TrustedCard
    target: TrustedCard
    signer: TrustedCard


def parse(raw: Readable) -> Ceremony:
    """Read a request or an answer, all of it and nothing more, or raise `Refused`.

    It is not checked here, but for what makes no sense: two cards or compartments alike, no grant,
    a request that names a request.
    """
    fields = Fields(raw, CEREMONY)
    direction, purpose = _number(fields, Direction), _number(fields, CeremonyPurpose)
    terms = Terms(
        purpose=CeremonyPurpose(purpose),
        org=fields.id(),
        case=fields.id(),
        made=fields.number(4),
        recovery=fields.take(32),
        target=fields.take(32),
    )
    ceremony = Ceremony(
        direction=Direction(direction),
        terms=terms,
        request=fields.take(32),
        cards=tuple(cards.parse(fields.take(fields.number(4))) for _ in range(fields.number(2))),
        grants=tuple(grants.parse(fields.take(grants.LENGTH)) for _ in range(fields.number(4))),
        signer=fields.take(32),
        signature=fields.take(primitives.ED25519_SIGNATURE_LENGTH),
    )
    fields.end()
    _demand_sense(ceremony)
    return ceremony


def make_request(
    terms: Terms,
    *,
    shown: Sequence[Card],
    given: Sequence[Grant],
    keys: Signer,
    signer: bytes,
) -> Ceremony:
    """Return a request signed by the exporting officer (card id): Ed25519 (RFC 8032) over all.

    ``shown`` are all cards that somebody without a network needs: recovery card, target, signer,
    every grantor, and the registrars of these. ``given`` are the recovery grants.
    """
    return _signed(
        Ceremony(Direction.REQUEST, terms, ZERO, tuple(shown), tuple(given), signer), keys
    )


def check_request(request: Ceremony, pins: Pins) -> CheckedRequest:
    """Return a request whose every card leads to the pinned root and every grant to its card.

    Raises `Refused`. Without the ledger a card is judged by the dates that its registrar signed;
    revocations and chains are judged by the warden that exports and, again, that imports.
    """
    if request.direction is not Direction.REQUEST or request.terms.org != pins.org:
        raise Refused("ceremony.request")
    if request.terms.recovery != pins.recovery(request.terms.purpose):
        raise Refused("ceremony.recovery")
    authority = _authority(request, pins)
    made = Moment(request.terms.made)
    # First whether the file is whole, which costs little; then whose signature that was.
    claimed = authority.card_of(request.signer)
    primitives.ed25519_verify(claimed.ed25519, request.statement(), request.signature)
    signer = _judged(request.signer, authority, at=made)
    if signer.role not in MAY_ASK:
        raise Refused("ceremony.signer")
    target = _judged(request.terms.target, authority, at=made)
    if target.klass not in {CardClass.STAFF, CardClass.REGISTRAR}:
        raise Refused("ceremony.target")
    recovery = _judged(request.terms.recovery, authority, at=made)
    for grant in request.grants:
        _check_recovery_grant(grant, recovery, authority)
    return CheckedRequest(request, recovery, target, signer)


def make_answer(
    checked: CheckedRequest,
    *,
    keys: HolderKeys,
    made: int,
) -> Ceremony:
    """Return the answer: each key of the request, sealed to its target and signed by recovery.

    ``keys`` are those of the recovery seed; raises `Refused` when they are not the pinned card's,
    and when one grant does not open. Nothing is answered in part.
    """
    cards.demand_keys(checked.recovery, keys)
    old = checked.request.terms
    terms = Terms(old.purpose, old.org, old.case, made, old.recovery, old.target)
    given = tuple(_passed_on(grant, checked, keys) for grant in checked.request.grants)
    return _signed(
        Ceremony(Direction.ANSWER, terms, checked.request.id, (), given, old.recovery), keys
    )


def check_answer(answer: Ceremony, checked: CheckedRequest) -> None:
    """Return quietly when an answer gives what its request asked for and nothing beyond.

    Raises `Refused` when it answers another request, is not signed by the recovery card, or holds
    a grant to another card, of another compartment or key, or from another parent.
    """
    asked, terms = checked.request, answer.terms
    if answer.direction is not Direction.ANSWER or answer.request != asked.id or answer.cards:
        raise Refused("ceremony.answer")
    same = (asked.terms.purpose, asked.terms.org, asked.terms.case)
    cards_named = (asked.terms.recovery, asked.terms.target, asked.terms.recovery)
    if (terms.purpose, terms.org, terms.case) != same:
        raise Refused("ceremony.other")
    if (terms.recovery, terms.target, answer.signer) != cards_named:
        raise Refused("ceremony.cards")
    primitives.ed25519_verify(checked.recovery.ed25519, answer.statement(), answer.signature)
    parents = {grant.id: grant for grant in asked.grants}
    for grant in answer.grants:
        _check_passed_on(grant, parents.get(grant.parent), checked)


def _number(fields: Fields, kind: type[IntEnum]) -> int:
    number = fields.number(1)
    if number not in {int(known) for known in kind}:
        raise Refused("ceremony.number")
    return number


def _demand_sense(ceremony: Ceremony) -> None:
    if (ceremony.direction is Direction.REQUEST) != (ceremony.request == ZERO):
        raise Refused("ceremony.direction")
    if len({card.id for card in ceremony.cards}) != len(ceremony.cards):
        raise Refused("ceremony.cards")
    compartments = {grant.compartment for grant in ceremony.grants}
    if not compartments or len(compartments) != len(ceremony.grants):
        raise Refused("ceremony.grants")


def _signed(ceremony: Ceremony, keys: Signer) -> Ceremony:
    # What could not be read back would be found out in front of the assembled officers.
    return parse(ceremony.encode() + keys.sign(ceremony.statement()))


def _authority(request: Ceremony, pins: Pins) -> Authority:
    shown = {card.id: card for card in request.cards}

    def card_of(card_id: bytes) -> Card:
        if card_id not in shown:
            raise Refused("ceremony.card")
        return shown[card_id]

    return Authority(
        org=pins.org,
        root=pins.root,
        registrars_per_card=pins.registrars_per_card,
        recovery=frozenset({pins.contact, pins.chart}),
        card_of=card_of,
        # There is no ledger here: a registrar must have been in date when the card begins.
        recorded=lambda card_id: Moment(card_of(card_id).terms.not_before, 0),
        revoked=lambda _: None,
        remembered={},
    )


def _judged(card_id: bytes, authority: Authority, *, at: Moment) -> TrustedCard:
    return vouching.verify(authority.card_of(card_id), authority, at=at)


def _check_recovery_grant(grant: Grant, recovery: TrustedCard, authority: Authority) -> None:
    if grant.recipient != recovery.id:
        raise Refused("ceremony.recipient")
    grantor = vouching.vouched(authority.card_of(grant.grantor), authority)
    grants.check_signature(grant, org=authority.org, grantor=grantor)


def _passed_on(grant: Grant, checked: CheckedRequest, keys: HolderKeys) -> Grant:
    org = checked.request.terms.org
    dk = keys.open_grant(grant)
    try:
        return grants.make(
            dk,
            grants.Terms(grant.compartment, grant.epoch, grant.id, grant.until),
            org=org,
            recipient=checked.target,
            keys=keys,
            grantor=checked.recovery.id,
        )
    finally:
        primitives.wipe(dk)


def _check_passed_on(grant: Grant, parent: Grant | None, checked: CheckedRequest) -> None:
    if parent is None:
        raise Refused("ceremony.parent")
    key = (grant.compartment, grant.epoch, grant.dk_commit)
    if key != (parent.compartment, parent.epoch, parent.dk_commit):
        raise Refused("ceremony.key")
    if grant.recipient != checked.target.id or grant.until > parent.until:
        raise Refused("ceremony.beyond")
    grants.check_signature(grant, org=checked.request.terms.org, grantor=checked.recovery)
