"""Words are looked for in the notes of the own caseload, and nowhere else."""

from datetime import timedelta

import pytest
from django.test import Client

from tests.charts.conftest import AADA, Aada
from vaitiolo.ledger.acts import Act

BEETLE = "Kertoo kovakuoriaisesta, joka istui ikkunalaudalla."


def look(browser: Client, words: str) -> str:
    answer = browser.post("/charts/search/", {"words": words}, headers={"X-Fragment": "results"})
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


@pytest.fixture
def helmi(aada: Aada) -> Client:
    return aada.practice.browser("helmi")


def test_a_hit_shows_day_kind_and_name_and_no_word_of_the_note(aada: Aada, helmi: Client) -> None:
    aada.signed(BEETLE)
    page = look(helmi, "kovakuoriaisesta ikkunalaudalla")
    assert "1 note" in page
    assert "Aada Mäkinen" in page
    assert "Note beside the sessions" in page
    assert "istui" not in page
    assert "<html" not in page


def test_a_search_is_recorded_and_says_whose_notes_were_found(aada: Aada, helmi: Client) -> None:
    aada.signed(BEETLE)
    before = len(aada.practice.entries())
    look(helmi, "kovakuoriaisesta")
    acts = aada.practice.entries()[before:]
    assert (acts.count(Act.SEARCH), acts.count(Act.SEARCH_HIT)) == (1, 1)
    assert Act.OPEN_CHART not in acts


def test_opening_a_hit_opens_the_chart_and_marks_the_words(aada: Aada, helmi: Client) -> None:
    note = aada.signed(f"Alku.\n\n{BEETLE}")
    before = len(aada.practice.entries())
    sent = {"note": note.id, "words": "KOVAkuoriaisesta istui"}
    page = helmi.post(f"{aada.url}found/", sent).content.decode()
    assert '<mark id="hit">kovakuoriaisesta</mark>' in page
    assert "<mark>istui</mark>" in page
    assert Act.OPEN_CHART in aada.practice.entries()[before:]


def test_only_words_of_the_newest_version_are_found(aada: Aada, helmi: Client) -> None:
    note = aada.signed(BEETLE)
    aada.sign(f"{aada.url}notes/{note.id}/{note.id}/", "Kertoo perhosesta.")
    assert "0 notes" in look(helmi, "kovakuoriaisesta")
    assert "1 note" in look(helmi, "perhosesta")


def test_a_colleagues_patients_are_not_looked_through(aada: Aada, helmi: Client, admit) -> None:
    aada.signed(BEETLE)
    others = admit(AADA, "otso")
    assert others.sign(f"{others.url}drafts/{aada.patient}/", BEETLE, by="otso").status_code == 200
    assert "1 note" in look(helmi, "kovakuoriaisesta")
    assert "1 note" in look(aada.practice.browser("otso"), "kovakuoriaisesta")


def test_a_chart_that_is_no_longer_open_is_left_out_and_said_so(aada: Aada, admit) -> None:
    aada.signed(BEETLE)
    own = admit(AADA, "otso")
    own.sign(f"{own.url}drafts/{aada.patient}/", BEETLE, by="otso")
    aada.let_in("otso", aada.starts_at.date() + timedelta(days=3))
    clinic = aada.practice.clinic
    assert "2 notes" in look(aada.practice.browser("otso"), "kovakuoriaisesta")
    clinic.clock.ahead += 5 * 24 * 3_600_000_000
    clinic.seat("otso")
    aada.practice.browsers.clear()
    page = look(aada.practice.browser("otso"), "kovakuoriaisesta")
    assert "1 note" in page
    assert "1 chart is no longer open to you" in page


@pytest.mark.parametrize("words", ["", "  ", "on", "a b"])
def test_too_little_to_look_for_is_said(helmi: Client, words: str) -> None:
    page = look(helmi, words)
    assert "letters" in page or "Write a word" in page


def test_the_page_finds_without_scripts_too(aada: Aada, helmi: Client) -> None:
    aada.signed(BEETLE)
    assert "data-find-words" in helmi.get("/charts/search/").content.decode()
    page = helmi.post("/charts/search/", {"words": "kovakuoriaisesta"}).content.decode()
    assert "<html" in page
    assert "Aada Mäkinen" in page


def test_an_empty_caseload_says_so(aada: Aada) -> None:
    assert "no patients on your desk" in look(aada.practice.browser("otso"), "kovakuoriainen")


def test_reception_does_not_search_notes(aada: Aada) -> None:
    answer = aada.practice.browser("aino").post("/charts/search/", {"words": "kovakuoriaisesta"})
    assert answer.status_code == 403


def test_a_hit_without_its_words_leads_back_to_the_search(aada: Aada, helmi: Client) -> None:
    assert helmi.post(f"{aada.url}found/", {"note": "x"})["Location"] == "/charts/search/"
