from dataclasses import replace
from uuid import UUID

import pytest
from django.db import IntegrityError, connections
from django.test.utils import CaptureQueriesContext

from tests.keys.clinic import id_of, named
from vaitiolo.keys import store
from vaitiolo.keys.cards import CardClass, Role
from vaitiolo.keys.kinds import CompartmentClass
from vaitiolo.keys.rows import (
    AuditSecretRow,
    CardRow,
    CompartmentRow,
    GrantRow,
    HetuTagRow,
    HolderRow,
    HolderState,
    RevocationRow,
    RotationRow,
    SlotRow,
)

pytestmark = pytest.mark.django_db(databases=["default", "vault"])

HELMI, OTSO, UNIT = id_of("Helmi"), id_of("Otso"), id_of("unit")


def card(
    name: str, *, holder: UUID = HELMI, leaf: int = 1, klass: int = CardClass.STAFF
) -> CardRow:
    return CardRow(
        named(name), holder, klass, Role.THERAPIST, named(f"bytes of {name}", 4802), leaf_index=leaf
    )


def person(holder: UUID, *, unit: UUID | None = UNIT, klass: int = CardClass.STAFF) -> HolderRow:
    return HolderRow(
        holder, klass, Role.THERAPIST, unit, named("a sealed name", 152), named("card")
    )


def chart(
    name: str, *, klass: int = CompartmentClass.CHART, subject: str = "a patient"
) -> CompartmentRow:
    return CompartmentRow(
        id_of(name),
        klass,
        id_of(subject),
        named("creator"),
        named(f"dk of {name}"),
        creation_leaf=7,
    )


def grant(name: str, *, of: str, to: str, epoch: int = 1, leaf: int = 1) -> GrantRow:
    return GrantRow(
        named(name), id_of(of), named(to), epoch, named(f"bytes of {name}", 1388), leaf_index=leaf
    )


def slot(name: str, *, holder: UUID = HELMI, tag: str = "helmi") -> SlotRow:
    return SlotRow(id_of(name), holder, named(tag, 16), named(f"bytes of {name}", 274))


def rotation(*, of: str = "chart", epoch: int = 2) -> RotationRow:
    record = named(f"rotation {epoch}", 216)
    return RotationRow(named(f"id {epoch}"), id_of(of), epoch, record, leaf_index=epoch)


def questions() -> CaptureQueriesContext:
    return CaptureQueriesContext(connections["vault"])


def test_cards_come_back_as_they_were_put() -> None:
    old, new, foreign = card("old"), card("new", leaf=2), card("his", holder=OTSO, leaf=3)
    store.put_cards([new, old, foreign])
    assert store.card(old.id) == old
    assert store.card(named("no card")) is None
    assert store.cards([old.id, foreign.id, named("no card")]) == {old.id: old, foreign.id: foreign}
    assert store.cards_of(HELMI) == [old, new]
    assert store.cards_of_class(CardClass.STAFF) == [old, new, foreign]
    assert store.cards_of_class(CardClass.REGISTRAR) == []


def test_a_card_is_stored_once() -> None:
    store.put_cards([card("old")])
    with pytest.raises(IntegrityError):
        store.put_cards([card("new"), replace(card("old"), leaf_index=9)])
    assert store.card(named("new")) is None
    assert store.cards_of(HELMI) == [card("old")]


def test_an_id_of_another_length_is_refused_by_the_database() -> None:
    for put, row in (
        (store.put_cards, replace(card("old"), id=bytes(31))),
        (store.put_grants, replace(grant("g", of="chart", to="card"), id=bytes(33))),
        (store.put_slots, replace(slot("one"), name_tag=bytes(15))),
        (store.put_compartments, replace(chart("chart"), dk_commit=bytes(31))),
        (store.put_audit_secrets, AuditSecretRow(HELMI, bytes(31), bytes(16))),
        (store.put_hetu_tags, HetuTagRow(HELMI, 0x10000)),
    ):
        with pytest.raises(IntegrityError):
            put([row])


def test_holders_are_listed_and_changed() -> None:
    helmi, otso = person(HELMI), person(OTSO, unit=None, klass=CardClass.PATIENT)
    store.put_holders([helmi, otso])
    assert store.holder(HELMI) == helmi
    assert store.holder(UNIT) is None
    assert {row.id for row in store.holders()} == {HELMI, OTSO}
    assert store.holders(klass=CardClass.PATIENT) == [otso]
    assert store.holders(unit=UNIT) == [helmi]
    store.give_card(HELMI, named("new card"))
    store.set_state(HELMI, HolderState.CLOSED)
    store.rename(HELMI, b"another sealed name")
    assert store.holder(HELMI) == replace(
        helmi, card=named("new card"), state=HolderState.CLOSED, sealed_name=b"another sealed name"
    )
    assert store.holder(OTSO) == otso


