"""A4: reads and writes every row of both databases. Nine moves, and what comes of each.

An outcome is `refused` (nobody was made to do anything, and it was recorded), `noticed` (by what
runs each night), or `not noticed`, which the threat model has to say. Against the programs that
run, each move is made in SQL, on rows alone; what a page would do next is asked at the web's
socket. At the careful team's they succeed.
"""

import contextlib
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import singledispatch
from typing import Any
from uuid import UUID, uuid4

from tests.promises.adversaries.here import NO, Here, Patient
from tests.promises.adversaries.hostile_careful import MOVES as CAREFUL_MOVES
from tests.promises.adversaries.loot import Loot
from tests.promises.adversaries.offline import taken_kms
from tests.promises.adversaries.rows import id_of
from tests.promises.careful import Careful
from vaitiolo.keys import cards, fields, grants, primitives, slots
from vaitiolo.keys.cards import TrustedCard
from vaitiolo.keys.holders import HolderKeys
from vaitiolo.keys.names import name_tag
from vaitiolo.keys.slots import Given, Owner, PasswordCost, SlotKind, SlotPolicy
from vaitiolo.warden import client
from vaitiolo.warden.client import NewCompartment, Place, Plain, Sealed
from vaitiolo.warden.kinds import CompartmentClass, Kind, Mode, Purpose
from vaitiolo.warden.session import Session

REFUSED, NOTICED, NOT_NOTICED = "refused", "noticed", "not noticed"
SECONDS_TO_NOTICE = 60.0
KNOWN_TO_HIM = "salasana salasana"


@dataclass
class Mallory:
    """A thief with write access: a seed, a card and a key of his own, and a chart to go for."""

    here: Here
    seed: bytearray = field(default_factory=lambda: primitives.random_bytes(32))
    dk: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    @property
    def therapist(self) -> Session:
        return self.here.session("therapist")

    @property
    def keys(self) -> HolderKeys:
        return HolderKeys(self.seed, self.here.trust.org)

    def patient(self) -> Patient:
        """Return a chart that the therapist can open within the hour's budget."""
        for patient in self.here.patients():
            with contextlib.suppress(*NO):
                if len(self.here.read_chart(self.therapist, patient)) > 1:
                    return patient
        raise AssertionError("no chart opens, so nothing can be tried")

    def card_of(self, name: str) -> tuple[bytes, bytes]:
        """Return the id and the bytes of the card that a member's slot names."""
        kms = taken_kms(self.here.home / "kms")
        slot = slots.parse(self.slot_of(name, kms))
        query = "SELECT card FROM keys_storedcard WHERE id = ?"
        [(card,)] = self.here.vault.ask(query, slot.owner.card)
        return slot.owner.card, bytes(card)

    def slot_of(self, name: str, kms: Any) -> bytes:
        # Whose row it is can be seen by watching who signs in; the service only makes that quick.
        tag = name_tag(name, kms=kms, org=self.here.trust.org)
        [(slot,)] = self.here.vault.ask("SELECT slot FROM keys_storedslot WHERE name_tag = ?", tag)
        return bytes(slot)

    def own_card(self, like: bytes) -> bytes:
        """Make a card that says what another says, with his own keys, signed by himself."""
        was = cards.parse(like)
        asked = cards.request(self.keys, was.terms)
        return cards.countersign(asked, self.keys, signer=was.signatures[0].signer).encode()


@contextlib.contextmanager
def changed(here: Here, table: str, where: str, value: object, **columns: bytes) -> Iterator[None]:
    """Change cells of a row, and put them back afterwards."""
    names = list(columns)
    query = f"SELECT {', '.join(names)} FROM {table} WHERE {where} = ?"
    rows = here.vault if table.startswith("keys_") else here.default
    [before] = rows.ask(query, value)
    update = f"UPDATE {table} SET {', '.join(f'{name} = ?' for name in names)} WHERE {where} = ?"
    rows.ask(update, *columns.values(), value)
    try:
        yield
    finally:
        rows.ask(update, *(bytes(one) for one in before), value)


def outcome(deed: Callable[[], object]) -> str:
    try:
        deed()
    except NO:
        return REFUSED
    return NOT_NOTICED


def holders_card(mallory: Mallory) -> str:
    """A colleague's card is exchanged, and the therapist lets that colleague read a chart."""
    here = mallory.here
    victim, card = mallory.card_of(here.name_of("billing"))
    chart, holder = mallory.patient().chart, cards.parse(card).holder
    with changed(here, "keys_storedcard", "id", victim, card=mallory.own_card(card)):
        here.restart_warden()
        return outcome(lambda: client.grant(mallory.therapist, chart, holder))


