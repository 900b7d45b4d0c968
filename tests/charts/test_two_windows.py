"""Two pages, or two sends of one page, write the same note. Nothing is lost, and both are told."""

from uuid import uuid4

import pytest
from django.db import IntegrityError

from tests.charts.conftest import WORDS, Aada
from vaitiolo.charts.models import Draft, Note, NoteVersion
from vaitiolo.ledger.acts import Act

MINE, THEIRS = "Tämän kirjoitin vasemmalla.", "Tämän kirjoitin oikealla."


@pytest.fixture
def url(aada: Aada) -> str:
    return aada.draft_url()


def page_of(aada: Aada, answer) -> str:
    return aada.page(url=answer.json()["kept_as_url"])


def test_two_pages_of_one_draft_keep_both_texts(aada: Aada, url: str) -> None:
    aada.save(url, "Alku")
    assert aada.save(url, MINE, version=1, window=str(uuid4())).status_code == 200
    answer = aada.save(url, THEIRS, version=1)
    assert answer.status_code == 409
    assert "Both texts are kept" in answer.json()["message"]
    assert MINE in aada.page(url=aada.session_url)
    assert THEIRS in page_of(aada, answer)
    assert "Two windows wrote the same note" in page_of(aada, answer)


def test_the_page_goes_on_in_what_was_kept_apart(aada: Aada, url: str) -> None:
    aada.save(url, "Alku")
    aada.save(url, MINE, version=1, window=str(uuid4()))
    kept = aada.save(url, THEIRS, version=1).json()
    there = kept["save_url"].removesuffix("save/")
    assert aada.save(there, THEIRS + " Ja lisää.", version=kept["version"]).status_code == 200
    assert Draft.objects.count() == 2
    assert aada.sign(there, THEIRS, version=kept["version"] + 1).status_code == 200
    assert MINE in aada.page(url=f"{aada.url}drafts/{aada.draft().id}/")


def test_a_page_that_missed_the_answer_is_kept_apart_once(aada: Aada, url: str) -> None:
    aada.save(url, "Alku")
    aada.save(url, MINE, version=1, window=str(uuid4()))
    first = aada.save(url, THEIRS, version=1).json()
    again = aada.save(url, THEIRS + "!", version=1).json()
    assert (again["kept_as_url"], again["version"]) == (first["kept_as_url"], 2)
    assert Draft.objects.count() == 2


def test_two_pages_that_begin_the_same_session_keep_both_texts(aada: Aada) -> None:
    assert aada.save(aada.draft_url(), MINE).status_code == 200
    answer = aada.save(aada.draft_url(), THEIRS, window=str(uuid4()))
    assert answer.status_code == 409
    assert THEIRS in page_of(aada, answer)
    assert MINE in aada.page(url=aada.session_url)


def test_signing_twice_makes_one_note(aada: Aada, url: str) -> None:
    aada.save(url)
    before = len(aada.practice.entries())
    first = aada.sign(url, version=1)
    second = aada.sign(url, version=1)
    assert (first.status_code, second.status_code) == (200, 200)
    assert second.json() == first.json()
    assert (Note.objects.count(), NoteVersion.objects.count()) == (1, 1)
    assert aada.practice.entries()[before:].count(Act.SIGN) == 1
    assert not Draft.objects.exists()


def test_a_page_that_has_not_seen_all_of_a_draft_does_not_sign_over_it(
    aada: Aada, url: str
) -> None:
    aada.save(url, "Alku")
    aada.save(url, MINE, version=1, window=str(uuid4()))
    answer = aada.sign(url, THEIRS, version=1)
    assert answer.status_code == 409
    assert not Note.objects.exists()
    assert THEIRS in page_of(aada, answer)
    assert MINE in aada.page(url=aada.session_url)


def test_other_words_for_a_signed_note_are_a_draft_of_their_own(aada: Aada, url: str) -> None:
    aada.save(url, MINE)
    aada.sign(url, MINE, version=1)
    answer = aada.sign(url, THEIRS, version=1, window=str(uuid4()))
    assert answer.status_code == 409
    assert Note.objects.count() == 1
    assert THEIRS in page_of(aada, answer)


def test_a_save_that_the_signing_overtook_leaves_no_draft(aada: Aada, url: str) -> None:
    aada.save(url, "Uni on")
    aada.sign(url, version=1)
    late = aada.save(url, WORDS[:20], version=1)
    assert late.status_code == 409
    assert "signed already" in late.json()["message"]
    assert not Draft.objects.exists()


def test_what_is_typed_after_a_lost_answer_to_signing_is_kept(aada: Aada, url: str) -> None:
    aada.save(url)
    aada.sign(url, version=1)
    answer = aada.save(url, WORDS + " Vielä yksi asia.", version=1)
    assert answer.status_code == 409
    assert "Vielä yksi asia." in page_of(aada, answer)


def test_a_draft_that_another_page_let_go_comes_back_with_its_words(aada: Aada) -> None:
    draft = uuid4()
    aada.save(aada.draft_url(draft))
    aada.practice.browser("helmi").post(f"{aada.url}drafts/{draft}/discard/")
    assert aada.save(aada.draft_url(draft), MINE, version=1).json()["version"] == 1
    assert MINE in aada.page(url=aada.session_url)


def test_a_draft_of_somebody_else_is_neither_read_nor_overwritten(aada: Aada) -> None:
    url = aada.draft_url()
    aada.save(url, MINE)
    draft = Draft.objects.get()
    aada.let_in("otso")
    there = f"{aada.url}drafts/{draft.id}/"
    assert aada.practice.browser("otso").get(there).status_code == 404
    assert aada.save(there, THEIRS, by="otso", version=1).status_code == 409
    assert MINE in aada.page(url=aada.session_url)


def test_a_version_of_a_note_can_be_stored_once(aada: Aada) -> None:
    note = aada.signed()
    again = NoteVersion.objects.get(note=note)
    again.id = uuid4()
    with pytest.raises(IntegrityError):
        again.save(force_insert=True)
