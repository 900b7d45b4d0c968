"""What patients have booked goes to the colleague who got their charts; what cannot go stays."""

from datetime import date, timedelta
from uuid import UUID

from tests.schedule.conftest import EERO, Practice
from vaitiolo.kit.ids import PatientId
from vaitiolo.people import desks
from vaitiolo.schedule.models import Appointment

BUSY = "14:00"


def give(practice: Practice, *patients: PatientId, by: str = "aino") -> str:
    """Give what is booked with Helmi to Otso, and return the page after it."""
    url = f"/diary/week/{practice.id('helmi')}/give/"
    typed = {"to": practice.id("otso").hex, "patients": [one.hex for one in patients]}
    answer = practice.browser(by).post(url, typed, follow=True)
    page: str = answer.content.decode()
    return page if answer.status_code == 200 else str(answer.status_code)


def therapist_of(made: UUID) -> UUID:
    whose: UUID = Appointment.objects.get(id=made).therapist
    return whose


def test_sessions_go_with_their_patient_and_both_desks_know(
    practice: Practice, aada: PatientId, next_week: date
) -> None:
    eero = practice.admit(EERO)
    made = [practice.booked(aada, next_week + timedelta(days=7 * turn)) for turn in (0, 1)]
    stays = practice.booked(eero, next_week, "16:00")
    page = practice.page("aino", f"/diary/week/{practice.id('helmi')}/give/")
    assert "Aada Mäkinen, 2 sessions from" in page
    assert "Eero Mäkinen, one session," in page
    page = give(practice, aada)
    assert "The sessions are given" in page
    assert "Aada" not in page
    assert {therapist_of(one) for one in made} == {practice.id("otso")}
    assert therapist_of(stays) == practice.id("helmi")
    helmi, otso = practice.desk("helmi").sessions, practice.desk("otso").sessions
    assert {helmi[one].state for one in made} == {desks.State.CANCELLED}
    assert {otso[one].state for one in made} == {desks.State.BOOKED}
    assert helmi[stays].state is desks.State.BOOKED


def test_where_the_colleague_is_busy_the_session_stays_and_is_told(
    practice: Practice, aada: PatientId, next_week: date
) -> None:
    eero = practice.admit(EERO)
    stays = practice.booked(aada, next_week, BUSY)
    goes = practice.booked(aada, next_week, "15:00")
    otso = {"therapist": practice.id("otso").hex, "where": "video"}
    practice.booked(eero, next_week, BUSY, **otso)
    page = give(practice, aada)
    assert "The rest stays where it was" in page
    assert "the therapist is busy" in page
    assert "Aada Mäkinen, one session," in page
    assert (therapist_of(stays), therapist_of(goes)) == (practice.id("helmi"), practice.id("otso"))


def test_nobody_but_the_reception_of_the_unit_gives_sessions(
    practice: Practice, aada: PatientId, next_week: date
) -> None:
    made = practice.booked(aada, next_week)
    assert give(practice, aada, by="helmi") in {"403", "404"}
    # In another unit there is no such session to choose.
    assert "Nothing is booked" in give(practice, aada, by="taito")
    assert therapist_of(made) == practice.id("helmi")
