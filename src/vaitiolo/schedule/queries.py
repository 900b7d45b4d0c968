"""What is read of the diary: a day of the unit, a week of a therapist, one appointment, a day list.

Names come out of sealed entries, all of one page in one question. Plain values, never rows.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Max, Min, Q, QuerySet

from vaitiolo.kit.dates import day_of, span_of
from vaitiolo.kit.ids import AppointmentId, HolderId, PatientId, UnitId
from vaitiolo.people import desks
from vaitiolo.people.day_groups import SessionRow
from vaitiolo.people.desks import Desk
from vaitiolo.schedule import access, entries
from vaitiolo.schedule.access import (
    AppointmentNotFound,
    NotYourSession,
    OpenDiary,
    Read,
    SealBroken,
    Sealed,
)
from vaitiolo.schedule.clashes import coming_with
from vaitiolo.schedule.entries import Entry, EntryUnknown
from vaitiolo.schedule.models import Appointment, OutboxRow, Room
from vaitiolo.schedule.states import Sending, State


@dataclass(frozen=True, slots=True)
class RoomRow:
    """A room of the unit."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Visit:
    """An appointment in the diary. Without an entry it could not be verified and is not shown."""

    id: AppointmentId
    patient_id: PatientId
    therapist: HolderId
    room: RoomRow | None
    starts_at: datetime
    ends_at: datetime
    state: State
    version: int
    entry: Entry | None = field(repr=False)

    @property
    def name(self) -> str:
        return "" if self.entry is None else self.entry.name

    @property
    def is_booked(self) -> bool:
        return self.state is State.BOOKED

    @property
    def is_cancelled(self) -> bool:
        return self.state is State.CANCELLED

    @property
    def is_missed(self) -> bool:
        return self.state is State.MISSED


@dataclass(frozen=True, slots=True)
class Booked:
    """A patient with sessions to come with one therapist: how many, and the first of them."""

    patient_id: PatientId
    first: Visit
    number: int


@dataclass(frozen=True, slots=True)
class When:
    """An appointment without a name: when, with whom, where."""

    id: AppointmentId
    therapist: HolderId
    room_name: str
    starts_at: datetime
    ends_at: datetime
    state: State


@dataclass(frozen=True, slots=True)
class NextAndLast:
    """When a patient comes next and was here last."""

    next_at: datetime | None = None
    last_at: datetime | None = None


# --- the diary --------------------------------------------------------------------


def list_rooms(unit_id: UnitId | None) -> tuple[RoomRow, ...]:
    if unit_id is None:
        return ()
    rows = Room.objects.filter(unit_id=unit_id).order_by("name")
    return tuple(RoomRow(row.id, row.name) for row in rows)


def list_day(diary: OpenDiary, day: date) -> tuple[Visit, ...]:
    """Return all appointments of the unit on a day, in order of time."""
    return _visits(diary, _between(diary.unit_id, *span_of(day)))


def list_week(diary: OpenDiary, therapist: HolderId, days: Sequence[date]) -> tuple[Visit, ...]:
    """Return the appointments of one therapist on these days, in order of time."""
    begin, end = span_of(days[0])[0], span_of(days[-1])[1]
    return _visits(diary, _between(diary.unit_id, begin, end).filter(therapist=therapist))


def list_booked_with(diary: OpenDiary, therapist: HolderId, *, at: datetime) -> tuple[Booked, ...]:
    """Return who has something booked with a therapist, by name. One entry of each is opened."""
    rows = list(coming_with(diary.unit_id, therapist, at=at).values_list("patient_id", "id"))
    numbers = Counter(patient_id for patient_id, _id in rows)
    firsts = dict(reversed(rows))
    visits = _visits(diary, Appointment.objects.filter(id__in=list(firsts.values())))
    found = [Booked(one.patient_id, one, numbers[one.patient_id]) for one in visits]
    return tuple(sorted(found, key=lambda one: one.first.name))


def get_visit(diary: OpenDiary, appointment_id: AppointmentId) -> Visit:
    """Return one appointment of the diary. Raises AppointmentNotFound."""
    rows = Appointment.objects.filter(unit_id=diary.unit_id, id=appointment_id)
    found = _visits(diary, rows)
    if not found:
        raise AppointmentNotFound
    return found[0]


def is_reminder_given_up(appointment_id: AppointmentId) -> bool:
    given_up = Sending.GIVEN_UP.value
    return OutboxRow.objects.filter(appointment_id=appointment_id, state=given_up).exists()


def reminder_goes_out_at(appointment_id: AppointmentId) -> datetime | None:
    """Return when a reminder goes out; none when there is none, or it was given up."""
    rows = OutboxRow.objects.filter(appointment_id=appointment_id)
    waiting = rows.exclude(state=Sending.GIVEN_UP.value)
    return waiting.values_list("due_at", flat=True).first()


