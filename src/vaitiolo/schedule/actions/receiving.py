"""Taking in the rooms and appointments of a register that is brought in: prepared rows, in bulk.

Entries come sealed. The database refuses a double booking here as anywhere.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Final
from uuid import UUID

from django.db import transaction

from vaitiolo.kit.ids import AppointmentId, HolderId, PatientId, UnitId
from vaitiolo.schedule.models import Appointment, Room
from vaitiolo.schedule.states import Because, State

AT_ONCE: Final = 2_000


@dataclass(frozen=True, slots=True)
class ReceivedRoom:
    """A room of a register."""

    id: UUID
    unit: UnitId
    name: str


@dataclass(frozen=True, slots=True)
class ReceivedAppointment:
    """An appointment of a register; its entry is sealed for version 1. No room means by video."""

    id: AppointmentId
    unit: UnitId
    therapist: HolderId
    patient: PatientId
    room: UUID | None
    starts_at: datetime
    ends_at: datetime
    sealed_entry: bytes = field(repr=False)
    state: State = State.BOOKED
    missed_because: Because | None = None


def receive_rooms(rooms: Iterable[ReceivedRoom]) -> None:
    Room.objects.bulk_create(Room(id=one.id, unit_id=one.unit, name=one.name) for one in rooms)


def receive_appointments(rows: Iterable[ReceivedAppointment]) -> int:
    """Write appointments, all or none, and return how many there were. Nobody is told of them."""
    count, made = 0, _appointments(rows)
    with transaction.atomic():
        while some := list(islice(made, AT_ONCE)):
            Appointment.objects.bulk_create(some)
            count += len(some)
    return count


def _appointments(rows: Iterable[ReceivedAppointment]) -> Iterator[Appointment]:
    for one in rows:
        yield Appointment(
            id=one.id,
            unit_id=one.unit,
            therapist=one.therapist,
            patient_id=one.patient,
            room_id=one.room,
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            state=one.state,
            missed_because=one.missed_because,
            sealed_entry=one.sealed_entry,
        )
