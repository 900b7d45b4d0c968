"""A case from the printed sheets to its end: two officers, two browsers, two security keys."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from django.conf import LazySettings
from playwright.sync_api import Browser, expect

from tests.breach.conftest import NAMES
from tests.browser import IN_A_BROWSER, PATIENCE, violated
from tests.cast import Clinic
from tests.people.test_passkeys_in_the_browser import PASSWORD, Desk, desk
from vaitiolo.breach import access
from vaitiolo.people.actor import Actor

__all__ = ["desk"]

pytestmark = IN_A_BROWSER

REASON = "A laptop with an open session was stolen."
PHONE = 390
KEPT = "() => localStorage.length + sessionStorage.length"


@dataclass
class Officer(Desk):
    """An officer at a browser of their own, with a security key."""

    name: str = ""
    share: str = ""

    def arrive(self) -> None:
        self.page.goto("/sign-in/")
        self.fill(name=self.name)

    def is_ready(self) -> None:
        """Sign in, add a key, and lock the own share with it."""
        self.put_in()
        self.sign_in()
        self.add_key("Blue")
        self.says("The key is added")
        self.page.get_by_role("link", name="Lock your share here").click()
        self.looks_good()
        self.fill(share=self.share, password=PASSWORD)
        self.press("Touch the key and lock")
        self.says("Your share is locked with this key and password.")
        self.says("Locked here")

    def join(self, password: str = PASSWORD) -> None:
        self.fill(password=password)
        self.press("Touch the key and join")

    def words(self) -> list[str]:
        return self.page.locator("[data-words] li").all_inner_texts()

    def looks_good(self) -> None:
        """On a laptop and on a phone, and with whatever one reads."""
        assert not violated(self.page), self.page.url
        self.page.set_viewport_size({"width": PHONE, "height": 844})
        assert self.page.evaluate("document.documentElement.scrollWidth") <= PHONE
        self.page.set_viewport_size({"width": 1280, "height": 900})


@pytest.fixture
def two(
    desk: Desk, practice: Clinic, chromium: Browser, settings: LazySettings
) -> Iterator[tuple[Officer, Officer]]:
    made, contexts = [], []
    for name in ("pia", "mauri"):
        practice.founding.give_password(practice.people[name], sign_in_name=name, password=PASSWORD)
        context = chromium.new_context(base_url=settings.ORIGIN, locale="en")
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        share = practice.paper.shares[practice.id(name)]
        made.append(Officer(context.new_page(), name=name, share=share))
    yield made[0], made[1]
    for context in contexts:
        context.close()


def open_case(officer: Officer, ids: list[UUID]) -> str:
    officer.page.goto("/cases/")
    officer.looks_good()
    officer.page.get_by_role("link", name="Open a case").click()
    officer.page.get_by_label("What has happened").fill(REASON)
    officer.page.get_by_label("Patients").fill("\n".join([*map(str, ids[:1]), "Aada Mäkinen"]))
    officer.press("Check the list")
    officer.says("1 line is not an id at all: line 2.")
    officer.looks_good()
    officer.page.get_by_label("Patients").fill("\n".join(map(str, ids)))
    officer.press("Check the list")
    officer.looks_good()
    officer.press(f"Open the case for {len(ids)} patients")
    officer.says("The case is open.")
    return officer.page.url


def join_both(two: tuple[Officer, Officer], where: str) -> None:
    pia, mauri = two
    mauri.page.goto("/cases/")
    mauri.page.get_by_role("link", name=REASON).click()
    assert mauri.page.url == where
    assert pia.words() == mauri.words() != []
    mauri.looks_good()
    pia.join("not the password")
    pia.says("This is not your share of the contact key.")
    pia.join()
    pia.says("One officer is not enough")
    pia.looks_good()
    mauri.join()
    mauri.says("Two officers are in: the case runs.")
    # Who waited is taken on without a hand on the page.
    pia.says("is then closed by itself")
    pia.looks_good()


def read_all(officer: Officer) -> None:
    officer.press("Open the patients of the list")
    officer.says("All 3 are read")
    expect(officer.page.locator("tbody tr")).to_have_count(len(NAMES))
    for name in NAMES:
        expect(officer.page.locator("table")).to_contain_text(name)
    officer.says("Only by letter")
    officer.looks_good()
    assert officer.page.evaluate(KEPT) == 0


def test_two_officers_reach_the_patients_of_a_list(
    two: tuple[Officer, Officer],
    registered: dict[str, UUID],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Three patients in two parts, so that the page has to go on by itself.
    monkeypatch.setattr(access, "AT_ONCE", 2)
    pia, mauri = two
    for officer in two:
        officer.is_ready()
        officer.looks_good()
    join_both(two, open_case(pia, list(registered.values())))
    read_all(mauri)
    mauri.press("Close the case")
    mauri.says("The case is closed, and its key is wiped.")
    mauri.looks_good()
    pia.press("Open the patients of the list")
    pia.says("This case does not run for you now")
    expect(pia.page.locator("tbody")).to_have_count(0)


def test_a_page_that_reads_on_stops_with_the_hour_and_says_so(
    two: tuple[Officer, Officer],
    practice: Clinic,
    registered: dict[str, UUID],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(access, "AT_ONCE", 1)
    for officer in two:
        officer.is_ready()
    pia, mauri = two
    where = open_case(pia, list(registered.values()))
    pia.join()
    pia.says("One officer is not enough")
    mauri.page.goto(where)
    mauri.join()
    mauri.says("the case runs")
    open_one_by_one = access.open_listed

    def open_until_the_hour_is_over(actor: Actor, case_id: UUID, *, start: int) -> object:
        if start == 2:
            practice.install.cases._cases[case_id].until = 0
        return open_one_by_one(actor, case_id, start=start)

    monkeypatch.setattr(access, "open_listed", open_until_the_hour_is_over)
    mauri.press("Open the patients of the list")
    mauri.says("This case does not run for you now")
    expect(mauri.page.locator("tbody tr")).to_have_count(2)
    expect(mauri.page.get_by_label("Begin with number")).to_have_value("3")
