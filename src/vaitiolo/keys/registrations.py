"""Registrars' cards on their way to the root and back (REGISTRATION, type 0x0B).

A request carries cards signed by nobody but their holders; an answer the same cards, signed by the
root. Nothing in it is secret, and nothing is believed for standing in it: each card is judged.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Final
from uuid import UUID

from vaitiolo.keys import cards, primitives, vouching
from vaitiolo.keys.cards import Card, CardClass, CardKeys, PublicKeys, RootKeys
from vaitiolo.keys.fields import REGISTRATION, Fields, head
from vaitiolo.keys.primitives import Readable
from vaitiolo.keys.refused import Refused

_FRONT: Final = struct.Struct(">4sB16sIB")
MOST_CARDS: Final = 20


class Direction(IntEnum):
    """Which way the file goes."""

    REQUEST = 1
    ANSWER = 2


@dataclass(frozen=True, slots=True)
class Registration:
    """A request or an answer as it was read or made; ``made`` is a day."""

    direction: Direction
    org: UUID
    made: int
    cards: tuple[Card, ...]

    def encode(self) -> bytes:
        """Return the bytes of REGISTRATION."""
        encoded = [card.encode() for card in self.cards]
        front = _FRONT.pack(
            head(REGISTRATION), self.direction, self.org.bytes, self.made, len(encoded)
        )
        return front + b"".join(len(card).to_bytes(4, "big") + card for card in encoded)


def parse(raw: Readable) -> Registration:
    """Read a request or an answer, all of it and nothing more, or raise `Refused`.

    No card stands twice, each is a registrar's, and a request's cards bear no signature of others.
    """
    fields = Fields(raw, REGISTRATION)
    direction = fields.number(1)
    if direction not in set(Direction):
        raise Refused("registration.direction")
    org, made = fields.id(), fields.number(4)
    shown = tuple(cards.parse(fields.take(fields.number(4))) for _ in range(fields.number(1)))
    fields.end()
    _demand_sense(Direction(direction), shown)
    return Registration(Direction(direction), org, made, shown)


def check_request(request: Registration, *, org: UUID, life_days: int, today: int) -> None:
    """Return quietly when each card may be signed today: self-signed, of this house, in date.

    Raises `Refused` for an answer, for a card of another house, and for one that would be good for
    longer than the policy lets a card be.
    """
    if request.direction is not Direction.REQUEST or request.org != org:
        raise Refused("registration.request")
    for card in request.cards:
        demand_lawful(card, org=org, life_days=life_days, today=today)


def demand_lawful(card: Card, *, org: UUID, life_days: int, today: int) -> None:
    """Return quietly when a registrar's card is signed by itself and its days are lawful today."""
    terms = card.terms
    if terms.org != org or terms.klass is not CardClass.REGISTRAR:
        raise Refused("registration.card")
    primitives.ed25519_verify(
        card.ed25519, b"vaitiolo/1/card-self" + card.body(), card.self_signature
    )
    if not terms.not_before <= today <= terms.not_after <= terms.not_before + life_days:
        raise Refused("registration.days")


def sign(card: Card, *, root: CardKeys, pinned: RootKeys) -> Card:
    """Return a card with the root's two signatures; the keys must be the pinned root's.

    Ed25519 (RFC 8032) and ML-DSA-65 (FIPS 204). Raises `Refused`, and signs nothing then.
    """
    if cards.root_keys(root) != pinned:
        raise Refused("registration.root")
    return cards.countersign(replace(card, signatures=()), root, signer=pinned.id)


def check_answer(answer: Registration, *, org: UUID, root: RootKeys) -> None:
    """Return quietly when each card of an answer is signed by the pinned root, else refuse."""
    if answer.direction is not Direction.ANSWER or answer.org != org:
        raise Refused("registration.answer")
    keys = PublicKeys(b"", ed25519=root.ed25519, mldsa65=root.mldsa65)
    for card in answer.cards:
        if [one.signer for one in card.signatures] != [root.id]:
            raise Refused("registration.unsigned")
        vouching.check_signature(card, card.signatures[0], keys)


def _demand_sense(direction: Direction, shown: Sequence[Card]) -> None:
    if not 0 < len(shown) <= MOST_CARDS or len({card.id for card in shown}) != len(shown):
        raise Refused("registration.cards")
    signers = 1 if direction is Direction.ANSWER else 0
    for card in shown:
        if card.klass is not CardClass.REGISTRAR or len(card.signatures) != signers:
            raise Refused("registration.signers")
