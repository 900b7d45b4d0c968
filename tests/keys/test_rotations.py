from dataclasses import replace
from typing import Any

import pytest

from tests.keys.clinic import TODAY, Chart, Clinic, Person, id_of, named
from tests.keys.mutations import refuses_all_but
from vaitiolo.keys import envelope, grants, rotations, vouching
from vaitiolo.keys.bodies import Place
from vaitiolo.keys.cards import Role
from vaitiolo.keys.envelope import Padding
from vaitiolo.keys.grants import Grant
from vaitiolo.keys.kinds import Kind
from vaitiolo.keys.refused import Refused
from vaitiolo.keys.rotations import Rotation
from vaitiolo.keys.vouching import Revoked


class House:
    def __init__(self) -> None:
        self.clinic = Clinic()
        self.helmi, self.otso = self.clinic.enrol("Helmi"), self.clinic.enrol("Otso")
        self.raisa = self.clinic.enrol("Raisa", role=Role.RECEPTION)
        self.chart = Chart(self.clinic, self.raisa)
        self.old = self.chart.grant(self.helmi, by=self.raisa)
        self.new_dk = bytearray(named("the next key"))

    def turn(self, by: Person | None = None, old: Grant | None = None) -> Rotation:
        by = by or self.helmi
        return rotations.make(
            self.new_dk,
            old or self.old,
            org=self.clinic.org,
            rotator=by.card.id,
            keys=by.keys,
        )

    def checked(self, turn: Rotation, **other: Any) -> None:
        here: dict[str, Any] = {"old": self.old, "rotator": self.helmi, **other}
        owned = vouching.earlier_cards(here["rotator"].card, self.clinic.authority)
        rotations.verify(
            turn, here["old"], org=self.clinic.org, rotator=here["rotator"].card, owned=owned
        )

    def turned(self, turn: Rotation) -> None:
        """Keep the record, and go on with the new key."""
        self.chart.rotations[turn.id] = turn
        self.clinic.record(turn.id)
        self.chart.dk, self.chart.epoch = self.new_dk, 2


@pytest.fixture
def house() -> House:
    return House()


def reason(house: House, turn: Rotation, **other: Any) -> str:
    with pytest.raises(Refused) as refusal:
        house.checked(turn, **other)
    return refusal.value.reason


def test_a_rotation_is_216_bytes_and_reads_the_same(house) -> None:
    turn = house.turn()
    assert len(turn.encode()) == 216
    assert rotations.parse(turn.encode()) == turn
    house.checked(turn)


def test_every_flipped_missing_or_added_byte_is_refused(house) -> None:
    raw = house.turn().encode()
    assert refuses_all_but(raw, lambda wrong: house.checked(rotations.parse(wrong))) > 2 * len(raw)


def test_only_a_holder_turns_the_key(house) -> None:
    assert reason(house, house.turn(by=house.otso), rotator=house.otso) == "rotation.holder"
    assert reason(house, house.turn(by=house.otso)) == "rotation.rotator"
    forged = replace(house.turn(by=house.otso), rotator=house.helmi.card.id)
    assert reason(house, forged) == "signature.ed25519"


def test_a_rotation_continues_the_grant_it_names(house) -> None:
    again = house.chart.grant(house.helmi, by=house.raisa)
    assert reason(house, house.turn(old=again)) == "rotation.step"
    ahead = replace(house.old, epoch=5)
    assert reason(house, house.turn(old=ahead)) == "rotation.step"
    elsewhere = replace(house.old, compartment=id_of("another chart"))
    assert reason(house, house.turn(old=elsewhere)) == "rotation.step"


def test_a_rotation_brings_a_new_key(house) -> None:
    house.new_dk = house.chart.dk
    assert reason(house, house.turn()) == "rotation.step"


def test_grants_of_the_new_epoch_lead_back_to_the_rotation(house) -> None:
    turn = house.turn()
    house.turned(turn)
    del house.chart.grants[house.old.id]
    grant = house.chart.grant(house.otso, by=house.helmi, parent=turn.id)
    assert house.chart.open(grant, house.otso) == house.new_dk


def test_only_the_rotator_grants_by_right_of_the_rotation(house) -> None:
    turn = house.turn()
    house.turned(turn)
    grant = house.chart.grant(house.otso, by=house.otso, parent=turn.id)
    with pytest.raises(Refused) as refusal:
        house.chart.open(grant, house.otso)
    assert refusal.value.reason == "chain.rotation"


@pytest.mark.parametrize("wrong", [{"epoch": 3}, {"compartment": id_of("another chart")}])
def test_a_grant_of_another_epoch_or_place_is_not_covered(house, wrong) -> None:
    turn = house.turn()
    house.turned(turn)
    grant = house.chart.grant(house.otso, by=house.helmi, parent=turn.id, **wrong)
    with pytest.raises(Refused):
        house.chart.open(grant, house.otso)


def test_a_planted_rotation_is_refused(house) -> None:
    house.turned(house.turn())
    thief = Person(house.clinic.keys("a thief"), house.helmi.card)
    forged = house.turn(by=thief)
    house.turned(forged)
    grant = house.chart.grant(house.otso, by=thief, parent=forged.id)
    with pytest.raises(Refused):
        house.chart.open(grant, house.otso)
    honest = house.chart.grant(house.otso, by=house.helmi, parent=forged.id)
    with pytest.raises(Refused) as refusal:
        house.chart.open(honest, house.otso)
    assert refusal.value.reason == "signature.ed25519"


def test_a_rotation_without_a_leaf_or_under_another_id_is_refused(house) -> None:
    turn = house.turn()
    house.turned(turn)
    grant = house.chart.grant(house.otso, by=house.helmi, parent=turn.id)
    leaf = house.clinic.recorded.pop(turn.id)
    with pytest.raises(Refused) as refusal:
        house.chart.open(grant, house.otso)
    assert refusal.value.reason == "chain.leaf"
    house.clinic.recorded[turn.id] = leaf
    house.chart.rotations[turn.id] = house.turn(old=replace(house.old, until=7))
    with pytest.raises(Refused) as refusal:
        house.chart.open(grant, house.otso)
    assert refusal.value.reason == "chain.unknown"


def test_a_rotation_by_somebody_revoked_before_is_refused(house) -> None:
    house.clinic.revoked[house.helmi.card.id] = Revoked(house.clinic.leaves + 1, since=TODAY + 1)
    turn = house.turn()
    house.turned(turn)
    grant = house.chart.grant(house.otso, by=house.helmi, parent=turn.id)
    with pytest.raises(Refused) as refusal:
        house.chart.open(grant, house.otso)
    assert refusal.value.reason == "card.revoked"


def test_the_old_key_opens_nothing_that_was_sealed_again(house) -> None:
    place = Place(house.clinic.org, house.chart.id, Kind.NOTE, id_of("row"), 1)
    old = envelope.document_context(place, epoch=1)
    new = envelope.document_context(place, epoch=2)
    raw = envelope.seal(house.new_dk, new, b"text", epoch=2, padding=Padding.DOCUMENT)
    for context, epoch in ((old, 1), (new, 2)):
        with pytest.raises(Refused):
            envelope.unseal(house.chart.dk, context, raw, epoch=epoch, padding=Padding.DOCUMENT)


def test_a_commitment_does_not_show_the_key(house) -> None:
    assert grants.commitment(house.chart.dk) not in (bytes(house.chart.dk), bytes(32))
