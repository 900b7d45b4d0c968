"""A page that was locked opens with a security key, and the key's secret stays nowhere on it."""

import json
import re

from playwright.sync_api import expect

from tests.browser import IN_A_BROWSER
from tests.people.test_passkeys_in_the_browser import PASSWORD, Desk, desk
from tests.promises.seeking import holds, spellings
from vaitiolo.people.sign_in import as_bytes

__all__ = ["desk"]

pytestmark = IN_A_BROWSER

UNLOCK = "Unlock with your security key"
ON_PAGE = """() => [...document.querySelectorAll("input")].map((box) => box.value).join(" ")"""


def lock(desk: Desk) -> None:
    desk.page.keyboard.press("Control+Shift+L")
    expect(desk.page.locator("h1")).to_have_text("Locked")


def sent_as_form(desk: Desk) -> dict[str, str]:
    """Return the fields of the last sign-in that a module sent, out of its multipart body."""
    body = [one.post_data or "" for one in desk.sent if one.url.endswith("/sign-in/")][-1]
    return dict(re.findall(r'name="(\w+)"\r\n\r\n([^\r]*)\r\n', body))


def with_a_key(desk: Desk) -> str:
    key = desk.put_in()
    desk.sign_in()
    desk.add_key("Blue")
    desk.says("The key is added")
    desk.sign_out()
    desk.sign_in_with_key()
    desk.is_in()
    desk.page.goto("/sessions/")
    return key


def test_the_key_unlocks_and_a_wrong_password_with_it_does_not(desk: Desk) -> None:
    with_a_key(desk)
    lock(desk)
    expect(desk.page.get_by_role("button", name="Unlock", exact=True)).to_have_count(0)
    desk.fill(name="helmi", password="not the password")
    desk.press(UNLOCK)
    expect(desk.page.locator("[data-veil-says]")).to_contain_text("is not right")
    desk.fill(password=PASSWORD)
    desk.press(UNLOCK)
    expect(desk.page.locator("h1")).to_have_text("My sessions")
    desk.says("password and security key")
    signed = sent_as_form(desk)
    secret = as_bytes(signed["prf"])
    assert len(secret) == 32
    assert set(json.loads(signed["assertion"])) == {"id", "rawId", "type", "response"}
    assert not holds([desk.page.evaluate(ON_PAGE).encode()], spellings(secret))
    assert not holds([one.url.encode() for one in desk.sent], spellings(secret))


def test_no_key_no_page_and_the_password_alone_does_not_do(desk: Desk) -> None:
    key = with_a_key(desk)
    lock(desk)
    desk.take_out(key)
    desk.usb.send("WebAuthn.disable")
    desk.usb.send("WebAuthn.enable")
    desk.put_in()
    desk.fill(name="helmi", password=PASSWORD)
    desk.page.keyboard.press("Enter")
    expect(desk.page.locator("[data-touch-says]")).to_contain_text("No key answered")
    expect(desk.page.locator("h1")).to_have_text("Locked")
