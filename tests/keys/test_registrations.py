"""Registrars' cards on their way to the root and back: whole, of this house, of this root."""

from dataclasses import replace

import pytest

from tests.keys.clinic import TODAY, Clinic, id_of
from tests.keys.mutations import refuses_all_but
from vaitiolo.keys import cards, registrations
from vaitiolo.keys.cards import Card, CardClass, Role
from vaitiolo.keys.kinds import CompartmentClass
from vaitiolo.keys.refused import Refused
from vaitiolo.keys.registrations import Direction, Registration
from vaitiolo.keys.unit_compartments import unit_compartment

LIFE = 400


@pytest.fixture(scope="module")
def clinic() -> Clinic:
    return Clinic()


@pytest.fixture(scope="module")
def asked(clinic: Clinic) -> Card:
    return requested(clinic)


def requested(clinic: Clinic, name: str = "Reino", **changed: object) -> Card:
    terms = cards.Terms(
        org=clinic.org,
        holder=id_of(name),
        klass=CardClass.REGISTRAR,
        role=Role.REGISTRAR,
        not_before=TODAY,
        not_after=TODAY + LIFE,
    )
    return cards.request(clinic.keys(name), replace(terms, **changed))


def request(clinic: Clinic, *shown: Card) -> Registration:
    return Registration(Direction.REQUEST, clinic.org, TODAY, shown)


def check(clinic: Clinic, made: Registration) -> None:
    read = registrations.parse(made.encode())
    registrations.check_request(read, org=clinic.org, life_days=LIFE, today=TODAY)


def test_a_request_is_read_as_it_was_written(clinic: Clinic, asked: Card) -> None:
    made = request(clinic, asked, requested(clinic, "Ritva"))
    assert registrations.parse(made.encode()) == made
    check(clinic, made)


def test_an_answer_with_one_wrong_byte_is_refused(clinic: Clinic, asked: Card) -> None:
    signed = registrations.sign(asked, root=clinic.root, pinned=clinic.root_keys)
    made = Registration(Direction.ANSWER, clinic.org, TODAY, (signed,))

    def opens(raw: bytes) -> None:
        read = registrations.parse(raw)
        registrations.check_answer(read, org=clinic.org, root=clinic.root_keys)
        if read.made != TODAY:
            # The day is for whoever looks for a file; nothing leans on it.
            raise Refused("test.day")

    assert refuses_all_but(made.encode(), opens, sample=400) > 390


def test_what_the_root_may_not_sign_is_refused(clinic: Clinic, asked: Card) -> None:
    for wrong in (
        requested(clinic, org=id_of("another house")),
        requested(clinic, not_before=TODAY + 1),
        requested(clinic, not_after=TODAY + LIFE + 1),
        requested(clinic, not_before=TODAY - 9, not_after=TODAY - 1),
        replace(asked, self_signature=bytes(64)),
        cards.countersign(asked, clinic.root, signer=clinic.root_keys.id),
        clinic.enrol("Helmi").card,
    ):
        with pytest.raises(Refused):
            check(clinic, request(clinic, wrong))
    for shown in ((), (asked, asked)):
        with pytest.raises(Refused):
            check(clinic, request(clinic, *shown))
    with pytest.raises(Refused):
        check(clinic, replace(request(clinic, asked), org=id_of("another house")))
    with pytest.raises(Refused):
        registrations.sign(asked, root=clinic.keys("another root"), pinned=clinic.root_keys)


def test_a_units_books_have_ids_of_their_own(clinic: Clinic) -> None:
    units = [id_of("Kallio"), id_of("Töölö")]
    books = (CompartmentClass.PHONEBOOK, CompartmentClass.DIARY)
    ids = {unit_compartment(clinic.org, unit, klass) for unit in units for klass in books}
    assert len(ids | set(units)) == 6
    assert unit_compartment(id_of("another house"), units[0], books[0]) not in ids
    with pytest.raises(Refused):
        unit_compartment(clinic.org, units[0], CompartmentClass.CHART)