def test_nobody_is_not_changed() -> None:
    with pytest.raises(store.NotStored):
        store.set_state(HELMI, HolderState.CLOSED)


def test_revocations_are_found_by_card() -> None:
    row = RevocationRow(named("old"), named("revocation", 140), leaf_index=4)
    store.put_revocations([row])
    assert store.revocations_of([named("old"), named("new")]) == {named("old"): row}
    with pytest.raises(IntegrityError):
        store.put_revocations([row])


def test_compartments_belong_to_a_subject() -> None:
    identity = chart("identity", klass=CompartmentClass.IDENTITY)
    own, other = chart("chart"), chart("another chart", subject="another patient")
    working = replace(chart("working", klass=CompartmentClass.WORKING), author=HELMI)
    store.put_compartments([own, identity, other, working])
    assert store.compartment(own.id) == own
    assert store.compartment(UNIT) is None
    assert store.compartments_of(own.subject) == [identity, own, working]
    assert store.compartments_of(own.subject, klass=CompartmentClass.CHART) == [own]


def test_opening_a_chart_costs_two_questions() -> None:
    store.put_compartments([chart("chart"), chart("another chart")])
    first, second = grant("g1", of="chart", to="c1"), grant("g2", of="chart", to="c2", leaf=2)
    store.put_grants([second, first, grant("g3", of="no chart", to="c1")])
    with questions() as asked:
        found = store.openings([id_of("chart"), id_of("another chart"), id_of("no chart")])
    assert len(asked) == 2
    assert found.keys() == {id_of("chart"), id_of("another chart")}
    assert found[id_of("chart")].compartment == chart("chart")
    assert found[id_of("chart")].grants == (first, second)
    assert found[id_of("another chart")].grants == ()
    assert store.grants_of(id_of("chart")) == [first, second]
    assert store.grant(first.id) == first
    assert store.grant(named("no grant")) is None


def test_a_caseload_is_what_the_present_epoch_grants() -> None:
    store.put_compartments(
        [
            chart("a"),
            replace(chart("b"), epoch=2),
            chart("c"),
            chart("d", klass=CompartmentClass.SHARED),
        ]
    )
    store.put_grants(
        [
            grant("ga", of="a", to="old card"),
            grant("gb", of="b", to="new card"),
            grant("gc", of="c", to="his card"),
            grant("gd", of="d", to="new card"),
        ]
    )
    own = [named("old card"), named("new card")]
    assert {row.id for row in store.granted_to(own)} == {id_of("a"), id_of("d")}
    assert store.granted_to(own, klass=CompartmentClass.CHART) == [chart("a")]
    assert store.granted_to([]) == []


def test_grants_are_removed_by_id() -> None:
    store.put_grants([grant(f"g{n}", of="chart", to="card") for n in range(3)])
    assert store.remove_grants([named("g0"), named("g2"), named("no grant")]) == 2
    assert [row.id for row in store.grants_of(id_of("chart"))] == [named("g1")]
    assert store.remove_grants([]) == 0


def test_a_rotation_goes_one_epoch_on_and_takes_the_old_grants() -> None:
    store.put_compartments([chart("chart")])
    old = grant("g1", of="chart", to="c1")
    new = grant("g2", of="chart", to="c1", epoch=2, leaf=2)
    store.put_grants([old])
    store.begin_rotation(rotation(), [new])
    assert store.compartment(id_of("chart")) == replace(chart("chart"), pending_epoch=2)
    assert store.grants_of(id_of("chart")) == [old, new]
    assert store.commit_rotation(id_of("chart"), epoch=2) == 1
    assert store.compartment(id_of("chart")) == replace(chart("chart"), epoch=2)
    assert store.grants_of(id_of("chart")) == [new]
    assert store.rotations_of(id_of("chart")) == [rotation()]


def test_a_rotation_out_of_turn_writes_nothing() -> None:
    store.put_compartments([chart("chart")])
    new = grant("g2", of="chart", to="c1", epoch=3)
    with pytest.raises(store.RotationRefused):
        store.begin_rotation(rotation(epoch=3), [new])
    with pytest.raises(store.RotationRefused):
        store.commit_rotation(id_of("chart"), epoch=2)
    store.begin_rotation(rotation(), [])
    with pytest.raises(store.RotationRefused):
        store.begin_rotation(rotation(), [])
    assert store.grants_of(id_of("chart")) == []
    assert store.rotations_of(id_of("chart")) == [rotation()]


