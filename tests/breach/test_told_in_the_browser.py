"""The page of whoever was told, in a browser: the code stays there, and so does what it opens."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.conf import LazySettings
from playwright.sync_api import Browser, Page, Request, expect

from tests.breach import told
from tests.browser import IN_A_BROWSER, LAPTOP, PATIENCE, PHONE, serving, violated
from tests.cast import Clinic
from tests.notices.example import CERTIFICATE_CODE, CODE, MESSAGE
from tests.notices.test_hours import MOMENTS, WEEKDAYS
from tests.people.conftest import Actors
from tests.vectors import make
from vaitiolo.breach.incidents import access as incidents
from vaitiolo.breach.models import PublishedPage
from vaitiolo.breach.told import access, publishing, queries
from vaitiolo.notices import advice, codes

pytestmark = [*IN_A_BROWSER, pytest.mark.django_db(transaction=True)]

OTHER = codes.fresh(bytes(range(12)))


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_args: object) -> None:
        """Say nothing."""


class Reader:
    """Somebody at the page, and everything that their browser asked for."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.asked: list[Request] = []
        page.on("request", lambda request: self.asked.append(request))  # noqa: PLW0108 - marks it

    def open(self, code: str = CODE, *, where: str = "/told/") -> Page:
        self.page.goto(where)
        self.page.get_by_label("Your code").fill(codes.show(code))
        self.page.get_by_role("button", name="Show my page").click()
        return self.page

    def said(self) -> str:
        return " ".join(f"{one.url} {one.post_data} {one.headers}" for one in self.asked).upper()


@pytest.fixture
def reader(chromium: Browser, settings: LazySettings) -> Iterator[Reader]:
    settings.ALLOWED_HOSTS = ["localhost"]
    with serving() as address:
        context = chromium.new_context(base_url=address, locale="en")
        context.set_default_timeout(PATIENCE)
        yield Reader(context.new_page())
        context.close()


def looks_good(page: Page) -> None:
    for scheme, size in (("light", PHONE), ("dark", LAPTOP)):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size(size)
        assert not violated(page), (scheme, size)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_a_page_opens_with_its_code_which_leaves_the_browser_in_no_request(reader: Reader) -> None:
    told.publish()
    reader.page.goto("/told/")
    looks_good(reader.page)
    page = reader.open()
    expect(page.get_by_role("heading", name="Åke Esimerkki, this is about you")).to_be_focused()
    mine = page.locator("#en [data-mine]")
    expect(mine.locator(".taken")).to_contain_text("Your patient record: notes of visits, plans")
    expect(mine.locator(".could")).to_contain_text("Could have been read")
    expect(mine.locator(".not-found")).to_contain_text("not found so far")
    expect(page.locator("#en [data-not-mine]")).to_contain_text("therapist's working notes")
    expect(page.locator("#en [data-ahead]")).to_contain_text("25 November 2028")
    looks_good(page)
    page.get_by_role("link", name="Suomi").click()
    expect(page.get_by_role("heading", name="Åke Esimerkki, tämä koskee sinua")).to_be_visible()
    said = reader.said()
    for form in (CODE, codes.show(CODE), CODE[:10]):
        assert form not in said
    assert {one.url.split("/")[2] for one in reader.asked} == {page.url.split("/")[2]}
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [
        0,
        0,
        "",
    ]


def test_advice_is_for_what_got_out_and_for_nothing_else(reader: Reader) -> None:
    told.publish()
    told.publish(replace(told.ENGLISH, fields=("identity-code",)), code=OTHER)
    page = reader.open()
    expect(page.locator("#en [data-item=contact-ban-operators]")).to_be_visible()
    for hidden in ("new-identity-code", "credit-ban-free", "turvakielto"):
        expect(page.locator(f"#en [data-item={hidden}]")).to_be_hidden()
    page = reader.open(OTHER)
    expect(page.locator("#en [data-item=new-identity-code]")).to_be_visible()
    expect(page.locator("#en [data-item=contact-ban-operators]")).to_be_hidden()


def test_a_typing_mistake_is_told_at_once_and_asks_nobody(reader: Reader) -> None:
    page = reader.page
    page.goto("/told/")
    before = len(reader.asked)
    field = page.get_by_label("Your code")
    field.fill(CODE[:-2] + ("0" if CODE[-2] != "0" else "1") + CODE[-1])
    expect(page.locator("#en [data-code-says]")).to_contain_text("Some character is mistaken")
    field.fill(CODE.lower()[:7])
    expect(page.locator("#en [data-code-says]")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page.locator("#en [data-code-says]")).to_contain_text("not whole yet")
    assert len(reader.asked) == before


