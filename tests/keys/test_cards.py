from dataclasses import replace
from uuid import UUID

import pytest

from tests.keys.clinic import TODAY, Clinic, id_of, named
from tests.keys.mutations import mutations, refuses_all_but
from vaitiolo.keys import cards, vouching
from vaitiolo.keys.cards import CardClass, PublicKeys, Role
from vaitiolo.keys.fields import NO_END, ZERO
from vaitiolo.keys.kinds import RecoveryRole
from vaitiolo.keys.refused import MESSAGE, Refused
from vaitiolo.keys.vouching import Moment, Revoked

NOW = Moment(TODAY)


@pytest.fixture
def clinic() -> Clinic:
    return Clinic()


def reason(clinic: Clinic, card, at: Moment = NOW) -> str:
    with pytest.raises(Refused) as refusal:
        vouching.verify(card, clinic.authority, at=at)
    return refusal.value.reason


def test_a_card_has_the_length_written_down(clinic) -> None:
    helmi = clinic.enrol("Helmi")
    assert len(helmi.card.body()) == 1332
    assert len(helmi.card.encode()) == 4802
    assert len(clinic.registrar.card.body()) == 3284
    assert len(clinic.registrar.card.encode()) == 6754


def test_a_card_that_was_written_reads_the_same(clinic) -> None:
    helmi = clinic.enrol("Helmi")
    again = cards.parse(helmi.card.encode())
    assert again == helmi.card
    assert again.id == helmi.card.id
    assert (again.holder, again.klass, again.role) == (id_of("Helmi"), CardClass.STAFF, 1)
    vouching.verify(again, clinic.authority, at=NOW)


def test_a_flipped_missing_or_added_byte_of_a_card_is_refused(clinic) -> None:
    helmi, registrar = clinic.enrol("Helmi"), clinic.registrar.card
    card_id, raw = helmi.card.id, helmi.card.encode()

    def opens(candidate: bytes) -> None:
        card = cards.parse(candidate)
        if card.id != card_id:
            # Whoever looks a card up asks by its id; another body is another card, without a leaf.
            raise Refused("test.id")
        authority = replace(clinic.authority, remembered={registrar.id: registrar})
        vouching.verify(card, authority, at=NOW)

    assert refuses_all_but(raw, opens, sample=800) > 700


def test_no_altered_body_is_vouched_for_even_with_a_leaf(clinic) -> None:
    raw = clinic.enrol("Helmi").card.encode()
    for wrong in mutations(raw[:1332]):
        try:
            card = cards.parse(wrong + raw[1332:])
        except Refused:
            continue
        if card.encode() == raw:
            continue
        clinic.admit(card)
        with pytest.raises(Refused, match=MESSAGE):
            vouching.vouched(card, clinic.authority)


# --- card substitution ----------------------------------------------------------


def test_an_updated_public_key_is_refused(clinic) -> None:
    helmi, thief = clinic.enrol("Helmi"), clinic.keys("a thief").public()
    row = replace(helmi.card, keys=thief)
    clinic.admit(row)
    assert reason(clinic, row) == "signature.ed25519"


def test_a_card_made_by_a_thief_for_himself_is_refused(clinic) -> None:
    thief = clinic.keys("a thief")
    row = cards.request(thief, clinic.terms("Helmi"))
    clinic.admit(row)
    assert reason(clinic, row) == "card.registrars"
    assert reason(clinic, cards.countersign(row, thief, signer=named("?"))) == "test.card"
    forged = cards.countersign(row, thief, signer=clinic.registrar.card.id)
    assert reason(clinic, forged) == "signature.ed25519"


def test_a_registrar_of_a_thief_vouches_for_nobody(clinic) -> None:
    thief = clinic.keys("a thief")
    shape = clinic.terms("Raili", klass=CardClass.REGISTRAR, role=Role.REGISTRAR)
    root = cards.root_keys(thief)
    registrar = cards.countersign(cards.request(thief, shape), thief, signer=root.id)
    clinic.admit(registrar)
    assert reason(clinic, registrar) == "card.root"
    named_root = replace(registrar.signatures[0], signer=clinic.root_keys.id)
    assert reason(clinic, replace(registrar, signatures=(named_root,))) == "signature.ed25519"
    victim = cards.countersign(
        cards.request(thief, clinic.terms("Helmi")), thief, signer=registrar.id
    )
    clinic.admit(victim)
    assert reason(clinic, victim) == "card.root"


def test_a_colleague_cannot_vouch(clinic) -> None:
    helmi = clinic.enrol("Helmi")
    row = cards.request(clinic.keys("a friend"), clinic.terms("a friend"))
    row = cards.countersign(row, helmi.keys, signer=helmi.card.id)
    clinic.admit(row)
    assert reason(clinic, row) == "card.registrar"