def test_a_rotation_that_fails_halfway_leaves_no_mark() -> None:
    store.put_compartments([chart("chart")])
    taken = grant("g1", of="chart", to="c1")
    store.put_grants([taken])
    with pytest.raises(IntegrityError):
        store.begin_rotation(rotation(), [taken])
    assert store.compartment(id_of("chart")) == chart("chart")
    assert store.rotations_of(id_of("chart")) == []


def test_slots_are_found_by_the_tag_of_a_name() -> None:
    one, two, his = slot("one"), slot("two"), slot("his", holder=OTSO, tag="otso")
    store.put_slots([one, two, his])
    assert store.slot(one.id) == one
    assert store.slot(UNIT) is None
    assert {row.id for row in store.slots_named(named("helmi", 16))} == {one.id, two.id}
    assert store.slots_of(OTSO) == [his]
    assert store.slots_named(named("nobody", 16)) == []


def test_a_slot_is_replaced_whole_or_not_at_all() -> None:
    one, two, three = slot("one"), slot("two"), slot("three")
    store.put_slots([one, two])
    store.replace_slot(one.id, three)
    assert store.slot(one.id) is None
    with pytest.raises(IntegrityError):
        store.replace_slot(three.id, two)
    assert store.slot(three.id) == three
    store.remove_slot(three.id)
    store.remove_slot(three.id)
    assert store.slots_of(HELMI) == [two]


def test_the_seed_of_a_role_card_is_kept_by_compartment() -> None:
    store.put_role_seed(id_of("role"), b"sealed")
    assert store.role_seed(id_of("role")) == b"sealed"
    assert store.role_seed(UNIT) is None


def test_strangers_share_a_tag_of_an_identity_code() -> None:
    one, other = sorted([id_of("one"), id_of("other")], key=lambda row: row.hex)
    store.put_hetu_tags([HetuTagRow(one, 0xFFFF), HetuTagRow(other, 0xFFFF), HetuTagRow(UNIT, 0)])
    assert store.identities_tagged(0xFFFF) == [one, other]
    store.remove_hetu_tag(one)
    store.remove_hetu_tag(one)
    assert store.identities_tagged(0xFFFF) == [other]


def test_a_subject_gets_one_ledger_secret_for_good() -> None:
    made = store.audit_secret(HELMI, lambda: (named("r"), named("tag", 16)))
    assert made == AuditSecretRow(HELMI, named("r"), named("tag", 16))
    assert store.audit_secret(HELMI, lambda: (named("r2"), named("tag2", 16))) == made
    assert store.subject_of(made.tag) == HELMI
    assert store.audit_secrets([HELMI, OTSO]) == {HELMI: made}
    assert store.find_audit_secret(OTSO) is None


def test_whoever_comes_second_takes_the_secret_of_the_first() -> None:
    first = AuditSecretRow(HELMI, named("first"), named("tag of first", 16))

    def slowly() -> tuple[bytes, bytes]:
        store.put_audit_secrets([first])
        return named("second"), named("tag of second", 16)

    assert store.audit_secret(HELMI, slowly) == first


def test_a_tag_that_is_taken_by_somebody_else_is_an_error() -> None:
    store.audit_secret(HELMI, lambda: (named("r"), named("tag", 16)))
    with pytest.raises(IntegrityError):
        store.audit_secret(OTSO, lambda: (named("r2"), named("tag", 16)))


def test_erasing_forgets_whose_tag_it_was() -> None:
    made = store.audit_secret(HELMI, lambda: (named("r"), named("tag", 16)))
    for _again in range(2):
        store.remove_subject(connections["vault"], HELMI)
    assert store.subject_of(made.tag) is None
    assert store.find_audit_secret(HELMI) is None


def test_a_register_is_brought_in_and_opened_in_batches() -> None:
    charts = [chart(f"chart {number}") for number in range(1201)]
    store.put_compartments(charts)
    store.put_grants([grant(f"g{n}", of=f"chart {n}", to="card", leaf=n) for n in range(1201)])
    with questions() as asked:
        found = store.openings([row.id for row in charts])
    assert len(asked) == 2 * 3
    assert len(found) == 1201
    assert all(len(opening.grants) == 1 for opening in found.values())
    assert len(store.granted_to([named("card")])) == 1201


def test_no_row_shows_what_is_sealed() -> None:
    for row in (card("old"), person(HELMI), slot("one"), grant("g", of="chart", to="card")):
        for name in ("card", "sealed_name", "slot", "grant"):
            value = getattr(row, name, b"")
            assert len(value) <= 32 or repr(value) not in repr(row)
    assert "secret" not in repr(AuditSecretRow(HELMI, named("r"), named("tag", 16)))
