"""Bad days of these pages: the warden away, the ledger silent, a place that is nobody's."""

from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.test import Client

from tests.cast import Clinic
from tests.people.conftest import Actors, Browser
from tests.people.test_reception import TYPED, register
from vaitiolo.people import queries
from vaitiolo.people.access import NoUnit, PatientNotFound, open_identity
from vaitiolo.people.models import IdentityVersion, Patient, PhonebookRow
from vaitiolo.people.records import RecordUnknown, read_found, read_identity
from vaitiolo.warden.client import SealBroken
from vaitiolo.warden.kinds import Purpose
from vaitiolo.warden.transport import OverSocket


def test_without_the_warden_a_page_says_so_and_keeps_what_was_typed(
    browser: Browser, settings: LazySettings, tmp_path: Path
) -> None:
    aino = browser("aino")
    settings.WARDEN = OverSocket(tmp_path / "nobody.sock")
    page = aino.get("/patients/")
    assert page.status_code == 503
    assert "Records cannot be opened now" in page.content.decode()
    form = "application/x-www-form-urlencoded"
    typed = aino.post("/patients/register/", "family_name=Kesken", content_type=form)
    assert typed.status_code == 503
    assert 'value="Kesken"' in typed.content.decode()


def test_without_the_warden_nobody_signs_in(
    practice: Clinic, settings: LazySettings, tmp_path: Path
) -> None:
    settings.WARDEN = OverSocket(tmp_path / "nobody.sock")
    answer = Client().post("/sign-in/", {"name": "helmi", "password": "wrong"})
    assert answer.status_code == 503


def test_a_row_moved_to_another_patient_does_not_open(browser: Browser) -> None:
    aino = browser("aino")
    one = register(aino)
    other = register(aino, hetu="010594Y9032", given_name="Toinen")
    swapped = IdentityVersion.objects.get(patient=one).sealed_body
    IdentityVersion.objects.filter(patient=other).update(sealed_body=swapped)
    answer = aino.get(f"/patients/{other.id}/")
    assert answer.status_code == SealBroken.status
    assert "Mäkinen" not in answer.content.decode()


def test_a_patient_whose_rows_are_gone_is_not_found(browser: Browser, actor: Actors) -> None:
    patient = register(browser("aino"))
    IdentityVersion.objects.all().delete()
    identity = open_identity(actor("aino"), patient.id, purpose=Purpose.RECEPTION)
    with pytest.raises(PatientNotFound):
        queries.read_identity(identity)


def test_a_registration_that_the_database_refuses_leaves_nobody_half_registered(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    aino = browser("aino")
    aino.raise_request_exception = False

    def full(*_args: object, **_more: object) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as patch:
        patch.setattr(PhonebookRow.objects, "create", full)
        assert aino.post("/patients/register/", TYPED).status_code == 500
    assert not Patient.objects.exists()
    assert register(aino)


def test_who_has_no_unit_has_no_phone_book(actor: Actors) -> None:
    with pytest.raises(NoUnit):
        queries.find_patients(actor("ritva"), "mäk")


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"version":2}', b'{"born":"1.1."}'])
def test_a_document_of_an_unknown_form_is_refused(body: bytes) -> None:
    with pytest.raises(RecordUnknown):
        read_identity(body)
    with pytest.raises(RecordUnknown):
        read_found(body)


def test_unknown_ids_lead_nowhere(practice: Clinic) -> None:
    assert queries.find_compartments(uuid4()) is None
    assert queries.find_patient_of_chart(uuid4()) is None
    assert queries.find_unit(uuid4()) is None
    assert not queries.name_of_unit(uuid4())


def test_a_chart_leads_to_its_patients_compartments(browser: Browser, practice: Clinic) -> None:
    aino = browser("aino")
    patient = register(aino)
    aino.post(f"/patients/{patient.id}/therapist/", {"therapist": practice.id("helmi").hex})
    patient.refresh_from_db()
    found = queries.find_patient_of_chart(patient.chart)
    assert found == queries.find_compartments(patient.id)
    assert found is not None
    assert (found.shared, found.unit_id) == (patient.shared, patient.unit_id)
    unit = queries.find_unit(found.unit_id)
    assert unit is not None
    assert unit.diary == practice.diary()