def test_both_algorithms_of_a_signer_must_verify(clinic) -> None:
    card = clinic.enrol("Helmi").card
    good = card.signatures[0]
    for wrong, why in (
        (replace(good, ed25519=bytes(64)), "signature.ed25519"),
        (replace(good, mldsa65=bytes(3309)), "signature.mldsa65"),
    ):
        assert reason(clinic, replace(card, signatures=(wrong,))) == why


def test_a_card_of_another_organisation_is_refused(clinic) -> None:
    other = Clinic(org=id_of("other clinic"))
    assert reason(clinic, other.enrol("Helmi").card) == "card.org"


def test_a_card_without_a_leaf_is_refused(clinic) -> None:
    card = clinic.signed(cards.request(clinic.keys("Helmi"), clinic.terms("Helmi")))
    assert reason(clinic, card) == "test.leaf"


def test_where_two_registrars_are_asked_for_one_is_not_enough(clinic) -> None:
    clinic.registrars_per_card = 2
    second = clinic.enrol("Risto", klass=CardClass.REGISTRAR, role=Role.REGISTRAR)
    card = clinic.signed(cards.request(clinic.keys("Helmi"), clinic.terms("Helmi")))
    clinic.admit(card)
    assert reason(clinic, card) == "card.registrars"
    with pytest.raises(Refused):
        clinic.signed(card)
    both = cards.countersign(card, second.keys, signer=second.card.id)
    vouching.verify(both, clinic.authority, at=NOW)


# --- recovery -------------------------------------------------------------------


def test_a_recovery_card_counts_only_when_pinned(clinic) -> None:
    contact = clinic.recovery(RecoveryRole.CONTACT)
    assert contact.card.role == RecoveryRole.CONTACT
    clinic.pinned.clear()
    assert reason(clinic, contact.card) == "card.unpinned"


def test_a_substituted_recovery_key_is_refused(clinic) -> None:
    real = clinic.recovery(RecoveryRole.CHART)
    thief = clinic.keys("a thief").public()
    row = replace(real.card, keys=thief)
    assert reason(clinic, row) == "signature.ed25519"
    own = cards.request(clinic.keys("a thief"), real.card.terms)
    assert reason(clinic, own) == "card.unpinned"


# --- time -----------------------------------------------------------------------


def test_a_card_counts_within_its_dates(clinic) -> None:
    card = clinic.enrol("Helmi", not_after=TODAY + 400).card
    for day in (TODAY, TODAY + 400):
        vouching.verify(card, clinic.authority, at=Moment(day))
    for day in (TODAY - 1, TODAY + 401):
        assert reason(clinic, card, Moment(day)) == "card.date"


def test_a_revoked_card_counts_for_nothing_new_and_keeps_what_it_did(clinic) -> None:
    card = clinic.enrol("Helmi").card
    clinic.revoked[card.id] = Revoked(leaf=40, since=TODAY + 1)
    assert reason(clinic, card) == "card.revoked"
    assert reason(clinic, card, Moment(TODAY, leaf=40)) == "card.revoked"
    vouching.verify(card, clinic.authority, at=Moment(TODAY, leaf=39))


def test_a_stolen_key_is_taken_back_from_the_day_named(clinic) -> None:
    card = clinic.enrol("Helmi", not_before=TODAY - 9).card
    clinic.revoked[card.id] = Revoked(leaf=40, since=TODAY - 5)
    assert reason(clinic, card, Moment(TODAY - 5, leaf=30)) == "card.revoked"
    vouching.verify(card, clinic.authority, at=Moment(TODAY - 6, leaf=29))


def test_a_registrar_who_left_has_not_unmade_anybody(clinic) -> None:
    card = clinic.enrol("Helmi").card
    clinic.revoked[clinic.registrar.card.id] = Revoked(leaf=clinic.leaves + 1, since=TODAY + 1)
    vouching.verify(card, clinic.authority, at=NOW)


def test_a_registrar_who_left_makes_nobody_new(clinic) -> None:
    clinic.revoked[clinic.registrar.card.id] = Revoked(leaf=clinic.leaves + 1, since=TODAY + 1)
    with pytest.raises(Refused) as refusal:
        clinic.enrol("Otso")
    assert refusal.value.reason == "card.revoked"


def test_what_was_vouched_for_may_be_remembered_until_a_revocation(clinic) -> None:
    card = clinic.enrol("Helmi").card
    authority = replace(clinic.authority, remembered={})
    vouching.verify(card, authority, at=NOW)
    assert set(authority.remembered) == {card.id, clinic.registrar.card.id}
    clinic.revoked[clinic.registrar.card.id] = Revoked(leaf=1, since=TODAY)
    assert vouching.verify(card, authority, at=NOW) == card
    authority.remembered.clear()
    with pytest.raises(Refused):
        vouching.verify(card, authority, at=NOW)
    assert card.id not in authority.remembered