def test_an_unknown_code_and_a_changed_page_show_nothing(reader: Reader) -> None:
    page = reader.open(OTHER)
    expect(page.locator("#en [data-code-says]")).to_contain_text("There is no page for this code")
    told.publish()
    for row in PublishedPage.objects.all():
        row.sealed = bytes(row.sealed)[:-1] + bytes([bytes(row.sealed)[-1] ^ 1])
        row.save()
    page = reader.open()
    expect(page.locator("#en [data-code-says]")).to_contain_text("cannot be trusted")
    expect(page.locator("#en [data-mine]")).to_be_hidden()


def test_words_in_a_page_never_become_markup(reader: Reader) -> None:
    evil = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    parts = (replace(told.ENGLISH.parts[0], kinds=(evil,)),)
    told.publish(
        replace(
            told.ENGLISH, name=evil, contact=evil, untouched=(evil,), reference=evil, parts=parts
        )
    )
    page = reader.open()
    expect(page.locator("#en [data-hello]")).to_contain_text(evil)
    assert page.locator("img").count() == 0
    assert page.evaluate("document.querySelectorAll('main script').length") == 0


def test_a_certificate_says_what_got_out_and_names_no_clinic(reader: Reader) -> None:
    told.publish()
    page = reader.open(CERTIFICATE_CODE)
    certificate = page.locator("#en [data-certificate]")
    expect(certificate).to_contain_text("This certificate is genuine")
    expect(certificate).to_contain_text("Åke Esimerkki, born 1990")
    expect(certificate).to_contain_text(f"type {page.url.split('/')[2]}/told into a browser")
    expect(certificate.locator("li")).to_have_text(["name", "home address", "telephone number"])
    for word in ("therap", "patient", "clinic", "health", "record", "Kallio"):
        assert word not in certificate.inner_text()
    looks_good(page)
    page.emulate_media(media="print")
    expect(certificate).to_be_visible()
    expect(page.locator("#en [data-help]")).to_be_hidden()


def test_messages_are_checked_in_the_browser_by_the_same_rules(reader: Reader) -> None:
    told.publish()
    page = reader.page
    page.goto("/told/")
    says = page.locator("#en [data-check-says]")
    for text, verdict in (
        (f"From: a\nSubject: b\n\n> {MESSAGE}", "ours"),
        (MESSAGE.replace("Emme koskaan", "Emme juuri"), "not-ours"),
        (f"{MESSAGE}\nMaksa http://apu.test", "inside"),
        ("Maksa heti 0,02 bitcoinia, tai julkaisemme kaiken kertomasi.", "not-ours"),
        ("Hei", "cannot-tell"),
    ):
        page.get_by_label("The message", exact=True).fill(text)
        page.get_by_role("button", name="Check", exact=True).click()
        expect(says).to_have_attribute("data-verdict", verdict)
        if verdict == "inside":
            # Our own words warn of bank codes too; that is no warning about the message.
            expect(says).to_contain_text("talks of money")
            expect(says).not_to_contain_text("talks of passwords")
    assert CODE not in reader.said()


def test_the_browser_reckons_what_python_does(reader: Reader) -> None:
    page = reader.page
    page.goto("/told/")
    vectors = json.loads((make.HERE / "pages.json").read_text())["vectors"]
    opened = page.evaluate(
        """(vectors) => Promise.all(vectors.map(async ({ shown, sealed }) => {
          const { code } = told.readCode(shown.toLowerCase());
          const keys = await told.keysOf(code);
          const raw = Uint8Array.from(sealed.match(/../g), (one) => parseInt(one, 16));
          const body = await told.openPage(keys, raw);
          const { token, lookup, bucket } = keys;
          return [told.showCode(code), told.hex(token), told.hex(lookup), bucket, body];
        }))""",
        vectors,
    )
    wanted = [[one["shown"], one["token"], one["lookup"], one["bucket"]] for one in vectors]
    assert [one[:4] for one in opened] == wanted
    assert [one[4] for one in opened] == [json.loads(one["body"]) for one in vectors]
    messages = json.loads((make.HERE / "messages.json").read_text())["vectors"]
    found = page.evaluate(
        """(vectors) => Promise.all(vectors.map(async ({ text, marks }) => ({
          canonical: told.canonical(text), mark: await told.markOf(text), codes: told.codesIn(text),
          warnings: told.warningsIn(text), ...(await told.check(text, new Set(marks))) })))""",
        messages,
    )
    for one in messages:
        del one["text"], one["marks"]
    assert found == messages
    asked = "([spans, moments]) => moments.map((one) => told.isOpen(spans, new Date(one)))"
    moments = [moment for moment, _ in MOMENTS]
    assert page.evaluate(asked, [list(WEEKDAYS), moments]) == [answer for _, answer in MOMENTS]


def test_lines_are_open_by_the_clock_or_the_page_says_that_none_is(reader: Reader) -> None:
    page = reader.page
    page.clock.set_fixed_time("2026-11-24T22:30:00Z")
    page.goto("/told/")
    expect(page.locator("#en [data-none-open]")).to_contain_text("call 112")
    page.get_by_role("link", name="Suomi").click()
    expect(page.locator("#fi [data-none-open]")).to_be_hidden()
    expect(page.locator("#fi .lines li").first).to_contain_text("09 2525 0111")
    expect(page.locator("#fi [data-item=riku-phone-fi] .tag")).to_have_text("suljettu nyt")