def recovery_card(mallory: Mallory) -> str:
    """The card of the recovery key is exchanged, and a new patient is admitted."""
    here = mallory.here
    pinned = here.trust.recovery.chart
    [(card,)] = here.vault.ask("SELECT card FROM keys_storedcard WHERE id = ?", pinned)
    _own, therapist = mallory.card_of(here.name_of("therapist"))
    new = NewCompartment(CompartmentClass.CHART, uuid4(), (cards.parse(therapist).holder,), ())
    substitute = mallory.own_card(therapist)
    assert bytes(card) != substitute
    with changed(here, "keys_storedcard", "id", pinned, card=substitute):
        here.restart_warden()
        return outcome(lambda: client.create_compartments(here.session("reception"), [new]))


def planted_grant(mallory: Mallory) -> str:
    """Three grants of a key of his own: by nobody known, unsigned, signed in another's name."""
    here, patient = mallory.here, mallory.patient()
    recipient, card = mallory.card_of(here.name_of("therapist"))
    maker, _card = mallory.card_of(here.name_of("reception"))
    terms = grants.Terms(patient.chart, 1, fields.ZERO)

    def made(grantor: bytes) -> grants.Grant:
        return grants.make(
            mallory.dk,
            terms,
            org=here.trust.org,
            recipient=TrustedCard(cards.parse(card)),
            keys=mallory.keys,
            grantor=grantor,
        )

    stranger, others = made(secrets.token_bytes(32)), made(maker)
    unsigned = replace(others, signature=bytes(64))
    for grant in (stranger, unsigned, others):
        plant(here, grant, recipient)
    try:
        writing = client.open_compartment(
            mallory.therapist, patient.chart, purpose=Purpose.CARE, mode=Mode.WRITE
        )
        [sealed] = writing.seal([Plain(Place(Kind.NOTE, uuid4(), 1), b"{}")])
    finally:
        here.vault.ask("DELETE FROM keys_storedgrant WHERE leaf_index = ?", -7)
    # The good grant goes on; what was sealed is not readable with the key that he planted.
    commitment = bytes(primitives.hkdf(mallory.dk, sealed[8:40], b"COMMITKEY"))
    return NOT_NOTICED if commitment == sealed[40:72] else REFUSED


def plant(here: Here, grant: grants.Grant, recipient: bytes) -> None:
    here.vault.add(
        "keys_storedgrant",
        id=grant.id,
        compartment=grant.compartment,
        recipient_card=recipient,
        epoch=grant.epoch,
        grant=grant.encode(),
        leaf_index=-7,
    )


def moved_text(mallory: Mallory) -> str:
    """One signed note's bytes are put into another's row."""
    here, patient = mallory.here, mallory.patient()
    first, second = here.notes(patient.chart)[:2]
    row = row_of(here, second)
    with changed(here, "charts_noteversion", "id", row, sealed_body=first.sealed):
        return outcome(lambda: here.read_chart(mallory.therapist, patient))


def row_of(here: Here, note: Sealed) -> Any:
    query = "SELECT id FROM charts_noteversion WHERE note_id = ? AND version = ?"
    [(row,)] = here.default.ask(query, note.place.row, note.place.version)
    return row


def rolled_back_text(mallory: Mallory) -> str:
    """The first version of an amended note is put where the second stands."""
    patient = mallory.patient()
    writing = client.open_compartment(
        mallory.therapist, patient.chart, purpose=Purpose.CARE, mode=Mode.WRITE
    )
    note = uuid4()
    [first] = writing.seal([Plain(Place(Kind.NOTE, note, 1), b'{"text":"eilen"}')])
    [second] = writing.seal([Plain(Place(Kind.NOTE, note, 2), b'{"text":"tanaan"}', first)])
    reading = client.open_compartment(mallory.therapist, patient.chart, purpose=Purpose.CARE)
    newest = Place(Kind.NOTE, note, 2)
    assert reading.unseal([Sealed(newest, second)])
    return outcome(lambda: reading.unseal([Sealed(newest, first)]))


