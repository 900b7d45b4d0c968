"""The note editor in a real browser: what is typed is saved, said to be saved, and never lost."""

import re
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    Locator,
    LocatorAssertions,
    Page,
    Route,
    expect,
)

from tests.browser import IN_A_BROWSER, LAPTOP, PATIENCE, PHONE, serving, violated
from tests.web.desk import DESK, Desk

pytestmark = IN_A_BROWSER


@pytest.fixture
def address(settings) -> Iterator[str]:
    settings.ROOT_URLCONF = "tests.web.desk"
    settings.CSRF_COOKIE_NAME = "csrf"
    settings.CSRF_COOKIE_SECURE = False
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [Path(__file__).parent / "templates"]}]
    DESK.__dict__.update(Desk().__dict__)
    with serving() as served:
        yield served


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    context = chromium.new_context(base_url=address, viewport=LAPTOP, locale="en")
    context.set_default_timeout(PATIENCE)
    opened = context.new_page()
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("dialog", lambda dialog: dialog.accept())
    opened.goto("/note/")
    yield opened
    context.close()
    assert not faults


def seal(page: Page) -> LocatorAssertions:
    return expect(page.locator("[data-editor-seal]"))


def area(page: Page) -> Locator:
    return page.locator("[data-editor-text]")


def arrives(page: Page, text: str) -> None:
    """Wait for words that a page sent while it was being left."""
    for _ in range(PATIENCE // 50):
        if text == DESK.text:
            return
        page.wait_for_timeout(50)
    pytest.fail(f"{DESK.text!r} is what arrived")


def reopen(page: Page) -> None:
    page.goto("/rows/")
    arrives(page, "One two three")
    page.goto("/note/")


def test_the_words_are_saved_at_a_pause_and_the_line_says_until_when(page: Page) -> None:
    page.keyboard.type("He came in time.")
    seal(page).to_contain_text(re.compile(r"^\s*Saved under seal \d+\.\d\d\.\d\d"))
    assert DESK.text == "He came in time."


def test_the_draft_reopens_where_it_was(page: Page) -> None:
    page.keyboard.type("One two three")
    for _ in "three":
        page.keyboard.press("ArrowLeft")
    reopen(page)
    page.keyboard.type("and ")
    expect(area(page)).to_have_value("One two and three")


def test_leaving_in_the_middle_of_a_word_loses_nothing(page: Page) -> None:
    page.keyboard.type("Half a wo")
    page.goto("/rows/")
    arrives(page, "Half a wo")


def test_without_a_connection_the_words_stay_and_go_when_it_is_back(page: Page) -> None:
    page.context.set_offline(True)
    page.keyboard.type("Nobody hears this yet.")
    seal(page).to_contain_text("no connection")
    seal(page).to_have_class(re.compile("unsaved"))
    assert DESK.text == ""
    page.context.set_offline(False)
    seal(page).to_contain_text("Saved under seal")
    assert DESK.text == "Nobody hears this yet."


def test_a_lost_answer_is_no_conflict(page: Page) -> None:
    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/save/", lose, times=1)
    page.keyboard.type("Saved, but nobody said so.")
    seal(page).to_contain_text("no connection")
    page.keyboard.type(" More.")
    seal(page).to_contain_text("Saved under seal")
    assert DESK.text == "Saved, but nobody said so. More."
    assert not DESK.kept


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (HTTPStatus.SERVICE_UNAVAILABLE, "the keys are away (warden)"),
        (HTTPStatus.UNAUTHORIZED, "you are signed out"),
        (HTTPStatus.INTERNAL_SERVER_ERROR, "something went wrong here"),
    ],
)
def test_what_passes_is_said_and_saving_goes_on(page: Page, status: HTTPStatus, words: str) -> None:
    DESK.refusing = status
    page.keyboard.type("Kept on the page.")
    seal(page).to_contain_text(words)
    expect(area(page)).to_have_value("Kept on the page.")
    DESK.refusing = None
    seal(page).to_contain_text("Saved under seal")
    assert DESK.text == "Kept on the page."


def test_too_long_is_said_and_a_shorter_text_is_saved(page: Page) -> None:
    DESK.refusing = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    page.keyboard.type("Too long")
    seal(page).to_contain_text("the note is too long")
    DESK.refusing = None
    page.keyboard.press("Backspace")
    seal(page).to_contain_text("Saved under seal")
    assert DESK.text == "Too lon"


def test_two_windows_lose_neither_text(page: Page) -> None:
    other = page.context.new_page()
    other.goto("/note/")
    other.keyboard.type("From the other window.")
    seal(other).to_contain_text("Saved under seal")
    page.keyboard.type("From this window.")
    seal(page).to_contain_text("Changed.")
    expect(page.locator("[data-editor-seal] a")).to_have_attribute("href", "/kept/")
    assert DESK.text == "From the other window."
    assert DESK.kept == ["From this window."]


def test_what_is_written_after_a_conflict_goes_into_the_copy(page: Page) -> None:
    DESK.version, DESK.goes_on_in_the_copy = 5, True
    page.keyboard.type("Mine.")
    seal(page).to_contain_text("Changed.")
    page.keyboard.type(" And more.")
    seal(page).to_contain_text("Saved under seal")
    assert DESK.kept == ["Mine. And more."]
    assert DESK.text == ""


