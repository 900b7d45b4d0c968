from dataclasses import replace
from typing import Any

import pytest

from tests.keys.clinic import TODAY, Chart, Clinic, Person, id_of, named
from tests.keys.mutations import refuses_all_but
from vaitiolo.keys import cards, chains, grants, primitives, vouching
from vaitiolo.keys.cards import CardClass, Role, TrustedCard
from vaitiolo.keys.fields import ZERO
from vaitiolo.keys.grants import Grant
from vaitiolo.keys.holders import HolderKeys
from vaitiolo.keys.kinds import RecoveryRole
from vaitiolo.keys.refused import Refused
from vaitiolo.keys.vouching import Moment, Revoked


class House:
    """Helmi is the therapist, Otso the colleague; Raisa at reception made the chart."""

    def __init__(self) -> None:
        self.clinic = Clinic()
        self.helmi, self.otso = self.clinic.enrol("Helmi"), self.clinic.enrol("Otso")
        self.raisa = self.clinic.enrol("Raisa", role=Role.RECEPTION)
        self.chart = Chart(self.clinic, self.raisa)
        self.grant = self.chart.grant(self.helmi, by=self.raisa)

    def reason(self, grant: Grant, person: Person) -> str:
        with pytest.raises(Refused) as refusal:
            self.chart.open(grant, person)
        return refusal.value.reason


@pytest.fixture
def house() -> House:
    return House()


def test_the_holder_of_a_grant_gets_the_key(house) -> None:
    assert house.chart.open(house.grant, house.helmi) == house.chart.dk


def test_a_grant_has_the_length_written_down(house) -> None:
    raw = house.grant.encode()
    assert (len(raw), len(house.grant.front())) == (1388, 156)
    assert grants.parse(raw) == house.grant
    assert raw.hex() not in repr(house.grant)


def test_who_made_a_chart_need_not_be_able_to_open_it(house) -> None:
    assert house.reason(house.grant, house.raisa) == "grant.recipient"


def test_a_flipped_missing_or_added_byte_is_refused(house) -> None:
    raw, chart = house.grant.encode(), house.chart

    def opens(candidate: bytes) -> bytearray:
        grant = grants.parse(candidate)
        house.clinic.recorded[grant.id] = house.clinic.recorded[house.grant.id]
        return chart.open(grant, house.helmi)

    assert refuses_all_but(raw, opens, sample=800) > 700


def test_without_its_signature_a_grant_is_still_bound_to_every_byte(house) -> None:
    raw, signature = house.grant.encode()[:-64], house.grant.encode()[-64:]

    def opens(candidate: bytes) -> bytearray:
        return house.helmi.keys.open_grant(grants.parse(candidate + signature))

    assert refuses_all_but(raw, opens) > 2 * len(raw)


# --- planting -------------------------------------------------------------------


def planted(house: House, signer: HolderKeys, **fields: Any) -> Grant:
    """A key of the thief's own, sealed to Helmi's public key."""
    trusted = house.helmi.card
    said = grants.Terms(house.chart.id, epoch=1, parent=ZERO)
    grantor = fields.pop("grantor", house.raisa.card.id)
    made = grants.make(
        named("the thief's key"),
        replace(said, **fields),
        org=house.clinic.org,
        recipient=trusted,
        keys=signer,
        grantor=grantor,
    )
    return house.chart.keep(made)


def test_planting_succeeds_where_nobody_checks_who_granted(house) -> None:
    grant = planted(house, house.clinic.keys("a thief"))
    assert house.helmi.keys.open_grant(grant) == named("the thief's key")


def test_planting_by_an_unknown_grantor_is_refused(house) -> None:
    thief = house.clinic.keys("a thief")
    card = cards.request(thief, house.clinic.terms("a thief"))
    assert house.reason(planted(house, thief, grantor=card.id), house.helmi) == "test.card"
    house.clinic.admit(card)
    grant = planted(house, thief, grantor=card.id)
    assert house.reason(grant, house.helmi) == "card.registrars"


def test_planting_without_a_signature_is_refused(house) -> None:
    grant = replace(planted(house, house.clinic.keys("a thief")), signature=bytes(64))
    assert house.reason(house.chart.keep(grant), house.helmi) == "signature.ed25519"


def test_planting_with_somebody_elses_signature_is_refused(house) -> None:
    for signer in (house.otso.keys, house.clinic.keys("a thief")):
        assert house.reason(planted(house, signer), house.helmi) == "signature.ed25519"
    borrowed = replace(planted(house, house.otso.keys), signature=house.grant.signature)
    assert house.reason(house.chart.keep(borrowed), house.helmi) == "signature.ed25519"