def deletion(mallory: Mallory) -> str:
    """A signed note is deleted, with its versions, and the night's comparison is made."""
    here, patient = mallory.here, mallory.patient()
    note = here.notes(patient.chart)[0]
    before = len(here.read_chart(mallory.therapist, patient))
    row = row_of(here, note)
    [(signed_on, version)] = here.default.ask(
        "SELECT signed_on, version FROM charts_noteversion WHERE id = ?", row
    )
    here.default.ask("DELETE FROM charts_noteversion WHERE id = ?", row)
    try:
        left = len(here.read_chart(mallory.therapist, patient))
        is_named = named_by_reconciliation(here, note.place.row)
    finally:
        here.default.add(
            "charts_noteversion",
            id=id_of(row),
            note_id=note.place.row,
            version=version,
            signed_on=signed_on,
            sealed_body=note.sealed,
        )
    assert left == before - 1
    return NOTICED if is_named else NOT_NOTICED


def named_by_reconciliation(here: Here, row: UUID) -> bool:
    """Say whether the comparison of entries and rows names a note; the youngest it leaves out."""
    end = time.monotonic() + SECONDS_TO_NOTICE
    while time.monotonic() < end:
        if str(row) in here.live.run("ledger", "reconcile", check=False).stdout:
            return True
    return False


def kdf_downgrade(mallory: Mallory) -> str:
    """A slot is made cheap to guess, and its holder signs in once more."""
    here, name = mallory.here, mallory.here.name_of("manager")
    slot = slots.parse(mallory.slot_of(name, taken_kms(here.home / "kms")))
    cheap = replace(slot, cost=PasswordCost(8, 1, 1)).encode()
    with changed(here, "keys_storedslot", "id", slot.id, slot=cheap):
        return outcome(lambda: here.sign_in(name))


def deleted_revocation(mallory: Mallory) -> str:
    """A colleague is revoked, the row of it deleted, and the warden started again."""
    here, name = mallory.here, mallory.here.name_of("reception", 1)
    card, raw = mallory.card_of(name)
    client.revoke_card(here.session("registrar"), cards.parse(raw).holder, reason=1)
    assert outcome(lambda: here.sign_in(name)) == REFUSED
    here.vault.ask("DELETE FROM keys_storedrevocation WHERE card = ?", card)
    holder = cards.parse(raw).holder
    here.vault.ask("UPDATE keys_storedholder SET state = 1, card = ? WHERE id = ?", card, holder)
    here.restart_warden()
    return outcome(lambda: here.sign_in(name))


def planted_slot(mallory: Mallory) -> str:
    """A slot for a therapist is planted, with a password that he knows and a seed of his own."""
    here, name = mallory.here, mallory.here.name_of("therapist")
    kms, org = taken_kms(here.home / "kms"), here.trust.org
    slot = slots.parse(mallory.slot_of(name, kms))
    policy = SlotPolicy(org, frozenset({SlotKind.PASSWORD}), slot.cost)
    owner = Owner(org, slot.owner.holder, slot.owner.card)
    empty = slots.new_slot(SlotKind.PASSWORD, owner, kms_epoch=slot.kms_epoch, policy=policy)
    given = Given(password=KNOWN_TO_HIM)
    planted = slots.lock(mallory.seed, empty, given, kms=kms, policy=policy).encode()
    with changed(here, "keys_storedslot", "id", slot.id, slot=planted):
        return outcome(lambda: here.sign_in(name, KNOWN_TO_HIM))


MOVES: dict[str, Callable[[Mallory], str]] = {
    "holder's card": holders_card,
    "recovery card": recovery_card,
    "planted grant": planted_grant,
    "moved text": moved_text,
    "rolled-back text": rolled_back_text,
    "deletion": deletion,
    "downgrade": kdf_downgrade,
    "deleted revocation": deleted_revocation,
    "planted slot": planted_slot,
}


@singledispatch
def attack(target: Any) -> Loot:
    raise TypeError(type(target).__name__)


@attack.register
def _(target: Here) -> Loot:
    mallory = Mallory(target)
    outcomes = {name: move(mallory) for name, move in MOVES.items()}
    read_by_him = ("holder's card", "recovery card", "planted grant", "planted slot", "downgrade")
    won = sum(outcomes[name] != REFUSED for name in read_by_him)
    return Loot(len(target.patients()), 0, won, {"moves": outcomes})


@attack.register
def _(target: Careful) -> Loot:
    outcomes = {name: move(target) for name, move in CAREFUL_MOVES.items()}
    read = sum(one != REFUSED for one in outcomes.values())
    return Loot(target.clinic.scale.patients, 0, read, {"moves": outcomes})
