"""The therapist's main job in a real browser: from the row to a signed note by the keyboard."""

import re
from collections.abc import Callable, Iterator
from http import HTTPStatus
from pathlib import Path

import pytest
from django.conf import LazySettings
from playwright.sync_api import Browser, Page, expect

from tests.browser import IN_A_BROWSER, LAPTOP, PATIENCE, PHONE, serving, violated
from tests.charts.conftest import WORDS, Aada
from vaitiolo.charts.models import Draft, Note
from vaitiolo.people.sign_in import COOKIE
from vaitiolo.warden.transport import OverSocket

pytestmark = IN_A_BROWSER

Opens = Callable[..., Page]


@pytest.fixture
def opens(aada: Aada, chromium: Browser, settings: LazySettings) -> Iterator[Opens]:
    """Open a page as Helmi, in a browser window of its own."""
    with serving() as address:
        yield from _opened(aada, chromium, settings, address)


def _opened(aada: Aada, chromium: Browser, settings: LazySettings, address: str) -> Iterator[Opens]:
    settings.CSRF_TRUSTED_ORIGINS = [address]
    cookie = {"name": COOKIE, "value": aada.practice.clinic.cookie("helmi")}
    context = chromium.new_context(base_url=address, viewport=LAPTOP, locale="en")
    context.set_default_timeout(PATIENCE)
    # A browser trusts this host without TLS, its driver does not.
    context.add_cookies([{**cookie, "url": address.replace("http:", "https:"), "secure": True}])
    faults: list[str] = []

    def open_page(url: str, **look: dict[str, int]) -> Page:
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        if "size" in look:
            page.set_viewport_size(look["size"])
        page.goto(url)
        return page

    yield open_page
    context.close()
    assert not faults


def is_saved(page: Page) -> None:
    expect(page.locator("[data-editor-seal]")).to_contain_text(
        re.compile(r"^\s*Saved under seal \d+\.\d\d\.\d\d")
    )


def test_two_actions_beside_typing_make_a_signed_note(aada: Aada, opens: Opens) -> None:
    page = opens(aada.session_url)
    expect(page.locator("[data-editor-text]")).to_be_focused()
    page.keyboard.type(WORDS)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".notice")).to_contain_text("The note is signed.")
    assert Note.objects.get().appointment == aada.appointment
    assert not Draft.objects.exists()


def test_a_window_that_is_lost_in_mid_sentence_loses_no_pause(aada: Aada, opens: Opens) -> None:
    page = opens(aada.session_url)
    page.keyboard.type(WORDS)
    is_saved(page)
    page.close()
    again = opens(aada.session_url)
    area = again.locator("[data-editor-text]")
    expect(area).to_have_value(WORDS)
    assert area.evaluate("area => area.selectionEnd") == len(WORDS)


def test_with_the_warden_away_the_words_stay_and_are_saved_when_it_is_back(
    aada: Aada, opens: Opens, settings: LazySettings, tmp_path: Path
) -> None:
    page = opens(aada.session_url)
    warden, settings.WARDEN = settings.WARDEN, OverSocket(tmp_path / "nobody.sock")
    page.keyboard.type(WORDS)
    expect(page.locator("[data-editor-seal]")).to_contain_text("the keys are away")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-editor-seal]")).to_contain_text("Not signed")
    expect(page.locator("[data-editor-text]")).to_have_value(WORDS)
    settings.WARDEN = warden
    is_saved(page)
    assert not Note.objects.exists()


def test_two_windows_are_told_and_both_go_on(aada: Aada, opens: Opens) -> None:
    aada.save(aada.draft_url(), "Alku.")
    left, right = opens(aada.session_url), opens(aada.session_url)
    left.locator("[data-editor-text]").press_sequentially(" Vasen.")
    is_saved(left)
    right.locator("[data-editor-text]").press_sequentially(" Oikea.")
    expect(right.locator("[data-editor-seal]")).to_contain_text("Both texts are kept")
    right.locator("[data-editor-text]").press_sequentially(" Lisää.")
    is_saved(right)
    assert "Alku. Vasen." in aada.page(url=aada.session_url)
    copy = Draft.objects.get(copy_of__isnull=False)
    assert "Alku. Oikea. Lisää." in aada.page(url=f"{aada.url}drafts/{copy.id}/")


def test_a_note_that_is_too_long_is_refused_and_stays_on_the_page(aada: Aada, opens: Opens) -> None:
    page = opens(aada.session_url)
    page.locator("[data-editor-text]").fill("Pitkä. " * 40_000)
    expect(page.locator("[data-editor-seal]")).to_contain_text("200 kilobytes")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-editor-seal]")).to_contain_text("Not signed")
    assert len(page.locator("[data-editor-text]").input_value()) == len("Pitkä. ") * 40_000
    assert not Note.objects.exists()


def test_an_amendment_is_sent_with_its_reason(aada: Aada, opens: Opens) -> None:
    note = aada.signed()
    page = opens(f"{aada.url}notes/{note.id}/amend/")
    page.get_by_label("Why it is amended").fill("Lääke puuttui")
    page.locator("[data-editor-text]").press_sequentially(" Lääkitys tarkistettiin.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Lääke puuttui")).to_be_visible()
    page.get_by_text("The original, signed").click()
    expect(page.get_by_text(WORDS, exact=True)).to_be_visible()


def test_a_word_is_found_and_shown_where_it_stands(aada: Aada, opens: Opens) -> None:
    aada.signed("Alku.\n\n" * 60 + "Kertoo kovakuoriaisesta.")
    page = opens("/charts/search/")
    page.keyboard.type("kovakuoriaisesta")
    page.get_by_role("button", name="Aada Mäkinen").click()
    expect(page.locator("mark#hit")).to_be_in_viewport()


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_axe_finds_nothing_on_any_page(aada: Aada, opens: Opens, size) -> None:
    first = aada.signed()
    aada.sign(f"{aada.url}notes/{first.id}/{first.id}/", WORDS + " Lisää.", reason="Syy")
    aada.save(aada.draft_url())
    draft = aada.draft()
    there = (
        aada.url,
        aada.session_url,
        f"{aada.url}write/",
        f"{aada.url}drafts/{draft.id}/",
        f"{aada.url}notes/{first.id}/",
        f"{aada.url}notes/{first.id}/amend/",
        f"{aada.url}team/",
        "/charts/search/",
    )
    for url in there:
        page = opens(url, size=size)
        assert not violated(page), url
        wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert not wide, f"{url} is wider than the window"
        page.close()


def test_nobody_else_is_asked_for_anything(aada: Aada, opens: Opens) -> None:
    page = opens("/charts/search/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    answer = page.goto(aada.session_url)
    assert answer is not None
    assert answer.status == HTTPStatus.OK
    assert asked
    assert all(url.startswith("http://localhost:") for url in asked)
