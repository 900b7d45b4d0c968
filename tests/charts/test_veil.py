"""When nobody is there, nothing of a patient is left on the page, and no word is lost by it."""

import re
import secrets

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser import IN_A_BROWSER, PHONE, violated
from tests.charts.conftest import WORDS, Aada
from tests.charts.test_in_the_browser import Opens, is_saved, opens
from vaitiolo.charts.models import Draft
from vaitiolo.people.sign_in import SignedOut
from vaitiolo.warden.client import sign_in
from vaitiolo.warden.server.memory import IDLE
from vaitiolo.warden.session import Session

__all__ = ["opens"]

pytestmark = IN_A_BROWSER

PASSWORD = "neljä hiljaista kissaa"
AWAY = "15:01"
LEFT = """() => [document.documentElement.outerHTML, document.title, JSON.stringify(history.state),
    ...[...document.querySelectorAll("input, textarea")].map((box) => box.value)].join("\\n")"""


@pytest.fixture(autouse=True)
def _with_passwords(aada: Aada) -> None:
    """Helmi came in by her password, so she may go on by it."""
    clinic = aada.practice.clinic
    for name in ("helmi", "otso"):
        clinic.founding.give_password(clinic.people[name], sign_in_name=name, password=PASSWORD)
    session = Session(secrets.token_bytes(32), clinic.agent)
    sign_in(session, name="helmi", password=PASSWORD, network="")
    clinic.cookies["helmi"] = session.cookie


def at_the_clock(opens: Opens, url: str) -> Page:
    """Open a page whose clock a test can move."""
    page = opens(url)
    page.clock.install()
    page.reload()
    return page


def is_locked(page: Page) -> None:
    expect(page.locator("h1")).to_have_text("Locked")


def nothing_is_left(page: Page) -> None:
    is_locked(page)
    left = page.evaluate(LEFT)
    for word in ("Aada", "Mäkinen", "parantunut", "1.1.1990"):
        assert word not in left


def unlock(page: Page, name: str = "helmi", password: str = PASSWORD) -> None:
    page.locator("[name=name]").fill(name)
    page.locator("[name=password]").fill(password)
    page.keyboard.press("Enter")


def has_ended(aada: Aada) -> bool:
    try:
        aada.practice.actor("helmi")
    except SignedOut:
        return True
    return False


def ends(page: Page, aada: Aada) -> None:
    for _ in range(200):
        if has_ended(aada):
            return
        page.wait_for_timeout(50)
    pytest.fail("the session goes on")


def test_after_a_quarter_of_an_hour_the_page_is_gone_and_comes_back(
    aada: Aada, opens: Opens
) -> None:
    page = at_the_clock(opens, aada.session_url)
    page.keyboard.type(WORDS)
    is_saved(page)
    for _ in "rauhoittuu.":
        page.keyboard.press("ArrowLeft")
    page.keyboard.type("todella ")
    assert "Mäkinen" in page.evaluate(LEFT)
    there = page.url
    page.clock.fast_forward("14:00")
    expect(page.locator("[data-editor-text]")).to_be_visible()
    page.clock.fast_forward("01:30")
    nothing_is_left(page)
    expect(page.locator("[name=name]")).to_be_focused()
    ends(page, aada)
    unlock(page)
    area = page.locator("[data-editor-text]")
    said = WORDS.replace("rauhoittuu", "todella rauhoittuu")
    expect(area).to_have_value(said)
    assert page.url == there
    assert area.evaluate("area => area.selectionEnd") == said.index("rauhoittuu")


def test_one_key_locks_in_the_middle_of_a_word(aada: Aada, opens: Opens) -> None:
    page = opens(aada.session_url)
    page.keyboard.type("Kesken jäänyt sa")
    page.keyboard.press("Control+Shift+L")
    nothing_is_left(page)
    ends(page, aada)
    assert Draft.objects.exists()
    unlock(page)
    expect(page.locator("[data-editor-text]")).to_have_value("Kesken jäänyt sa")


