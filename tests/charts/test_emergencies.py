"""The pages of emergencies: on call, opening with a reason, ending, and the morning after."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.cast import KALLIO
from tests.charts.conftest import AADA, WORDS, Aada
from tests.warden.emergencies import REASON, switch
from vaitiolo.schedule.models import OutboxRow
from vaitiolo.warden import client

HETU = "010190-999W"
EMERGENCY = "/charts/emergency/"


def let_it_be_saturday(aada: Aada) -> Aada:
    """Put Otso on call; the chart and the identity are reached, and Helmi has signed a note."""
    practice = aada.practice
    aada.signed()
    switch(practice.clinic)
    unit = practice.clinic.unit(KALLIO)
    chosen = {"persons": [str(practice.id("otso"))]}
    ritva = practice.browser("ritva")
    page = ritva.post(f"{EMERGENCY}rosters/{unit}/", chosen)
    assert "Otso Oja" in page.content.decode()
    assert ritva.post(f"{EMERGENCY}rosters/{unit}/confirm/", chosen).status_code == 302
    client.due_rotations(practice.clinic.session("helmi"))
    return aada


@pytest.fixture
def saturday(aada: Aada) -> Aada:
    return let_it_be_saturday(aada)


def opened(aada: Aada) -> str:
    otso = aada.practice.browser("otso")
    page = otso.post(EMERGENCY, {"patient": str(aada.patient), "reason": REASON})
    assert "Open this record?" in page.content.decode()
    answer = otso.post(f"{EMERGENCY}{aada.patient}/", {"reason": REASON, "assertion": ""})
    assert answer.status_code == 302, answer.content.decode()
    return otso.get(answer["Location"]).content.decode()


def test_a_record_is_read_in_an_emergency_and_everybody_is_told(saturday: Aada) -> None:
    shown = opened(saturday)
    assert AADA.name in shown
    assert AADA.phone in shown
    assert WORDS.split(".")[0] in shown
    assert "Helmi Halla and the privacy officer are told." in shown
    assert "The patient is told by e-mail." in shown
    assert OutboxRow.objects.get().appointment is None
    day = saturday.practice.browser("helmi").get("/diary/day/").content.decode()
    assert f"Otso Oja opened the record of {AADA.name}" in day
    assert REASON in day
    own = saturday.practice.browser("otso").get("/diary/day/").content.decode()
    assert "You opened in an emergency" in own
    assert "It was seen: Helmi Halla and the privacy officer" in own
    listed = saturday.practice.browser("pia").get(f"{EMERGENCY}openings/").content.decode()
    assert REASON in listed
    assert "not told yet" not in listed


def test_it_is_ended_by_a_button_and_shows_nothing_after(saturday: Aada) -> None:
    opened(saturday)
    otso = saturday.practice.browser("otso")
    assert otso.post(f"{EMERGENCY}{saturday.patient}/end/").status_code == 302
    after = otso.get(f"{EMERGENCY}{saturday.patient}/", follow=True).content.decode()
    assert "not open any more" in after
    assert WORDS.split(".")[0] not in after


def test_not_all_right_needs_a_sentence_and_opens_an_incident(saturday: Aada) -> None:
    opened(saturday)
    helmi = saturday.practice.browser("helmi")
    [told] = client.list_glasses(saturday.practice.clinic.session("helmi"))
    url = f"{EMERGENCY}openings/{told.opening}/"
    assert "Nothing was answered yet" in helmi.post(url, {"is_right": "no"}).content.decode()
    said = helmi.post(url, {"is_right": "no", "words": "En tunne tilannetta."}, follow=True)
    assert "An incident is open" in said.content.decode()
    [told] = client.list_glasses(saturday.practice.clinic.session("pia"))
    assert told.incident is not None
    pia = saturday.practice.browser("pia")
    listed = pia.get(f"{EMERGENCY}openings/").content.decode()
    assert f"/incidents/{told.incident}/" in listed
    assert pia.get(f"/incidents/{told.incident}/").status_code == 200


def test_a_patient_with_a_safe_way_is_found_by_the_code_and_not_written_to(
    admit: Callable[..., Aada],
) -> None:
    record = replace(AADA, hetu=HETU, safe_contact="Vain puhelimitse arkisin")
    patient = let_it_be_saturday(admit(record))
    otso = patient.practice.browser("otso")
    page = otso.post(EMERGENCY, {"patient": HETU, "reason": REASON}).content.decode()
    assert f"{EMERGENCY}{patient.patient}/" in page
    assert record.name not in page
    assert "the privacy officer tells them" in opened(patient)
    assert not OutboxRow.objects.exists()
    listed = patient.practice.browser("pia").get(f"{EMERGENCY}openings/").content.decode()
    assert "not told yet" in listed


def test_a_bar_is_set_and_lifted_on_the_page_of_the_care_team(saturday: Aada) -> None:
    assert "Bar this patient" in saturday.page(url=f"{saturday.url}team/")
    helmi = saturday.practice.browser("helmi")
    helmi.post(f"{saturday.url}emergencies/", {"barred": "yes"})
    assert "Allow emergencies" in saturday.page(url=f"{saturday.url}team/")
    helmi.post(f"{saturday.url}emergencies/", {"barred": ""})
    assert "Bar this patient" in saturday.page(url=f"{saturday.url}team/")


def test_who_is_not_on_call_and_who_types_a_strangers_code_see_why(saturday: Aada) -> None:
    helmi = saturday.practice.browser("helmi").get(EMERGENCY).content.decode()
    assert "You are not on call." in helmi
    otso = saturday.practice.browser("otso")
    said = otso.post(EMERGENCY, {"patient": HETU, "reason": REASON}).content.decode()
    assert "No patient of the units" in said
    assert HETU in said  # it can be corrected, and stands in no address
    short = otso.post(EMERGENCY, {"patient": str(saturday.patient), "reason": "kiire"})
    assert "at least ten letters" in short.content.decode()
