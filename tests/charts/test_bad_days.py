"""Too long, empty, the warden away, access ended, a row tampered with: said, and nothing lost."""

import json
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.conf import LazySettings

from tests.charts.conftest import WORDS, Aada
from vaitiolo.charts.models import Chart, Draft, Note, NoteVersion
from vaitiolo.people import actions as people
from vaitiolo.people.staff import EndReason
from vaitiolo.warden.transport import OverSocket

LONG = "Pitkä. " * 40_000
HEADINGS = "Data\n\n\nAssessment\n\n\nPlan\n"


@pytest.fixture
def _warden_is_away(aada: Aada, settings: LazySettings, tmp_path: Path) -> None:
    settings.WARDEN = OverSocket(tmp_path / "nobody.sock")


def test_a_note_that_is_too_long_is_refused_and_the_draft_stands(aada: Aada) -> None:
    url = aada.draft_url()
    aada.save(url)
    for answer in (aada.save(url, LONG, version=1), aada.sign(url, LONG, version=1)):
        assert answer.status_code == 413
        assert "200 kilobytes" in answer.json()["message"]
    assert not Note.objects.exists()
    assert WORDS in aada.page(url=aada.session_url)


def test_a_long_paste_is_not_cut_by_the_browser(aada: Aada) -> None:
    assert 'maxlength="1000000"' in aada.page(url=aada.session_url)


def test_more_than_a_request_may_carry_is_said_in_the_same_way(aada: Aada) -> None:
    answer = aada.save(aada.draft_url(), "x" * 3_000_000)
    assert answer.status_code == 413
    assert answer.json()["message"]


@pytest.mark.parametrize("text", ["", "  \n ", HEADINGS])
def test_nothing_is_not_signed(aada: Aada, text: str) -> None:
    answer = aada.sign(aada.draft_url(), text)
    assert answer.status_code == 422
    assert "nothing written yet" in answer.json()["message"]
    assert not Note.objects.exists()


@pytest.mark.parametrize("text", ["", LONG])
def test_without_scripts_refused_words_stand_on_the_page(aada: Aada, text: str) -> None:
    url = aada.draft_url()
    sent = {"text": text, "template": "dap", "version": "0"}
    answer = aada.practice.browser("helmi").post(f"{url}sign/", sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Not signed. Your words are kept on this page." in page
    assert f"{text}</textarea>" in page
    assert f'action="{url}sign/"' in page


@pytest.mark.usefixtures("_warden_is_away")
def test_with_the_warden_away_the_editor_is_told_and_nothing_is_stored(aada: Aada) -> None:
    for answer in (aada.save(aada.draft_url()), aada.sign(aada.draft_url())):
        assert answer.status_code == 503
        assert "does not answer" in answer.json()["message"]
    assert not Draft.objects.exists()
    assert not Note.objects.exists()


@pytest.mark.usefixtures("_warden_is_away")
def test_with_the_warden_away_a_form_comes_back_with_its_words(aada: Aada) -> None:
    sent = urlencode({"text": WORDS, "template": "free", "version": "0"})
    answer = aada.practice.browser("helmi").post(
        f"{aada.draft_url()}sign/", sent, content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 503
    assert WORDS in answer.content.decode()


def test_a_stopped_ledger_stops_the_signing_and_keeps_the_draft(aada: Aada) -> None:
    url = aada.draft_url()
    aada.save(url)
    aada.practice.clinic.install.recorder.stop()
    assert aada.sign(url, version=1).status_code == 503
    assert not Note.objects.exists()
    assert Draft.objects.count() == 1


def test_signed_out_says_so_and_keeps_what_was_saved(aada: Aada) -> None:
    url = aada.draft_url()
    aada.save(url)
    aada.practice.clinic.install.memory.end_all_of(aada.practice.id("helmi"))
    answer = aada.save(url, WORDS + " Lisää.", version=1)
    assert answer.status_code == 401
    aada.practice.clinic.seat("helmi")
    aada.practice.browsers.clear()
    assert WORDS in aada.page(url=aada.session_url)


def test_a_revoked_colleagues_open_page_saves_and_signs_nothing_more(aada: Aada) -> None:
    url = aada.draft_url()
    aada.save(url)
    ritva = aada.practice.actor("ritva")
    people.end_access(ritva, aada.practice.id("helmi"), reason=EndReason.LEFT)
    for answer in (aada.save(url, "x", version=1), aada.sign(url, "x", version=1)):
        assert answer.status_code in {401, 403}
        assert answer.json()["message"]
    assert Draft.objects.get().version == 1
    assert not Note.objects.exists()


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"[]",
        b"7",
        b"{",
        b'{"caret":1}',
        b'{"text":7}',
        b'{"text":"a","caret":"b"}',
        b'{"text":"a","version":[1]}',
        b'{"text":"a","window":"b"}',
        b"\xff",
    ],
)
def test_what_no_editor_sends_is_refused_plainly(aada: Aada, sent: bytes) -> None:
    answer = aada.practice.browser("helmi").post(
        f"{aada.draft_url()}save/",
        sent,
        content_type="application/json",
        headers={"Accept": "application/json"},
    )
    assert answer.status_code == 400
    assert "could not be understood" in answer.json()["message"]
    assert not Draft.objects.exists()


def test_half_a_character_does_not_stop_the_saving(aada: Aada) -> None:
    body = json.dumps({"text": "Uni \ud83d on", "version": 0})
    answer = aada.practice.browser("helmi").post(
        f"{aada.draft_url()}save/", body, content_type="application/json"
    )
    assert answer.status_code == 302
    assert Draft.objects.count() == 1


def test_a_tampered_note_hides_no_other(aada: Aada) -> None:
    aada.signed("Ensimmäinen käynti.")
    note = aada.signed("Toinen käynti.")
    version = NoteVersion.objects.get(note=note)
    body = bytearray(version.sealed_body)
    body[-1] ^= 1
    NoteVersion.objects.filter(id=version.id).update(sealed_body=bytes(body))
    page = aada.page()
    assert "Ensimmäinen käynti." in page
    assert "Toinen käynti." not in page
    assert "could not be verified" in page
    assert "could not be verified" in aada.page(url=f"{aada.url}notes/{note.id}/")


def test_notes_that_were_swapped_are_not_shown(aada: Aada) -> None:
    one, two = (NoteVersion.objects.get(note=aada.signed(f"Käynti {n}.")) for n in (1, 2))
    NoteVersion.objects.filter(id=one.id).update(sealed_body=bytes(two.sealed_body))
    page = aada.page()
    assert "Käynti 1." not in page
    assert page.count("Käynti 2.") == 1


def test_the_chart_is_stored_with_the_first_words(aada: Aada) -> None:
    assert not Chart.objects.exists()
    aada.page()
    assert not Chart.objects.exists()
    aada.save(aada.draft_url(uuid4()))
    assert Chart.objects.get().patient_id == aada.patient
