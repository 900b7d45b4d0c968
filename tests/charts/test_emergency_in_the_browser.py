"""A Saturday night in a real browser, with a security key: from the reason to the morning after."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import LazySettings
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser import IN_A_BROWSER, LAPTOP, PATIENCE, PHONE, serving, violated
from tests.charts.conftest import AADA, WORDS, Aada
from tests.charts.test_emergencies import EMERGENCY, let_it_be_saturday
from tests.people.test_passkeys_in_the_browser import KEY
from tests.warden.emergencies import REASON
from tests.warden.fingers import Finger, give_key
from vaitiolo.people.sign_in import COOKIE

pytestmark = IN_A_BROWSER


@dataclass
class House:
    """The pages at an address of their own, and browsers of those who work there."""

    aada: Aada
    chromium: Browser
    address: str

    def come_in(self, name: str) -> BrowserContext:
        context = self.chromium.new_context(
            base_url=self.address, viewport=LAPTOP, locale="en", reduced_motion="reduce"
        )
        context.set_default_timeout(PATIENCE)
        cookie = {"name": COOKIE, "value": self.aada.practice.clinic.cookie(name), "secure": True}
        context.add_cookies([{**cookie, "url": self.address.replace("http:", "https:")}])
        return context


@pytest.fixture
def house(aada: Aada, chromium: Browser, settings: LazySettings) -> Iterator[House]:
    with serving() as address:
        settings.CSRF_TRUSTED_ORIGINS, settings.ORIGIN = [address], address
        yield House(let_it_be_saturday(aada), chromium, address)


def put_in(page: Page, finger: Finger) -> None:
    """Put somebody's own security key into the machine that a page is on."""
    usb = page.context.new_cdp_session(page)
    usb.send("WebAuthn.enable")
    added = usb.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    private = finger.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    credential = {
        "credentialId": base64.b64encode(finger.id).decode(),
        "isResidentCredential": False,
        "rpId": "localhost",
        "privateKey": base64.b64encode(private).decode(),
        "signCount": 0,
    }
    usb.send(
        "WebAuthn.addCredential",
        {"authenticatorId": added["authenticatorId"], "credential": credential},
    )


def test_a_saturday_night_and_the_morning_after(house: House) -> None:
    clinic = house.aada.practice.clinic
    night = house.come_in("otso").new_page()
    put_in(night, give_key(clinic, "otso"))
    night.goto(EMERGENCY)
    night.locator("[name=patient]").fill(str(house.aada.patient))
    night.locator("[name=reason]").fill(REASON)
    night.get_by_role("button", name="Go on").click()
    night.get_by_role("button", name="Open the record").click()
    expect(night.get_by_role("heading", level=1)).to_have_text(AADA.name)
    expect(night.locator("#main")).to_contain_text(WORDS)
    night.set_viewport_size(PHONE)
    assert night.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert not violated(night)
    night.get_by_role("button", name="End it now").click()
    expect(night.locator(".notice").first).to_contain_text("closed again")
    morning = house.come_in("helmi").new_page()
    morning.goto("/diary/day/")
    expect(morning.locator("#main")).to_contain_text(f"Otso Oja opened the record of {AADA.name}")
    assert not violated(morning)
    morning.get_by_role("button", name="All right").first.click()
    expect(morning.locator(".notice").first).to_contain_text("it was all right")
    for page in (night, morning):
        page.context.close()
