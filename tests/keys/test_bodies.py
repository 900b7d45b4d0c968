from dataclasses import replace

import pytest

from tests.keys.clinic import Clinic, Person, id_of, named
from tests.keys.mutations import refuses_all_but
from vaitiolo.keys import bodies, envelope
from vaitiolo.keys.bodies import Place, SignedBody
from vaitiolo.keys.envelope import Padding
from vaitiolo.keys.fields import ZERO
from vaitiolo.keys.kinds import (
    CompartmentClass,
    Kind,
    RecoveryRole,
    compartment_class_of,
    kind_of,
    recovery_of,
    signed_kinds,
)
from vaitiolo.keys.refused import Refused

FIRST = Place(id_of("clinic"), id_of("chart"), Kind.NOTE, id_of("row"), 1)
SECOND = replace(FIRST, version=2)
TEXT = bodies.canonical_json({"text": "Nukkui paremmin.", "held_on": "2026-11-24"})


@pytest.fixture(scope="module")
def helmi() -> Person:
    return Clinic().enrol("Helmi")


def signed(helmi: Person, place: Place = FIRST, prev: bytes = ZERO) -> bytes:
    return bodies.sign_body(TEXT, place, keys=helmi.keys, card=helmi.card.id, prev=prev)


def checked(helmi: Person, body: bytes | bytearray, place: Place = FIRST) -> SignedBody:
    known = {helmi.card.id: helmi.card.ed25519}

    def public_key_of(card: bytes) -> bytes:
        if card not in known:
            raise Refused("test.card")
        return known[card]

    return bodies.check_body(body, place, public_key_of=public_key_of)


def test_a_body_says_who_wrote_what_after_what(helmi) -> None:
    body = checked(helmi, signed(helmi))
    assert (body.prev, body.author, body.text) == (ZERO, helmi.card.id, TEXT)
    assert TEXT.decode() not in repr(body)


def test_a_second_version_names_the_first(helmi) -> None:
    first = signed(helmi)
    second = signed(helmi, SECOND, bodies.predecessor_hash(first))
    assert checked(helmi, second, SECOND).prev == bodies.predecessor_hash(first)


def test_every_flipped_missing_or_added_byte_is_refused(helmi) -> None:
    raw = signed(helmi)
    assert refuses_all_but(raw, lambda body: checked(helmi, body)) > 2 * len(raw)


@pytest.mark.parametrize(
    "moved",
    [
        replace(FIRST, org=id_of("other")),
        replace(FIRST, compartment=id_of("other")),
        replace(FIRST, kind=Kind.LETTER),
        replace(FIRST, row=id_of("other")),
    ],
)
def test_a_signature_holds_for_one_place(helmi, moved) -> None:
    with pytest.raises(Refused):
        checked(helmi, signed(helmi), moved)


def test_only_a_first_version_has_no_predecessor(helmi) -> None:
    for place, prev in ((SECOND, ZERO), (FIRST, named("some hash"))):
        with pytest.raises(Refused) as refusal:
            checked(helmi, signed(helmi, place, prev), place)
        assert refusal.value.reason == "body.prev"


def test_somebody_elses_signature_is_refused(helmi) -> None:
    otso = Clinic().enrol("Otso")
    body = bodies.sign_body(TEXT, FIRST, keys=otso.keys, card=helmi.card.id, prev=ZERO)
    with pytest.raises(Refused) as refusal:
        checked(helmi, body)
    assert refusal.value.reason == "signature.ed25519"


def test_the_authors_signature_survives_a_rotation(helmi) -> None:
    body, keys = signed(helmi), (named("old key"), named("new key"))
    for epoch, dk in enumerate(keys, start=1):
        here = envelope.document_context(FIRST, epoch=epoch)
        raw = envelope.seal(dk, here, body, epoch=epoch, padding=Padding.DOCUMENT)
        opened = envelope.unseal(dk, here, raw, epoch=epoch, padding=Padding.DOCUMENT)
        assert checked(helmi, opened).text == TEXT


def test_json_has_one_form() -> None:
    assert (
        bodies.canonical_json({"b": [1, None, True], "a": "ä"})
        == '{"a":"ä","b":[1,null,true]}'.encode()
    )


@pytest.mark.parametrize("value", [1.5, {"ä": 1}, {1: "a"}, b"bytes", {"a": [object()]}])
def test_what_other_languages_write_differently_is_not_json_here(value) -> None:
    with pytest.raises(TypeError):
        bodies.canonical_json(value)


@pytest.mark.parametrize("version", [-1, 2**32])
def test_a_version_fits_its_field(version) -> None:
    with pytest.raises(Refused):
        replace(FIRST, version=version).encode()


def test_unknown_kinds_and_classes_are_refused() -> None:
    for ask in (kind_of, compartment_class_of):
        with pytest.raises(Refused):
            ask(255)
    assert kind_of(1) is Kind.NOTE
    assert compartment_class_of(2) is CompartmentClass.CHART


def test_an_autosave_is_not_signed() -> None:
    assert Kind.NOTE in signed_kinds
    assert not signed_kinds & {Kind.DRAFT, Kind.CHUNK, Kind.PHONEBOOK, Kind.DIARY, Kind.DESK}


def test_units_holders_and_incidents_have_no_recovery() -> None:
    recoveries = {klass: recovery_of(klass) for klass in CompartmentClass}
    assert recoveries.pop(CompartmentClass.IDENTITY) is RecoveryRole.CONTACT
    for clinical in (CompartmentClass.CHART, CompartmentClass.WORKING, CompartmentClass.SHARED):
        assert recoveries.pop(clinical) is RecoveryRole.CHART
    assert set(recoveries.values()) == {None}
