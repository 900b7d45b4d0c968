"""A refusal says what happened, what is kept and what to do, and gives back what was typed."""

from http import HTTPStatus

import pytest
from django.test import Client

from vaitiolo.web.refusals import SAID

FORM = "application/x-www-form-urlencoded"


def test_a_refusal_becomes_a_page_in_our_look(browser: Client) -> None:
    answer = browser.get("/taken/")
    assert answer.status_code == HTTPStatus.CONFLICT
    page = answer.content.decode()
    assert "The room is taken." in page
    assert "What was there before is unchanged." in page
    assert 'id="main"' in page


def test_a_refusal_is_json_for_a_module_that_reads_json(browser: Client) -> None:
    answer = browser.get("/taken/", headers={"Accept": "application/json"})
    assert answer.status_code == HTTPStatus.CONFLICT
    assert answer.json() == {"message": "The room is taken."}


def test_a_refusal_speaks_the_readers_language(browser: Client) -> None:
    page = browser.post("/person/", {"name": "x"}, headers={"Accept-Language": "sv"})
    assert "Uppgifterna kan inte öppnas nu" in page.content.decode()


def test_what_was_typed_is_given_back_when_the_keys_are_away(browser: Client) -> None:
    answer = browser.post("/person/", "name=Aino+%22%3CA%3E%22&tag=a&tag=b", content_type=FORM)
    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert answer["Retry-After"] == "5"
    page = answer.content.decode()
    assert 'name="name" value="Aino &quot;&lt;A&gt;&quot;"' in page
    assert page.count('name="tag"') == 2
    assert page.count('name="csrfmiddlewaretoken"') == 1


def test_signed_out_leads_to_the_sign_in_and_keeps_what_was_typed(browser: Client) -> None:
    assert 'class="button main" href="/in/"' in browser.get("/out/").content.decode()
    page = browser.post("/out/", "text=Half+a+word", content_type=FORM).content.decode()
    assert 'value="Half a word"' in page
    assert 'href="/in/" target="_blank"' in page


@pytest.mark.parametrize("secret", ["password", "new_password", "credential", "recovery_code"])
def test_no_secret_is_given_back(browser: Client, secret: str) -> None:
    page = browser.post("/person/", f"name=Aino&{secret}=opensesame", content_type=FORM)
    assert "opensesame" not in page.content.decode()
    assert "Aino" not in page.content.decode()


def test_what_is_not_there_and_what_is_not_open_look_alike(browser: Client) -> None:
    answer = browser.get("/nowhere/")
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert "the two look alike" in answer.content.decode()


def test_a_bug_shows_nothing_of_itself(browser: Client) -> None:
    answer = browser.get("/broken/")
    assert answer.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    assert "The fault is ours" in answer.content.decode()
    assert "ZeroDivisionError" not in answer.content.decode()


def test_a_form_from_another_site_is_refused_in_words() -> None:
    strict = Client(enforce_csrf_checks=True, headers={"Accept-Language": "en"})
    answer = strict.post("/person/", {"name": "Aino"})
    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert "This page had grown old" in answer.content.decode()


def test_what_is_too_large_is_refused_in_words(browser: Client, settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    answer = browser.post("/large/", "name=" + "x" * 200, content_type=FORM)
    assert answer.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert "larger than can be stored" in answer.content.decode()


@pytest.mark.parametrize("status", SAID)
def test_every_refusal_says_what_is_kept_or_that_nothing_was_changed(status: HTTPStatus) -> None:
    said = SAID[status]
    assert said.kept or "Nothing was changed" in str(said.message)
