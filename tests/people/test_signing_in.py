"""Signing in opens a slot: a cookie of one's own, and one answer to every wrong guess."""

import base64
from urllib.parse import urlencode

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.cast import HOUR, Clinic
from tests.people.conftest import Browser
from vaitiolo.people.sign_in import COOKIE

SIGN_IN = "/sign-in/"
PASSWORD = "neljä hiljaista kissaa"


def enter(
    browser: Client, name: str = "helmi", password: str = PASSWORD, **more: str
) -> HttpResponse:
    return browser.post(SIGN_IN, {"name": name, "password": password, **more})


@pytest.fixture
def helmi(practice: Clinic) -> Clinic:
    practice.founding.give_password(
        practice.people["helmi"], sign_in_name="helmi", password=PASSWORD
    )
    return practice


def test_a_name_and_a_password_open_the_day(helmi: Clinic) -> None:
    browser = Client()
    answer = enter(browser, next="/patients/")
    assert (answer.status_code, answer["Location"]) == (302, "/patients/")
    cookie = answer.cookies[COOKIE]
    assert cookie["secure"]
    assert cookie["httponly"]
    assert (cookie["samesite"], cookie["path"], cookie["domain"]) == ("Strict", "/", "")
    assert len(base64.urlsafe_b64decode(cookie.value + "=")) == 32
    assert answer.cookies["notice"].value == "people/weak"


def test_each_sign_in_has_a_cookie_of_its_own(helmi: Clinic) -> None:
    browser = Client()
    first = enter(browser).cookies[COOKIE].value
    assert enter(browser).cookies[COOKIE].value != first
    browser.cookies[COOKIE] = first
    assert browser.get("/").status_code == 302, "the earlier session has ended"


def test_who_signs_in_after_somebody_else_ends_that_session(
    helmi: Clinic, browser: Browser
) -> None:
    shared = browser("aino")
    kept = shared.cookies[COOKIE].value
    assert enter(shared).status_code == 302
    shared.cookies[COOKIE] = kept
    assert shared.get("/patients/").status_code == 302


def test_a_wrong_password_and_an_unknown_name_have_the_same_answer(helmi: Clinic) -> None:
    pages = [
        enter(Client(), name=name, password="wrong").content.decode()
        for name in ("helmi", "nobody")
    ]
    for name, page in zip(("helmi", "nobody"), pages, strict=True):
        assert "not right" in page
        assert f'value="{name}"' in page, "what was typed is kept"
        assert "wrong" not in page.replace('class="field wrong"', "")
    assert without_the_token(pages[0], "helmi") == without_the_token(pages[1], "nobody")


def without_the_token(page: str, name: str) -> list[str]:
    return [line for line in page.replace(name, "").splitlines() if "csrfmiddleware" not in line]


def test_a_way_on_to_another_site_is_not_taken(helmi: Clinic) -> None:
    assert enter(Client(), next="//example.org/")["Location"] == "/"


def test_a_page_without_a_session_leads_to_the_sign_in_and_back(practice: Clinic) -> None:
    answer = Client().get("/patients/")
    assert answer["Location"] == "/sign-in/?next=%2Fpatients%2F"
    page = Client().get(answer["Location"]).content.decode()
    assert '<input type="hidden" name="next" value="/patients/">' in page


def test_a_module_without_a_session_is_told_so(practice: Clinic) -> None:
    answer = Client().get("/patients/", headers={"Accept": "application/json"})
    assert answer.status_code == 401
    assert "signed out" in answer.json()["message"]


@pytest.mark.parametrize("cookie", ["", "short", "A" * 43, "!" * 43, "ä"])
def test_a_cookie_that_nobody_holds_opens_nothing(practice: Clinic, cookie: str) -> None:
    browser = Client()
    browser.cookies[COOKIE] = cookie
    assert browser.get("/").status_code == 302


def test_a_form_sent_after_the_session_lapsed_gives_back_what_was_typed(browser, practice) -> None:
    aino = browser("aino")
    practice.clock.ahead += HOUR
    typed = urlencode({"given_name": "Aino", "family_name": "Kesken"})
    answer = aino.post(
        "/patients/register/", typed, content_type="application/x-www-form-urlencoded"
    )
    page = answer.content.decode()
    assert answer.status_code == 401
    assert 'name="family_name" value="Kesken"' in page


def test_signing_out_ends_the_session_and_takes_the_cookie_back(browser) -> None:
    aino = browser("aino")
    kept = aino.cookies[COOKIE].value
    answer = aino.post("/sign-out/")
    assert (answer["Location"], answer.cookies[COOKIE].value) == (reverse("people:sign_in"), "")
    aino.cookies[COOKIE] = kept
    assert aino.get("/patients/").status_code == 302


def test_without_a_name_or_a_password_nothing_is_asked(practice: Clinic) -> None:
    page = Client().post(SIGN_IN, {"name": "helmi", "password": ""}).content.decode()
    assert 'value="helmi"' in page
    assert "required" in page
