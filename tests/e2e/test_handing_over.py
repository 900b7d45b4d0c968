"""Patients go to a colleague in a real browser, over live programs, one of which is killed."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser import IN_A_BROWSER
from tests.e2e.conftest import LiveClinic
from tests.live import live_clinic
from vaitiolo.config.demo.main import PASSWORD

pytestmark = IN_A_BROWSER
PAGE = "charts/handing-over/"
# As many as have two therapists between them.
PATIENTS = 120
GIVEN = 4


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveClinic]:
    with live_clinic(tmp_path_factory.mktemp("live"), patients=PATIENTS, kind=LiveClinic) as clinic:
        yield clinic


def open_page(live: LiveClinic, page: Page) -> None:
    page.goto(f"{live.address.rstrip('/')}/{PAGE}")
    expect(page.locator("h1")).to_have_text("Hand over")


def test_patients_are_handed_over_although_the_web_dies(live: LiveClinic, page: Page) -> None:
    live.sign_in(page, "therapist")
    open_page(live, page)
    answers = page.locator("select[name^=p-]")
    before = answers.count()
    answers_go_to_those_who_are_shown(page, before)
    page.locator("select[name=to]").select_option(index=1)
    for index in range(GIVEN):
        answers.nth(index).select_option("waits")
    page.get_by_role("button", name="Plan it").click()
    expect(page.locator("main")).to_contain_text("It is planned.")
    page.locator("form[data-touch] [data-touch-button]").first.click()
    expect(page.locator("main")).to_contain_text("It is confirmed")
    live.kill("web")
    # Supervised, the web is back in a moment, and the page goes on from where it stood.
    page.wait_for_timeout(3_000)
    open_page(live, page)
    expect(page.locator("[data-turning][data-then]")).to_have_count(0)
    open_page(live, page)
    expect(page.locator("select[name^=p-]")).to_have_count(before - GIVEN)
    page.context.clear_cookies()
    sign_in_second(live, page)
    expect(page.locator("#come")).to_have_text("Handed over to you")
    expect(page.locator("[data-turning-says]")).to_contain_text(f"of {3 * GIVEN}")


def answers_go_to_those_who_are_shown(page: Page, everybody: int) -> None:
    """Narrow the caseload to one name, and give one answer to all of that name."""
    rows, chosen = page.locator("[data-narrowed]"), page.locator("[data-handing-says]")
    name = page.locator("[data-narrowed-name]").first.inner_text()
    page.locator("[data-narrow]").fill(name.upper())
    expect(rows.filter(visible=True)).to_have_count(1)
    page.locator("[data-handing-all]").select_option("waits")
    expect(chosen).to_have_text("Chosen: 1")
    page.locator("[data-narrow]").fill("")
    expect(rows.filter(visible=True)).to_have_count(everybody)
    page.locator("[data-handing-all]").select_option("stays")
    expect(chosen).to_have_text("Chosen: 0")


def sign_in_second(live: LiveClinic, page: Page) -> None:
    """Sign in as the other therapist, who goes on with exchanging the keys."""
    names = [one.sign_in_name for one in live.clinic.members if one.role == "therapist"]
    page.goto(live.address)
    page.context.add_cookies([{"name": "django_language", "value": "en", "url": live.address}])
    page.reload()
    page.locator("input[name=name]").fill(names[1])
    page.locator("input[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)
