"""Rotations: one epoch pending, then present."""

from collections.abc import Collection, Sequence
from uuid import UUID

from django.db import transaction

from vaitiolo.keys.models import StoredCompartment, StoredGrant, StoredRotation
from vaitiolo.keys.rows import GrantRow, RotationRow
from vaitiolo.keys.store.reaching import VAULT, list_of, put, rows_of


class RotationRefused(Exception):
    """The compartment is not at the epoch that this rotation goes on from; nothing was written."""


def begin_rotation(
    row: RotationRow, grants: Sequence[GrantRow], *, seen: Collection[bytes] | None = None
) -> None:
    """Store a rotation and the grants of its epoch, and mark the epoch as pending.

    All or nothing; raise `RotationRefused` when another rotation runs, the epoch is not the next,
    or there is a grant, beside those ``seen``, that was made meanwhile and would be lost.
    """
    waiting = rows_of(StoredCompartment).filter(
        id=row.compartment, epoch=row.epoch - 1, pending_epoch=None
    )
    with transaction.atomic(using=VAULT):
        if waiting.update(pending_epoch=row.epoch) != 1:
            raise RotationRefused
        if seen is not None and _last_epochs_grants(row) - set(seen):
            raise RotationRefused
        put(StoredRotation, [row])
        put(StoredGrant, grants)


def add_grants(grants: Sequence[GrantRow], *, epoch: int, pending: int | None) -> None:
    """Store new grants of one compartment; raise `RotationRefused` if it is at other epochs now."""
    waiting = rows_of(StoredCompartment).select_for_update()
    with transaction.atomic(using=VAULT):
        if not waiting.filter(
            id=grants[0].compartment, epoch=epoch, pending_epoch=pending
        ).exists():
            raise RotationRefused
        put(StoredGrant, grants)


def commit_rotation(compartment_id: UUID, *, epoch: int) -> int:
    """Make the pending epoch the present one, delete older grants, and return how many they were.

    All or nothing; raise `RotationRefused` when that epoch is not pending.
    """
    pending = rows_of(StoredCompartment).filter(id=compartment_id, pending_epoch=epoch)
    with transaction.atomic(using=VAULT):
        if pending.update(epoch=epoch, pending_epoch=None) != 1:
            raise RotationRefused
        older = rows_of(StoredGrant).filter(compartment=compartment_id, epoch__lt=epoch)
        return older.delete()[0]


def _last_epochs_grants(row: RotationRow) -> set[bytes]:
    found = rows_of(StoredGrant).filter(compartment=row.compartment, epoch=row.epoch - 1)
    return {bytes(grant) for grant in found.values_list("id", flat=True)}


def rotations_of(compartment_id: UUID) -> list[RotationRow]:
    """List the rotations of a compartment, oldest first."""
    found = rows_of(StoredRotation).filter(compartment=compartment_id)
    return list_of(RotationRow, found.order_by("epoch"))