def test_the_menu_locks_and_a_new_window_asks_who_is_there(aada: Aada, opens: Opens) -> None:
    page = opens(aada.url)
    page.locator(".account").click()
    page.locator("[data-lock]").click()
    nothing_is_left(page)
    ends(page, aada)
    assert "/sign-in/" in opens(aada.url).url


def test_a_window_that_is_opened_while_another_locks_is_locked_too(
    aada: Aada, opens: Opens
) -> None:
    page = opens(aada.url)

    def leave_unanswered(_route: Route) -> None:
        """Let the lock wait for as long as a slow window takes."""

    page.route("**/sign-out/", leave_unanswered)
    page.keyboard.press("Control+Shift+L")
    is_locked(page)
    other = opens(aada.url)
    nothing_is_left(other)
    nothing_is_left(page)


def test_somebody_else_gets_a_page_of_their_own(aada: Aada, opens: Opens) -> None:
    page = opens(aada.url)
    page.keyboard.press("Control+Shift+L")
    is_locked(page)
    unlock(page, "otso")
    page.wait_for_url(re.compile("/diary/"))
    assert "Mäkinen" not in page.evaluate(LEFT)


def test_a_wrong_password_opens_nothing(aada: Aada, opens: Opens) -> None:
    page = opens(aada.url)
    page.keyboard.press("Control+Shift+L")
    unlock(page, password="not it")
    expect(page.locator("[data-veil-says]")).to_contain_text("not right")
    expect(page.locator("[name=password]")).to_have_value("")
    nothing_is_left(page)


def test_words_that_could_not_be_saved_wait_for_their_author(aada: Aada, opens: Opens) -> None:
    page = opens(aada.session_url)
    page.route("**/save/", lambda route: route.abort())
    page.keyboard.type(WORDS)
    expect(page.locator("[data-editor-seal]")).to_contain_text("no connection")
    page.keyboard.press("Control+Shift+L")
    nothing_is_left(page)
    expect(page.locator("[data-veil-says]")).to_contain_text("kept in this window")
    assert not Draft.objects.exists()
    unlock(page, "otso")
    expect(page.locator("[data-veil-says]")).to_contain_text("words of somebody else")
    nothing_is_left(page)
    unlock(page)
    expect(page.locator("[data-veil-says]")).to_contain_text("could not be saved yet")
    page.unroute("**/save/")
    unlock(page)
    expect(page.locator("[data-editor-text]")).to_have_value(WORDS)
    assert Draft.objects.exists()


def test_a_session_that_the_server_ended_takes_the_page_with_the_next_save(
    aada: Aada, opens: Opens
) -> None:
    page = opens(aada.session_url)
    aada.practice.clinic.clock.ahead += IDLE + 1_000_000
    page.keyboard.type(WORDS)
    nothing_is_left(page)
    unlock(page)
    expect(page.locator("[data-editor-text]")).to_have_value(WORDS)


def test_a_session_ended_elsewhere_takes_the_page_at_the_next_touch(
    aada: Aada, opens: Opens
) -> None:
    page = at_the_clock(opens, aada.url)
    aada.practice.clinic.install.memory.end_all_of(aada.practice.clinic.id("helmi"))
    page.clock.fast_forward("01:01")
    page.mouse.move(200, 200)
    nothing_is_left(page)


def test_a_hand_on_the_page_is_told_once_a_minute_and_an_idle_page_tells_nothing(
    aada: Aada, opens: Opens
) -> None:
    page = at_the_clock(opens, aada.url)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for step in range(4):
        page.clock.fast_forward("01:01")
        with page.expect_response("**/here/"):
            page.mouse.move(200 + step, 200)
        page.mouse.move(300 + step, 300)
        page.keyboard.press("Shift")
    told = [url for url in asked if url.endswith("/here/")]
    assert len(told) == 4
    asked.clear()
    page.clock.fast_forward("14:30")
    page.wait_for_timeout(200)
    assert not asked
    expect(page.locator("h1")).not_to_have_text("Locked")