def test_one_thing_at_a_time_and_a_way_out_that_leaves_nothing(reader: Reader) -> None:
    told.publish()
    page = reader.open()
    page.get_by_role("button", name="One thing at a time").click()
    expect(page.locator("#en [data-mine]")).to_be_visible()
    expect(page.locator("#en [data-not-mine]")).to_be_hidden()
    page.get_by_role("button", name="Next").click()
    expect(page.locator("#en [data-not-mine] h2")).to_be_focused()
    expect(page.locator("#en [data-when]")).to_be_hidden()
    looks_good(page)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.locator("h1")).to_have_text("Pancakes")
    assert "Åke" not in page.content()
    assert page.evaluate("told.opened") is None


@pytest.fixture
def copied(settings: LazySettings, tmp_path: Path) -> Path:
    """A copy of the page in a folder; the house is down, and only files are left of it."""
    told.publish()
    settings.ADVICE_CONFIRMED = tmp_path / "confirmed.toml"
    today = date(2026, 11, 24)
    settings.ADVICE_CONFIRMED.write_bytes(advice.invent(advice.find_pack(), today))
    pack = queries.house_advice()
    files = publishing.gather(pack, on=today)
    manifest = publishing.manifest_of(files, pack, on=today)
    publishing.write(tmp_path / "copy", files, manifest, before=lambda: None)
    PublishedPage.objects.all().delete()
    return tmp_path / "copy"


def reads_the_copy(reader: Reader, where: str) -> None:
    page = reader.open(where=where)
    expect(page.locator("#en [data-hello]")).to_be_focused()
    expect(page.locator("#en [data-mine]")).to_contain_text("Your patient record")
    expect(page.locator("#en")).to_contain_text("This is a rehearsal")
    expect(page.locator("#en [data-reply]")).to_contain_text("cannot take anything")
    page.get_by_label("The message", exact=True).fill(MESSAGE)
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.locator("#en [data-check-says]")).to_have_attribute("data-verdict", "ours")
    assert CODE not in reader.said()


def test_a_copy_works_from_any_server_and_from_a_stick_with_the_house_down(
    chromium: Browser, copied: Path
) -> None:
    handler = partial(Quiet, directory=copied)
    context = chromium.new_context(locale="en")
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        reader = Reader(context.new_page())
        host = f"localhost:{server.server_port}"
        reads_the_copy(reader, f"http://{host}/")
        assert {one.url.split("/")[2] for one in reader.asked} == {host}
        reader.page.close()
        server.shutdown()
    reader = Reader(context.new_page())
    reads_the_copy(reader, (copied / "index.html").as_uri())
    assert {one.url.split(":")[0] for one in reader.asked} == {"file"}
    context.close()


def test_somebody_sends_a_threat_in_and_is_told_that_it_arrived(
    practice: Clinic, reader: Reader, actor: Actors, tmp_path: Path
) -> None:
    telling = told.publish()
    pia = actor("pia")
    incident = incidents.report(actor("helmi"), "other", {"text": "A mail came."})
    access.open_box(pia, incident, telling)
    page = reader.open()
    reply = page.locator("#en [data-reply]")
    reply.get_by_role("button", name="Send").click()
    expect(reply.locator("[data-reply-says]")).to_contain_text("nothing in it yet")
    (tmp_path / "my therapist.eml").write_bytes(b"From: x\r\nSubject: pay\r\n\r\nPay.")
    reply.get_by_label("Please call me").check()
    expect(reply.locator("[data-file-row]")).to_be_hidden()
    reply.get_by_label("A threatening message").check()
    reply.locator("input[type=file]").set_input_files(tmp_path / "my therapist.eml")
    reply.get_by_role("button", name="Send").click()
    expect(reply.locator("[data-reply-says]")).to_contain_text("arrived and is sealed")
    [one] = access.read_box(pia, incident, telling).replies
    assert (one.name, one.kind, one.state) == ("Åke Esimerkki", "evidence", "whole")
    assert "THERAPIST.EML" not in reader.said()
    assert CODE not in reader.said()


def test_without_javascript_the_page_says_what_needs_it_and_whom_to_call(
    chromium: Browser, settings: LazySettings
) -> None:
    with serving() as address:
        context = chromium.new_context(base_url=address, java_script_enabled=False)
        page = context.new_page()
        page.goto("/told/")
        expect(page.locator("#fi [data-no-script]")).to_contain_text("JavaScript")
        expect(page.locator("#sv [data-item=emergency]")).to_contain_text("112")
        expect(page.locator("#en [data-item=crisis-mieli-fi]")).to_contain_text("09 2525 0111")
        context.close()
