"""The pages of diary and day list, asked for as a browser does."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from tests.schedule.conftest import Practice
from vaitiolo.kit.dates import day_of
from vaitiolo.kit.ids import PatientId
from vaitiolo.people import actions as people_actions
from vaitiolo.people import desks
from vaitiolo.people.desks import DeskSession
from vaitiolo.schedule.models import Appointment
from vaitiolo.schedule.states import Because, State


def test_the_diary_shows_whom_a_therapist_sees(
    practice: Practice, aada: PatientId, next_week: date
) -> None:
    made = practice.booked(aada, next_week)
    for url in (
        f"/diary/{next_week}/",
        f"/diary/week/{practice.id('helmi')}/{next_week}/",
    ):
        page = practice.page("aino", url)
        assert "Aada Mäkinen" in page
        assert f"/diary/appointment/{made}/" in page
    assert "Helmi Halla" in practice.page("aino", "/diary/")
    assert "Aada" not in practice.page("aino", "/diary/")


def test_no_name_stands_beside_an_appointment_in_clear(
    practice: Practice, aada: PatientId, next_week: date
) -> None:
    made = practice.booked(aada, next_week, is_reminded="on")
    row = Appointment.objects.get(id=made)
    sealed = bytes(row.sealed_entry)
    assert "Mäkinen".encode() not in sealed
    assert b"example.org" not in sealed


def test_whom_to_book_is_found_with_the_next_time_beside(
    practice: Practice, aada: PatientId, next_week: date
) -> None:
    practice.booked(aada, next_week)
    browser = practice.browser("aino")
    answer = browser.post(f"/diary/book/?day={next_week}", {"words": "mäki"})
    page = answer.content.decode()
    assert f"/diary/book/{aada}/?day={next_week}" in page
    assert f"{next_week.day}.{next_week.month}. 14.00" in page
    assert "1 patient" in page
    form = practice.page("aino", f"/diary/book/{aada}/?day={next_week}")
    assert f'value="{next_week}"' in form
    assert "own therapist" in form


@pytest.mark.parametrize("by", ["aino", "helmi"])
def test_a_patients_times_can_be_looked_up(
    practice: Practice, aada: PatientId, next_week: date, by: str
) -> None:
    practice.booked(aada, next_week)
    page = practice.page(by, f"/diary/patient/{aada}/")
    assert f"{next_week.day}.{next_week.month}.{next_week.year}" in page
    assert "Helmi Halla" in page
    assert "Mäkinen" not in page


def test_a_page_of_another_role_stays_closed(practice: Practice) -> None:
    assert practice.browser("helmi").get("/diary/").status_code == 403
    assert practice.browser("aino").get("/diary/day/").status_code == 403
    assert practice.browser("ritva").get(f"/diary/patient/{uuid4()}/").status_code == 403


# --- the therapist's day -----------------------------------------------------------


def lay(practice: Practice, patient: PatientId, *, starts_in: timedelta) -> DeskSession:
    """Lay a session on Helmi's desk that begins a while from now, with its row."""
    now = timezone.now()
    begin = now + starts_in
    session = DeskSession(patient, begin, begin + timedelta(minutes=45), "Room 1")
    known_as = uuid4()
    Appointment.objects.create(
        id=known_as,
        unit_id=practice.clinic.unit("Kallio"),
        therapist=practice.id("helmi"),
        patient_id=patient,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        sealed_entry=b"-",
    )
    event = desks.session_booked(known_as, session, at=now)
    people_actions.lay_on_desks(practice.actor("aino"), [(practice.id("helmi"), event)])
    return session


def test_a_free_day_is_calm(practice: Practice) -> None:
    page = practice.page("helmi", "/diary/day/")
    assert "Nothing is waiting" in page
    assert "Uncharted" not in page


def test_home_of_a_therapist_is_the_day(practice: Practice) -> None:
    answer = practice.browser("helmi").get("/")
    assert answer.status_code == 302
    assert answer["Location"] == "/diary/day/"


def test_what_has_passed_is_uncharted_and_leads_to_the_note(
    practice: Practice, aada: PatientId
) -> None:
    lay(practice, aada, starts_in=timedelta(hours=-1))
    appointment = Appointment.objects.get()
    page = practice.page("helmi", "/diary/day/")
    assert "Uncharted" in page
    assert "Aada Mäkinen" in page
    assert f"/session/{appointment.id}/" in page
    [client] = practice.desk("helmi").caseload.values()
    answer = practice.browser("helmi").get(f"/charts/{client.chart_id}/session/{appointment.id}/")
    assert answer.status_code == 200


def test_what_did_not_take_place_leaves_the_list_and_can_be_put_back(
    practice: Practice, aada: PatientId
) -> None:
    lay(practice, aada, starts_in=timedelta(hours=-1))
    row = Appointment.objects.get()
    url = f"/diary/day/{row.id}/missed/"
    assert "Aada Mäkinen" in practice.page("helmi", url)
    assert practice.post(url, {}, by="helmi").status_code == 200
    assert practice.post(url, {"because": Because.PATIENT.value}, by="helmi").status_code == 302
    row.refresh_from_db()
    assert (row.state, row.missed_because) == (State.MISSED, Because.PATIENT)
    assert "Uncharted" not in practice.page("helmi", "/diary/day/")
    back = f"/diary/day/{row.id}/put-back/"
    assert practice.post(back, {}, by="helmi").status_code == 302
    row.refresh_from_db()
    assert (row.state, row.missed_because) == (State.BOOKED, None)
    assert "Uncharted" in practice.page("helmi", "/diary/day/")


def test_a_colleagues_session_looks_like_none(practice: Practice, aada: PatientId) -> None:
    lay(practice, aada, starts_in=timedelta(hours=-1))
    row = Appointment.objects.get()
    for appointment in (row.id, uuid4()):
        url = f"/diary/day/{appointment}/missed/"
        assert practice.browser("otso").get(url).status_code == 404
        assert practice.post(url, {"because": 1}, by="otso").status_code == 404
    row.refresh_from_db()
    assert row.state == State.BOOKED


def test_other_days_come_from_the_same_desk(
    practice: Practice, aada: PatientId, next_week: date
) -> None:
    made = practice.booked(aada, next_week)
    page = practice.page("helmi", f"/diary/day/{next_week}/")
    assert "Aada Mäkinen" in page
    assert f"/session/{made}/" in page
    assert "Nothing is booked" in practice.page("helmi", f"/diary/day/{next_week + timedelta(1)}/")
    today = day_of(timezone.now())
    assert practice.browser("helmi").get(f"/diary/day/{today}/").status_code == 302
