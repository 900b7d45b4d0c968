"""The page of one's own sessions: where, since when, and ending them from any of the places."""

import re
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.cast import HOUR, Clinic
from tests.people.conftest import Actors, Browser
from tests.people.test_signing_in import PASSWORD, enter
from vaitiolo.people import own_sessions
from vaitiolo.people.sign_in import COOKIE
from vaitiolo.warden.server.memory import IDLE
from vaitiolo.warden.session import IDLE_SECONDS

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0"
MINUTE = HOUR // 60


@pytest.fixture
def helmi(practice: Clinic) -> Clinic:
    practice.founding.give_password(
        practice.people["helmi"], sign_in_name="helmi", password=PASSWORD
    )
    return practice


def signed_in(agent: str = FIREFOX, **more: str) -> Client:
    browser = Client(headers={"Accept-Language": "en", "User-Agent": agent})
    browser.answer = enter(browser, **more)  # type: ignore[attr-defined]  # what it was led on with
    assert browser.answer.status_code == 302
    return browser


def page(browser: Client) -> str:
    answer = browser.get("/sessions/")
    assert answer.status_code == 200
    return answer.content.decode()


def ways_to_end(browser: Client) -> list[str]:
    return re.findall(r'action="(/sessions/[0-9a-f-]{36}/end/)"', page(browser))


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox, Windows"),
        ("Macintosh; Intel Mac OS X 10_15_7 Version/17.6 Safari/605.1.15", "Safari, macOS"),
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/142.0.0.0 Safari/537.36", "Chrome, Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/142.0 Safari/537.36 Edg/142.0", "Edge, Windows"),
        ("iPhone; CPU iPhone OS 18_1 like Mac OS X FxiOS/131.0 Safari/1", "Firefox, iOS"),
        ("Linux; Android 15 SamsungBrowser/27.0 Chrome/125.0", "Samsung Internet, Android"),
        ("curl/8.5.0 <script>", ""),
        ("", ""),
    ],
)
def test_of_the_browsers_words_two_families_are_kept(agent: str, words: str) -> None:
    assert own_sessions.words_of(agent) == words
    assert len(words) <= 60


def test_the_page_says_where_and_marks_this_one(helmi: Clinic) -> None:
    laptop, phone = signed_in(), signed_in("Mozilla/5.0 (iPhone) Version/18 Safari/604")
    shown = page(laptop)
    assert "Firefox, Windows" in shown
    assert "Safari, iOS" in shown
    assert "127.0.0.1" in shown
    assert "password alone" in shown
    assert shown.count("This one") == 1
    assert len(ways_to_end(laptop)) == 1
    assert ways_to_end(laptop) != ways_to_end(phone)


def test_one_is_ended_from_the_other(helmi: Clinic) -> None:
    laptop, phone = signed_in(), signed_in()
    [lost] = ways_to_end(laptop)
    assert laptop.get(lost).status_code == 405
    answer = laptop.post(lost)
    assert (answer.status_code, answer["Location"]) == (302, "/sessions/")
    assert phone.get("/sessions/").status_code == 302, "to the sign-in"
    assert page(laptop).count("This one") == 1
    assert laptop.post(lost).status_code == 302, "asked twice, it stays ended"


def test_nobody_ends_anothers(helmi: Clinic, browser: Browser) -> None:
    laptop, _phone = signed_in(), signed_in()
    [way] = ways_to_end(laptop)
    assert browser("otso").post(way).status_code == 404
    assert len(ways_to_end(laptop)) == 1
    assert browser("otso").post(f"/sessions/{uuid4()}/end/").status_code == 302


def test_everywhere_else_and_everywhere(helmi: Clinic) -> None:
    laptop, phone, tablet = signed_in(), signed_in(), signed_in()
    laptop.post("/sessions/end/", {"but": "this"})
    assert [one.get("/sessions/").status_code for one in (laptop, phone, tablet)] == [200, 302, 302]
    kept = laptop.cookies[COOKIE].value
    answer = laptop.post("/sessions/end/")
    assert (answer["Location"], answer.cookies[COOKIE].value) == ("/sign-in/", "")
    laptop.cookies[COOKIE] = kept
    assert laptop.get("/sessions/").status_code == 302


def test_a_fifth_is_told_what_ended_for_it(helmi: Clinic) -> None:
    first = signed_in()
    for _ in range(3):
        helmi.clock.ahead += 1_000_000
        assert signed_in().answer.cookies["notice"].value == "people/weak"
    fifth = signed_in(next="/sessions/")
    assert fifth.answer.cookies["notice"].value == "people/oldest-session-ended"
    assert "the oldest of those sessions has ended" in page(fifth)
    assert first.get("/sessions/").status_code == 302


def test_a_sign_of_life_keeps_a_session_awake_and_nothing_else_does(browser: Browser) -> None:
    assert IDLE_SECONDS * 1_000_000 == IDLE
    helmi = browser("helmi")
    assert helmi.get("/here/").status_code == 405
    assert helmi.post("/here/").status_code == 204


def test_reading_for_long_with_a_hand_on_the_page(practice: Clinic, browser: Browser) -> None:
    helmi = browser("helmi")
    for _ in range(3):
        practice.clock.ahead += 10 * MINUTE
        assert helmi.post("/here/").status_code == 204
    practice.clock.ahead += 16 * MINUTE
    answer = helmi.post("/here/", headers={"Accept": "application/json"})
    assert answer.status_code == 401
    assert "signed out" in answer.json()["message"]


def test_ten_hours_are_enough_for_the_busiest(practice: Clinic, browser: Browser) -> None:
    helmi = browser("helmi")
    for _ in range(60):
        assert helmi.post("/here/").status_code == 204
        practice.clock.ahead += 10 * MINUTE + 1_000
    assert helmi.post("/here/").status_code == 401


def test_every_page_knows_when_it_must_go(browser: Browser) -> None:
    shown = page(browser("helmi"))
    assert f'data-idle-seconds="{IDLE_SECONDS}"' in shown
    assert "<template data-veil" in shown
    assert "data-veil" not in Client().get("/sign-in/").content.decode()


def test_whoever_unlocks_is_led_back_and_anybody_else_home(helmi: Clinic, actor: Actors) -> None:
    own = actor("helmi").id.hex
    there = {"next": "/sessions/", "headers": {"Accept": "application/json"}}
    said = [
        enter_as_module(Client(), was=was, **there).json()
        for was in (own, actor("otso").id.hex, "")
    ]
    assert said == [{"next": "/sessions/"}, {"next": "/"}, {"next": "/sessions/"}]


def test_a_wrong_unlocking_is_told_to_the_module(helmi: Clinic) -> None:
    answer = enter_as_module(Client(), password="wrong", headers={"Accept": "application/json"})
    assert answer.status_code == 403
    assert "not right" in answer.json()["message"]
    assert COOKIE not in answer.cookies


def enter_as_module(browser: Client, *, headers: dict[str, str], **more: str) -> HttpResponse:
    typed = {"name": "helmi", "password": PASSWORD, **more}
    return browser.post("/sign-in/", typed, headers=headers | {"Accept-Language": "en"})
