"""Two officers erase somebody in a real browser, on a laptop and on a phone."""

from functools import partial

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import LAPTOP, PHONE, violated
from tests.cast import Clinic
from tests.warden.test_reporting import live
from tests.watch.test_reports_in_the_browser import context, pytestmark
from vaitiolo.people.sign_in import COOKIE

__all__ = ["context", "pytestmark"]

SIZES = {"laptop": LAPTOP, "phone": PHONE}


def come_in(context: BrowserContext, clinic: Clinic, name: str) -> None:
    [cookie] = [one for one in context.cookies() if one["name"] == COOKIE]
    context.clear_cookies()
    context.add_cookies([{**cookie, "value": clinic.cookie(name)}])


def check(page: Page, width: int) -> None:
    assert not violated(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("size", ["laptop", "phone"])
def test_one_asks_and_another_approves(clinic: Clinic, context: BrowserContext, size: str) -> None:
    patient, _truth = live(clinic)
    page = context.new_page()
    page.set_viewport_size(SIZES[size])
    fits = partial(check, page, SIZES[size]["width"])

    page.goto("/log/erasures/")
    expect(page.get_by_text("Nobody was ever erased")).to_be_visible()
    fits()
    page.get_by_role("link", name="Ask for an erasure").click()
    page.fill("[name=subject]", str(patient))
    page.fill("[name=reason]", "Same person as another record.")
    fits()
    page.get_by_role("button", name="Look what would go").click()
    expect(page.get_by_role("heading", name="What stays")).to_be_visible()
    fits()
    page.get_by_role("button", name="Touch the key and ask").click()
    expect(page.locator("#main").get_by_text("nothing is erased yet")).to_be_visible()
    fits()
    come_in(context, clinic, "mauri")
    page.goto("/log/erasures/")
    page.locator("a.row-name").click()
    fits()
    page.get_by_role("button", name="Touch the key and erase").click()
    expect(page.get_by_text("approved by Mauri Mäki")).to_be_visible()
    fits()