def test_a_remembered_card_still_has_its_dates_and_its_revocation(clinic) -> None:
    card = clinic.enrol("Helmi", not_after=TODAY).card
    authority = replace(clinic.authority, remembered={})
    vouching.verify(card, authority, at=NOW)
    with pytest.raises(Refused):
        vouching.verify(card, authority, at=Moment(TODAY + 1))
    clinic.revoked[card.id] = Revoked(leaf=1, since=TODAY)
    with pytest.raises(Refused):
        vouching.verify(card, authority, at=NOW)


# --- renewal --------------------------------------------------------------------


def test_a_renewed_card_stands_for_the_earlier_ones(clinic) -> None:
    first = clinic.enrol("Helmi")
    second = clinic.enrol("Helmi", prev=first.card.id, not_before=TODAY)
    third = clinic.enrol("Helmi", prev=second.card.id, not_after=TODAY + 800)
    earlier = vouching.earlier_cards(third.card, clinic.authority)
    assert earlier == {first.card.id, second.card.id, third.card.id}


def test_a_new_seed_does_not_stand_for_the_old_one(clinic) -> None:
    old, other = clinic.enrol("Helmi"), clinic.enrol("Otso")
    for prev in (other.card.id, old.card.id):
        new = clinic.enrol("Helmi", prev=prev, generation=2)
        assert vouching.earlier_cards(new.card, clinic.authority) == {new.card.id}


def test_a_renewal_of_a_missing_card_is_refused(clinic) -> None:
    new = clinic.enrol("Helmi", prev=named("nothing"))
    with pytest.raises(Refused):
        vouching.earlier_cards(new.card, clinic.authority)


# --- form -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("terms", "why"),
    [
        ({"role": 0}, "card.role"),
        ({"role": 7}, "card.role"),
        ({"role": Role.REGISTRAR}, "card.role"),
        ({"klass": CardClass.PATIENT}, "card.role"),
        ({"klass": CardClass.ROLE}, "card.role"),
        ({"generation": 0}, "card.role"),
        ({"not_before": 9, "not_after": 8}, "card.dates"),
        ({"holder": UUID(int=0)}, "card.holder"),
        ({"klass": CardClass.RECOVERY}, "card.holder"),
        (
            {"klass": CardClass.RECOVERY, "holder": UUID(int=0), "not_before": 0, "not_after": 9},
            "card.recovery",
        ),
    ],
)
def test_a_card_that_makes_no_sense_is_refused(clinic, terms, why) -> None:
    with pytest.raises(Refused) as refusal:
        cards.request(clinic.keys("Helmi"), clinic.terms("Helmi", **terms))
    assert refusal.value.reason == why


def test_an_unknown_class_is_refused(clinic) -> None:
    raw = bytearray(clinic.enrol("Helmi").card.encode())
    raw[40] = 9
    with pytest.raises(Refused) as refusal:
        cards.parse(raw)
    assert refusal.value.reason == "card.class"


def test_one_signer_does_not_count_twice(clinic) -> None:
    card = clinic.enrol("Helmi").card
    with pytest.raises(Refused) as refusal:
        clinic.signed(card)
    assert refusal.value.reason == "card.signers"


def test_only_registrars_have_a_second_signing_key(clinic) -> None:
    card = clinic.enrol("Helmi").card
    more = PublicKeys(card.xwing, card.ed25519, clinic.registrar.card.keys.mldsa65)
    with pytest.raises(Refused) as refusal:
        replace(card, keys=more)
    assert refusal.value.reason == "card.keys"


def test_role_cards_and_patients_are_vouched_for_like_anybody(clinic) -> None:
    for name, klass, role in (
        ("the unit", CardClass.ROLE, Role.DUTY),
        ("the desk", CardClass.ROLE, Role.RECEPTION),
        ("Aino", CardClass.PATIENT, Role.NONE),
        ("a machine", CardClass.MACHINE, Role.NONE),
    ):
        card = clinic.enrol(name, klass=klass, role=role).card
        assert (card.terms.prev, card.terms.not_after) == (ZERO, NO_END)


# --- a seed and its card ----------------------------------------------------------


def test_a_seed_that_gives_another_card_is_no_sign_in(clinic) -> None:
    helmi = clinic.enrol("Helmi")
    cards.demand_keys(helmi.card, helmi.keys)
    cards.demand_keys(clinic.registrar.card, clinic.registrar.keys)
    with pytest.raises(Refused):
        cards.demand_keys(helmi.card, clinic.keys("planted"))


def test_a_registrar_shows_all_three_keys(clinic) -> None:
    card = clinic.registrar.card
    other = replace(card.keys, mldsa65=clinic.root_keys.mldsa65)
    with pytest.raises(Refused):
        cards.demand_keys(replace(card, keys=other), clinic.registrar.keys)
