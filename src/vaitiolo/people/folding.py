"""What lies on a desk: its document and the drops beside it, read through the open desk."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from vaitiolo.people import desks, places
from vaitiolo.people.access import OpenDesk, SealBroken, Sealed
from vaitiolo.people.models import Desk, Drop

# What lies there beyond this many waits for the next reading.
MOST_AT_ONCE: Final = 1_000


@dataclass(frozen=True, slots=True)
class Lying:
    """A desk with its drops merged in, and what became of each drop."""

    desk: desks.Desk = field(repr=False)
    version: int
    read: tuple[UUID, ...]
    refused: tuple[UUID, ...]


def read_all(desk: OpenDesk) -> Lying:
    """Read document and drops. A drop that does not verify hides nothing of the others."""
    version, document = _document(desk)
    drops = list(
        Drop.objects.filter(holder=desk.actor.id, is_set_aside=False).values_list(
            "id", "sealed_body"
        )[:MOST_AT_ONCE]
    )
    events, refused = _open(desk, [(drop, bytes(body)) for drop, body in drops])
    merged = desks.apply_all(document, events)
    read = tuple(drop for drop, _ in drops if drop not in refused)
    return Lying(merged, version, read, tuple(refused))


def _document(desk: OpenDesk) -> tuple[int, desks.Desk]:
    row = Desk.objects.filter(id=desk.compartment.id).values_list("version", "sealed_body").first()
    version, sealed = (0, None) if row is None else row
    if sealed is None:
        return version, desks.Desk()
    place = places.of_desk(desk.compartment.id, version)
    [read] = desk.compartment.unseal([Sealed(place, bytes(sealed))])
    return version, desks.read(read.body)


def _open(
    desk: OpenDesk, drops: Sequence[tuple[UUID, bytes]]
) -> tuple[list[desks.Event], list[UUID]]:
    try:
        reads = desk.compartment.open_drops([body for _, body in drops])
        return [desks.read_event(read.body) for read in reads], []
    except (SealBroken, desks.DeskUnknown):
        if len(drops) == 1:
            return [], [drops[0][0]]
    # One of them is not what a colleague laid there. Halving finds it, and saves the rest.
    half = len(drops) // 2
    first, second = _open(desk, drops[:half]), _open(desk, drops[half:])
    return first[0] + second[0], first[1] + second[1]
