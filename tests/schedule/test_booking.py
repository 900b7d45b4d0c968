"""Booking, moving, cancelling, undoing: the database holds, the desk follows, nothing is lost."""

from datetime import date, time, timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.schedule.conftest import EERO, Practice, is_at
from vaitiolo.kit.ids import AppointmentId, PatientId
from vaitiolo.people.desks import State as OnDesk
from vaitiolo.schedule.access import AppointmentNotFound, open_diary, open_diary_of
from vaitiolo.schedule.actions import booking, changing
from vaitiolo.schedule.actions.changing import ChangedMeanwhile
from vaitiolo.schedule.clashes import RoomBusy, TherapistBusy, read_skipped, refused_by_the_database
from vaitiolo.schedule.entries import Entry, Reason
from vaitiolo.schedule.models import Appointment, OutboxRow
from vaitiolo.schedule.states import State
from vaitiolo.schedule.times import Slot, moment, reminder_due, weekly
from vaitiolo.warden.client import NotAllowed

WEEK = timedelta(weeks=1)


@pytest.fixture
def eero(practice: Practice, aada: PatientId) -> PatientId:
    return practice.admit(EERO, therapist="otso")


# --- nobody is in two places --------------------------------------------------------


def test_a_double_booking_is_told_beside_what_is_busy(
    practice: Practice, aada: PatientId, eero: PatientId, next_week: date
) -> None:
    practice.booked(aada, next_week)
    otso, helmi = practice.id("otso").hex, practice.id("helmi").hex
    room_2, room_1 = practice.rooms["Room 2"].hex, practice.rooms["Room 1"].hex
    for who, changed, said in (
        (eero, {"therapist": helmi, "where": room_2}, "The therapist is busy on"),
        (eero, {"therapist": otso, "where": room_1}, "The room is taken on"),
        (aada, {"therapist": otso, "where": room_2}, "The patient has another appointment on"),
    ):
        typed = practice.typed(next_week, "14:30", **changed)
        answer = practice.post(f"/diary/book/{who}/", typed)
        assert answer.status_code == 200
        page = answer.content.decode()
        assert said in page
        assert "from 14.00 to 14.45" in page
        assert 'value="14:30"' in page
    assert Appointment.objects.count() == 1


def test_what_touches_does_not_clash(
    practice: Practice, aada: PatientId, eero: PatientId, next_week: date
) -> None:
    practice.booked(aada, next_week, "14:00")
    practice.booked(eero, next_week, "14:45")
    practice.booked(aada, next_week, "13:15")
    assert Appointment.objects.count() == 3


def test_video_is_no_room(
    practice: Practice, aada: PatientId, eero: PatientId, next_week: date
) -> None:
    practice.booked(aada, next_week, where="video")
    practice.booked(eero, next_week, where="video", therapist=practice.id("otso").hex)
    assert Appointment.objects.filter(room=None).count() == 2