def test_ctrl_enter_signs_every_word_without_waiting(page: Page) -> None:
    page.keyboard.type("All of it.")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/rows/")
    assert DESK.signed == ["All of it."]


def test_signing_without_a_connection_keeps_the_words(page: Page) -> None:
    page.keyboard.type("Not gone.")
    page.context.set_offline(True)
    page.keyboard.press("Control+Enter")
    seal(page).to_contain_text("Not signed.")
    expect(area(page)).to_have_value("Not gone.")
    page.context.set_offline(False)
    seal(page).to_contain_text("Saved under seal")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/rows/")
    assert DESK.signed == ["Not gone."]


def test_a_refused_signature_is_explained_and_the_draft_goes_on(page: Page) -> None:
    page.keyboard.type("Wait")
    seal(page).to_contain_text("Saved under seal")
    DESK.refusing = HTTPStatus.BAD_REQUEST
    page.keyboard.press("Control+Enter")
    seal(page).to_contain_text("Not signed. Not now.")
    DESK.refusing = None
    page.keyboard.type(" a moment")
    seal(page).to_contain_text("Saved under seal")
    assert DESK.text == "Wait a moment"


def test_one_key_copies_a_paragraph_of_the_last_note(page: Page) -> None:
    page.keyboard.type("Begun.")
    page.keyboard.press("Alt+ArrowDown")
    page.keyboard.press("Alt+ArrowDown")
    page.keyboard.press("F2")
    expect(area(page)).to_have_value("Begun.\n\nWe spoke of the holiday.")
    page.keyboard.press("F2")
    expect(area(page)).to_have_value(re.compile(r"holiday\.\n\nNext time: the diary\.$"))


def test_a_template_brings_its_headings_and_never_takes_words_away(page: Page) -> None:
    page.select_option("[data-editor-template]", "dap")
    page.keyboard.type("She is well.")
    expect(area(page)).to_have_value("Data\nShe is well.\nAssessment\n\nPlan\n")
    page.select_option("[data-editor-template]", "free")
    page.select_option("[data-editor-template]", "dap")
    expect(area(page)).to_have_value(re.compile("She is well"))


def test_nothing_is_left_in_the_browser(page: Page) -> None:
    page.keyboard.type("A secret.")
    seal(page).to_contain_text("Saved under seal")
    stores = "[localStorage.length, sessionStorage.length]"
    assert page.evaluate(stores) == [0, 0]
    assert page.evaluate("indexedDB.databases().then((all) => all.length)") == 0


def test_without_scripts_the_form_saves_and_signs(chromium: Browser, address: str) -> None:
    context = chromium.new_context(base_url=address, java_script_enabled=False)
    plain = context.new_page()
    plain.goto("/note/")
    plain.fill("[data-editor-text]", "By hand.")
    plain.click("[data-editor-save]")
    assert DESK.text == "By hand."
    plain.click("[data-editor-sign]")
    plain.wait_for_url("**/rows/")
    assert DESK.signed == ["By hand."]
    context.close()


def test_the_keyboard_alone_leads_to_a_note_and_back(page: Page) -> None:
    page.goto("/rows/")
    for key in ("j", "j", "k", "j"):
        page.keyboard.press(key)
    expect(page.locator(":focus")).to_have_text("Eero")
    page.keyboard.press("Enter")
    page.wait_for_url("**/note/")
    page.keyboard.press("Escape")
    page.wait_for_url("**/rows/")
    page.keyboard.press("/")
    expect(page.locator("[data-find-words]")).to_be_focused()
    page.keyboard.press("Escape")
    page.locator("main").focus()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()


def test_single_keys_can_be_turned_off(page: Page) -> None:
    page.request.post("/look/", form={"keys": "off"}, headers=token(page))
    page.goto("/rows/")
    page.keyboard.press("j")
    expect(page.locator(".row-name").first).not_to_be_focused()


def token(page: Page) -> dict[str, str]:
    value = page.locator("input[name=csrfmiddlewaretoken]").first.input_value()
    return {"X-CSRFToken": value}


def test_finding_shows_the_list_and_says_when_nothing_came(page: Page) -> None:
    page.goto("/rows/")
    page.fill("[data-find-words]", "ai")
    expect(page.locator("[data-find-results]")).to_have_text("list")
    page.context.set_offline(True)
    page.fill("[data-find-words]", "aino")
    expect(page.locator("[data-find-results]")).to_contain_text("No answer came")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, LAPTOP], ids=["phone", "laptop"])
def test_axe_finds_nothing_and_nothing_is_cut_off(
    chromium: Browser, address: str, scheme, size
) -> None:
    context = chromium.new_context(base_url=address, viewport=size, color_scheme=scheme)
    looked = context.new_page()
    for where in ("/note/", "/rows/", "/taken/"):
        looked.goto(where)
        assert not violated(looked), where
        wide = looked.evaluate("document.documentElement.scrollWidth")
        assert wide <= size["width"], where
    context.close()
