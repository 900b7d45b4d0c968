"""What is taken stays taken, whoever asks and however many at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, time, timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import IntegrityError, connections, transaction
from django.utils import timezone

from tests.schedule.conftest import EERO, Practice
from vaitiolo.kit.ids import AppointmentId, PatientId
from vaitiolo.schedule import queries
from vaitiolo.schedule.access import open_diary
from vaitiolo.schedule.actions.booking import Visitor, book
from vaitiolo.schedule.actions.receiving import ReceivedAppointment, receive_appointments
from vaitiolo.schedule.clashes import (
    Busy,
    TherapistBusy,
    refused_by_the_database,
)
from vaitiolo.schedule.entries import Entry
from vaitiolo.schedule.models import Appointment
from vaitiolo.schedule.times import Slot, moment


def visitor(patient: PatientId) -> Visitor:
    return Visitor(patient, Entry("Aada Mäkinen"))


@pytest.mark.parametrize(
    ("changed", "busy", "says"),
    [
        ({"where": "video"}, "therapist", "The therapist is busy"),
        ({"therapist": "otso"}, "where", "The room is taken"),
        ({"therapist": "otso", "where": "video"}, "clock", "The patient has another appointment"),
    ],
)
def test_a_double_booking_is_told_beside_its_field_and_nothing_typed_is_lost(
    practice: Practice, aada: PatientId, next_week: date, changed, busy: str, says: str
) -> None:
    practice.booked(aada, next_week)
    if "therapist" in changed:
        changed = {**changed, "therapist": practice.id("otso").hex}
    someone = aada if busy == "clock" else practice.admit(EERO)
    typed = practice.typed(next_week, "14:30", **changed)
    answer = practice.post(f"/diary/book/{someone}/", typed)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert f"{says} on {next_week.day}.{next_week.month}. from 14.00 to 14.45" in page
    assert f'id="id_{busy}_error"' in page
    assert 'value="14:30"' in page
    assert Appointment.objects.count() == 1


def test_nothing_lasts_longer_than_a_day_or_ends_before_it_begins(
    practice: Practice, aada: PatientId, next_week: date
) -> None:
    made = Appointment.objects.filter(id=practice.booked(aada, next_week))
    begins = made.get().starts_at
    for ends in (begins + timedelta(hours=24, minutes=1), begins, begins - timedelta(minutes=5)):
        with pytest.raises(IntegrityError), transaction.atomic():
            made.update(ends_at=ends)


def test_what_the_database_refuses_says_who_is_busy(
    practice: Practice, aada: PatientId, next_week: date
) -> None:
    taken = Appointment.objects.get(id=practice.booked(aada, next_week))
    eero, slot = practice.admit(EERO), practice.slot(next_week)
    taken.id, taken.patient_id = uuid4(), eero
    with pytest.raises(TherapistBusy) as busy, refused_by_the_database(slot, eero):
        taken.save(force_insert=True)
    assert (busy.value.starts_at, busy.value.ends_at) == (slot.starts_at, slot.ends_at)


def test_of_two_at_once_one_has_the_time(
    practice: Practice, aada: PatientId, next_week: date
) -> None:
    eero, aino, at = practice.admit(EERO), practice.actor("aino"), timezone.now()
    slots = [practice.slot(next_week, time(hour)) for hour in range(8, 14)]
    together = Barrier(2)

    def attempt(patient: PatientId) -> list[str]:
        became = []
        for slot in slots:
            together.wait(60)
            try:
                book(open_diary(aino), visitor(patient), [slot], at=at)
                became.append("booked")
            except Busy as busy:
                became.append(type(busy).__name__)
        connections.close_all()
        return became

    with ThreadPoolExecutor(2) as pool:
        became = zip(*pool.map(attempt, [aada, eero]), strict=True)
    assert {tuple(sorted(pair)) for pair in became} == {("TherapistBusy", "booked")}
    assert Appointment.objects.count() == len(slots)
    assert len(practice.desk("helmi").sessions) == len(slots)


@pytest.mark.parametrize("times", ["0", "41"])
def test_a_series_has_one_to_forty_weeks(
    practice: Practice, aada: PatientId, next_week: date, times: str
) -> None:
    answer = practice.post(f"/diary/book/{aada}/", practice.typed(next_week, times=times))
    assert answer.status_code == 200
    assert not Appointment.objects.exists()


def test_next_and_last_are_told_by_ids_alone(
    practice: Practice, aada: PatientId, next_week: date
) -> None:
    practice.booked(aada, next_week, times=2)
    later = moment(next_week, time(16))
    told = queries.next_and_last([aada, PatientId(uuid4())], at=later)
    assert set(told) == {aada}
    assert told[aada].last_at == moment(next_week, time(14))
    assert told[aada].next_at == moment(next_week + timedelta(weeks=1), time(14))


def test_a_register_is_received_in_bulk_and_refused_whole(
    practice: Practice, aada: PatientId, next_week: date
) -> None:
    def row(slot: Slot) -> ReceivedAppointment:
        return ReceivedAppointment(
            id=AppointmentId(uuid4()),
            unit=open_diary(practice.actor("aino")).unit_id,
            therapist=slot.therapist,
            patient=aada,
            room=slot.room,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            sealed_entry=b"sealed elsewhere",
        )

    slots = [practice.slot(next_week + timedelta(weeks=week)) for week in range(3)]
    assert receive_appointments(map(row, slots)) == 3
    with pytest.raises(IntegrityError):
        receive_appointments(map(row, [practice.slot(next_week, time(18)), slots[0]]))
    assert Appointment.objects.count() == 3
