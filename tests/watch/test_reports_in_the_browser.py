"""The report as the officer sees it: three languages, a laptop and a phone, light and dark."""

from collections.abc import Iterator

import pytest
from django.conf import LazySettings
from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser import IN_A_BROWSER, LAPTOP, PATIENCE, PHONE, serving, violated
from tests.cast import Clinic
from tests.warden.test_reporting import live
from vaitiolo.people.sign_in import COOKIE

pytestmark = IN_A_BROWSER


@pytest.fixture
def context(clinic: Clinic, chromium: Browser, settings: LazySettings) -> Iterator[BrowserContext]:
    """A browser of Pia's."""
    with serving() as address:
        settings.CSRF_TRUSTED_ORIGINS = [address]
        yield from _pias(clinic, chromium, address)


def _pias(clinic: Clinic, chromium: Browser, address: str) -> Iterator[BrowserContext]:
    made = chromium.new_context(base_url=address, locale="en", color_scheme="dark")
    made.set_default_timeout(PATIENCE)
    cookie = {"name": COOKIE, "value": clinic.cookie("pia"), "secure": True}
    made.add_cookies([{**cookie, "url": address.replace("http:", "https:")}])
    yield made
    made.close()


def test_it_is_read_in_three_languages_on_a_laptop_and_on_a_phone(
    clinic: Clinic, context: BrowserContext
) -> None:
    patient, truth = live(clinic)
    page = context.new_page()
    page.goto("/log/")
    page.get_by_role("link", name="Who read").first.click()
    assert not violated(page)
    page.fill("[name=patient]", str(patient))
    page.fill("[name=reason]", "Asked in a letter.")
    page.get_by_role("button", name="Make the report").click()
    for made, language in enumerate(("fi", "sv", "en"), start=1):
        page.locator("summary", has_text="Choose lines").click()
        page.select_option("select[name=language]", language)
        page.get_by_role("button", name="Show", exact=True).click()
        report = page.locator(f'.report[lang="{language}"]')
        expect(report.locator("tbody tr")).to_have_count(len(truth) + made + 1)
        for size in (LAPTOP, PHONE):
            page.set_viewport_size(size)
            assert not violated(page), (language, size)
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    with page.expect_download() as given:
        page.locator("summary", has_text="Choose lines").click()
        page.get_by_role("button", name="As a file").click()
    assert given.value.suggested_filename == "report.pdf"
    # The answer was a file and the page stayed: the same form gives the next file.
    expect(page.locator("form[data-sent]")).to_have_count(0)
    with page.expect_download() as given:
        page.get_by_role("button", name="As a proof bundle").click()
    assert given.value.suggested_filename == "report.zip"


def test_a_request_is_decided_on_a_phone_and_a_mistake_is_said_beside_its_field(
    clinic: Clinic, context: BrowserContext
) -> None:
    patient, _truth = live(clinic)
    page = context.new_page()
    page.set_viewport_size(PHONE)
    page.goto("/log/report/")
    page.fill("[name=patient]", str(patient))
    page.fill("[name=reason]", "Asked in a letter.")
    page.get_by_role("button", name="Make the report").click()
    page.locator("summary", has_text="Decide on a request").click()
    page.get_by_label("What was asked for").fill("A letter.")
    page.get_by_label("Decision", exact=True).select_option("refused")
    page.locator("form[action*=decision]").get_by_label("Reason").fill("No special ground.")
    assert not violated(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.get_by_role("button", name="Record the decision").click()
    expect(page.get_by_text("What is not given needs a ground").first).to_be_visible()
    page.get_by_label("What the law says").select_option("age")
    page.get_by_role("button", name="Record the decision").click()
    expect(page.get_by_text("The decision is recorded.")).to_be_visible()
    assert not violated(page)
    with page.expect_download() as given:
        page.get_by_role("button", name="Letter").click()
    assert given.value.suggested_filename == "letter.pdf"