def _between(unit_id: UnitId, begin: datetime, end: datetime) -> QuerySet[Appointment]:
    return Appointment.objects.filter(unit_id=unit_id, starts_at__gte=begin, starts_at__lt=end)


def _visits(diary: OpenDiary, rows: QuerySet[Appointment]) -> tuple[Visit, ...]:
    found = list(rows.select_related("room").order_by("starts_at", "id"))
    sealed = [
        access.sealed_entry(row.id, version=row.version, sealed=row.sealed_entry) for row in found
    ]
    reads = _unseal(diary, sealed)
    return tuple(_visit(row, _entry(read)) for row, read in zip(found, reads, strict=True))


def _unseal(diary: OpenDiary, sealed: Sequence[Sealed]) -> list[Read | None]:
    try:
        return list(diary.unseal(sealed))
    except SealBroken:
        if len(sealed) == 1:
            return [None]
    # One altered row must not hide a whole day. Halving finds it, and reads the rest.
    half = len(sealed) // 2
    return _unseal(diary, sealed[:half]) + _unseal(diary, sealed[half:])


def _entry(read: Read | None) -> Entry | None:
    try:
        return None if read is None else entries.read(read.body)
    except EntryUnknown:
        return None


def _visit(row: Appointment, entry: Entry | None) -> Visit:
    return Visit(
        AppointmentId(row.id),
        PatientId(row.patient_id),
        HolderId(row.therapist),
        None if row.room is None else RoomRow(row.room.id, row.room.name),
        row.starts_at,
        row.ends_at,
        State(row.state),
        row.version,
        entry,
    )


# --- a patient's appointments: ids and times, nothing is opened ----------------------


def next_and_last(patient_ids: Iterable[PatientId], *, at: datetime) -> Mapping[UUID, NextAndLast]:
    """Return for each patient when they come next and were here last."""
    takes_time = Q(state__in=(State.BOOKED, State.HELD))
    rows = (
        Appointment.objects.filter(takes_time, patient_id__in=list(patient_ids))
        .values("patient_id")
        .annotate(
            next=Min("starts_at", filter=Q(starts_at__gt=at)),
            last=Max("starts_at", filter=Q(starts_at__lte=at)),
        )
        .order_by()
    )
    return {row["patient_id"]: NextAndLast(row["next"], row["last"]) for row in rows}


def list_coming(patient_id: PatientId, unit_id: UnitId, *, at: datetime) -> tuple[When, ...]:
    """Return what a patient has booked in a unit from now on, the next one first."""
    rows = _of_patient(patient_id, unit_id).filter(ends_at__gt=at, state=State.BOOKED)
    return tuple(map(_when, rows.order_by("starts_at")))


def find_last(patient_id: PatientId, unit_id: UnitId, *, at: datetime) -> When | None:
    """Return the last appointment of a patient in a unit that is over, unless it was cancelled."""
    rows = _of_patient(patient_id, unit_id).filter(ends_at__lte=at)
    row = rows.exclude(state=State.CANCELLED).order_by("-starts_at").first()
    return None if row is None else _when(row)


def _of_patient(patient_id: PatientId, unit_id: UnitId) -> QuerySet[Appointment]:
    rows = Appointment.objects.filter(patient_id=patient_id, unit_id=unit_id)
    return rows.select_related("room")


def _when(row: Appointment) -> When:
    name = "" if row.room is None else row.room.name
    return When(
        AppointmentId(row.id),
        HolderId(row.therapist),
        name,
        row.starts_at,
        row.ends_at,
        State(row.state),
    )


# --- the day list: drawn from the desk alone -----------------------------------------


def sessions_on(desk: Desk, day: date) -> tuple[SessionRow, ...]:
    """Return all sessions of a day as the desk knows them, whatever became of them."""
    drafts = {draft.appointment_id: (key, draft) for key, draft in desk.drafts.items()}
    rows = []
    for appointment_id, session in desk.sessions.items():
        if day_of(session.starts_at) == day:
            draft_id, draft = drafts.get(appointment_id, (None, None))
            client = desk.caseload.get(session.patient_id)
            rows.append(SessionRow(appointment_id, session, client, draft_id, draft))
    return tuple(sorted(rows, key=_by_time))


def not_held_on(desk: Desk, day: date) -> tuple[SessionRow, ...]:
    """Return the sessions of a day that were cancelled or did not take place."""
    turned = {desks.State.CANCELLED, desks.State.MISSED}
    return tuple(row for row in sessions_on(desk, day) if row.session.state in turned)


def get_session(desk: Desk, appointment_id: AppointmentId) -> SessionRow:
    """Return one session as the desk knows it. Raises NotYourSession."""
    session = desk.sessions.get(appointment_id)
    if session is None:
        raise NotYourSession
    client = desk.caseload.get(session.patient_id)
    return SessionRow(appointment_id, session, client, None, None)


def _by_time(row: SessionRow) -> Any:
    return row.session.starts_at, row.appointment_id
