"""A scope as an officer asks for it, on a laptop and on a phone, from the question to the file."""

import json
from uuid import UUID

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import IN_A_BROWSER, looks_good

pytestmark = IN_A_BROWSER


def ask_about_aino(page: Page) -> None:
    page.goto("/cases/")
    page.get_by_role("link", name="Whom did it reach?").click()
    looks_good(page)
    page.select_option("select[name=loss]", "12")
    expect(page.get_by_label("Which unit's")).to_be_visible()
    expect(page.get_by_label("Whose")).to_be_hidden()
    page.select_option("select[name=loss]", "5")
    page.fill("[name=reason]", "A laptop was stolen.")
    page.get_by_role("button", name="Ask the ledger").click()
    expect(page.locator("main")).to_contain_text("Say whose it is.")
    looks_good(page)
    page.get_by_label("Whose").select_option(label="Aino Aho")
    page.get_by_role("button", name="Ask the ledger").click()


def test_an_officer_asks_looks_keeps_and_takes_the_file(
    context: BrowserContext, registered: dict[str, UUID]
) -> None:
    page = context.new_page()
    ask_about_aino(page)
    expect(page.get_by_role("heading", name="Whom it reached")).to_be_visible()
    expect(page.locator(".reached tbody")).to_have_count(len(registered))
    looks_good(page)
    page.fill("[name=name]", "For the authority")
    page.get_by_role("button", name="Keep as the list that counts").click()
    expect(page.locator("body")).to_contain_text("The list is kept under this name.")
    with page.expect_download() as given:
        page.get_by_role("button", name="Take list and evidence").click()
    listed = json.loads(given.value.path().read_text(encoding="utf-8"))
    assert {one["patient"] for one in listed["patients"]} == set(map(str, registered.values()))
    page.get_by_role("button", name="What has changed since?").click()
    expect(page.locator("main")).to_contain_text("New on the list")
    looks_good(page)