def test_a_colleague_cannot_grant_what_he_was_not_given(house) -> None:
    otso = house.otso.card.id
    created = planted(house, house.otso.keys, grantor=otso)
    assert house.reason(created, house.helmi) == "chain.creation"
    chained = planted(house, house.otso.keys, grantor=otso, parent=house.grant.id)
    assert house.reason(chained, house.helmi) == "chain.key"
    next_epoch = planted(house, house.otso.keys, grantor=otso, epoch=2)
    assert house.reason(next_epoch, house.helmi) == "chain.creation"


def test_a_grant_sealed_for_somebody_else_does_not_open(house) -> None:
    redirected = replace(house.grant, recipient=house.otso.card.id)
    signed = redirected.front() + redirected.sealed_key
    statement = b"vaitiolo/1/grant-sig" + house.clinic.org.bytes + signed
    redirected = replace(redirected, signature=house.raisa.keys.sign(statement))
    assert house.reason(house.chart.keep(redirected), house.otso) == "hpke.open"


def test_a_commitment_to_another_key_is_refused(house) -> None:
    lied = replace(house.grant, dk_commit=named("another commitment"))
    info = grants.hpke_info(lied, org=house.clinic.org)
    sealed = primitives.hpke_seal(house.chart.dk, house.helmi.card.xwing, info)
    with pytest.raises(Refused) as refusal:
        house.helmi.keys.open_grant(replace(lied, sealed_key=sealed))
    assert refusal.value.reason == "grant.dk_commit"


# --- chains ---------------------------------------------------------------------


def test_a_granted_grant_leads_back_to_the_creation(house) -> None:
    child = house.chart.grant(house.otso, by=house.helmi, parent=house.grant.id)
    mika = house.clinic.enrol("Mika")
    grandchild = house.chart.grant(mika, by=house.otso, parent=child.id)
    assert house.chart.open(grandchild, mika) == house.chart.dk


def test_an_unchained_grant_is_refused(house) -> None:
    orphan = house.chart.grant(house.otso, by=house.helmi, parent=named("nothing"))
    assert house.reason(orphan, house.otso) == "chain.unknown"
    own_right = house.chart.grant(house.otso, by=house.helmi)
    assert house.reason(own_right, house.otso) == "chain.creation"


def test_a_parent_of_another_compartment_epoch_or_key_is_refused(house) -> None:
    other = Chart(house.clinic, house.raisa, id=id_of("another chart"))
    theirs = other.grant(house.helmi, by=house.raisa)
    house.chart.grants[theirs.id] = theirs
    child = house.chart.grant(house.otso, by=house.helmi, parent=theirs.id)
    assert house.reason(child, house.otso) == "chain.key"
    later = house.chart.grant(house.otso, by=house.helmi, parent=house.grant.id, epoch=2)
    assert house.reason(later, house.otso) == "chain.key"


def test_a_grant_of_another_compartment_is_refused(house) -> None:
    other = Chart(house.clinic, house.raisa, id=id_of("another chart"))
    theirs = other.grant(house.helmi, by=house.raisa)
    assert house.reason(theirs, house.helmi) == "chain.compartment"


def test_a_parent_that_was_given_to_somebody_else_is_refused(house) -> None:
    theft = house.chart.grant(house.otso, by=house.otso, parent=house.grant.id)
    assert house.reason(theft, house.otso) == "chain.grantor"


def test_a_row_under_another_id_is_refused(house) -> None:
    child = house.chart.grant(house.otso, by=house.helmi, parent=house.grant.id)
    house.chart.grants[house.grant.id] = child
    assert house.reason(child, house.otso) == "chain.parent"


def test_a_child_does_not_outlive_its_parent(house) -> None:
    parent = house.chart.grant(house.helmi, by=house.raisa, until=TODAY + 30)
    good = house.chart.grant(house.otso, by=house.helmi, parent=parent.id, until=TODAY + 30)
    house.chart.open(good, house.otso)
    longer = house.chart.grant(house.otso, by=house.helmi, parent=parent.id, until=TODAY + 31)
    assert house.reason(longer, house.otso) == "chain.until"


def test_a_grant_ends_after_its_last_day(house) -> None:
    grant = house.chart.grant(house.helmi, by=house.raisa, until=TODAY)
    house.chart.open(grant, house.helmi)
    house.clinic.today += 1
    assert house.reason(grant, house.helmi) == "grant.until"


