"""A house with real people, as its operator founds it: real programs, a token, paper, browsers."""

import re
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from io import BytesIO
from os import environ
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from tests.browser import IN_A_BROWSER
from tests.cluster import Cluster
from tests.e2e.test_enrolling import KEY, PASSWORD, words_on
from tests.keys import softhsm
from tests.keys.softhsm import SoftHsm
from tests.live import LiveClinic, databases_of
from tests.settings import CHOICE
from vaitiolo.config.console import answers

pytestmark = [
    *IN_A_BROWSER,
    pytest.mark.skipif(softhsm.module is None, reason="apt-get install softhsm2"),
]
ALONE = ("unshare", "--map-root-user", "--net")


class LiveHouse(LiveClinic):
    """An installation in which nothing is founded yet, its keys in a token of its own."""

    def __init__(self, folder: Path, databases: dict[str, str]) -> None:
        super().__init__(folder / "home", databases)
        self.folder = folder
        self.environment |= SoftHsm(folder / "hsm").environ()
        told = answers.EXAMPLE.replace("https://vaitiolo.example.fi", self.address)
        (folder / "house.toml").write_text(told, encoding="utf-8")

    def found(self) -> subprocess.CompletedProcess[str]:
        file, sheets = str(self.folder / "house.toml"), str(self.folder / "sheets")
        return self.run("found", "--answers", file, "--sheets", sheets, check=False)

    def share(self, number: int) -> str:
        path = self.folder / "sheets" / f"recovery-share-{number}-of-5.pdf"
        text = PdfReader(BytesIO(path.read_bytes())).pages[0].extract_text()
        found = dict(re.findall(r"(\d+)\. ([a-z]+)\b", text))
        return " ".join(found[str(place)] for place in range(1, len(found) + 1))

    def ceremony(self, *said: str) -> str:
        """Take the request out, hold the ceremony without a network, bring the answer in."""
        request, answer = (str(self.folder / secrets.token_hex(4)) for _ in range(2))
        self.run("registrar", "export", request)
        command = [sys.executable, "-m", "vaitiolo.config.ceremony", "registrars", request, answer]
        held = subprocess.run(
            [*ALONE, *command, "--trust", str(self.home)],
            input="\n".join([*said, *(self.share(number) for number in (1, 3, 5)), ""]),
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert held.returncode == 0, held.stdout + held.stderr
        self.run("registrar", "import", answer)
        return held.stdout


@pytest.fixture
def house(tmp_path: Path) -> Iterator[LiveHouse]:
    if subprocess.call([*ALONE, "true"], stderr=subprocess.DEVNULL):
        pytest.skip("this machine lets nobody leave its network")
    cluster = Cluster(Path(tempfile.mkdtemp(prefix="vaitiolo-live-")))
    databases = databases_of(cluster) if environ.get(CHOICE) == "postgres" else {}
    made = LiveHouse(tmp_path, databases)
    try:
        yield made
    finally:
        made.stop()
        if databases:
            cluster.stop()
        shutil.rmtree(cluster.folder, ignore_errors=True)


@pytest.fixture
def new_page(chromium: Browser) -> Iterator[Callable[[], Page]]:
    """Browsers of one's own for whoever comes, each with a security key in it."""
    contexts = []

    def make() -> Page:
        contexts.append(chromium.new_context(locale="en-GB"))
        page = contexts[-1].new_page()
        usb = contexts[-1].new_cdp_session(page)
        usb.send("WebAuthn.enable")
        usb.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
        return page

    yield make
    for context in contexts:
        context.close()


def enrol(page: Page, address: str, code: str) -> str:
    page.goto(address)
    page.get_by_role("link", name="I have an invitation").click()
    page.locator("input[name=code]").fill(code)
    page.get_by_role("button", name="Go on").click()
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=again]").fill(PASSWORD)
    expect(page.get_by_role("button", name="without a security key")).to_have_count(0)
    page.get_by_role("button", name="Make my keys with a security key").click()
    return " ".join(one.split()[-1] for one in words_on(page))


def sign_in(page: Page, name: str) -> None:
    # The page of an enrolment leads here by itself, once the card is signed.
    expect(page.locator("h1")).to_have_text("Sign in")
    page.locator("input[name=name]").fill(name)
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in with your security key").click()
    page.wait_for_url(lambda url: "sign-in" not in url)


def hire(
    new_page: Callable[[], Page], registrar: Page, *, address: str, name: str, role: str
) -> Page:
    registrar.goto(address + "/staff/")
    registrar.get_by_role("link", name="Invite a colleague").click()
    registrar.locator("input[name=name]").fill(name)
    registrar.locator("input[name=sign_in]").fill(name)
    registrar.get_by_label(role).check()
    registrar.locator("select[name=unit]").select_option(index=1)
    registrar.get_by_role("button", name="Make the invitation").click()
    newcomer = new_page()
    said = enrol(newcomer, address, registrar.locator("[data-code]").inner_text())
    registrar.goto(address + "/staff/")
    registrar.get_by_role("link", name=name).click()
    assert " ".join(words_on(registrar)) == said
    registrar.get_by_role("button", name="The words are the same: sign the card").click()
    expect(registrar.locator("#main")).to_contain_text("The card is signed")
    sign_in(newcomer, name)
    return newcomer


def register(reception: Page, address: str) -> None:
    """Register a patient and assign the one therapist of the unit."""
    reception.goto(address + "/patients/register/")
    reception.locator("input[name=given_name]").fill("Aada")
    reception.locator("input[name=family_name]").fill("Ahonen")
    reception.locator("input[name=born_on]").fill("1990-01-01")
    reception.get_by_role("button", name="Register", exact=True).click()
    expect(reception.locator("h1")).to_contain_text("Ahonen")
    reception.get_by_role("link", name="Assign a therapist").click()
    reception.get_by_label("tiina").check()
    reception.get_by_role("button", name="Sign and assign").click()
    expect(reception.locator("#main")).to_contain_text("tiina")


def test_an_operator_founds_a_house_and_its_therapist_signs_a_note(
    house: LiveHouse, new_page: Callable[[], Page]
) -> None:
    done = house.found()
    assert done.returncode == 0, done.stderr
    codes = re.findall(r"(?:[0-9A-Z]{4}-){6}[0-9A-Z]{4}", done.stdout)
    again = house.found()
    assert (again.returncode, "a house here already" in again.stderr) == (1, True)
    house.start()
    registrars = [new_page() for _ in range(2)]
    pairs = zip(registrars, codes[:2], strict=True)
    said = {enrol(page, house.address, code) for page, code in pairs}
    shown = house.ceremony("yes", "yes")
    assert all(words in shown for words in said)
    sign_in(registrars[0], "first")
    reception = hire(new_page, registrars[0], address=house.address, name="rita", role="Reception")
    therapist = hire(new_page, registrars[0], address=house.address, name="tiina", role="Therapist")
    register(reception, house.address)
    write_a_note(therapist, house.address)
    checked = house.run("ledger", "verify", check=False)
    assert checked.returncode == 0, checked.stdout


def write_a_note(therapist: Page, address: str) -> None:
    therapist.goto(address + "/charts/")
    therapist.get_by_role("link", name="Ahonen").click()
    therapist.get_by_role("link", name="Note beside the sessions").click()
    therapist.locator("textarea").focus()
    therapist.keyboard.type("Ensimmäinen käynti.")
    therapist.keyboard.press("Control+Enter")
    expect(therapist.locator("main")).to_contain_text("signed")
