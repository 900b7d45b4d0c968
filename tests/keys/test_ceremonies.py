"""Requests and answers of a ceremony: byte by byte, and never beyond what was asked."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tests.keys.asking import House
from tests.keys.clinic import Person, id_of, named
from tests.keys.mutations import refuses_all_but
from vaitiolo.keys import cards, ceremonies, chains, grants
from vaitiolo.keys.cards import CardClass, Role, RootKeys
from vaitiolo.keys.ceremonies import Ceremony, CeremonyPurpose, Direction, Pins
from vaitiolo.keys.holders import HolderKeys
from vaitiolo.keys.kinds import RecoveryRole
from vaitiolo.keys.refused import Refused

VECTORS = Path(__file__).parents[1] / "vectors"


@pytest.fixture(scope="module")
def house() -> House:
    return House()


def signed_anew(house: House, ceremony: Ceremony, by: Person) -> Ceremony:
    """What somebody would send who altered a file and can sign it himself."""
    bare = replace(ceremony, signature=b"")
    return ceremonies.parse(bare.encode() + by.keys.sign(bare.statement()))


# --- what is asked and answered ---


def test_the_successor_opens_what_was_asked_for(house: House) -> None:
    answer = house.answer()
    ceremonies.check_answer(answer, house.checked())
    for chart, given in zip(house.charts, answer.grants, strict=True):
        assert house.successor.keys.open_grant(given) == chart.dk


def test_an_answers_grants_chain_to_the_creation(house: House) -> None:
    given = house.answer().grants[0]
    house.clinic.record(given.id)
    house.clinic.cards[house.chart.card.id] = house.chart.card
    chains.verify_chain(given, house.charts[0].evidence, house.clinic.authority)


def test_request_and_answer_read_back_as_they_were_written(house: House) -> None:
    for one in (house.request(), house.answer()):
        assert ceremonies.parse(one.encode()) == one


# --- format_fuzz ---


def flips(raw: bytes, opens: Any) -> int:
    tried = 0
    for at in range(len(raw)):
        wrong = raw[:at] + bytes((raw[at] ^ (1 << (at % 8)),)) + raw[at + 1 :]
        with pytest.raises(Refused):
            opens(wrong)
        tried += 1
    return tried


def test_no_flipped_byte_of_a_request_is_taken(house: House) -> None:
    raw, pins = house.request().encode(), house.pins
    assert flips(raw, lambda b: ceremonies.check_request(ceremonies.parse(b), pins)) == len(raw)


def test_no_flipped_byte_of_an_answer_is_taken(house: House) -> None:
    raw, checked = house.answer().encode(), house.checked()
    assert flips(raw, lambda b: ceremonies.check_answer(ceremonies.parse(b), checked)) == len(raw)


def test_nothing_short_long_or_altered_is_taken(house: House) -> None:
    pins, checked = house.pins, house.checked()
    request, answer = house.request().encode(), house.answer().encode()
    tried = refuses_all_but(
        request, lambda b: ceremonies.check_request(ceremonies.parse(b), pins), sample=1500
    )
    tried += refuses_all_but(
        answer, lambda b: ceremonies.check_answer(ceremonies.parse(b), checked), sample=1500
    )
    assert tried > 2900


@pytest.mark.parametrize("at", [2, 3, 4, 5])
def test_another_type_version_direction_or_purpose_is_refused(house: House, at: int) -> None:
    raw = bytearray(house.request().encode())
    raw[at] = 0x7F
    with pytest.raises(Refused):
        ceremonies.parse(bytes(raw))


def test_a_file_without_sense_is_refused(house: House) -> None:
    request = house.request()
    for wrong in (
        replace(request, grants=()),
        replace(request, grants=(request.grants[0], request.grants[0])),
        replace(request, cards=(*request.cards, request.cards[0])),
        replace(request, request=bytes(31) + b"\x01"),
        replace(house.answer(), request=bytes(32)),
    ):
        with pytest.raises(Refused):
            ceremonies.parse(wrong.encode())


# --- check_request: nothing is believed for standing in the file ---


def refused(house: House, **changes: Any) -> str:
    with pytest.raises(Refused) as refusal:
        house.checked(**changes)
    return refusal.value.reason


def test_a_request_of_another_house_or_another_key_is_refused(house: House) -> None:
    assert refused(house, terms=house.terms(org=id_of("elsewhere"))) == "ceremony.request"
    contact = house.terms(recovery=house.contact.card.id)
    assert refused(house, terms=contact) == "ceremony.recovery"
    offline = house.terms(purpose=CeremonyPurpose.CONTACT_OFFLINE)
    assert refused(house, terms=offline) == "ceremony.recovery"


def test_recovery_card_substitution_is_refused(house: House) -> None:
    false = house.clinic.recovery(RecoveryRole.INCIDENT)
    house.clinic.pinned.discard(false.card.id)
    chart = house.charts[0]
    planted = chart.grant(false, by=house.gone)
    shown = [false.card, house.successor.card, house.gone.card, house.pia.card]
    shown.append(house.clinic.registrar.card)
    terms = house.terms(recovery=false.card.id)
    assert refused(house, terms=terms, shown=shown, given=[planted]) == "ceremony.recovery"


def test_an_uncarded_successor_is_refused(house: House) -> None:
    keys = house.clinic.keys("Mallory")
    alone = cards.request(keys, house.clinic.terms("Mallory"))
    shown = [*(house.request().cards), alone]
    terms = house.terms(target=alone.id)
    assert refused(house, terms=terms, shown=shown) == "card.registrars"


def test_a_registrar_that_the_root_did_not_sign_makes_no_successor(house: House) -> None:
    clinic = house.clinic
    keys = clinic.keys("Raili the second")
    said = clinic.terms("Raili the second", klass=CardClass.REGISTRAR, role=Role.REGISTRAR)
    own = cards.request(keys, said)
    false = cards.countersign(own, keys, signer=cards.root_keys(keys).id)
    made = cards.request(clinic.keys("Mallory"), clinic.terms("Mallory"))
    mallory = cards.countersign(made, keys, signer=false.id)
    shown = [*house.request().cards, false, mallory]
    assert refused(house, terms=house.terms(target=mallory.id), shown=shown) == "card.root"


def test_only_an_officer_in_date_asks(house: House) -> None:
    otso = {"keys": house.other.keys, "signer": house.other.card.id}
    shown = [*house.request().cards, house.other.card]
    assert refused(house, shown=shown, **otso) == "ceremony.signer"
    assert refused(house, keys=house.other.keys) == "signature.ed25519"
    late = house.terms(made=house.clinic.today - 1)
    assert refused(house, terms=late) == "card.date"


def test_a_role_or_patient_is_no_successor(house: House) -> None:
    patient = house.clinic.enrol("Veikko", klass=CardClass.PATIENT, role=Role.NONE)
    shown = [*house.request().cards, patient.card]
    terms = house.terms(target=patient.card.id)
    assert refused(house, terms=terms, shown=shown) == "ceremony.target"


def test_a_planted_or_foreign_grant_is_refused(house: House) -> None:
    chart = house.charts[0]
    to_other = chart.grant(house.other, by=house.gone)
    assert refused(house, given=[to_other]) == "ceremony.recipient"
    good = house.parents[0]
    forged = grants.parse(good.front() + good.sealed_key + named("no signature", 64))
    assert refused(house, given=[forged]) == "signature.ed25519"
    stranger = chart.grant(house.chart, by=house.other)
    assert refused(house, given=[stranger]) == "ceremony.card"


# --- ceremony_bounds: an answer gives nothing beyond its request ---


def answer_refused(house: House, answer: Ceremony) -> str:
    with pytest.raises(Refused) as refusal:
        ceremonies.check_answer(answer, house.checked())
    return refusal.value.reason


def with_grant(house: House, **terms: Any) -> Ceremony:
    """An answer, well signed by the recovery card, whose only grant is another."""
    chart, parent = house.charts[0], house.parents[0]
    said = {"to": house.successor, "by": house.chart, "parent": parent.id} | terms
    made = chart.grant(said.pop("to"), by=said.pop("by"), **said)
    return signed_anew(house, replace(house.answer(), grants=(made,)), house.chart)


def test_an_answer_to_another_card_is_refused(house: House) -> None:
    assert answer_refused(house, with_grant(house, to=house.other)) == "ceremony.beyond"


def test_an_answer_beyond_its_request_is_refused(house: House) -> None:
    assert answer_refused(house, with_grant(house, parent=named("elsewhere"))) == "ceremony.parent"
    other = with_grant(house, compartment=id_of("another patient"))
    assert answer_refused(house, other) == "ceremony.key"
    assert answer_refused(house, with_grant(house, epoch=2)) == "ceremony.key"
    assert answer_refused(house, with_grant(house, by=house.other)) == "grant.grantor"


def test_an_answer_with_a_key_of_its_own_is_refused(house: House) -> None:
    # Attack: whoever holds the seed seals another key, so that new notes go to him.
    parent = house.parents[0]
    said = grants.Terms(parent.compartment, 1, parent.id)
    planted = grants.make(
        bytearray(named("a key of mine")),
        said,
        org=house.clinic.org,
        recipient=house.successor.card,
        keys=house.chart.keys,
        grantor=house.chart.card.id,
    )
    answer = signed_anew(house, replace(house.answer(), grants=(planted,)), house.chart)
    assert answer_refused(house, answer) == "ceremony.key"


def test_an_answer_to_another_request_or_by_another_is_refused(house: House) -> None:
    other = house.answer(house.checked(terms=house.terms(case=id_of("another"))))
    assert answer_refused(house, other) == "ceremony.answer"
    answer = house.answer()
    assert answer_refused(house, signed_anew(house, answer, house.pia)) == "signature.ed25519"
    terms = replace(answer.terms, purpose=CeremonyPurpose.LOSS)
    renamed = signed_anew(house, replace(answer, terms=terms), house.chart)
    assert answer_refused(house, renamed) == "ceremony.other"
    terms = replace(answer.terms, target=house.other.card.id)
    aimed = signed_anew(house, replace(answer, terms=terms), house.chart)
    assert answer_refused(house, aimed) == "ceremony.cards"
    request = house.request()
    assert request.direction is Direction.REQUEST
    assert answer_refused(house, request) == "ceremony.answer"


# --- wrong_share ---


def test_a_wrong_key_answers_nothing(house: House) -> None:
    with pytest.raises(Refused) as refusal:
        ceremonies.make_answer(house.checked(), keys=house.contact.keys, made=1)
    assert refusal.value.reason == "card.seed"


def test_nothing_that_holds_a_key_is_shown(house: House) -> None:
    shown = repr(house.request()) + repr(house.answer())
    assert "sealed_key" not in shown
    assert "signature=" not in shown.replace("self_signature=", "").replace("signatures=", "")


def test_the_vectors_open() -> None:
    [vector] = json.loads((VECTORS / "ceremonies.json").read_text())["vectors"]
    said = {name: bytes.fromhex(value) for name, value in vector.items() if name != "dks"}
    org = UUID(vector["org"])
    root = RootKeys(said["root_ed25519"], said["root_mldsa65"])
    pins = Pins(org, root, 1, said["contact_card"], said["recovery_card"])
    checked = ceremonies.check_request(ceremonies.parse(said["request"]), pins)
    answer = ceremonies.parse(said["answer"])
    ceremonies.check_answer(answer, checked)
    for given, name in ((checked.request, "recovery_seed"), (answer, "target_seed")):
        with HolderKeys(said[name], org) as keys:
            assert [keys.open_grant(grant).hex() for grant in given.grants] == vector["dks"]
