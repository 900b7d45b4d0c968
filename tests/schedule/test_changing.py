"""A change reaches desk and reminder together, or nothing is changed."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from tests.schedule.conftest import EERO, Practice, is_at
from vaitiolo.kit.ids import AppointmentId, PatientId
from vaitiolo.people import actions as people_actions
from vaitiolo.people import desks
from vaitiolo.people.staff import EndReason
from vaitiolo.schedule import queries
from vaitiolo.schedule.access import open_diary
from vaitiolo.schedule.actions import changing, outcomes
from vaitiolo.schedule.actions.changing import ChangedMeanwhile
from vaitiolo.schedule.entries import Reason
from vaitiolo.schedule.models import Appointment, OutboxRow
from vaitiolo.schedule.states import State
from vaitiolo.schedule.times import reminder_due


@pytest.fixture
def made(practice: Practice, aada: PatientId, next_week: date) -> UUID:
    return practice.booked(aada, next_week, is_reminded="on")


def move(practice: Practice, made: UUID, day: date, clock: str, **changed: object) -> str:
    version = Appointment.objects.get(id=made).version
    typed = practice.typed(day, clock, version=version, **changed)
    answer = practice.post(f"/diary/appointment/{made}/move/", typed)
    return "" if answer.status_code == 302 else answer.content.decode()


def cancel(practice: Practice, made: UUID, reason: str = "illness") -> None:
    version = Appointment.objects.get(id=made).version
    typed = {"reason": reason, "version": version}
    answer = practice.post(f"/diary/appointment/{made}/cancel/", typed)
    assert answer.status_code == 302, answer.content.decode()


def undo(practice: Practice, made: UUID) -> int:
    version = Appointment.objects.get(id=made).version
    return practice.post(f"/diary/appointment/{made}/again/", {"version": version}).status_code


def test_a_moved_time_reaches_desk_and_reminder(
    practice: Practice, made: UUID, next_week: date
) -> None:
    before = OutboxRow.objects.get()
    page = practice.page("aino", f"/diary/appointment/{made}/move/")
    assert 'value="14:00"' in page
    assert move(practice, made, next_week + timedelta(2), "15:30", where="video") == ""
    row, after = Appointment.objects.get(id=made), OutboxRow.objects.get()
    assert is_at(row, next_week + timedelta(2), "15:30")
    session = practice.desk("helmi").sessions[made]
    assert (session.starts_at, session.room) == (row.starts_at, "")
    assert after.id != before.id
    assert after.due_at == reminder_due(row.starts_at)
    assert "Aada Mäkinen" in practice.page("aino", f"/diary/appointment/{made}/")


def test_a_move_into_a_taken_time_changes_nothing(
    practice: Practice, made: UUID, next_week: date
) -> None:
    practice.booked(practice.admit(EERO), next_week, "16:00")
    before = OutboxRow.objects.get()
    page = move(practice, made, next_week, "16:15")
    assert "The therapist is busy on" in page
    row = Appointment.objects.get(id=made)
    assert is_at(row, next_week, "14:00")
    assert row.version == 1
    assert OutboxRow.objects.get().id == before.id
    assert practice.desk("helmi").sessions[made].starts_at == row.starts_at


def test_an_undone_cancellation_is_booked_and_reminded_again(
    practice: Practice, made: UUID
) -> None:
    cancel(practice, made)
    assert undo(practice, made) == 302
    assert Appointment.objects.get(id=made).state == State.BOOKED
    assert OutboxRow.objects.count() == 1
    assert practice.desk("helmi").sessions[made].state is desks.State.BOOKED
    visit = queries.get_visit(open_diary(practice.actor("aino")), AppointmentId(made))
    assert visit.entry is not None
    assert visit.entry.reason is None


def test_what_was_given_to_another_is_not_undone(
    practice: Practice, made: UUID, next_week: date
) -> None:
    cancel(practice, made)
    practice.booked(practice.admit(EERO), next_week)
    assert undo(practice, made) == 409
    assert Appointment.objects.get(id=made).state == State.CANCELLED
    assert practice.desk("helmi").sessions[made].state is desks.State.CANCELLED


def test_what_a_leaving_colleague_had_can_still_be_cancelled(
    practice: Practice, made: UUID
) -> None:
    people_actions.end_access(practice.actor("ritva"), practice.id("helmi"), reason=EndReason.LEFT)
    cancel(practice, made, "practice")
    assert Appointment.objects.get(id=made).state == State.CANCELLED


def test_a_held_session_is_neither_cancelled_nor_moved(
    practice: Practice, made: UUID, next_week: date
) -> None:
    outcomes.hold(practice.actor("otso"), AppointmentId(made))
    assert Appointment.objects.get(id=made).state == State.BOOKED
    outcomes.hold(practice.actor("helmi"), AppointmentId(made))
    assert Appointment.objects.get(id=made).state == State.HELD
    diary, at = open_diary(practice.actor("aino")), timezone.now()
    with pytest.raises(ChangedMeanwhile):
        changing.cancel(diary, AppointmentId(made), Reason.OTHER, since=1, at=at)
