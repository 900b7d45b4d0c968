"""Which compartments are to get a new key, and which of them somebody could turn."""

from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

from django.db import models, transaction
from django.db.models import F
from django.db.models.functions import Coalesce, Substr

from vaitiolo.keys.models import StoredCompartment, StoredDue, StoredGrant
from vaitiolo.keys.rows import CompartmentRow, DueRow, GrantRow
from vaitiolo.keys.store.reaching import (
    BATCH,
    VAULT,
    batches,
    list_of,
    rows_of,
)

# Where a grant's last day stands in its bytes, counted from one (docs/formats.md, section 5).
_UNTIL: Final = (9, 4)


def ask_rotation(
    compartments: Iterable[UUID], *, without: Sequence[bytes], why: int, on: int
) -> int:
    """Note that compartments are to get a new key; return how many there are of them.

    Asked twice it is one rotation. A rotation that runs already does not settle what is asked now.
    """
    cards = list(without) or [b""]
    asked = 0
    with transaction.atomic(using=VAULT):
        for some in batches(compartments):
            newest = Coalesce(F("pending_epoch"), F("epoch"))
            found = rows_of(StoredCompartment).filter(id__in=some).values_list("id", newest)
            known = list(found)
            asked += len(known)
            rows_of(StoredDue).bulk_create(
                [
                    StoredDue(
                        compartment=one, without_card=card, since_epoch=epoch, why=why, asked_on=on
                    )
                    for one, epoch in known
                    for card in cards
                ],
                batch_size=BATCH,
                update_conflicts=True,
                unique_fields=["compartment", "without_card"],
                update_fields=["since_epoch", "why", "asked_on"],
            )
    return asked


def due_of(compartment_id: UUID) -> list[DueRow]:
    """List what was asked for one compartment."""
    return list_of(DueRow, rows_of(StoredDue).filter(compartment=compartment_id).order_by("id"))


def settle_due(compartment_id: UUID, *, epoch: int) -> int:
    """Forget what an epoch, now present, has settled; return how much that was."""
    settled = rows_of(StoredDue).filter(compartment=compartment_id, since_epoch__lt=epoch)
    return settled.delete()[0]


def due_for(card_ids: Iterable[bytes], *, most: int) -> tuple[list[CompartmentRow], int]:
    """List compartments of these cards that are to be turned or are being turned; and count all."""
    due = rows_of(StoredDue).filter(compartment=models.OuterRef("id"))
    found = _granted(card_ids).filter(models.Q(pending_epoch__isnull=False) | models.Exists(due))
    return list_of(CompartmentRow, found.order_by("id")[:most]), found.count()


def count_due_without(card_ids: Iterable[bytes]) -> int:
    """Return how many compartments wait to be turned without one of these cards."""
    return rows_of(StoredDue).filter(without_card__in=list(card_ids)).count()


def ended_grants(card_ids: Iterable[bytes], *, day: int, most: int) -> list[GrantRow]:
    """List grants past their last day, in compartments that one of these cards can open."""
    start, length = _UNTIL
    until = Substr("grant", start, length, output_field=models.BinaryField())
    own = _granted(card_ids)
    # The days are big-endian, so the order of the bytes is the order of the days.
    ended = (
        rows_of(StoredGrant)
        .filter(compartment__in=own.values("id"))
        .annotate(last_day=until)
        .filter(last_day__lt=day.to_bytes(length))
    )
    return list_of(GrantRow, ended.order_by("id")[:most])


def _granted(card_ids: Iterable[bytes]) -> models.QuerySet[StoredCompartment]:
    grants = rows_of(StoredGrant).filter(recipient_card__in=list(card_ids))
    present = grants.filter(compartment=models.OuterRef("id"), epoch=models.OuterRef("epoch"))
    return rows_of(StoredCompartment).filter(
        models.Exists(present), id__in=grants.values("compartment")
    )
