"""Founding an organisation: root, recovery keys, registrar, cards, units. Done once, at a console.

Every card and compartment has its leaf like later ones. The root's and the recovery keys' seeds are
made and wiped here; what officers keep of them, they keep on paper (`recovery_keys`).
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from uuid import UUID, uuid4

from vaitiolo.keys import cards, envelope, names, slots, store, trust
from vaitiolo.keys.cards import Card, CardClass, Terms, TrustedCard
from vaitiolo.keys.fields import NO_END
from vaitiolo.keys.holders import HolderKeys, master_part
from vaitiolo.keys.kinds import CompartmentClass
from vaitiolo.keys.kms import KmsAway, KmsMisset, choosing
from vaitiolo.keys.octets import random_bytes, wipe
from vaitiolo.keys.rows import CardRow, HolderRow, SlotRow
from vaitiolo.keys.slots import Given, Owner, SlotKind
from vaitiolo.keys.vouching import Moment
from vaitiolo.ledger.acts import Act
from vaitiolo.warden.kinds import Role
from vaitiolo.warden.server import (
    granting,
    holding,
    policies,
    recovery_keys,
    roles,
    sign_ins,
    starting,
)
from vaitiolo.warden.server.granting import Made
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.policies import CARD_DAYS, KMS_KEYS, Named
from vaitiolo.warden.server.recording import STAFF, Deed
from vaitiolo.warden.server.recovery_keys import Keeping
from vaitiolo.warden.server.rosters import ROSTERS

# As long as the register is being brought in, its officer holds the units' books and diaries.
BRINGING_IN_DAYS: Final = 30
NOBODY_KEEPS: Final = Keeping()


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who joins at the founding. The caller draws the seed, and wipes it."""

    id: UUID
    name: str = field(repr=False)
    role: Role
    unit: UUID | None
    seed: bytearray = field(repr=False)


def draw_seed() -> bytearray:
    """Draw the seed of a newcomer's keys."""
    return random_bytes(32)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit's compartments."""

    id: UUID
    phonebook: UUID
    diary: UUID


@dataclass(frozen=True, slots=True)
class Founded:
    """What came into being: units, and each newcomer's desk."""

    units: tuple[Unit, ...]
    desks: dict[UUID, UUID]


@dataclass(frozen=True, slots=True)
class Charter:
    """What is to be founded: one registrar at least, and one manager who brings the register in."""

    name: str
    origin: str
    units: tuple[UUID, ...]
    newcomers: tuple[Newcomer, ...]
    has_break_glass: bool = False


def wipe_seeds(charter: Charter) -> None:
    """Wipe the newcomers' seeds, when slots hold them."""
    wipe(*(one.seed for one in charter.newcomers))


class CannotBeFounded(Exception):
    """The charter lacks somebody, or there is an organisation here already."""


@contextmanager
def found(
    home: Path, charter: Charter, clock: Callable[[], int], *, keeping: Keeping = NOBODY_KEEPS
) -> Iterator["Founding"]:
    """Found an organisation in a folder whose vault has its tables; the block works with it.

    ``keeping`` is handed the recovery secrets before anything is founded. Raises CannotBeFounded.
    """
    _check(home, charter)
    org, master = uuid4(), random_bytes(32)
    root_seed = master_part(master, org, part="root")
    try:
        drawn = recovery_keys.draw(org, master, keeping)
        _make_kms_keys(home)
        with HolderKeys(root_seed, org) as root:
            policy = policies.write_first(
                home,
                Named(
                    org,
                    charter.name,
                    charter.origin,
                    demo=True,
                    break_glass=policies.break_glass(enabled=charter.has_break_glass),
                ),
                root=root,
                recovery=drawn.cards,
            )
            with starting.running(home, policy, clock) as install:
                store.put_pairs(drawn.pairs)
                store.put_incident_pairs(drawn.incident)
                yield Founding(install, charter, root, recovery=drawn.cards)
    finally:
        wipe(master, root_seed)


def _check(home: Path, charter: Charter) -> None:
    if (home / trust.FILE_NAME).exists():
        raise CannotBeFounded("There is an organisation here already; nothing was changed.")
    if not {Role.REGISTRAR, Role.MANAGER} <= {one.role for one in charter.newcomers}:
        raise CannotBeFounded("A registrar and a manager are needed; nothing was changed.")


def _make_kms_keys(home: Path) -> None:
    try:
        keeper = choosing.keeper(home, demo=True, environ=os.environ)
        there = set(keeper.names()) & set(KMS_KEYS)
        if there:
            raise CannotBeFounded(
                f"The key service holds keys already ({', '.join(sorted(there))}), perhaps of "
                "another organisation. Give this one a token or a mount of its own."
            )
        for name in KMS_KEYS:
            keeper.create(name)
    except KmsMisset as refused:
        raise CannotBeFounded(f"{refused} Nothing was founded.") from None
    except KmsAway as away:
        raise CannotBeFounded(f"The key service does not answer: {away}.") from None


