from dataclasses import replace

import pytest

from tests.keys.clinic import TODAY, Clinic, Person, id_of
from tests.keys.mutations import refuses_all_but
from vaitiolo.keys import drops
from vaitiolo.keys.drops import Drop, Spot
from vaitiolo.keys.refused import Refused

TEXT = b'{"at":"10:00","name":"Aino Esimerkki"}'


class House:
    def __init__(self) -> None:
        self.clinic = Clinic()
        self.helmi, self.raisa = self.clinic.enrol("Helmi"), self.clinic.enrol("Raisa")
        self.desk = Spot(self.clinic.org, id_of("desk of Helmi"), id_of("a row"), TODAY)
        self.drop = self.dropped(self.raisa)

    def dropped(self, by: Person) -> Drop:
        return drops.make(
            TEXT, self.desk, recipient=self.helmi.card, keys=by.keys, sender=by.card.id
        )

    def folded(self, drop: Drop, sender: Person | None = None) -> bytearray:
        drops.verify(
            drop,
            org=self.clinic.org,
            compartment=self.desk.compartment,
            recipients=frozenset({self.helmi.card.id}),
            sender=(sender or self.raisa).card,
        )
        return self.helmi.keys.open_drop(drop)


@pytest.fixture(scope="module")
def house() -> House:
    return House()


def reason(house: House, drop: Drop, sender: Person | None = None) -> str:
    with pytest.raises(Refused) as refusal:
        house.folded(drop, sender)
    return refusal.value.reason


def test_what_was_left_on_a_desk_is_read_by_its_holder(house) -> None:
    assert house.folded(house.drop) == TEXT
    assert drops.parse(house.drop.encode()) == house.drop
    assert TEXT.decode() not in repr(house.drop)


def test_every_flipped_missing_or_added_byte_is_refused(house) -> None:
    raw = house.drop.encode()
    assert refuses_all_but(raw, lambda wrong: house.folded(drops.parse(wrong))) > 2 * len(raw)


def test_a_drop_short_of_a_seal_is_refused(house) -> None:
    with pytest.raises(Refused) as refusal:
        drops.parse(house.drop.encode()[:-1024])
    assert refusal.value.reason == "format.short"


def test_a_forged_drop_would_open_and_is_refused(house) -> None:
    thief = Person(house.clinic.keys("a thief"), house.raisa.card)
    forged = house.dropped(thief)
    assert house.helmi.keys.open_drop(forged) == TEXT
    assert reason(house, forged) == "signature.ed25519"
    assert reason(house, replace(forged, signature=bytes(64))) == "signature.ed25519"


def test_a_drop_names_its_sender(house) -> None:
    assert reason(house, house.drop, sender=house.helmi) == "drop.sender"


def test_a_drop_for_another_desk_is_refused(house) -> None:
    for moved in (
        replace(house.drop, compartment=id_of("desk of Otso")),
        replace(house.drop, recipient=house.raisa.card.id),
    ):
        assert reason(house, moved) == "drop.desk"


def test_only_the_holder_opens_a_drop(house) -> None:
    with pytest.raises(Refused):
        house.raisa.keys.open_drop(house.drop)
