"""Compartments, grants and the seeds of role cards."""

from collections.abc import Iterable
from uuid import UUID

from django.db import models

from vaitiolo.keys.models import RoleSeed, StoredCompartment, StoredGrant
from vaitiolo.keys.rows import CompartmentRow, GrantRow, Opening
from vaitiolo.keys.store.reaching import batches, list_of, many_of, one_of, put, rows_of


def put_compartments(rows: Iterable[CompartmentRow]) -> None:
    """Store new compartments."""
    put(StoredCompartment, rows)


def put_grants(rows: Iterable[GrantRow]) -> None:
    """Store new grants."""
    put(StoredGrant, rows)


def put_role_seed(compartment: UUID, sealed_seed: bytes) -> None:
    """Store the sealed seed of a role card."""
    rows_of(RoleSeed).create(compartment=compartment, sealed_seed=sealed_seed)


def replace_role_seed(compartment: UUID, sealed_seed: bytes) -> None:
    """Store the seed of a role card as it is sealed under its compartment's next key."""
    rows_of(RoleSeed).filter(compartment=compartment).update(sealed_seed=sealed_seed)


def compartment(compartment_id: UUID) -> CompartmentRow | None:
    """Return a compartment."""
    return one_of(CompartmentRow, rows_of(StoredCompartment).filter(id=compartment_id))


def compartments_of(subject: UUID, *, klass: int | None = None) -> list[CompartmentRow]:
    """List what belongs to a patient, unit, holder or incident."""
    found = rows_of(StoredCompartment).filter(subject=subject)
    if klass is not None:
        found = found.filter(klass=klass)
    return list_of(CompartmentRow, found.order_by("klass", "id"))


def openings(compartment_ids: Iterable[UUID]) -> dict[UUID, Opening]:
    """Return compartments, each with all its grants: two questions to the database per 500."""
    ids = list(compartment_ids)
    found = many_of(CompartmentRow, rows_of(StoredCompartment), id=ids)
    grants: dict[UUID, list[GrantRow]] = {row.id: [] for row in found}
    for row in many_of(GrantRow, rows_of(StoredGrant).order_by("leaf_index"), compartment=ids):
        grants.get(row.compartment, []).append(row)
    return {row.id: Opening(row, tuple(grants[row.id])) for row in found}


def grants_of(compartment_id: UUID) -> list[GrantRow]:
    """List a compartment's grants of every epoch there is, oldest first."""
    found = rows_of(StoredGrant).filter(compartment=compartment_id)
    return list_of(GrantRow, found.order_by("leaf_index"))


def grant(grant_id: bytes) -> GrantRow | None:
    """Return a grant."""
    return one_of(GrantRow, rows_of(StoredGrant).filter(id=grant_id))


def granted_to(card_ids: Iterable[bytes], *, klass: int | None = None) -> list[CompartmentRow]:
    """List the compartments whose present epoch is granted to one of these cards: a caseload."""
    grants = rows_of(StoredGrant).filter(recipient_card__in=list(card_ids))
    present = grants.filter(compartment=models.OuterRef("id"), epoch=models.OuterRef("epoch"))
    # The first condition is implied by the second; it lets both engines start from the grants of
    # these cards instead of from all compartments of the house.
    found = rows_of(StoredCompartment).filter(
        models.Exists(present), id__in=grants.values("compartment")
    )
    if klass is not None:
        found = found.filter(klass=klass)
    return list_of(CompartmentRow, found.order_by("id"))


def count_subjects(classes: Iterable[int]) -> int:
    """Return how many patients, units or holders have a compartment of one of these classes."""
    found = rows_of(StoredCompartment).filter(klass__in=list(classes))
    return found.values("subject").distinct().count()


def remove_grants(grant_ids: Iterable[bytes]) -> int:
    """Delete grants and return how many there were."""
    removed = 0
    for batch in batches(grant_ids):
        removed += rows_of(StoredGrant).filter(id__in=batch).delete()[0]
    return removed


def role_seed(compartment_id: UUID) -> bytes | None:
    """Return the sealed seed of a role card."""
    found = (
        rows_of(RoleSeed).filter(compartment=compartment_id).values_list("sealed_seed", flat=True)
    )
    return next((bytes(sealed) for sealed in found), None)
