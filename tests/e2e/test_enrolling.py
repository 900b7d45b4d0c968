"""Somebody joins, at two browsers: eight words on both screens, a security key, the first day."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import IN_A_BROWSER, violated
from tests.e2e.conftest import LiveClinic

pytestmark = IN_A_BROWSER
PASSWORD = "vesi vanhin voitehista"
KEY = {
    "protocol": "ctap2",
    "ctap2Version": "ctap2_1",
    "transport": "usb",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "hasPrf": True,
    "automaticPresenceSimulation": True,
}


def words_on(page: Page) -> list[str]:
    expect(page.locator("[data-words] li")).to_have_count(8)
    return page.locator("[data-words] li").all_inner_texts()


def has_each_module_once(page: Page) -> None:
    """A module known by two names would run twice, and ask a key for two touches."""
    asked = page.evaluate("performance.getEntriesByType('resource').map((one) => one.name)")
    scripts = [one.rsplit("/", 1)[1].split(".")[0] for one in asked if one.endswith(".js")]
    assert "passkeys" in scripts
    assert sorted(scripts) == sorted(set(scripts))


def invite(page: Page, name: str, sign_in: str) -> str:
    page.get_by_role("link", name="Invite a colleague").click()
    page.locator("input[name=name]").fill(name)
    page.locator("input[name=sign_in]").fill(sign_in)
    page.get_by_label("Therapist").check()
    page.locator("select[name=unit]").select_option(index=1)
    assert not violated(page)
    page.get_by_role("button", name="Make the invitation").click()
    code = page.locator("[data-code]").inner_text()
    assert re.fullmatch(r"([0-9A-Z]{4}-){6}[0-9A-Z]{4}", code)
    return code


def enrol(page: Page, address: str, code: str) -> None:
    page.goto(address)
    page.get_by_role("link", name="I have an invitation").click()
    page.locator("input[name=code]").fill(code.lower())
    assert not violated(page)
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("h1")).to_have_text("Uuno Uusi")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=again]").fill(PASSWORD)
    assert not violated(page)
    page.get_by_role("button", name="Make my keys with a security key").click()


@pytest.fixture
def newcomer(chromium: Browser) -> Page:
    context = chromium.new_context(locale="en-GB")
    page = context.new_page()
    usb = context.new_cdp_session(page)
    usb.send("WebAuthn.enable")
    usb.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    yield page
    context.close()


def test_somebody_joins_with_a_key_and_eight_words(
    live: LiveClinic, page: Page, newcomer: Page
) -> None:
    live.sign_in(page, "registrar")
    code = invite(page, "Uuno Uusi", "uuno")
    enrol(newcomer, live.address, code)
    said = words_on(newcomer)
    assert not violated(newcomer)
    page.goto(live.address + "/staff/")
    page.get_by_role("link", name="Uuno Uusi").click()
    assert words_on(page) == said
    has_each_module_once(page)
    assert not violated(page)
    page.get_by_role("button", name="The words are the same: sign the card").click()
    expect(page.locator("#main")).to_contain_text("The card is signed")
    assert not violated(page)
    # The newcomer's page notices by itself and leads to the sign-in.
    expect(newcomer.locator("h1")).to_have_text("Sign in")
    newcomer.locator("input[name=name]").fill("uuno")
    newcomer.locator("input[name=password]").fill(PASSWORD)
    newcomer.get_by_role("button", name="Sign in with your security key").click()
    newcomer.wait_for_url(lambda url: "sign-in" not in url)
    expect(newcomer.locator(".account-who")).to_contain_text("Uuno Uusi")
    newcomer.goto(live.address + "/staff/")
    expect(newcomer.locator("#main")).to_contain_text("Uuno Uusi")
    expect(newcomer.get_by_role("link", name="Invite a colleague")).to_have_count(0)
