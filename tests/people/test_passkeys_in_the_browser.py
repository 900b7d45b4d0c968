"""Security keys in a real browser: added, used, lost, and a password that was forgotten."""

import json
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qs

import pytest
from django.conf import LazySettings
from playwright.sync_api import Browser, Page, Request, expect

from tests.browser import IN_A_BROWSER, PATIENCE, serving, violated
from tests.cast import Clinic
from tests.promises.seeking import dump, holds, spellings
from vaitiolo.people.sign_in import as_bytes

pytestmark = IN_A_BROWSER
TOUCH = "a touch"
PASSWORD, NEW = "neljä hiljaista kissaa", "viisi äänekästä koiraa"
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


@dataclass
class Desk:
    """Helmi at her browser, with a socket for security keys, and everything that was sent."""

    page: Page
    sent: list[Request] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", lambda request: self.sent.append(request))  # noqa: PLW0108 - its driver cannot take a bare method
        self.usb = self.page.context.new_cdp_session(self.page)
        self.usb.send("WebAuthn.enable")

    def put_in(self, **about: object) -> str:
        options = {**KEY, **about}
        return self.usb.send("WebAuthn.addVirtualAuthenticator", {"options": options})[
            "authenticatorId"
        ]

    def take_out(self, key: str) -> None:
        self.usb.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": key})

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name).click()

    def says(self, words: str) -> None:
        expect(self.page.locator("#main")).to_contain_text(words)

    def fill(self, **fields: str) -> None:
        for name, value in fields.items():
            self.page.locator(f"input[name={name}]:visible").fill(value)

    def arrive(self) -> None:
        self.page.goto("/sign-in/")
        self.fill(name="helmi")

    def sign_in(self) -> None:
        self.arrive()
        self.page.locator("input[name=password]").fill(PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(lambda url: "sign-in" not in url)

    def sign_in_with_key(self, password: str = PASSWORD) -> None:
        self.arrive()
        self.fill(password=password)
        self.press("Sign in with your security key")

    def is_in(self) -> None:
        self.page.wait_for_url(lambda url: "sign-in" not in url)

    def sign_out(self) -> None:
        self.page.context.clear_cookies(name="__Host-session")

    def prove(self, proof: str) -> None:
        """Show that one wants the change: by what can be typed, or by a touch of an own key."""
        self.says("Confirm that it is you")
        if proof == TOUCH:
            self.page.locator("[data-touch-button]").click()
        else:
            self.fill(password=proof)
            self.press("Confirm")

    def add_key(self, label: str, password: str = PASSWORD, *, proof: str = PASSWORD) -> None:
        self.prove_key(proof)
        self.make_key(label, password)

    def prove_key(self, proof: str) -> None:
        self.page.goto("/my-keys/key/")
        self.prove(proof)
        expect(self.page.locator("h1")).to_have_text("Add a security key")

    def make_key(self, label: str, password: str = PASSWORD) -> None:
        self.fill(label=label, password=password, again=password)
        self.press("Put the key in, then add it")

    def add_code(self, *, proof: str = PASSWORD) -> str:
        self.page.goto("/my-keys/code/")
        self.prove(proof)
        code = self.page.locator("[data-code]").inner_text()
        groups = self.page.locator("[data-code] > span").all_inner_texts()
        assert [len(one.rstrip("-")) for one in groups] == [4] * 7, "a phone breaks none of them"
        self.fill(letters=code[-4:])
        self.press("It is on paper")
        self.says("The printed code opens your keys from now on.")
        return code

    def sign_in_with_code(self, code: str) -> None:
        self.arrive()
        self.page.get_by_role("link", name="Use a printed recovery code").click()
        self.fill(name="helmi", password=code.lower())
        self.press("Sign in")
        self.says("You came in with the printed code.")

    def remove(self, label: str, *, proof: str = PASSWORD) -> None:
        self.page.goto("/my-keys/")
        self.page.get_by_role("link", name=re.compile(f"Remove .*{label}")).click()
        self.prove(proof)
        self.press("Remove it now")
        self.says("It is removed")

    def posted(self, path: str) -> list[dict[str, str]]:
        """Return the fields of the forms that were sent to an address."""
        forms = [one.post_data or "" for one in self.sent if one.url.endswith(path)]
        return [{name: text[0] for name, text in parse_qs(form).items()} for form in forms if form]


@pytest.fixture
def desk(practice: Clinic, chromium: Browser, settings: LazySettings) -> Iterator[Desk]:
    practice.founding.give_password(
        practice.people["helmi"], sign_in_name="helmi", password=PASSWORD
    )
    with serving() as settings.ORIGIN:
        yield from _seated(chromium, settings)


def _seated(chromium: Browser, settings: LazySettings) -> Iterator[Desk]:
    settings.CSRF_TRUSTED_ORIGINS = [settings.ORIGIN]
    context = chromium.new_context(base_url=settings.ORIGIN, locale="en")
    context.set_default_timeout(PATIENCE)
    faults: list[str] = []
    context.on("weberror", lambda fault: faults.append(str(fault.error)))
    yield Desk(context.new_page())
    context.close()
    assert not faults


def test_a_key_is_added_and_then_signs_in_and_its_secret_stands_nowhere(
    desk: Desk, practice: Clinic, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    desk.put_in()
    desk.sign_in()
    desk.add_key("Blue")
    desk.says("The key is added")
    desk.says("You have one security key only.")
    desk.sign_out()
    desk.sign_in_with_key()
    desk.is_in()
    expect(desk.page.locator("#main")).to_contain_text("You have one security key only.")
    expect(desk.page.locator("#main")).not_to_contain_text("the weaker way in")
    assert practice.install.memory.seats(practice.id("helmi"))

    [added], [*_, signed] = desk.posted("/my-keys/key/"), desk.posted("/sign-in/")
    assert added["prf"] == signed["prf"], "a key gives the same secret each time"
    secret = as_bytes(signed["prf"])
    assert len(secret) == 32
    for form in (added, signed):
        assert set(json.loads(form["assertion"])) == {"id", "rawId", "type", "response"}
        assert not holds([form["assertion"].encode()], spellings(secret))
    assert not holds([one.url.encode() for one in desk.sent], spellings(secret))
    others = [one for one in desk.sent if not one.url.endswith(("/my-keys/key/", "/sign-in/"))]
    assert not holds([one.post_data_buffer or b"" for one in others], spellings(secret))
    assert not holds(dump("default", "vault"), spellings(secret))
    assert not holds([caplog.text.encode()], spellings(secret))


def test_what_the_browser_would_write_of_a_key_by_itself_holds_the_secret(desk: Desk) -> None:
    desk.put_in()
    desk.page.goto("/sign-in/")
    written, secret = desk.page.evaluate(
        """async () => {
            const salt = new Uint8Array(32).fill(7);
            const made = await navigator.credentials.create({ publicKey: {
                challenge: salt, rp: { name: "x" }, user: { id: salt, name: "x", displayName: "x" },
                pubKeyCredParams: [{ type: "public-key", alg: -7 }],
                extensions: { prf: { eval: { first: salt } } },
            } });
            const first = made.getClientExtensionResults().prf.results.first;
            const secret = btoa(String.fromCharCode(...new Uint8Array(first)));
            return [JSON.stringify(made.toJSON()), secret];
        }"""
    )
    assert holds(
        [written.encode()],
        spellings(as_bytes(secret.replace("+", "-").replace("/", "_").rstrip("="))),
    )


def test_a_browser_that_has_used_a_key_offers_it_first(desk: Desk) -> None:
    desk.put_in()
    desk.sign_in()
    desk.add_key("Blue")
    desk.says("The key is added")
    desk.sign_out()
    desk.sign_in_with_key()
    desk.is_in()
    desk.sign_out()
    desk.arrive()
    desk.fill(password=PASSWORD)
    desk.page.keyboard.press("Enter")
    desk.is_in()
    assert desk.posted("/sign-in/")[-1]["way"] == "key"


def test_a_wrong_password_with_the_right_key_opens_nothing(desk: Desk) -> None:
    desk.put_in()
    desk.sign_in()
    desk.add_key("Blue")
    desk.says("The key is added")
    desk.sign_out()
    desk.sign_in_with_key("not the password")
    desk.says("is not right")


def test_a_lost_key_is_replaced_with_the_printed_code(desk: Desk) -> None:
    lost = desk.put_in()
    desk.sign_in()
    desk.add_key("Blue")
    desk.says("The key is added")
    code = desk.add_code(proof=TOUCH)
    desk.remove("Password alone", proof=TOUCH)
    desk.sign_out()
    desk.take_out(lost)
    desk.put_in()
    desk.sign_in_with_key()
    desk.says("No key answered, or it was not one of yours.")
    desk.sign_in_with_code(code)
    desk.add_key("New", proof=code)
    desk.says("The key is added")
    desk.remove("Blue", proof=code)
    desk.sign_out()
    desk.sign_in_with_key()
    desk.is_in()


def test_a_second_key_opens_when_the_first_is_lost(desk: Desk) -> None:
    first = desk.put_in()
    desk.sign_in()
    desk.add_key("Blue")
    desk.says("The key is added")
    desk.prove_key(TOUCH)
    desk.says("That was your old key. Now take the new one.")
    desk.usb.send(
        "WebAuthn.setAutomaticPresenceSimulation", {"authenticatorId": first, "enabled": False}
    )
    desk.put_in()
    desk.make_key("Spare")
    desk.says("The key is added")
    expect(desk.page.locator(".notice.warn")).to_have_count(0)
    desk.take_out(first)
    desk.sign_out()
    desk.sign_in_with_key()
    desk.is_in()
    desk.remove("Blue", proof=TOUCH)


def test_a_forgotten_password_is_replaced_with_the_key_and_the_printed_code(desk: Desk) -> None:
    desk.put_in()
    desk.sign_in()
    desk.add_key("Blue")
    desk.says("The key is added")
    code = desk.add_code(proof=TOUCH)
    desk.sign_out()
    desk.sign_in_with_code(code)
    desk.remove("Blue", proof=code)
    desk.add_key("Blue again", NEW, proof=code)
    desk.says("The key is added")
    desk.remove("Password alone", proof=TOUCH)
    desk.sign_out()
    desk.sign_in_with_key(NEW)
    desk.is_in()


def test_the_password_is_changed_with_a_touch(desk: Desk) -> None:
    desk.put_in()
    desk.sign_in()
    desk.add_key("Blue")
    desk.says("The key is added")
    desk.page.goto("/my-keys/password/")
    desk.fill(old=PASSWORD, password=NEW, again=NEW)
    desk.press("Touch the key and change")
    desk.says("The password is changed.")
    desk.sign_out()
    desk.sign_in_with_key()
    desk.says("is not right")
    desk.sign_in_with_key(NEW)
    desk.is_in()


def test_each_change_asks_for_a_touch_of_its_own(desk: Desk) -> None:
    desk.put_in()
    desk.sign_in()
    desk.add_key("Blue")
    desk.says("The key is added")
    desk.add_code(proof=TOUCH)
    for page in ("code", "key"):
        desk.page.goto(f"/my-keys/{page}/")
        desk.says("Confirm that it is you")


def test_a_key_that_cannot_keep_the_secret_is_told_and_not_added(desk: Desk) -> None:
    desk.put_in(hasPrf=False)
    desk.sign_in()
    desk.add_key("Old")
    desk.says("cannot keep the secret")
    assert not desk.posted("/my-keys/key/")


def test_the_same_key_is_not_added_twice(desk: Desk) -> None:
    desk.put_in()
    desk.sign_in()
    desk.add_key("Blue")
    desk.says("The key is added")
    desk.add_key("Blue once more", proof=TOUCH)
    desk.says("This key is one of yours already.")


def test_the_pages_are_good_to_read_with_whatever_one_reads(desk: Desk) -> None:
    for path in ("/sign-in/", "/sign-in/code/"):
        desk.page.goto(path)
        assert not violated(desk.page), path
    desk.put_in()
    desk.sign_in()
    desk.add_key("Blue")
    desk.says("The key is added")
    for path in ("", "confirm/new-key/", "confirm/new-code/", "password/"):
        desk.page.goto(f"/my-keys/{path}")
        assert not violated(desk.page), path