def test_the_database_itself_refuses(
    practice: Practice, aada: PatientId, eero: PatientId, next_week: date
) -> None:
    made = practice.booked(aada, next_week)
    row = Appointment.objects.get(id=made)
    other = practice.booked(eero, next_week, "16:00", therapist=practice.id("otso").hex)
    with pytest.raises(IntegrityError, match="a_therapist_is_in_one_place"), transaction.atomic():
        Appointment.objects.create(
            id=practice.id("otso"),
            unit_id=row.unit_id,
            therapist=row.therapist,
            patient_id=eero,
            starts_at=row.starts_at + timedelta(minutes=44),
            ends_at=row.ends_at + timedelta(minutes=44),
            sealed_entry=b"-",
        )
    with pytest.raises(IntegrityError, match="a_room_is_used_once"), transaction.atomic():
        Appointment.objects.filter(id=other).update(
            starts_at=row.starts_at, ends_at=row.ends_at, room=row.room
        )
    slot = Slot(practice.id("helmi"), row.room_id, row.starts_at, row.ends_at)
    with pytest.raises(TherapistBusy), refused_by_the_database(slot, eero):
        Appointment.objects.filter(id=other).update(
            therapist=slot.therapist, starts_at=row.starts_at, ends_at=row.ends_at
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.filter(id=other).update(ends_at=row.starts_at)
    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.filter(id=other).update(ends_at=row.starts_at + timedelta(days=2))


def test_a_cancelled_time_is_free_and_cannot_be_taken_twice_by_undoing(
    practice: Practice, aada: PatientId, eero: PatientId, next_week: date
) -> None:
    made = practice.booked(aada, next_week)
    cancel(practice, made)
    practice.booked(eero, next_week)
    answer = practice.post(f"/diary/appointment/{made}/again/", {"version": 2})
    assert answer.status_code == 409
    assert "busy" in answer.content.decode()
    assert Appointment.objects.get(id=made).state == State.CANCELLED
    assert practice.desk("helmi").sessions[made].state is OnDesk.CANCELLED


def test_a_room_of_another_unit_cannot_be_taken(
    practice: Practice, aada: PatientId, next_week: date
) -> None:
    diary = open_diary(practice.actor("aino"))
    visitor = booking.Visitor(aada, Entry("Aada Mäkinen"))
    slot = practice.slot(next_week, room="Attic")
    with pytest.raises(booking.NoSuchRoom):
        booking.book(diary, visitor, [slot], at=timezone.now())
    assert not Appointment.objects.exists()


# --- series --------------------------------------------------------------------------


def test_a_series_leaves_out_the_week_that_clashes_and_says_so(
    practice: Practice, aada: PatientId, eero: PatientId, next_week: date
) -> None:
    practice.booked(eero, next_week + WEEK, "14:15", where="video")
    typed = practice.typed(next_week, times=4)
    answer = practice.post(f"/diary/book/{aada}/", typed)
    assert answer.status_code == 302
    starts = Appointment.objects.filter(patient_id=aada).values_list("starts_at", flat=True)
    days = [next_week, next_week + 2 * WEEK, next_week + 3 * WEEK]
    assert sorted(starts) == [moment(day, time(14)) for day in days]
    page = practice.page("aino", answer["Location"])
    assert "the therapist is busy" in page
    skipped = answer["Location"].partition("skipped=")[2]
    assert read_skipped(skipped) == [(next_week + WEEK, "t")]
    assert len(practice.desk("helmi").sessions) == 4


def test_a_series_of_nothing_but_clashes_books_nothing(
    practice: Practice, aada: PatientId, eero: PatientId, next_week: date
) -> None:
    practice.booked(eero, next_week, times=2)
    answer = practice.post(f"/diary/book/{aada}/", practice.typed(next_week, times=2))
    assert answer.status_code == 200
    assert "The therapist is busy on" in answer.content.decode()
    assert Appointment.objects.count() == 2


def test_a_series_follows_the_clock_on_the_wall() -> None:
    before, after = weekly(date(2026, 10, 22), time(14), 2)
    assert (before.hour, after.hour) == (11, 12)
    spring = weekly(date(2027, 3, 25), time(8, 30), 2)
    assert [(one.hour, one.minute) for one in spring] == [(6, 30), (5, 30)]
    assert reminder_due(after) == moment(date(2026, 10, 28), time(10))


def test_an_hour_that_comes_twice_is_no_clash_with_itself(
    practice: Practice, aada: PatientId
) -> None:
    # Summer time ends on 2027-10-31 at four.
    practice.booked(aada, date(2027, 10, 31), "02:30")
    made = practice.booked(aada, date(2027, 10, 31), "04:00")
    assert is_at(Appointment.objects.get(id=made), date(2027, 10, 31), "04:00")


# --- moving, cancelling, undoing ------------------------------------------------------


def cancel(practice: Practice, made: UUID, *, version: int = 1, reason: str = "patient") -> None:
    url = f"/diary/appointment/{made}/cancel/"
    answer = practice.post(url, {"version": version, "reason": reason})
    assert answer.status_code == 302, answer.content.decode()


def test_what_is_booked_lies_on_the_desk(
    practice: Practice, aada: PatientId, next_week: date
) -> None:
    made = practice.booked(aada, next_week)
    session = practice.desk("helmi").sessions[made]
    assert session.patient_id == aada
    assert session.starts_at == moment(next_week, time(14))
    assert (session.room, session.state) == ("Room 1", OnDesk.BOOKED)
    assert not practice.desk("otso").sessions


def test_moving_reaches_the_desk(practice: Practice, aada: PatientId, next_week: date) -> None:
    made = practice.booked(aada, next_week)
    url = f"/diary/appointment/{made}/move/"
    assert 'value="14:00"' in practice.page("aino", url)
    typed = practice.typed(next_week, "14:30", where="video", version=1)
    assert practice.post(url, typed).status_code == 302
    row = Appointment.objects.get(id=made)
    assert is_at(row, next_week, "14:30")
    assert row.version == 2
    session = practice.desk("helmi").sessions[made]
    assert (session.starts_at, session.room) == (row.starts_at, "")
    assert "Aada Mäkinen" in practice.page("aino", f"/diary/appointment/{made}/")


def test_moving_to_a_colleague_tells_both_desks(
    practice: Practice, aada: PatientId, next_week: date
) -> None:
    made = practice.booked(aada, next_week)
    typed = practice.typed(next_week, therapist=practice.id("otso").hex, version=1)
    assert practice.post(f"/diary/appointment/{made}/move/", typed).status_code == 302
    assert practice.desk("helmi").sessions[made].state is OnDesk.CANCELLED
    assert practice.desk("otso").sessions[made].state is OnDesk.BOOKED


def test_moving_onto_somebody_changes_nothing(
    practice: Practice, aada: PatientId, eero: PatientId, next_week: date
) -> None:
    made = practice.booked(aada, next_week)
    practice.booked(eero, next_week, "15:00")
    typed = practice.typed(next_week, "15:15", version=1)
    answer = practice.post(f"/diary/appointment/{made}/move/", typed)
    assert answer.status_code == 200
    assert "The therapist is busy on" in answer.content.decode()
    row = Appointment.objects.get(id=made)
    assert (row.version, is_at(row, next_week, "14:00")) == (1, True)
    assert practice.desk("helmi").sessions[made].starts_at == row.starts_at


def test_cancelling_and_undoing_reach_the_desk(
    practice: Practice, aada: PatientId, next_week: date
) -> None:
    made = practice.booked(aada, next_week)
    cancel(practice, made, reason="illness")
    assert practice.desk("helmi").sessions[made].state is OnDesk.CANCELLED
    page = practice.page("aino", f"/diary/appointment/{made}/")
    assert "Somebody is ill" in page
    assert "Undo" in page
    assert b"illness" not in bytes(Appointment.objects.get(id=made).sealed_entry)
    assert "Aada" in practice.page("aino", f"/diary/{next_week}/")
    answer = practice.post(f"/diary/appointment/{made}/again/", {"version": 2})
    assert answer.status_code == 302
    assert practice.desk("helmi").sessions[made].state is OnDesk.BOOKED
    assert "Somebody is ill" not in practice.page("aino", f"/diary/appointment/{made}/")


def test_who_was_overtaken_changes_nothing(
    practice: Practice, aada: PatientId, next_week: date
) -> None:
    made = AppointmentId(practice.booked(aada, next_week))
    diary, now = open_diary_of(practice.actor("aino"), made), timezone.now()
    later = practice.slot(next_week, time(16))
    changing.move(diary, made, later, since=1, at=now)
    with pytest.raises(ChangedMeanwhile):
        changing.cancel(diary, made, Reason.OTHER, since=1, at=now)
    with pytest.raises(ChangedMeanwhile):
        changing.move(diary, made, practice.slot(next_week), since=1, at=now)
    row = Appointment.objects.get(id=made)
    assert (row.state, row.starts_at) == (State.BOOKED, later.starts_at)


def test_a_day_that_is_over_cannot_be_booked(practice: Practice, aada: PatientId) -> None:
    answer = practice.post(f"/diary/book/{aada}/", practice.typed(date(2020, 1, 1)))
    assert answer.status_code == 200
    assert "This day is over." in answer.content.decode()


# --- whose diary it is ------------------------------------------------------------------


def test_another_unit_reads_nothing(practice: Practice, aada: PatientId, next_week: date) -> None:
    made = practice.booked(aada, next_week)
    page = practice.page("taito", f"/diary/{next_week}/")
    assert "Mäkinen" not in page
    assert str(made) not in page
    taito = practice.browser("taito")
    for url in ("", "move/", "cancel/"):
        answer = taito.get(f"/diary/appointment/{made}/{url}")
        assert answer.status_code == 404
        assert "Mäkinen" not in answer.content.decode()
    url = f"/diary/appointment/{made}/cancel/"
    assert practice.post(url, {"version": 1, "reason": "other"}, by="taito").status_code == 404
    assert taito.get(f"/diary/book/{aada}/").status_code == 404
    assert Appointment.objects.get(id=made).state == State.BOOKED
    with pytest.raises(AppointmentNotFound):
        open_diary_of(practice.actor("taito"), AppointmentId(made))
    assert "Helmi" not in practice.page("taito", f"/diary/patient/{aada}/")


def test_an_altered_entry_hides_no_other(
    practice: Practice, aada: PatientId, eero: PatientId, next_week: date
) -> None:
    made = practice.booked(aada, next_week)
    practice.booked(eero, next_week, "15:00")
    other = practice.booked(eero, next_week, "16:00")
    swapped = Appointment.objects.get(id=other).sealed_entry
    Appointment.objects.filter(id=made).update(sealed_entry=swapped)
    page = practice.page("aino", f"/diary/{next_week}/")
    assert "Cannot be verified" in page
    assert "One entry is not as it was sealed" in page
    assert page.count("Eero Mäkinen") == 2
    assert "Aada" not in page


def test_reminders_go_with_their_appointment(
    practice: Practice, aada: PatientId, next_week: date
) -> None:
    made = practice.booked(aada, next_week, is_reminded="on")
    first = OutboxRow.objects.get(appointment_id=made)
    assert first.due_at == moment(next_week - timedelta(days=1), time(10))
    typed = practice.typed(next_week + WEEK, version=1)
    assert practice.post(f"/diary/appointment/{made}/move/", typed).status_code == 302
    second = OutboxRow.objects.get(appointment_id=made)
    assert second.id != first.id
    assert second.due_at == moment(next_week + WEEK - timedelta(days=1), time(10))
    cancel(practice, made, version=2)
    assert not OutboxRow.objects.exists()


def test_a_therapist_who_has_left_gets_no_new_time(
    practice: Practice, aada: PatientId, next_week: date
) -> None:
    made = practice.booked(aada, next_week)
    answer = practice.post(
        f"/staff/{practice.id('helmi')}/end/", {"reason": 1, "is_sure": "on"}, by="ritva"
    )
    assert answer.status_code == 302, answer.content.decode()
    page = practice.page("aino", f"/diary/{next_week}/")
    assert "Former colleague" in page
    assert "Aada Mäkinen" in page
    diary = open_diary(practice.actor("aino"))
    visitor = booking.Visitor(aada, Entry("Aada Mäkinen"))
    with pytest.raises(NotAllowed):
        booking.book(diary, visitor, [practice.slot(next_week + WEEK)], at=timezone.now())
    cancel(practice, made, reason="practice")
    assert Appointment.objects.get(id=made).state == State.CANCELLED


def test_room_busy_says_when(practice: Practice, aada: PatientId, next_week: date) -> None:
    slot = practice.slot(next_week)
    busy = RoomBusy(slot.starts_at, slot.ends_at)
    assert (
        busy.said()
        == f"The room is taken on {next_week.day}.{next_week.month}. from 14.00 to 14.45."
    )
