"""Rows of the vault that somebody altered, before and after the warden has seen them once."""

from uuid import uuid4

import pytest

from tests.cast import KALLIO, Clinic
from tests.warden.hostile import (
    VAULT,
    card_of,
    change_compartment,
    change_grants,
    forge,
    give_card_of,
    grant_to,
    make_chart,
    open_chart,
)
from vaitiolo.keys.models import StoredCard, StoredGrant
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.warden import client
from vaitiolo.warden.client import NewCompartment, NotAllowed, NotGranted, SealBroken, ToDrop
from vaitiolo.warden.kinds import CompartmentClass, Purpose


def openings(clinic: Clinic, subject: object) -> int:
    tag = clinic.install.recording.tag(subject)  # type: ignore[arg-type]  # a UUID
    return sum(one.leaf.act is Act.OPEN_CHART for one in queries.entries_of(tag))


def test_a_verified_grant_is_not_believed_when_its_bytes_are_exchanged(clinic: Clinic) -> None:
    chart, own_key = make_chart(clinic, uuid4()), b"k" * 32
    open_chart(clinic, chart)
    planted = forge(clinic, chart, own_key, by="taito", to="helmi")
    rows = StoredGrant.objects.using(VAULT).filter(compartment=chart)
    rows.filter(recipient_card=planted.recipient).update(grant=planted.encode())
    rows.exclude(recipient_card=planted.recipient).delete()
    with pytest.raises(NotGranted):
        open_chart(clinic, chart)


def test_an_opening_is_recorded_for_its_patient_whatever_the_row_says_later(
    clinic: Clinic,
) -> None:
    patient, somebody_else = uuid4(), uuid4()
    chart = make_chart(clinic, patient)
    open_chart(clinic, chart)
    change_compartment(chart, subject=somebody_else)
    with pytest.raises(SealBroken):
        open_chart(clinic, chart)
    assert (openings(clinic, patient), openings(clinic, somebody_else)) == (1, 0)


def test_a_chart_does_not_become_something_that_no_budget_counts(clinic: Clinic) -> None:
    chart = make_chart(clinic, uuid4())
    open_chart(clinic, chart)
    change_compartment(chart, klass=CompartmentClass.CASE)
    with pytest.raises(SealBroken):
        open_chart(clinic, chart)


def test_a_verified_grant_is_worth_nothing_beside_another_chart(clinic: Clinic) -> None:
    own, others = make_chart(clinic, uuid4()), make_chart(clinic, uuid4(), "otso")
    open_chart(clinic, own)
    assert grant_to(clinic, own, "helmi")
    change_grants(own, compartment=others)
    with pytest.raises(NotGranted):
        open_chart(clinic, others)


def test_nothing_is_granted_to_the_card_of_somebody_else(clinic: Clinic) -> None:
    chart = make_chart(clinic, uuid4())
    give_card_of(clinic, "helmi", instead_of="otso")
    with pytest.raises(NotAllowed):
        client.grant(clinic.session("helmi"), chart, clinic.id("otso"))
    with pytest.raises(NotAllowed):
        make_chart(clinic, uuid4(), "otso")


def test_nothing_is_laid_on_a_desk_under_the_card_of_somebody_else(clinic: Clinic) -> None:
    give_card_of(clinic, "helmi", instead_of="otso")
    with pytest.raises(NotAllowed):
        client.drop(clinic.session("aino"), [ToDrop(clinic.id("otso"), uuid4(), b"{}")])


def test_a_units_identities_are_granted_to_its_role_card_alone(clinic: Clinic) -> None:
    otsos = card_of(clinic, "otso").id
    rows = StoredCard.objects.using(VAULT).filter(id=otsos)
    rows.update(holder=clinic.unit(KALLIO), klass=6, role=2, leaf_index=1 << 40)
    aino, patient = clinic.session("aino"), uuid4()
    new = NewCompartment(CompartmentClass.IDENTITY, patient, (), (clinic.unit(KALLIO),))
    [identity] = client.create_compartments(aino, [new])
    # What the row says of the card is not asked; the unit's own card is there, and is taken.
    given = StoredGrant.objects.using(VAULT).filter(compartment=identity)
    assert not given.filter(recipient_card=otsos).exists()
    assert client.open_compartment(aino, identity, purpose=Purpose.RECEPTION)
