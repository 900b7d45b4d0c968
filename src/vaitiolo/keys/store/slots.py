"""Unlock slots."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from vaitiolo.keys.models import StoredSlot
from vaitiolo.keys.rows import SlotRow
from vaitiolo.keys.store.reaching import VAULT, list_of, one_of, put, rows_of


def put_slots(rows: Iterable[SlotRow]) -> None:
    """Store new slots."""
    put(StoredSlot, rows)


def slot(slot_id: UUID) -> SlotRow | None:
    """Return a slot."""
    return one_of(SlotRow, rows_of(StoredSlot).filter(id=slot_id))


def slots_named(name_tag: bytes) -> list[SlotRow]:
    """List the slots of a sign-in name."""
    return list_of(SlotRow, rows_of(StoredSlot).filter(name_tag=name_tag).order_by("id"))


def slots_of(holder_id: UUID) -> list[SlotRow]:
    """List the slots of a holder."""
    return list_of(SlotRow, rows_of(StoredSlot).filter(holder=holder_id).order_by("id"))


def replace_slot(old: UUID, row: SlotRow) -> None:
    """Store a slot in the place of an old one, as when its KMS epoch is over. All or nothing."""
    with transaction.atomic(using=VAULT):
        remove_slot(old)
        put(StoredSlot, [row])


def remove_slot(slot_id: UUID) -> None:
    """Delete a slot, if it is there."""
    rows_of(StoredSlot).filter(id=slot_id).delete()
