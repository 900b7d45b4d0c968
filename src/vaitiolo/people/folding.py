"""What lies on a desk: its document and the drops beside it, read through the open desk."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from vaitiolo.people import desks, places
from vaitiolo.people.access import OpenDesk, Read, Sealed
from vaitiolo.people.models import Desk, Drop, Patient

# What lies there beyond this many waits for the next reading.
MOST_AT_ONCE: Final = 1_000
# What is over and done stays this long, so that an event which comes late finds it.
KEPT: Final = timedelta(days=30)
# What only the holder may say: a colleague's signature must not make work disappear from a desk.
OWN_ALONE: Final = frozenset(
    {"call.done", "client.removed", "client.welcomed", "draft.closed", "handing.set", "phrase.kept"}
)


@dataclass(frozen=True, slots=True)
class Lying:
    """A desk with its drops merged in, and what became of each drop."""

    desk: desks.Desk = field(repr=False)
    version: int
    read: tuple[UUID, ...]
    refused: tuple[UUID, ...]


def read_all(desk: OpenDesk) -> Lying:
    """Read document and drops. A drop that says nothing hides nothing of the others."""
    version, document = _document(desk)
    drops = list(
        Drop.objects.filter(holder=desk.actor.id, is_set_aside=False).values_list(
            "id", "sealed_body"
        )[:MOST_AT_ONCE]
    )
    reads = desk.compartment.open_drops([bytes(body) for _drop, body in drops])
    said = {drop: _event(desk, read) for (drop, _), read in zip(drops, reads, strict=True)}
    merged = desks.apply_all(document, [event for event in said.values() if event is not None])
    read = tuple(drop for drop, event in said.items() if event is not None)
    refused = tuple(drop for drop, event in said.items() if event is None)
    return Lying(merged, version, read, refused)


def prune(desk: desks.Desk, *, at: datetime) -> desks.Desk:
    """Drop what has been over and done for a while. What still asks for an act stays."""
    before = at - KEPT
    over = {
        f"{aspect}/{appointment_id.hex}"
        for appointment_id, session in desk.sessions.items()
        if session.state is not desks.State.BOOKED and session.ends_at < before
        for aspect in ("place", "state")
    }
    since = (before - desks.SINCE) // desks.MICROSECOND
    entries = {
        key: entry
        for key, entry in desk.entries.items()
        if key not in over and not (entry[1] is None and entry[0] < since)
    }
    return desks.Desk(entries, desk.unread)


def without_erased(desk: desks.Desk) -> desks.Desk:
    """Return the desk without patients whom no row knows any more: they were erased."""
    here = set(Patient.objects.filter(id__in=desk.caseload).values_list("id", flat=True))
    gone = desk.caseload.keys() - here
    if not gone:
        return desk
    about = {one.hex for one in gone}
    about |= {key.hex for key, one in desk.sessions.items() if one.patient_id in gone}
    about |= {key.hex for key, one in desk.drafts.items() if one.patient_id in gone}
    about |= {key.hex for key, one in desk.calls.items() if one.patient_id in gone}
    kept = {key: said for key, said in desk.entries.items() if key.split("/", 1)[1] not in about}
    return desks.Desk(kept, desk.unread)


def _document(desk: OpenDesk) -> tuple[int, desks.Desk]:
    row = Desk.objects.filter(id=desk.compartment.id).values_list("version", "sealed_body").first()
    version, sealed = (0, None) if row is None else row
    if sealed is None:
        return version, desks.Desk()
    place = places.of_desk(desk.compartment.id, version)
    [read] = desk.compartment.unseal([Sealed(place, bytes(sealed))])
    return version, desks.read(read.body)


def _event(desk: OpenDesk, drop: Read) -> desks.Event | None:
    """Return what a drop says; none if nobody signed it, or not who may say such a thing."""
    try:
        event = desks.read_event(drop.body)
    except desks.DeskUnknown:
        return None
    is_own = drop.author == desk.actor.id
    return event if is_own or event["op"] not in OWN_ALONE else None
