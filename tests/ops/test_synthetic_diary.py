"""The invented diary: full days, no double bookings, and in agreement with the notes."""

from collections import Counter
from datetime import date, timedelta

import pytest

from vaitiolo.ops.synthetic.clinic import SyntheticClinic, make_clinic
from vaitiolo.ops.synthetic.weeks import is_working_day

TODAY = date(2026, 11, 24)
SATURDAY, CHRISTMAS, NEW_YEAR = date(2026, 11, 28), date(2026, 12, 25), date(2027, 1, 4)
DAYS = [TODAY, SATURDAY, CHRISTMAS, NEW_YEAR]


@pytest.fixture(params=DAYS, ids=str)
def clinic(request: pytest.FixtureRequest) -> SyntheticClinic:
    return make_clinic(7, "demo", request.param)


def test_therapists_hold_six_to_eight_sessions_on_a_working_day(clinic) -> None:
    days = Counter((b.therapist.number, b.on) for b in clinic.appointments())
    assert set(days.values()) == {6, 7, 8}


def test_nobody_is_booked_twice_at_one_time(clinic) -> None:
    booked = list(clinic.appointments())
    for who in (lambda b: b.therapist.number, lambda b: b.patient.number):
        times = Counter((who(b), b.on, b.at) for b in booked)
        assert max(times.values()) == 1


def test_the_diary_reaches_from_past_weeks_to_six_weeks_ahead(clinic) -> None:
    days = [booked.on for booked in clinic.appointments()]
    assert min(days) <= clinic.today - timedelta(weeks=4)
    assert clinic.today + timedelta(weeks=5) < max(days) <= clinic.today + timedelta(weeks=7)
    assert all(is_working_day(day) or day == clinic.today for day in days)


def test_the_first_therapist_works_today_whatever_day_it_is(clinic) -> None:
    helmi = clinic.therapists[0]
    today = [booked for booked in clinic.diary(helmi) if booked.on == clinic.today]
    assert str(helmi.name) == "Helmi Aalto"
    assert len(today) >= 6
    assert not any(booked.is_charted for booked in today)
    assert len({booked.at for booked in today}) == len(today)


def test_some_sessions_of_the_last_working_day_wait_for_their_notes(clinic) -> None:
    waiting = [
        booked
        for booked in clinic.diary(clinic.therapists[0])
        if booked.on < clinic.today and booked.state == "held" and not booked.is_charted
    ]
    assert len(waiting) == 2
    assert len({booked.on for booked in waiting}) == 1
    assert [booked.draft() is not None for booked in waiting] == [False, True]


def test_a_charted_session_has_a_note_of_that_day_and_no_other_has(clinic) -> None:
    for booked in clinic.appointments():
        has_note = booked.on in booked.patient.sessions
        assert has_note == booked.is_charted, (booked.on, booked.state)


def test_some_were_cancelled_and_some_did_not_come(clinic) -> None:
    past = Counter(b.state for b in clinic.appointments() if b.on < clinic.today)
    assert past["held"] > 0.85 * past.total()
    assert min(past["cancelled"], past["missed"]) > 0
    ahead = {b.state for b in clinic.appointments() if b.on >= clinic.today}
    assert ahead == {"booked"}


def test_former_patients_of_the_large_clinic_have_notes_and_no_appointments() -> None:
    clinic = make_clinic(7, "2000", TODAY)
    still = {booked.patient.number for booked in clinic.appointments()}
    former = [patient for patient in clinic.patients() if patient.number not in still]
    assert len(former) > len(still)
    assert all(p.sessions[-1] < TODAY - timedelta(weeks=8) for p in former)
