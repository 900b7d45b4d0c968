"""Moving, cancelling, and booking again: the entry is sealed anew each time, the desk is told.

Only what is booked is moved or cancelled, and only from the version that was seen.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vaitiolo.kit.errors import Refusal
from vaitiolo.kit.ids import AppointmentId, HolderId, PatientId
from vaitiolo.people import access as people
from vaitiolo.people import actions as people_actions
from vaitiolo.people import desks
from vaitiolo.people.access import SealedDrop
from vaitiolo.people.desks import Event
from vaitiolo.schedule import access, entries
from vaitiolo.schedule.access import AppointmentNotFound, OpenDiary
from vaitiolo.schedule.actions.booking import desk_session, make_reminder
from vaitiolo.schedule.clashes import await_turn, find_clash, refused_by_the_database
from vaitiolo.schedule.entries import Entry, Reason
from vaitiolo.schedule.models import Appointment, OutboxRow
from vaitiolo.schedule.states import State
from vaitiolo.schedule.times import Slot


class ChangedMeanwhile(Refusal):
    """Somebody else has changed the same appointment since the page was opened."""

    status = HTTPStatus.CONFLICT
    message = _("Somebody changed this appointment meanwhile. Look at it again.")


@transaction.atomic
def move(
    diary: OpenDiary, appointment_id: AppointmentId, slot: Slot, *, since: int, at: datetime
) -> Slot:
    """Give an appointment another time, room or therapist. Raises Busy, ChangedMeanwhile."""
    row = _standing(diary, appointment_id, State.BOOKED, since=since)
    entry = _entry(diary, row)
    drops = _moved(diary, row, slot, at=at)
    row.therapist, row.room_id = slot.therapist, slot.room
    row.starts_at, row.ends_at = slot.starts_at, slot.ends_at
    _keep(diary, row, entry, drops=drops, at=at)
    return slot


@transaction.atomic
def cancel(
    diary: OpenDiary, appointment_id: AppointmentId, reason: Reason, *, since: int, at: datetime
) -> None:
    """Cancel an appointment. Why is sealed; its time is free at once."""
    row = _standing(diary, appointment_id, State.BOOKED, since=since)
    entry = replace(_entry(diary, row), reason=reason)
    event = desks.session_turned(row.id, desks.State.CANCELLED, at=at)
    drops = access.drop_if_at_work(diary.actor, [(HolderId(row.therapist), event)])
    row.state = State.CANCELLED
    _keep(diary, row, entry, drops=drops, at=at)


@transaction.atomic
def book_again(
    diary: OpenDiary, appointment_id: AppointmentId, *, since: int, at: datetime
) -> None:
    """Undo a cancellation, if the time is still free. Raises Busy, ChangedMeanwhile."""
    row = _standing(diary, appointment_id, State.CANCELLED, since=since)
    entry = replace(_entry(diary, row), reason=None)
    event = _booked(diary, row, slot_of(row), at=at)
    drops = people.drop_on_desk(diary.actor, [(HolderId(row.therapist), event)])
    row.state = State.BOOKED
    _keep(diary, row, entry, drops=drops, at=at)


def slot_of(row: Appointment) -> Slot:
    return Slot(HolderId(row.therapist), row.room_id, row.starts_at, row.ends_at)


def _standing(
    diary: OpenDiary, appointment_id: AppointmentId, state: State, *, since: int
) -> Appointment:
    await_turn(diary.unit_id)
    rows = Appointment.objects.select_for_update().filter(unit_id=diary.unit_id)
    row = rows.filter(id=appointment_id).first()
    if row is None:
        raise AppointmentNotFound
    if row.version != since or row.state != state:
        raise ChangedMeanwhile
    return row


def _entry(diary: OpenDiary, row: Appointment) -> Entry:
    sealed = access.sealed_entry(row.id, version=row.version, sealed=row.sealed_entry)
    return entries.read(diary.unseal([sealed])[0].body)


def _moved(diary: OpenDiary, row: Appointment, slot: Slot, *, at: datetime) -> Sequence[SealedDrop]:
    """Tell whose desk it is on; with another therapist, tell both."""
    if row.therapist == slot.therapist:
        place = desk_session(diary.unit_id, PatientId(row.patient_id), slot)
        event = desks.session_moved(row.id, place, at=at)
        return people.drop_on_desk(diary.actor, [(slot.therapist, event)])
    gone = desks.session_turned(row.id, desks.State.CANCELLED, at=at)
    return (
        *access.drop_if_at_work(diary.actor, [(HolderId(row.therapist), gone)]),
        *people.drop_on_desk(diary.actor, [(slot.therapist, _booked(diary, row, slot, at=at))]),
    )


def _booked(diary: OpenDiary, row: Appointment, slot: Slot, *, at: datetime) -> Event:
    place = desk_session(diary.unit_id, PatientId(row.patient_id), slot)
    return desks.session_booked(row.id, place, at=at)


def _keep(
    diary: OpenDiary,
    row: Appointment,
    entry: Entry,
    *,
    drops: Sequence[SealedDrop],
    at: datetime,
) -> None:
    """Seal the entry for the next version and write everything. The old reminder goes."""
    row.version += 1
    plain = access.plain_entry(row.id, version=row.version, body=entries.write(entry))
    [row.sealed_entry] = diary.seal([plain])
    reminder = (
        make_reminder(diary, row.id, entry, starts_at=row.starts_at, at=at)
        if row.is_booked
        else None
    )
    _write(row, reminder)
    people_actions.store_drops(drops)


def _write(row: Appointment, reminder: OutboxRow | None) -> None:
    slot, patient_id = slot_of(row), PatientId(row.patient_id)
    busy = find_clash(slot, patient_id, but=AppointmentId(row.id)) if row.is_booked else None
    if busy is not None:
        raise busy
    changed = (
        "therapist", "room", "starts_at", "ends_at", "state", "version", "sealed_entry",
    )  # fmt: skip
    with refused_by_the_database(slot, patient_id):
        row.save(update_fields=changed)
    OutboxRow.objects.filter(appointment_id=row.id).delete()
    if reminder is not None:
        reminder.save(force_insert=True)