def test_a_laptop_that_slept_shows_nothing_when_it_wakes(aada: Aada, opens: Opens) -> None:
    page = at_the_clock(opens, aada.url)
    later = page.evaluate("Date.now()") + 16 * 60_000
    page.clock.set_system_time(later)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    nothing_is_left(page)


def test_the_touch_that_wakes_a_laptop_does_not_count(aada: Aada, opens: Opens) -> None:
    page = at_the_clock(opens, aada.url)
    page.clock.set_system_time(page.evaluate("Date.now()") + 16 * 60_000)
    page.mouse.move(200, 200)
    nothing_is_left(page)


def test_windows_of_one_browser_stay_lock_and_open_together(aada: Aada, opens: Opens) -> None:
    first = at_the_clock(opens, aada.url)
    second = opens(aada.session_url)
    second.reload()
    first.clock.fast_forward("14:00")
    with second.expect_response("**/here/"):
        second.mouse.move(200, 200)
    first.clock.fast_forward("14:00")
    for page in (first, second):
        expect(page.locator("h1")).not_to_have_text("Locked")
    second.keyboard.press("Control+Shift+L")
    for page in (first, second):
        nothing_is_left(page)
    ends(second, aada)
    unlock(second)
    for page in (first, second):
        expect(page.locator("h1")).not_to_have_text("Locked")


def test_signing_out_in_one_window_takes_the_others(aada: Aada, opens: Opens) -> None:
    first, second = opens(aada.url), opens(aada.url)
    second.locator(".account").click()
    second.locator("[data-ends-session] button").click()
    nothing_is_left(first)


def test_what_a_browser_puts_by_is_empty_and_is_asked_for_again(aada: Aada, opens: Opens) -> None:
    page = opens(aada.url)
    hidden = "dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))"
    shown = "dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))"
    page.evaluate(hidden)
    assert "Mäkinen" not in page.evaluate(LEFT)
    page.evaluate(shown)
    expect(page.locator("h1")).to_contain_text("Mäkinen")
    page.evaluate(hidden)
    aada.practice.clinic.install.memory.end_all_of(aada.practice.clinic.id("helmi"))
    page.evaluate(shown)
    page.wait_for_url(re.compile("/sign-in/"))


def test_the_session_outlives_a_lost_connection_and_that_is_said(aada: Aada, opens: Opens) -> None:
    page = opens(aada.url)

    def lose(route: Route) -> None:
        route.abort()

    page.route("**/sign-out/", lose)
    page.keyboard.press("Control+Shift+L")
    expect(page.locator("[data-veil-says]")).to_contain_text("ends by itself within 15 minutes")


def test_what_was_typed_and_not_sent_is_said_to_be_gone(aada: Aada, opens: Opens) -> None:
    page = opens(f"{aada.url}team/")
    page.locator("input[name=until]").fill("2026-12-31")
    page.keyboard.press("Control+Shift+L")
    expect(page.locator("[data-veil-says]")).to_contain_text("not sent is not kept")
    ends(page, aada)
    unlock(page)
    expect(page.locator("input[name=until]")).to_have_value("")
    other = opens(aada.url)
    other.keyboard.press("Control+Shift+L")
    is_locked(other)
    expect(other.locator("[data-veil-says]")).to_be_empty()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [None, PHONE])
def test_everybody_can_unlock(
    aada: Aada, opens: Opens, theme: str, size: dict[str, int] | None
) -> None:
    page = opens(aada.url, **({"size": size} if size else {}))
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]  # one of the two
    page.keyboard.press("Control+Shift+L")
    is_locked(page)
    assert not violated(page)
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert not wide
    for expected in ("name", "password"):
        assert page.evaluate("document.activeElement.name") == expected
        page.keyboard.press("Tab")
