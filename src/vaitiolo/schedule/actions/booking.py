"""Booking: one time, or a weekly series of which each occurrence is stored by itself.

Sealed first, written after; what the database refuses is left out of a series and told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vaitiolo.kit.errors import Refusal
from vaitiolo.kit.ids import AppointmentId, PatientId, UnitId
from vaitiolo.people import access as people
from vaitiolo.people import actions as people_actions
from vaitiolo.people import desks
from vaitiolo.people.access import SealedDrop
from vaitiolo.people.desks import DeskSession
from vaitiolo.schedule import access, entries, reminders
from vaitiolo.schedule.access import OpenDiary
from vaitiolo.schedule.clashes import Busy, await_turn, find_clash, refused_by_the_database
from vaitiolo.schedule.entries import Entry
from vaitiolo.schedule.models import Appointment, OutboxRow, Room
from vaitiolo.schedule.times import Slot, reminder_due


class NoSuchRoom(Refusal):
    """The chosen room is not one of the unit's."""

    status = HTTPStatus.CONFLICT
    message = _("The chosen room is not in this unit. Nothing was changed.")


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whom an appointment is for, and what is to be sealed beside it."""

    patient_id: PatientId
    entry: Entry = field(repr=False)


@dataclass(frozen=True, slots=True)
class Booking:
    """What was booked, and what stood in the way of the rest."""

    booked: tuple[AppointmentId, ...]
    skipped: tuple[Busy, ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """An appointment with everything sealed that is written beside it."""

    slot: Slot
    row: Appointment
    drop: SealedDrop
    reminder: OutboxRow | None


def book(diary: OpenDiary, visitor: Visitor, slots: Sequence[Slot], *, at: datetime) -> Booking:
    """Book what is free of these slots. Raises Busy if nothing is, NoSuchRoom."""
    clashes = [find_clash(slot, visitor.patient_id) for slot in slots]
    free = [slot for slot, busy in zip(slots, clashes, strict=True) if busy is None]
    prepared = _prepare(diary, visitor, free, at=at)
    booked, skipped = [], [busy for busy in clashes if busy is not None]
    with transaction.atomic():
        await_turn(diary.unit_id)
        for one in prepared:
            busy = _store(one)
            if busy is None:
                booked.append(AppointmentId(one.row.id))
            else:
                skipped.append(busy)
    if not booked:
        raise skipped[0]
    return Booking(tuple(booked), tuple(sorted(skipped, key=lambda busy: busy.starts_at)))


def desk_session(unit_id: UnitId, patient_id: PatientId, slot: Slot) -> DeskSession:
    """Return an appointment as the therapist's desk shows one. Raises NoSuchRoom."""
    return _desk_session(rooms_of(unit_id), patient_id, slot)


def rooms_of(unit_id: UnitId) -> Mapping[UUID, str]:
    return dict(Room.objects.filter(unit_id=unit_id).values_list("id", "name"))


def make_reminder(
    diary: OpenDiary, appointment_id: UUID, entry: Entry, *, starts_at: datetime, at: datetime
) -> OutboxRow | None:
    """Seal a reminder; none without an e-mail, and none when it is too late for one."""
    due = reminder_due(starts_at)
    if not entry.email or due <= at:
        return None
    words = reminders.compose(starts_at, to=entry.email, language=entry.language)
    row = uuid4()
    sealed = access.seal_reminder(diary.actor, row, due=due, body=reminders.write(words))
    return OutboxRow(id=row, appointment_id=appointment_id, due_at=due, sealed_row=sealed)


def _prepare(
    diary: OpenDiary, visitor: Visitor, slots: Sequence[Slot], *, at: datetime
) -> list[Prepared]:
    """Seal everything: the entries in one question, the desk's events in another."""
    rooms = rooms_of(diary.unit_id)
    ids = [AppointmentId(uuid4()) for _slot in slots]
    places = [_desk_session(rooms, visitor.patient_id, slot) for slot in slots]
    body = entries.write(visitor.entry)
    sealed = diary.seal([access.plain_entry(one, version=1, body=body) for one in ids])
    events = [
        (slot.therapist, desks.session_booked(one, place, at=at))
        for one, slot, place in zip(ids, slots, places, strict=True)
    ]
    drops = people.drop_on_desk(diary.actor, events)
    return [
        Prepared(
            slot,
            _row(diary, visitor, slot, known_as=one, sealed=entry),
            drop,
            make_reminder(diary, one, visitor.entry, starts_at=slot.starts_at, at=at),
        )
        for one, slot, entry, drop in zip(ids, slots, sealed, drops, strict=True)
    ]


def _row(
    diary: OpenDiary, visitor: Visitor, slot: Slot, *, known_as: AppointmentId, sealed: bytes
) -> Appointment:
    return Appointment(
        id=known_as,
        unit_id=diary.unit_id,
        therapist=slot.therapist,
        patient_id=visitor.patient_id,
        room_id=slot.room,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        sealed_entry=sealed,
    )


def _store(one: Prepared) -> Busy | None:
    """Write an appointment with what belongs to it, or say what stood in its way."""
    try:
        with refused_by_the_database(one.slot, PatientId(one.row.patient_id)):
            one.row.save(force_insert=True)
            people_actions.store_drops([one.drop])
            if one.reminder is not None:
                one.reminder.save(force_insert=True)
    except Busy as busy:
        return busy
    return None


def _desk_session(rooms: Mapping[UUID, str], patient_id: PatientId, slot: Slot) -> DeskSession:
    if slot.room is not None and slot.room not in rooms:
        raise NoSuchRoom
    name = "" if slot.room is None else rooms[slot.room]
    return DeskSession(patient_id, slot.starts_at, slot.ends_at, name)
