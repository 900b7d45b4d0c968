"""A clinic of keys: a root, a registrar, people with cards, and a ledger that is a counter."""

import hashlib
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from vaitiolo.keys import cards, chains, grants, vouching
from vaitiolo.keys.cards import Card, CardClass, Role, Terms, TrustedCard
from vaitiolo.keys.chains import Creation, Evidence
from vaitiolo.keys.fields import ZERO
from vaitiolo.keys.grants import Grant
from vaitiolo.keys.holders import HolderKeys
from vaitiolo.keys.kinds import RecoveryRole
from vaitiolo.keys.refused import Refused
from vaitiolo.keys.rotations import Rotation
from vaitiolo.keys.vouching import Authority, Moment, Revoked

TODAY = 20_781


def named(name: str, length: int = 32) -> bytes:
    """Bytes that anybody can make again from a name."""
    return hashlib.shake_256(f"vaitiolo test: {name}".encode()).digest(length)


def id_of(name: str) -> UUID:
    return UUID(bytes=named(name, 16), version=4)


@dataclass
class Person:
    keys: HolderKeys
    card: TrustedCard


@dataclass
class Clinic:
    org: UUID = field(default_factory=lambda: id_of("clinic"))
    today: int = TODAY
    registrars_per_card: int = 1
    cards: dict[bytes, Card] = field(default_factory=dict)
    recorded: dict[bytes, Moment] = field(default_factory=dict)
    revoked: dict[bytes, Revoked] = field(default_factory=dict)
    pinned: set[bytes] = field(default_factory=set)
    leaves: int = 0

    def __post_init__(self) -> None:
        self.root = self.keys("root")
        self.root_keys = cards.root_keys(self.root)
        self.registrar = self.enrol("Raili", klass=CardClass.REGISTRAR, role=Role.REGISTRAR)

    @property
    def authority(self) -> Authority:
        return Authority(
            org=self.org,
            root=self.root_keys,
            registrars_per_card=self.registrars_per_card,
            recovery=frozenset(self.pinned),
            card_of=self.card_of,
            recorded=self.moment_of,
            revoked=self.revoked.get,
        )

    def keys(self, name: str) -> HolderKeys:
        return HolderKeys(named(f"seed of {name}"), self.org)

    def card_of(self, card_id: bytes) -> Card:
        if card_id not in self.cards:
            raise Refused("test.card")
        return self.cards[card_id]

    def moment_of(self, object_id: bytes) -> Moment:
        if object_id not in self.recorded:
            raise Refused("test.leaf")
        return self.recorded[object_id]

    def record(self, object_id: bytes) -> None:
        self.leaves += 1
        self.recorded[object_id] = Moment(self.today, self.leaves)

    def terms(self, name: str, **more: Any) -> Terms:
        said: dict[str, Any] = {
            "klass": CardClass.STAFF,
            "role": Role.THERAPIST,
            "not_before": self.today,
        }
        return Terms(**{"org": self.org, "holder": id_of(name), **said, **more})

    def signed(self, card: Card) -> Card:
        if card.klass is CardClass.REGISTRAR:
            return cards.countersign(card, self.root, signer=self.root_keys.id)
        return cards.countersign(card, self.registrar.keys, signer=self.registrar.card.id)

    def admit(self, card: Card) -> None:
        self.cards[card.id] = card
        self.record(card.id)

    def enrol(self, name: str, **terms: Any) -> Person:
        keys = self.keys(name)
        card = self.signed(cards.request(keys, self.terms(name, **terms)))
        self.admit(card)
        return Person(keys, vouching.verify(card, self.authority, at=Moment(self.today)))

    def recovery(self, role: RecoveryRole) -> Person:
        keys = self.keys(f"recovery {role.name}")
        shape: dict[str, Any] = {
            "klass": CardClass.RECOVERY,
            "not_before": 0,
            "holder": UUID(int=0),
        }
        card = cards.request(keys, self.terms("nobody", role=role, **shape))
        self.pinned.add(card.id)
        return Person(keys, vouching.verify(card, self.authority, at=Moment(self.today)))


@dataclass
class Chart:
    """A compartment with what vault and ledger say about it."""

    clinic: Clinic
    creator: Person
    id: UUID = field(default_factory=lambda: id_of("chart"))
    epoch: int = 1
    grants: dict[bytes, Grant] = field(default_factory=dict)
    rotations: dict[bytes, Rotation] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.dk = bytearray(named(f"dk of {self.id}"))
        commitment = grants.commitment(self.dk)
        self.creation = Creation(self.id, self.creator.card.id, commitment)

    @property
    def evidence(self) -> Evidence:
        return Evidence(self.creation, self.grants, self.rotations, self.clinic.recorded)

    def grant(self, to: Person, *, by: Person, parent: bytes = ZERO, **terms: Any) -> Grant:
        here: dict[str, Any] = {"compartment": self.id, "epoch": self.epoch, "parent": parent}
        said = grants.Terms(**{**here, **terms})
        made = grants.make(
            self.dk, said, org=self.clinic.org, recipient=to.card, keys=by.keys, grantor=by.card.id
        )
        return self.keep(made)

    def keep(self, grant: Grant) -> Grant:
        self.grants[grant.id] = grant
        self.clinic.record(grant.id)
        return grant

    def open(self, grant: Grant, person: Person) -> bytearray:
        """Everything that stands between a grant and a key, in the order of the warden."""
        authority, today = self.clinic.authority, Moment(self.clinic.today)
        asker = vouching.verify(person.card, authority, at=today)
        grantor = authority.card_of(grant.grantor)
        at = authority.recorded(grant.id)
        grants.verify(
            grant,
            org=self.clinic.org,
            recipients=vouching.earlier_cards(asker, authority),
            grantor=vouching.verify(grantor, authority, at=at),
            day=self.clinic.today,
        )
        chains.verify_chain(grant, self.evidence, authority)
        return person.keys.open_grant(grant)
