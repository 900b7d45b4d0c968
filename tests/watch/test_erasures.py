"""Erasing as officers do it: one asks, another approves, and every row of the patient is gone."""

import re
from datetime import timedelta
from http import HTTPStatus
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connections
from django.http import HttpResponse
from django.utils import timezone

from tests.charts.conftest import Aada, Practice, _pages_in_english, aada, admit, practice
from vaitiolo.charts.models import Note, NoteVersion
from vaitiolo.keys import store
from vaitiolo.people import erasing
from vaitiolo.people import queries as people_queries
from vaitiolo.people.access import open_desk
from vaitiolo.people.models import ErasureBegun, IdentityVersion, Patient, PhonebookRow
from vaitiolo.schedule.models import Appointment, OutboxRow
from vaitiolo.watch import access
from vaitiolo.watch.access import LedgerSilent

__all__ = ["_pages_in_english", "aada", "admit", "practice"]

URL = "/log/erasures/"
WHY = "Same person as another record."


def fill(aada: Aada) -> None:
    """Give the patient a note, a draft, a booked hour and a reminder, as the pages would."""
    aada.signed()
    aada.save(aada.draft_url())
    begins = timezone.now() + timedelta(days=2)
    patient = Patient.objects.get(id=aada.patient)
    appointment = Appointment.objects.create(
        id=aada.appointment,
        unit_id=patient.unit_id,
        therapist=aada.practice.id("helmi"),
        patient=patient,
        starts_at=begins,
        ends_at=begins + timedelta(minutes=45),
        sealed_entry=b"sealed",
    )
    OutboxRow.objects.create(
        id=aada.appointment, appointment=appointment, due_at=begins, sealed_row=b"sealed"
    )


def ask(aada: Aada, *, deed: str = "ask", by: str = "pia", **more: str) -> HttpResponse:
    asked = {"subject": str(aada.patient), "basis": "wrong-person", "reason": WHY, **more}
    return aada.practice.browser(by).post(f"{URL}ask/", {**asked, "deed": deed})


def waiting(practice: Practice) -> str:
    page = practice.browser("mauri").get(URL).content.decode()
    [number] = re.findall(rf"{URL}(\d+)/", page)
    return f"{URL}{number}/"


def named(patient: UUID) -> list[str]:
    """Every table of the pages in which the patient's number stands."""
    found = []
    for model in apps.get_models():
        if model._meta.app_label in {"keys", "ledger"}:
            continue
        with connections["default"].cursor() as cursor:
            cursor.execute(f"SELECT * FROM {model._meta.db_table}")
            rows = repr(cursor.fetchall())
        if patient.hex in rows or str(patient) in rows:
            found.append(model.__name__)
    return found


def test_one_asks_another_approves_and_no_row_is_left(aada: Aada) -> None:
    practice = aada.practice
    fill(aada)
    assert "Aada" in aada.page(url="/charts/")
    looked = ask(aada, deed="look").content.decode()
    shown = ("What will be gone", "What stays", "Touch the key and ask", str(aada.patient))
    assert all(said in looked for said in shown)
    assert ask(aada).status_code == HTTPStatus.FOUND
    url = waiting(practice)
    own = practice.browser("pia").get(url).content.decode()
    assert "You asked for it, so another officer has to approve it." in own
    assert "Touch the key and erase" not in own
    second = practice.browser("mauri").get(url).content.decode()
    assert WHY in second
    assert "the keys of 3 parts of the record" in second
    assert practice.browser("mauri").post(url, {"deed": "approve"})["Location"] == URL

    assert named(aada.patient) == []
    tables = (Patient, IdentityVersion, PhonebookRow, Note, NoteVersion, Appointment, OutboxRow)
    assert [table.objects.count() for table in tables] == [0] * len(tables)
    assert store.compartments_of(aada.patient) == []
    listed = practice.browser("ritva").get(URL).content.decode()
    assert "asked by Pia Puro, approved by Mauri Mäki" in listed
    assert "Aada" not in aada.page(url="/charts/")
    # The name leaves the therapist's own desk with the next fold, which is that of the day page.
    assert "Aada" not in aada.page(url="/diary/day/")
    folded = people_queries.read_desk(open_desk(practice.actor("helmi")))
    assert aada.patient not in folded.caseload


def test_the_pages_are_for_officers_and_asking_for_one_of_them(aada: Aada) -> None:
    practice = aada.practice
    for name in ("helmi", "aino"):
        assert practice.browser(name).get(URL).status_code == HTTPStatus.FORBIDDEN
    for name in ("helmi", "aino", "mauri", "ritva"):
        assert ask(aada, by=name).status_code == HTTPStatus.FORBIDDEN
    assert "Nobody was ever erased" in practice.browser("ritva").get(URL).content.decode()


def test_what_is_wrong_is_said_beside_it(aada: Aada) -> None:
    page = ask(aada, deed="look", subject=str(aada.chart)).content.decode()
    assert "has this number. Nothing was changed." in page
    assert WHY in page
    assert "Why" in ask(aada, deed="change").content.decode()
    assert ask(aada, basis="because").status_code == HTTPStatus.OK
    assert ask(aada, basis="log-retention-over").status_code == HTTPStatus.FORBIDDEN
    gone = aada.practice.browser("mauri").get(f"{URL}12345/")
    assert gone.status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(("by", "button"), [("pia", "Take it back"), ("mauri", "Decline")])
def test_it_can_be_ended_and_nothing_is_gone(aada: Aada, by: str, button: str) -> None:
    practice = aada.practice
    ask(aada)
    url = waiting(practice)
    assert button in practice.browser(by).get(url).content.decode()
    practice.browser(by).post(url, {"deed": "end", "reason": "Not this one."})
    answer = practice.browser("mauri").post(url, {"deed": "approve"})
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert Patient.objects.filter(id=aada.patient).exists()
    assert not ErasureBegun.objects.exists()


def test_an_interrupted_erasure_is_finished(aada: Aada, monkeypatch: pytest.MonkeyPatch) -> None:
    practice = aada.practice
    ask(aada)

    def cut_off(_patient: UUID) -> int:
        raise LedgerSilent

    with monkeypatch.context() as cut:
        cut.setattr(erasing, "remove_rows", cut_off)
        practice.browser("mauri").post(waiting(practice), {"deed": "approve"})
    assert "An erasure was interrupted." in practice.browser("pia").get(URL).content.decode()
    practice.browser("pia").post(f"{URL}finish/")
    assert named(aada.patient) == []


def test_finishing_removes_nothing_of_whom_the_warden_did_not_erase(aada: Aada) -> None:
    erasing.begin(aada.patient)
    aada.practice.browser("pia").post(f"{URL}finish/")
    assert Patient.objects.filter(id=aada.patient).exists()
    assert not ErasureBegun.objects.exists()
    with pytest.raises(access.NobodyToErase):
        access.look_at_erasure(aada.practice.actor("pia"), aada.chart)
