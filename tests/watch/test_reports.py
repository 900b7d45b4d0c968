"""The report on the screen and on paper: plain words, in the patient's language."""

import io
from http import HTTPStatus
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import translation
from pypdf import PdfReader

from tests.cast import Clinic
from tests.warden.test_reporting import live
from vaitiolo.ledger.acts import Act
from vaitiolo.people.sign_in import COOKIE
from vaitiolo.watch import paper, words

URL = "/log/report/"
WHY = "Asked in a letter."
OF_NOBODY = {Act.OPEN_PHONEBOOK, Act.OPEN_DIARY, Act.OPEN_DESK, Act.OPEN_CASE, Act.SEARCH}


def browser(clinic: Clinic, name: str) -> Client:
    client = Client()
    client.cookies[COOKIE] = clinic.cookie(name)
    return client


def ask(clinic: Clinic, patient: UUID, *, name: str = "pia", **more: str) -> HttpResponse:
    fields = {"patient": str(patient), "reason": WHY, "language": "en", **more}
    return browser(clinic, name).post(URL, fields, headers={"accept-language": "en"})


def shown(answer: HttpResponse) -> str:
    return answer.content.decode().partition('<div class="report"')[2]


@pytest.mark.parametrize("name", ["helmi", "aino", "mauri", "ritva"])
def test_it_is_the_privacy_officers_page(clinic: Clinic, name: str) -> None:
    patient, _truth = live(clinic)
    assert browser(clinic, name).get(URL).status_code == HTTPStatus.FORBIDDEN
    assert ask(clinic, patient, name=name).status_code == HTTPStatus.FORBIDDEN


def test_a_wrong_number_is_said_beside_it_and_what_was_written_stays(clinic: Clinic) -> None:
    page = ask(clinic, clinic.id("helmi")).content.decode()
    assert "No patient has this number." in page
    assert WHY in page
    assert '<div class="report"' not in page


def test_it_says_who_did_what_in_plain_words(clinic: Clinic) -> None:
    patient, truth = live(clinic)
    said = shown(ask(clinic, patient))
    assert said.count("<time") == len(truth) + 1
    for words_of in (
        "opened the chart",
        "opened name and contact details",
        "signed a note",
        "gave access to Otso Oja",
        "tried to open the record",
        "had no access: not in the care team",
        "looked up who has used the record",
        WHY,
    ):
        assert words_of in said


def test_lines_are_chosen_by_person_day_and_kind(clinic: Clinic) -> None:
    patient, _truth = live(clinic)
    refused = shown(ask(clinic, patient, kind="refused"))
    assert (refused.count("<time"), refused.count("Otso Oja")) == (1, 1)
    by_otso = shown(ask(clinic, patient, person=str(clinic.id("otso"))))
    assert by_otso.count('<th scope="row">Otso Oja') == by_otso.count("<time") == 2
    assert shown(ask(clinic, patient, until="2020-01-01")).count("<time") == 0


@pytest.mark.parametrize(("language", "title"), [("fi", 'lang="fi"'), ("sv", 'lang="sv"')])
def test_it_speaks_the_patients_language_and_not_the_readers(
    clinic: Clinic, language: str, title: str
) -> None:
    patient, _truth = live(clinic)
    page = ask(clinic, patient, language=language).content.decode()
    assert title in page.partition('<div class="report"')[2][:40]
    assert "Who read a record" in page


def test_the_file_says_the_same_and_names_nobody_outside(clinic: Clinic) -> None:
    patient, truth = live(clinic)
    answer = ask(clinic, patient, deed="file")
    assert answer["Content-Disposition"] == 'attachment; filename="report.pdf"'
    assert "no-store" in answer["Cache-Control"]
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    for said in ("Who has used my record", "Helmi Halla", "opened the chart", str(patient)):
        assert said in text
    assert text.count("opened the chart") == sum(act == Act.OPEN_CHART for act, *_ in truth)
    assert "made this report as a file" in shown(ask(clinic, patient))


def test_paper_knows_the_letters_of_names_here() -> None:
    said = {
        "language": "fi",
        "title": "Šárka Åström",
        "texts": ["Ähtäri, Nguyễn"],
        "headings": ["a", "b", "c", "d"],
        "rows": [["1", "José Škoda", "Čapek", "ž"], ["2", "Šárka Đorđević", "Łukasz", "Щедрин"]],
        "not_printed": "plainly",
    }
    text = PdfReader(io.BytesIO(paper.drawn(said))).pages[0].extract_text()
    for name in ("Šárka Åström", "Ähtäri, Nguyen", "José Škoda", "Capek", "ž", "Šárka Dordevic"):
        assert name in text
    for name in ("Lukasz", "Shchedrin", "plainly"):
        assert name in text
    assert "?" not in text
    known = {**said, "texts": [], "rows": [["1", "Åström", "Škoda", "ž"]]}
    assert "plainly" not in PdfReader(io.BytesIO(paper.drawn(known))).pages[0].extract_text()


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_every_act_on_a_patients_chain_has_words(language: str) -> None:
    of_patients = {act for act in Act if act < Act.SIGN_IN} - OF_NOBODY
    assert of_patients <= set(words.ACTS)
    tables = (words.ACTS, words.ON_IDENTITY, words.PARTS, words.ROLES, words.GROUNDS)
    for table in (*tables, words.REFUSALS, words.TRIED):
        for said in table.values():
            with translation.override("en"):
                english = str(said)
            with translation.override(language):
                assert str(said) not in {"", english}
