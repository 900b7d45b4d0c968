"""What somebody with both databases open for writing can do to a row of the vault."""

from typing import Any
from uuid import UUID

from tests.cast import Clinic
from vaitiolo.keys import cards, grants
from vaitiolo.keys.cards import TrustedCard
from vaitiolo.keys.grants import Grant, Terms
from vaitiolo.keys.holders import HolderKeys
from vaitiolo.keys.models import StoredCard, StoredCompartment, StoredGrant, StoredHolder
from vaitiolo.warden import client
from vaitiolo.warden.client import NewCompartment, OpenCompartment
from vaitiolo.warden.kinds import CompartmentClass, Mode, Purpose

VAULT = "vault"


def make_chart(clinic: Clinic, patient: UUID, therapist: str = "helmi") -> UUID:
    new = NewCompartment(CompartmentClass.CHART, patient, (clinic.id(therapist),), ())
    return client.create_compartments(clinic.session("aino"), [new])[0]


def open_chart(
    clinic: Clinic, chart: UUID, name: str = "helmi", mode: Mode = Mode.READ
) -> OpenCompartment:
    return client.open_compartment(clinic.session(name), chart, purpose=Purpose.CARE, mode=mode)


def keys_of(clinic: Clinic, name: str) -> HolderKeys:
    return HolderKeys(clinic.people[name].seed, clinic.install.org)


def card_of(clinic: Clinic, name: str) -> TrustedCard:
    row = StoredCard.objects.using(VAULT).get(holder=clinic.id(name), klass__lt=6)
    return TrustedCard(cards.parse(bytes(row.card)))


def grant_to(clinic: Clinic, chart: UUID, name: str) -> Grant:
    rows = StoredGrant.objects.using(VAULT).filter(compartment=chart)
    row = rows.get(recipient_card=card_of(clinic, name).id)
    return grants.parse(bytes(row.grant))


def forge(clinic: Clinic, chart: UUID, dk: bytes, *, by: str, to: str, **terms: Any) -> Grant:
    """Return a grant of a key of one's own, signed with whatever key one has."""
    said = Terms(chart, 1, terms.get("parent", bytes(32)))
    with keys_of(clinic, by) as keys:
        return grants.make(
            dk,
            said,
            org=clinic.install.org,
            recipient=card_of(clinic, to),
            keys=keys,
            grantor=card_of(clinic, terms.get("grantor", by)).id,
        )


def store_grant(grant: Grant, *, leaf: int = 0, row_id: bytes | None = None) -> None:
    StoredGrant.objects.using(VAULT).create(
        id=row_id or grant.id,
        compartment=grant.compartment,
        recipient_card=grant.recipient,
        epoch=grant.epoch,
        grant=grant.encode(),
        leaf_index=leaf,
    )


def change_compartment(chart: UUID, **columns: Any) -> None:
    assert StoredCompartment.objects.using(VAULT).filter(id=chart).update(**columns) == 1


def change_grants(chart: UUID, **columns: Any) -> None:
    assert StoredGrant.objects.using(VAULT).filter(compartment=chart).update(**columns)


def give_card_of(clinic: Clinic, name: str, *, instead_of: str) -> None:
    """Make a holder's row name somebody else's card."""
    rows = StoredHolder.objects.using(VAULT).filter(id=clinic.id(instead_of))
    assert rows.update(card=card_of(clinic, name).id) == 1
    clinic.install.directory.forget()
