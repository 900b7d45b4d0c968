"""Reception finds, registers, corrects and assigns; what was said stays closed to it."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from tests.cast import TOOLO, Clinic
from tests.people.conftest import Actors, Browser
from vaitiolo.people import actions, desks, queries
from vaitiolo.people.access import open_desk, open_identity
from vaitiolo.people.actions import ChangedMeanwhile, HasTherapist
from vaitiolo.people.models import Drop, IdentityVersion, Patient, PhonebookRow
from vaitiolo.warden import client as warden
from vaitiolo.warden.client import NotAllowed, NotGranted
from vaitiolo.warden.kinds import Purpose

HETU, OTHER_HETU = "010190-999W", "010594Y9032"
TYPED = {
    "given_name": "Aada",
    "family_name": "Mäkinen",
    "hetu": HETU,
    "phone": "+358 48 001 2345",
    "email": "aada@example.org",
    "street": "Esimerkkikatu 1 A 2",
    "postal_code": "00500",
    "town": "Helsinki",
    "language": "fi",
    "kin_name": "Eero Mäkinen",
    "kin_relation": "puoliso",
    "kin_phone": "048 001 9999",
    "safe_contact": "Vain arkisin, ei kirjeitä kotiin",
}


@pytest.fixture
def aino(browser: Browser) -> Client:
    return browser("aino")


def register(browser: Client, **changed: str) -> Patient:
    answer = browser.post("/patients/register/", {**TYPED, **changed})
    assert answer.status_code == 302, answer.content.decode()
    return Patient.objects.get(id=UUID(answer["Location"].split("/")[2]))


def found(browser: Client, words: str) -> str:
    return browser.post(
        "/patients/", {"words": words}, headers={"X-Fragment": "results"}
    ).content.decode()


# --- registering ------------------------------------------------------------------


def test_a_registered_patient_is_found_by_what_the_phone_says(aino: Client) -> None:
    patient = register(aino)
    for words in ("mäkinen", "MAKI", "aada mäk", "048 001", "aada@ex", "1.1.1990", HETU.lower()):
        page = found(aino, words)
        assert f"/patients/{patient.id}/" in page, words
        assert "1 patient" in page
        assert HETU not in page
    assert "Nobody found" in found(aino, "virtanen")


def test_nothing_that_was_typed_stands_in_clear(aino: Client) -> None:
    register(aino)
    stored = b"".join(
        bytes(body)
        for table in (IdentityVersion, PhonebookRow)
        for body in table.objects.values_list("sealed_body", flat=True)
    )
    for words in TYPED.values():
        assert len(words) < 3 or words.encode() not in stored


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"hetu": "010190-999X"}, "last character"),
        ({"hetu": "311190-9990"}, "a day that does not exist"),
        ({"hetu": "Mäkinen"}, "form of a Finnish identity code"),
        ({"hetu": "", "born_on": ""}, "Give the identity code or the birth date"),
        ({"born_on": "1990-01-02"}, "not the one in the identity code"),
        ({"phone": "soita äidille"}, "digits, spaces"),
        ({"email": "aada"}, "valid email"),
        ({"family_name": ""}, "required"),
    ],
)
def test_wrong_input_names_the_field_and_keeps_what_was_typed(
    aino: Client, typed: dict[str, str], said: str
) -> None:
    page = aino.post("/patients/register/", {**TYPED, **typed}).content.decode()
    assert said in page
    assert f'href="#id_{next(reversed(typed))}"' in page
    for name, words in {**TYPED, **typed}.items():
        assert name == "language" or not words or f'value="{words}"' in page
    assert not Patient.objects.exists()


def test_outside_a_demonstration_an_invented_code_is_refused(aino: Client, settings: Any) -> None:
    settings.DEMO = False
    page = aino.post("/patients/register/", TYPED).content.decode()
    assert "belong to nobody" in page


def test_somebody_without_an_identity_code_is_registered_by_birth_date(aino: Client) -> None:
    patient = register(aino, hetu="", born_on="1985-02-03")
    assert f"/patients/{patient.id}/" in found(aino, "3.2.1985")


def test_a_code_that_is_known_here_leads_to_its_patient(aino: Client) -> None:
    patient = register(aino)
    page = aino.post("/patients/register/", {**TYPED, "given_name": "Toinen"}).content.decode()
    assert "already has this identity code" in page
    assert f"/patients/{patient.id}/" in page
    assert Patient.objects.count() == 1


def test_a_namesake_born_on_the_same_day_is_registered_once_somebody_says_so(
    aino: Client,
) -> None:
    typed = {**TYPED, "hetu": "", "born_on": "1985-02-03"}
    register(aino, **typed)
    page = aino.post("/patients/register/", typed).content.decode()
    assert "same name and birth date" in page
    assert '<input type="checkbox" name="is_another"' in page
    register(aino, **typed, is_another="on")
    assert Patient.objects.count() == 2


def test_a_code_known_at_another_unit_is_only_perhaps_known(
    aino: Client, browser: Browser, practice: Clinic
) -> None:
    register(aino)
    answer = browser("taito").post("/patients/register/", TYPED)
    assert answer.cookies["notice"].value == "people/perhaps-elsewhere"
    page = browser("taito").get(answer["Location"]).content.decode()
    assert "Esimerkkikatu" in page
    assert Patient.objects.filter(unit=practice.unit(TOOLO)).count() == 1


def test_a_colleague_who_signs_in_later_finds_those_already_there(
    aino: Client, practice: Clinic, browser: Browser
) -> None:
    patient = register(aino)
    practice.seat("aino")
    assert f"/patients/{patient.id}/" in found(browser("aino"), "mäkinen")


def test_the_other_unit_finds_nobody_and_opens_nothing(aino: Client, browser: Browser) -> None:
    patient, taito = register(aino), browser("taito")
    assert "Nobody found" in found(taito, "mäkinen")
    assert taito.get(f"/patients/{patient.id}/").status_code == 404
    assert taito.get(f"/patients/{uuid4()}/").status_code == 404


# --- the patient's page -----------------------------------------------------------


def test_the_identity_code_is_covered_until_it_is_asked_for(aino: Client) -> None:
    there = f"/patients/{register(aino).id}/"
    page = aino.get(there).content.decode()
    assert HETU not in page
    assert "010190-••••" in page
    assert HETU in aino.post(there, {"show": "code"}).content.decode()


def test_an_edit_is_a_new_version_and_keeps_the_earlier_one(aino: Client) -> None:
    patient = register(aino)
    there = f"/patients/{patient.id}/"
    assert 'name="version" value="1"' in aino.get(f"{there}details/").content.decode()
    typed = {**TYPED, "family_name": "Uusi", "phone": "048 002 1111", "version": "1"}
    assert aino.post(f"{there}details/", typed)["Location"] == there
    page = aino.get(f"{there}history/").content.decode()
    assert "<td>Mäkinen</td><td>Uusi</td>" in page
    assert "Aino Aho" in page
    assert f"/patients/{patient.id}/" in found(aino, "048 002")
    assert "Nobody found" in found(aino, "048 001 2345")


def test_two_who_change_the_same_patient_lose_nothing(aino: Client) -> None:
    there = f"/patients/{register(aino).id}/details/"
    assert aino.post(there, {**TYPED, "town": "Espoo", "version": "1"}).status_code == 302
    second = {**TYPED, "street": "Toinen katu 3", "version": "1"}
    page = aino.post(there, second).content.decode()
    assert "changed these details meanwhile" in page
    assert 'value="Toinen katu 3"' in page
    assert 'name="version" value="2"' in page


def test_under_the_lock_the_version_is_looked_at_again(aino: Client, actor: Actors) -> None:
    patient, who = register(aino), actor("aino")
    identity = open_identity(who, patient.id, purpose=Purpose.RECEPTION)
    now = queries.read_identity(identity)
    actions.change_identity(identity, now.record, since=1, at=now.changed_at)
    with pytest.raises(ChangedMeanwhile):
        actions.change_identity(identity, now.record, since=1, at=now.changed_at)


def test_a_changed_code_is_entered_into_the_index(aino: Client) -> None:
    patient = register(aino)
    typed = {**TYPED, "hetu": OTHER_HETU, "version": "1"}
    assert aino.post(f"/patients/{patient.id}/details/", typed).status_code == 302
    assert f"/patients/{patient.id}/" in found(aino, OTHER_HETU)


# --- a therapist is assigned --------------------------------------------------------


@pytest.fixture
def assigned(aino: Client, practice: Clinic) -> Patient:
    patient = register(aino)
    there = f"/patients/{patient.id}/therapist/"
    page = aino.get(there).content.decode()
    assert "Helmi Halla" in page
    assert "Otso Oja" in page
    assert "Aino Aho" not in page.partition("<main")[2]
    answer = aino.post(there, {"therapist": practice.id("helmi").hex})
    assert answer.cookies["notice"].value == "people/assigned"
    patient.refresh_from_db()
    return patient


def test_the_assigned_therapist_opens_chart_and_identity(assigned: Patient, actor: Actors) -> None:
    helmi = actor("helmi")
    opened = warden.open_compartment(helmi.session, assigned.chart, purpose=Purpose.CARE)
    assert [reader.name for reader in opened.readers] == ["Helmi Halla"]
    identity = open_identity(helmi, assigned.id, purpose=Purpose.CARE)
    assert queries.read_identity(identity).record.name == "Aada Mäkinen"


def test_the_patient_lies_on_the_therapists_desk(assigned: Patient, actor: Actors) -> None:
    desk = queries.read_desk(open_desk(actor("helmi")))
    known = desk.caseload[assigned.id]
    assert (known.name, known.chart_id) == ("Aada Mäkinen", assigned.chart)
    assert not queries.read_desk(open_desk(actor("otso"))).caseload


def test_whoever_assigned_never_opens_the_chart(assigned: Patient, practice: Clinic) -> None:
    for name in ("aino", "otso", "ritva", "mauri"):
        with pytest.raises(NotGranted):
            warden.open_compartment(
                practice.session(name), assigned.chart, purpose=Purpose.RECEPTION
            )


def test_the_page_names_the_therapist_and_says_that_charts_are_closed(
    assigned: Patient, aino: Client
) -> None:
    page = aino.get(f"/patients/{assigned.id}/").content.decode()
    assert "<li>Helmi Halla</li>" in page
    assert "Reception does not see charts" in page
    assert "Assign a therapist" not in page


def test_only_the_present_therapist_lets_another_one_in(
    assigned: Patient, aino: Client, practice: Clinic
) -> None:
    there = f"/patients/{assigned.id}/therapist/"
    page = aino.get(there).content.decode()
    assert "treated by Helmi Halla" in page
    assert "<form" not in page.partition("<main")[2].partition("</main")[0]
    answer = aino.post(there, {"therapist": practice.id("otso").hex})
    assert answer.status_code == HasTherapist.status
    assigned.refresh_from_db()
    assert Patient.objects.get(id=assigned.id).chart == assigned.chart


def test_a_new_name_reaches_the_desk_of_the_care_team(
    assigned: Patient, aino: Client, actor: Actors
) -> None:
    typed = {**TYPED, "family_name": "Uusi", "version": "1"}
    aino.post(f"/patients/{assigned.id}/details/", typed)
    desk = queries.read_desk(open_desk(actor("helmi")))
    assert desk.caseload[assigned.id].name == "Aada Uusi"


def test_a_therapist_of_another_unit_or_nobody_cannot_be_assigned(
    aino: Client, practice: Clinic
) -> None:
    there = f"/patients/{register(aino).id}/therapist/"
    for chosen in (practice.id("taito").hex, uuid4().hex, ""):
        assert aino.post(there, {"therapist": chosen}).status_code == 200
    assert not Drop.objects.exists()


# --- who may come here --------------------------------------------------------------


@pytest.mark.parametrize("name", ["helmi", "ritva", "mauri"])
def test_others_do_not_come_to_the_desk_of_reception(browser: Browser, name: str) -> None:
    for there in ("/patients/", "/patients/register/"):
        answer = browser(name).get(there)
        assert answer.status_code == 403
        assert "another role" in answer.content.decode()


def test_names_never_come_by_the_address(aino: Client) -> None:
    register(aino)
    assert "Mäkinen" not in aino.get("/patients/?words=mäkinen").content.decode()


def test_the_navigation_is_that_of_the_role(aino: Client) -> None:
    page = aino.get("/patients/").content.decode()
    assert "Aino Aho" in page
    assert 'href="/patients/register/"' in page
    assert 'href="/patients/" aria-current="page"' in page


def test_a_desk_takes_an_event_from_anybody_but_some_from_its_holder_alone(
    assigned: Patient, actor: Actors
) -> None:
    aino, helmi = actor("aino"), actor("helmi")
    at = queries.read_identity(open_identity(aino, assigned.id, purpose=Purpose.RECEPTION))
    event = desks.client_removed(assigned.id, at=at.changed_at)
    actions.lay_on_desks(aino, [(helmi.id, event)])
    desk = queries.read_desk(open_desk(helmi))
    assert assigned.id in desk.caseload
    assert desk.unread == 1


def test_reception_cannot_make_a_chart_for_itself(aino: Client, actor: Actors) -> None:
    patient, who = register(aino), actor("aino")
    identity = open_identity(who, patient.id, purpose=Purpose.RECEPTION)
    with pytest.raises(NotAllowed):
        warden.create_compartments(
            who.session,
            [warden.NewCompartment(2, identity.patient_id, (who.id,), ())],
        )