def test_a_grant_without_a_leaf_is_refused(house) -> None:
    child = house.chart.grant(house.otso, by=house.helmi, parent=house.grant.id)
    del house.clinic.recorded[house.grant.id]
    assert house.reason(child, house.otso) == "chain.leaf"


def test_a_grant_under_a_wrong_name_is_refused(house) -> None:
    with pytest.raises(Refused) as refusal:
        grants.check_signature(house.grant, org=house.clinic.org, grantor=house.otso.card)
    assert refusal.value.reason == "grant.grantor"


def test_two_keys_of_one_compartment_conflict(house) -> None:
    child = house.chart.grant(house.otso, by=house.helmi, parent=house.grant.id)
    assert not chains.conflicting([house.grant, child])
    assert chains.conflicting([house.grant, planted(house, house.raisa.keys)])
    other = Chart(house.clinic, house.raisa, id=id_of("another chart"))
    assert not chains.conflicting([house.grant, other.grant(house.helmi, by=house.raisa)])


# --- people come and go ---------------------------------------------------------


def test_a_grant_of_a_colleague_who_left_still_opens(house) -> None:
    child = house.chart.grant(house.otso, by=house.helmi, parent=house.grant.id)
    leaf = house.clinic.leaves + 1
    house.clinic.revoked[house.helmi.card.id] = Revoked(leaf, since=TODAY + 1)
    assert house.chart.open(child, house.otso) == house.chart.dk
    assert house.reason(house.grant, house.helmi) == "card.revoked"


def test_who_left_grants_nothing_more(house) -> None:
    leaf = house.clinic.leaves + 1
    house.clinic.revoked[house.helmi.card.id] = Revoked(leaf, since=TODAY + 1)
    child = house.chart.grant(house.otso, by=house.helmi, parent=house.grant.id)
    assert house.reason(child, house.otso) == "card.revoked"


def test_a_grant_outlives_the_date_on_its_grantors_card(house) -> None:
    locum = house.clinic.enrol("Lauri", not_after=TODAY)
    given = house.chart.grant(locum, by=house.helmi, parent=house.grant.id)
    handed_on = house.chart.grant(house.otso, by=locum, parent=given.id)
    house.clinic.today += 1
    assert house.chart.open(handed_on, house.otso) == house.chart.dk
    assert house.reason(given, locum) == "card.date"


def test_a_renewed_card_opens_and_hands_on_what_the_earlier_one_was_given(house) -> None:
    card = house.clinic.enrol("Helmi", prev=house.helmi.card.id, not_after=TODAY + 400).card
    renewed = Person(house.helmi.keys, card)
    assert house.chart.open(house.grant, renewed) == house.chart.dk
    child = house.chart.grant(house.otso, by=renewed, parent=house.grant.id)
    assert house.chart.open(child, house.otso) == house.chart.dk


def test_the_recovery_key_opens_and_hands_on(house) -> None:
    recovery = house.clinic.recovery(RecoveryRole.CHART)
    grant = house.chart.grant(recovery, by=house.raisa)
    assert house.chart.open(grant, recovery) == house.chart.dk
    house.clinic.cards[recovery.card.id] = recovery.card
    successor = house.chart.grant(house.otso, by=recovery, parent=grant.id)
    assert house.chart.open(successor, house.otso) == house.chart.dk


def test_nothing_is_sealed_to_a_card_that_was_not_judged(house) -> None:
    # What the type checker refuses, the refusal of a foreign key's shape also meets.
    broken = replace(house.helmi.card, keys=replace(house.helmi.card.keys, xwing=b"\xff" * 1216))
    with pytest.raises(Refused) as refusal:
        house.chart.grant(Person(house.helmi.keys, TrustedCard(broken)), by=house.raisa)
    assert refusal.value.reason == "hpke.public"


def test_a_substituted_card_is_never_trusted(house) -> None:
    thief = house.clinic.keys("a thief").public()
    row = replace(house.helmi.card, keys=thief)
    with pytest.raises(Refused):
        vouching.verify(row, house.clinic.authority, at=Moment(TODAY))


def test_a_role_card_opens_what_the_role_was_granted(house) -> None:
    desk = house.clinic.enrol("the desk", klass=CardClass.ROLE, role=Role.RECEPTION)
    grant = house.chart.grant(desk, by=house.raisa)
    assert house.chart.open(grant, desk) == house.chart.dk
