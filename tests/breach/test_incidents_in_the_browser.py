"""An incident from the first sign to its closing, in two people's browsers: laptop, phone, dark."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from playwright.sync_api import Browser, Page, expect

from tests.browser import IN_A_BROWSER, LAPTOP, PATIENCE, PHONE, serving, violated
from tests.cast import Clinic
from vaitiolo.people.sign_in import COOKIE

pytestmark = IN_A_BROWSER

MAIL = b"Received: from a by b\r\nSubject: Pay\r\n\r\nPay or we publish.\r\n"
Seats = Callable[..., Page]


@pytest.fixture
def seat(practice: Clinic, chromium: Browser, settings: LazySettings) -> Iterator[Seats]:
    """Give somebody a browser of their own, signed in."""
    made = []
    with serving() as address:
        settings.CSRF_TRUSTED_ORIGINS = [address]

        def begin(name: str, scheme: str = "light") -> Page:
            context = chromium.new_context(base_url=address, locale="en", color_scheme=scheme)
            context.set_default_timeout(PATIENCE)
            made.append(context)
            cookie = {"name": COOKIE, "value": practice.cookie(name), "secure": True}
            context.add_cookies([{**cookie, "url": address.replace("http:", "https:")}])
            return context.new_page()

        yield begin
        for context in made:
            context.close()


def looks_good(page: Page) -> None:
    for size in (PHONE, LAPTOP):
        page.set_viewport_size(size)
        assert not violated(page), (page.url, size)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def report(page: Page) -> None:
    """Report from wherever one is, in two clicks."""
    page.goto("/my-keys/")
    page.get_by_role("button", name="Own menu").click()
    page.get_by_role("link", name="Report a problem").click()
    looks_good(page)
    page.get_by_label("A strange message, a threat or a demand for money").check()
    page.get_by_label("What happened").fill("A mail names three of my patients and wants money.")
    page.get_by_role("button", name="Send the report").click()
    expect(page.locator("h1")).to_contain_text("Your report is incident 1")
    expect(page.locator("main")).to_contain_text("Pia Puro, Ritva Ranta")
    looks_good(page)


def work(page: Page, mail: Path) -> None:
    page.goto("/incidents/")
    looks_good(page)
    page.get_by_role("link", name="Incident 1").click()
    looks_good(page)
    evidence = page.locator("#evidence")
    evidence.locator("summary", has_text="Put in a file").click()
    evidence.get_by_label("An e-mail").check()
    evidence.locator("input[type=file]").set_input_files(mail)
    evidence.get_by_role("button", name="Seal the file").click()
    expect(page.locator("#evidence .file")).to_have_text("ransom.eml")
    with page.expect_download() as given:
        page.locator("#evidence").get_by_role("button", name="Take out").click()
    assert Path(given.value.path()).read_bytes() == MAIL
    decide(page)
    page.locator("#close summary").click()
    page.locator("#close textarea").fill("It was a trick: no record was read.")
    page.get_by_role("button", name="Ask a second officer to close it").click()
    expect(page.locator("#close")).to_contain_text("Pia Puro has asked to close it")
    looks_good(page)


def decide(page: Page) -> None:
    notify = page.locator("#notify")
    notify.locator("summary").click()
    # What is not filled in is shown again, open, with what is wrong.
    notify.get_by_role("button", name="Record the decision").click()
    expect(page.locator("#notify .error").first).to_be_visible()
    looks_good(page)
    for group in ("authority", "people"):
        page.locator(f"#notify input[name={group}][value=no]").check()
    page.locator("#notify textarea").fill("No record of ours was read.")
    page.locator("#notify").get_by_role("button", name="Record the decision").click()
    expect(page.locator("#notify")).to_contain_text("The authority is not told.")


def test_from_the_first_sign_to_the_second_officer(seat: Seats, tmp_path: Path) -> None:
    report(seat("helmi"))
    mail = tmp_path / "ransom.eml"
    mail.write_bytes(MAIL)
    work(seat("pia"), mail)
    ritva = seat("ritva", "dark")
    ritva.goto("/incidents/")
    ritva.get_by_role("link", name="Incident 1").click()
    looks_good(ritva)
    ritva.get_by_role("button", name="Close it, as the second officer").click()
    expect(ritva.locator("#close")).to_contain_text("This incident is closed")
    looks_good(ritva)
