"""A day of the clinic in a real browser, bad moments included, over live programs."""

import re
import signal
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import IN_A_BROWSER, violated
from tests.e2e.conftest import LiveClinic
from vaitiolo.config.demo.main import PASSWORD

pytestmark = IN_A_BROWSER
WORDS = "Uni on parantunut, ja viikko oli rauhallinen."
SAVED = "Saved under seal"


def open_first(page: Page) -> None:
    page.locator("section.group li.row:not(:has(.tag.on)) a.row-name").first.click()
    page.locator("textarea").wait_for()


def test_from_the_days_list_to_a_signed_note_in_two_actions(live: LiveClinic, page: Page) -> None:
    live.sign_in(page, "therapist")
    open_first(page)
    page.locator("textarea").focus()
    page.keyboard.type(WORDS)
    expect(page.locator("[data-editor-words]")).to_contain_text(SAVED)
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/diary/day/**")
    expect(page.locator("main")).to_contain_text("signed")


def test_a_session_of_the_register_that_nobody_charted_may_be_missed(
    live: LiveClinic, page: Page
) -> None:
    live.sign_in(page, "therapist")
    earliest = page.locator("section:has(#uncharted) li.row").first
    name = earliest.locator(".row-name").inner_text()
    count = page.locator("section:has(#uncharted) li.row").count()
    earliest.get_by_role("link", name="Did not take place").click()
    expect(page.locator("h1")).to_have_text(name)
    page.locator("input[name=because]").first.check()
    page.get_by_role("button", name="It did not take place").click()
    page.wait_for_url("**/diary/day/")
    expect(page.locator("section:has(#uncharted) li.row")).to_have_count(count - 1)


def test_what_was_saved_survives_the_death_of_the_warden(live: LiveClinic, page: Page) -> None:
    live.sign_in(page, "therapist")
    open_first(page)
    page.locator("textarea").focus()
    page.keyboard.type(WORDS)
    expect(page.locator("[data-editor-words]")).to_contain_text(SAVED)
    live.kill("warden")
    page.keyboard.type(" Vielä yksi lause.")
    # The warden is back without a seat for anybody, so the page goes, and the last words with it.
    expect(page.locator("h1")).to_have_text("Locked")
    assert "Vielä yksi lause." not in page.content()
    page.locator("input[name=name]").fill(live.someone("therapist"))
    page.locator("input[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("textarea")).to_have_value(_containing(WORDS + " Vielä yksi lause."))


def test_what_was_saved_survives_the_death_of_the_web(live: LiveClinic, page: Page) -> None:
    live.sign_in(page, "therapist")
    open_first(page)
    page.locator("textarea").focus()
    page.keyboard.type("Ennen katkosta. ")
    expect(page.locator("[data-editor-words]")).to_contain_text(SAVED)
    live.kill("web")
    # Whether the web is back before the first try is chance; that it is tried until it is, is not.
    with page.expect_response(lambda answer: answer.request.method == "POST" and answer.ok):
        page.keyboard.type("Katkoksen jälkeen.")
    expect(page.locator("[data-editor-words]")).to_contain_text(SAVED)
    page.reload()
    expect(page.locator("textarea")).to_have_value(_containing("Katkoksen jälkeen."))


def test_while_the_warden_is_silent_the_pages_say_so(live: LiveClinic, page: Page) -> None:
    live.sign_in(page, "reception")
    live.kill("warden")
    live.pause("warden", signal.SIGSTOP)
    answer = page.request.get(f"{live.address}/diary/")
    live.pause("warden", signal.SIGCONT)
    assert answer.status in {401, 503}


def test_the_thief_finds_nobody(live: LiveClinic) -> None:
    done = live.run("thief", check=False)
    assert done.returncode == 0, done.stdout[-2_000:] + done.stderr[-2_000:]
    assert "stand-in: found 14 of 14" in done.stdout


def test_the_ledger_of_the_day_fits(live: LiveClinic) -> None:
    done = live.run("ledger", "verify", check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_an_auditor_takes_the_ledger_away(live: LiveClinic, tmp_path: Path) -> None:
    copy, proof = tmp_path / "copy", tmp_path / "0.tlog-proof"
    for words in (
        ("reconcile",),
        ("export", "--entries", str(copy)),
        ("audit", str(copy), "--key", "KEY", "--earlier", str(copy / "checkpoint")),
        ("audit",),
        ("prove", "0", "--out", str(proof)),
        ("prove", "--from", "1"),
    ):
        key = (copy / "log-key.txt").read_text() if "KEY" in words else ""
        done = live.run(
            "ledger", *(key or word if word == "KEY" else word for word in words), check=False
        )
        assert done.returncode == 0, (words, done.stdout, done.stderr)
    assert proof.read_text().startswith("c2sp.org/tlog-proof@v1\nindex 0\n")
    bundle = next(file for file in copy.glob("tile/entries/**/*") if file.is_file())
    bundle.write_bytes(bundle.read_bytes()[:-1] + b"?")
    done = live.run("ledger", "audit", str(copy), check=False)
    assert done.returncode == 1
    assert "THE LEDGER WAS CHANGED OR DAMAGED." in done.stdout


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_on_any_page(
    live: LiveClinic, page: Page, language: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(live.address)
    faults = violated(page)
    live.sign_in(page, "therapist", language)
    faults += violated(page)
    open_first(page)
    faults += violated(page)
    chart = page.url.split("/session/", maxsplit=1)[0]
    for address in (f"{chart}/", f"{chart}/team/", f"{live.address}/charts/search/"):
        page.goto(address)
        faults += violated(page)
    page.context.clear_cookies()
    live.sign_in(page, "reception", language)
    for address in ("patients/", "patients/register/", "diary/", "diary/book/"):
        page.goto(f"{live.address}/{address}")
        faults += violated(page)
    assert faults == []


def _containing(words: str) -> re.Pattern[str]:
    return re.compile(re.escape(words))
