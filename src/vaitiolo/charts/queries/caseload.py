"""Whom a therapist treats, by name, from the own desk alone. No chart is opened for it."""

from dataclasses import dataclass, field
from datetime import datetime

from vaitiolo.charts.access import OpenDesk
from vaitiolo.kit.dates import day_of
from vaitiolo.people import queries as people
from vaitiolo.people.desks import Client, State


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A patient of the own caseload, and when the next session is."""

    client: Client = field(repr=False)
    next_at: datetime | None


def list_caseload(desk: OpenDesk, *, at: datetime) -> tuple[CaseRow, ...]:
    """Return whose chart is open to the holder of the desk, by name."""
    on_desk = people.read_desk(desk)
    ended = {patient for patient, day in on_desk.ended.items() if day <= day_of(at)}
    coming = [
        (one.starts_at, one.patient_id)
        for one in on_desk.sessions.values()
        if one.state is State.BOOKED and one.starts_at > at
    ]
    # Of several the earliest is left.
    next_at = {patient: starts_at for starts_at, patient in sorted(coming, reverse=True)}
    rows = [
        CaseRow(client, next_at.get(patient))
        for patient, client in on_desk.caseload.items()
        if patient not in ended
    ]
    return tuple(sorted(rows, key=lambda row: row.client.name))
