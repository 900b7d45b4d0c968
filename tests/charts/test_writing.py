"""From the day's row to a signed note; what was typed is never lost on the way."""

import re
from uuid import uuid4

from tests.charts.conftest import WORDS, Aada
from vaitiolo.charts.models import Draft, Note, NoteVersion
from vaitiolo.ledger.acts import Act
from vaitiolo.people import queries as people
from vaitiolo.people.access import open_desk
from vaitiolo.people.desks import Desk, State


def read_desk(aada: Aada, name: str = "helmi") -> Desk:
    return people.read_desk(open_desk(aada.practice.actor(name)))


def editor(page: str) -> str:
    """Return where the editor of a page saves."""
    found = re.search(r'data-save-url="([^"]+)save/"', page)
    assert found
    return found[1]


def test_the_row_of_the_day_opens_a_note_with_the_caret_in_it(aada: Aada) -> None:
    page = aada.page(url=aada.session_url)
    assert "Aada Mäkinen" in page
    assert "1.1.1990" in page
    assert editor(page).startswith(aada.session_url)
    assert 'data-version="0"' in page


def test_a_session_becomes_a_signed_note_in_one_act(aada: Aada) -> None:
    page = aada.page(url=aada.session_url)
    url = editor(page)
    held_at = re.search(r'name="held_at" value="([^"]+)"', page)
    before = aada.practice.entries()
    answer = aada.sign(url, held_at=held_at[1])
    assert answer.json()["next"] == "/"
    note = Note.objects.get()
    assert (note.author, note.appointment) == (aada.practice.id("helmi"), aada.appointment)
    assert read_desk(aada).sessions[aada.appointment].state is State.CHARTED
    assert aada.practice.entries()[len(before) :].count(Act.SIGN) == 1
    shown = aada.page(url=f"{aada.url}notes/{note.id}/")
    assert WORDS in shown
    assert "Helmi Halla" in shown


def test_nothing_that_was_written_stands_in_clear(aada: Aada) -> None:
    aada.save(aada.draft_url())
    aada.signed()
    stored = [bytes(one.sealed_body) for one in (*Draft.objects.all(), *NoteVersion.objects.all())]
    assert len(stored) == 2
    assert not any(word.encode() in body for body in stored for word in WORDS.split())


def test_a_save_is_no_entry_and_reopening_is_one(aada: Aada) -> None:
    url = aada.draft_url()
    aada.save(url)
    before = aada.practice.entries()
    assert aada.save(url, WORDS + " Lisää.", version=1).json()["version"] == 2
    assert aada.practice.entries() == before
    aada.page(url=aada.session_url)
    assert Act.REOPEN_DRAFT in aada.practice.entries()[len(before) :]


def test_a_draft_reopens_with_its_words_at_its_caret(aada: Aada) -> None:
    url = aada.draft_url()
    aada.save(url, caret=7, template="dap")
    page = aada.page(url=aada.session_url)
    assert WORDS in page
    assert 'data-caret="7"' in page
    assert "Draft of" in page
    assert editor(page) == url
    assert '<option value="dap"' in page
    assert re.search(r'<option value="dap"[^>]* selected', page)


def test_a_draft_survives_signing_out(aada: Aada) -> None:
    aada.save(aada.draft_url())
    aada.practice.clinic.seat("helmi")
    aada.practice.browsers.clear()
    assert WORDS in aada.page(url=aada.session_url)


def test_the_desk_says_which_draft_lies_open(aada: Aada) -> None:
    draft = uuid4()
    aada.save(aada.draft_url(draft))
    [(found, lying)] = read_desk(aada).drafts.items()
    assert (found, lying.appointment_id, lying.chart_id) == (draft, aada.appointment, aada.chart)
    aada.sign(aada.draft_url(draft), version=1)
    assert not read_desk(aada).drafts
    assert not Draft.objects.exists()


def test_a_lost_answer_costs_nothing(aada: Aada) -> None:
    url = aada.draft_url()
    aada.save(url, "Uni")
    aada.save(url, "Uni on", version=1)
    # The answer to the second save never came: the page still believes in version 1.
    answer = aada.save(url, "Uni on parantunut", version=1)
    assert answer.json()["version"] == 3
    assert Draft.objects.count() == 1
    assert "Uni on parantunut" in aada.page(url=aada.session_url)


def test_the_first_answer_may_be_lost_too(aada: Aada) -> None:
    url = aada.draft_url()
    aada.save(url, "Uni")
    assert aada.save(url, "Uni on").json()["version"] == 2


def test_the_day_is_the_sessions_and_not_todays(aada: Aada) -> None:
    aada.save(aada.draft_url())
    assert Draft.objects.get().held_on == aada.starts_at.date()


def test_a_session_that_is_not_on_the_desk_gets_no_note(aada: Aada) -> None:
    stray = f"{aada.url}session/{uuid4()}/"
    assert aada.practice.browser("helmi").get(stray).status_code == 404
    assert aada.save(f"{stray}{uuid4()}/").status_code == 404
    assert not Draft.objects.exists()


def test_a_note_beside_the_sessions_is_drafted_once(aada: Aada) -> None:
    url = editor(aada.page(url=f"{aada.url}write/"))
    aada.save(url)
    assert editor(aada.page(url=f"{aada.url}write/")) == url
    assert aada.sign(url, version=1).json()["next"].endswith(f"/notes/{Note.objects.get().id}/")


def test_without_scripts_the_same_form_saves_and_signs(aada: Aada) -> None:
    browser, url = aada.practice.browser("helmi"), aada.draft_url()
    sent = {"text": WORDS, "caret": "3", "template": "free", "version": "0", "window": ""}
    there = browser.post(f"{url}save/", sent)["Location"]
    assert WORDS in aada.page(url=there)
    answer = browser.post(f"{url}sign/", {**sent, "version": "1"})
    assert answer["Location"] == "/"
    assert Note.objects.count() == 1


def test_headings_are_offered_in_the_language_of_the_page(aada: Aada) -> None:
    browser = aada.practice.browser("helmi")
    page = browser.get(aada.session_url, headers={"Accept-Language": "en"}).content.decode()
    for headings in ("Data", "Subjective", "Behaviour"):
        assert f'data-headings="{headings}' in page


def test_a_new_note_is_laid_out_like_the_last(aada: Aada) -> None:
    aada.signed("Data\nUni on parantunut.\n\nAssessment\n\n\nPlan\n", template="dap")
    page = aada.page(url=aada.session_url)
    assert "Data\n\n\nAssessment\n\n\nPlan\n</textarea>" in page
    assert 'data-caret="5"' in page


def test_a_draft_that_is_let_go_leaves_the_desk_too(aada: Aada) -> None:
    draft = uuid4()
    aada.save(aada.draft_url(draft))
    aada.practice.browser("helmi").post(f"{aada.url}drafts/{draft}/discard/")
    assert not Draft.objects.exists()
    assert not read_desk(aada).drafts