class Founding:
    """The founding while it goes on. Steps are done in the order of `enrol_all`."""

    def __init__(
        self,
        install: Installation,
        charter: Charter,
        root: HolderKeys,
        *,
        recovery: Sequence[Card],
    ) -> None:
        self.install = install
        self._charter = charter
        self._root = root
        self._recovery = recovery
        self._today = install.today()

    def enrol_all(self) -> Founded:
        """Make cards, units and desks; return their ids."""
        registrar = next(one for one in self._charter.newcomers if one.role is Role.REGISTRAR)
        with HolderKeys(registrar.seed, self.install.org) as keys:
            first = self._card_of(registrar, keys, signer=None)
            self._admit([(first, registrar.role), *((c, c.role) for c in self._recovery)])
            others = [one for one in self._charter.newcomers if one is not registrar]
            made = [(one, self._signed_card(one, keys, first)) for one in others]
            self._admit([(card, one.role) for one, card in made])
            self._put_holders([(registrar, first), *made])
            units = self._make_units(keys, first)
            desks = self._make_desks(keys, first, [(registrar, first), *made])
        return Founded(units, desks)

    def put_on_call(self, unit: UUID, persons: Sequence[UUID]) -> None:
        """Put therapists on a unit's roster, and make its duty card for them."""
        registrar = next(one for one in self._charter.newcomers if one.role is Role.REGISTRAR)
        person = sign_ins.person_of(self.install, registrar.id, is_weak=False, network="")
        detail = {"persons": [one.hex for one in persons], "touch": "none", "unit": unit.hex}
        self.install.recording.record([Deed(Act.ROSTER, ROSTERS, registrar.id, detail)])
        with HolderKeys(registrar.seed, self.install.org) as keys:
            roles.exchange(self.install, keys, person, unit=unit, role=Role.DUTY)

    def give_password(self, newcomer: Newcomer, *, sign_in_name: str, password: str) -> None:
        """Lock a newcomer's seed into a slot of kind 4: a password alone, labelled weak."""
        install = self.install
        colleague = install.directory.everyone()[newcomer.id]
        klass = CardClass(colleague.klass)
        policy = install.trust.slot_policy(klass)
        owner = Owner(install.org, newcomer.id, colleague.card)
        slot = slots.lock(
            newcomer.seed,
            slots.new_slot(
                SlotKind.PASSWORD, owner, kms_epoch=install.epochs.current("slot"), policy=policy
            ),
            Given(password=password),
            kms=install.kms,
            policy=policy,
        )
        detail = {"kind": int(slot.kind), "person": newcomer.id.hex, "slot": slot.id.hex}
        install.recording.record([Deed(Act.SLOT_ADDED, newcomer.id, newcomer.id, detail)])
        tag = names.name_tag(sign_in_name, kms=install.kms, org=install.org)
        store.put_slots([SlotRow(slot.id, newcomer.id, tag, slot.encode())])

    # --- cards ---

    def _card_of(self, one: Newcomer, keys: HolderKeys, *, signer: bytes | None) -> Card:
        klass = CardClass.REGISTRAR if one.role is Role.REGISTRAR else CardClass.STAFF
        request = cards.request(keys, self._terms(one.id, klass, one.role))
        if klass is CardClass.REGISTRAR:
            root = cards.root_keys(self._root)
            return cards.countersign(request, self._root, signer=root.id)
        return request if signer is None else cards.countersign(request, keys, signer=signer)

    def _signed_card(self, one: Newcomer, registrar: HolderKeys, signer: Card) -> Card:
        with HolderKeys(one.seed, self.install.org) as own:
            card = self._card_of(one, own, signer=None)
        if card.klass is CardClass.REGISTRAR:
            return card
        return cards.countersign(card, registrar, signer=signer.id)

    def _terms(self, holder: UUID, klass: CardClass, role: int) -> Terms:
        return Terms(
            org=self.install.org,
            holder=holder,
            klass=klass,
            role=role,
            not_before=self._today,
            not_after=self._today + CARD_DAYS,
        )

    def _admit(self, admitted: Sequence[tuple[Card, int]]) -> None:
        """Record cards, one leaf each, and store them."""
        actor = next(one.id for one in self._charter.newcomers if one.role is Role.REGISTRAR)
        units = {one.id: one.unit.hex for one in self._charter.newcomers if one.unit is not None}
        said = [
            {
                "cards": [card.id.hex()],
                "holder": card.holder.hex,
                "unit": units.get(card.holder, ""),
            }
            for card, _ in admitted
        ]
        leaves = self.install.recording.record(
            [Deed(Act.CARD, STAFF, actor, detail) for detail in said]
        )
        self.install.cards.read_on()
        store.put_cards(
            CardRow(card.id, card.holder, card.klass, role, card.encode(), leaf_index=leaf)
            for (card, role), leaf in zip(admitted, leaves, strict=True)
        )

    def _put_holders(self, people: Sequence[tuple[Newcomer, Card]]) -> None:
        install = self.install
        store.put_holders(
            HolderRow(
                one.id,
                card.klass,
                card.role,
                one.unit,
                names.seal_name(one.name, kms=install.kms, org=install.org, holder=one.id),
                card.id,
            )
            for one, card in people
        )
        install.directory.forget()

    # --- compartments ---

    def _make_units(self, registrar: HolderKeys, signer: Card) -> tuple[Unit, ...]:
        role_cards = {}
        units = []
        for unit in self._charter.units:
            seed = random_bytes(32)
            try:
                role_cards[unit] = self._make_role_card(unit, seed, registrar, signer=signer)
            finally:
                wipe(seed)
            units.append(self._make_unit(unit, role_cards[unit], registrar, signer=signer))
        return tuple(units)

    def _make_role_card(
        self, unit: UUID, seed: bytearray, registrar: HolderKeys, *, signer: Card
    ) -> TrustedCard:
        """Make a unit's reception card, its seed sealed to each receptionist of the unit."""
        with HolderKeys(seed, self.install.org) as keys:
            request = cards.request(keys, self._terms(unit, CardClass.ROLE, Role.RECEPTION))
        card = cards.countersign(request, registrar, signer=signer.id)
        self._admit([(card, Role.RECEPTION)])
        holders = [
            one
            for one in self._charter.newcomers
            if one.role is Role.RECEPTION and one.unit == unit
        ]
        if holders:
            recipients = [self._trusted(one.id) for one in holders]
            with self._making(
                CompartmentClass.ROLE, unit, recipients, keys=registrar, signer=signer
            ) as made:
                self._store([made], {"card": card.id.hex()})
                place = holding.role_seed_place(self.install.org, made.id)
                context = envelope.document_context(place, epoch=1)
                sealed = envelope.seal(
                    made.dk, context, seed, epoch=1, padding=envelope.Padding.NONE
                )
                store.put_role_seed(made.id, sealed)
        return self.install.cards.trusted(card.id, at=Moment(self._today))

    def _make_unit(
        self, unit: UUID, role: TrustedCard, registrar: HolderKeys, *, signer: Card
    ) -> Unit:
        manager = next(one.id for one in self._charter.newcomers if one.role is Role.MANAGER)
        ids = []
        with ExitStack() as stack:
            for klass in (CompartmentClass.PHONEBOOK, CompartmentClass.DIARY):
                made = stack.enter_context(
                    granting.make(
                        self.install,
                        klass,
                        unit,
                        recipients=[
                            (role, NO_END),
                            (self._trusted(manager), self._today + BRINGING_IN_DAYS),
                        ],
                        signer=registrar,
                        creator=signer.id,
                    )
                )
                self._store([made])
                ids.append(made.id)
        return Unit(unit, *ids)

    def _make_desks(
        self, registrar: HolderKeys, signer: Card, people: Sequence[tuple[Newcomer, Card]]
    ) -> dict[UUID, UUID]:
        desks = {}
        for one, card in people:
            own = [self.install.cards.trusted(card.id, at=Moment(self._today))]
            with self._making(
                CompartmentClass.DESK, one.id, own, keys=registrar, signer=signer
            ) as made:
                self._store([made])
                desks[one.id] = made.id
        return desks

    @contextmanager
    def _making(
        self,
        klass: CompartmentClass,
        subject: UUID,
        recipients: Sequence[TrustedCard],
        *,
        keys: HolderKeys,
        signer: Card,
    ) -> Iterator[Made]:
        granted = [(card, NO_END) for card in recipients]
        with granting.make(
            self.install, klass, subject, recipients=granted, signer=keys, creator=signer.id
        ) as made:
            yield made

    def _store(self, made: Sequence[Made], more: dict[str, object] | None = None) -> None:
        actor = next(one.id for one in self._charter.newcomers if one.role is Role.REGISTRAR)
        leaves = self.install.recording.record([one.deed(actor, more) for one in made])
        granting.store_made(made, leaves)

    def _trusted(self, person: UUID) -> TrustedCard:
        colleague = self.install.directory.everyone()[person]
        return self.install.cards.trusted(colleague.card, at=Moment(self._today))
