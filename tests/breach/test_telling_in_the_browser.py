"""A telling as an officer makes it: the plan with its waves, the progress bar, a stop, the rest."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from tests.breach.telling_cast import PEOPLE, Breach, breach
from tests.browser import IN_A_BROWSER, looks_good
from tests.cast import Clinic
from vaitiolo.breach.models import Notice
from vaitiolo.breach.telling import access, actions, reading

pytestmark = IN_A_BROWSER
TOTAL = len(PEOPLE)


def plan(page: Page, told: Breach) -> None:
    day, now = timezone.localdate(), timezone.localtime()
    page.goto(f"/incidents/{told.incident}/")
    page.get_by_role("link", name="Telling people").first.click()
    looks_good(page)
    page.locator(".telling a.row-name").click()
    fields = {
        "happened_from": str(day - timedelta(9)),
        "happened_to": str(day),
        "known_since": str(day),
        "phone": "09 000 0000",
        "hours": "8 to 20",
        "post": "PL 1, 00100 Helsinki",
        "address": "apu.example.org/told",
        "calls_an_hour": "60",
        "first_at": f"{now:%Y-%m-%dT%H:%M}",
    }
    for name, value in fields.items():
        page.fill(f"[name={name}]", value)
    page.get_by_role("button", name="Show what it comes to").click()
    expect(page.locator("svg.waves rect").first).to_be_attached()
    looks_good(page)
    page.get_by_role("button", name="Plan it").click()
    expect(page.locator("main")).to_contain_text("waits for a second officer")
    looks_good(page)


def approve(told: Breach) -> None:
    [known] = access.list_all(told.actor("mauri"), told.incident)
    told.case = known.plan.case
    mauri, now = told.actor("mauri"), timezone.now()
    actions.approve(mauri, told.incident, known.telling, plan_hash=known.plan_hash, at=now)
    told.run()


def write_three_and_stop(page: Page) -> None:
    # The server's third answer is held back until "stop" was pressed: no time decides it.
    steps = []

    def hold(route: object) -> None:
        steps.append(route)
        if len(steps) == 3:
            page.evaluate("document.querySelector('[data-stop]').click()")
        route.continue_()  # type: ignore[attr-defined] - playwright's

    page.route("**/write/", hold)
    page.get_by_role("button", name="Write the notices").click()
    expect(page.locator("[data-written] [data-says]")).to_contain_text(f"Stopped at 3 of {TOTAL}")
    assert page.locator("progress").evaluate("bar => [bar.value, bar.max]") == [3, TOTAL]
    assert Notice.objects.values("patient").distinct().count() == 3
    looks_good(page)


def look_at_the_lists(page: Page) -> None:
    for name in ("Letters", "By hand and calls"):
        looks_good(page)
        page.get_by_role("link", name=name).click()
        looks_good(page)
        page.go_back()


def test_notices_are_written_with_a_progress_bar_stopped_and_gone_on_with(
    context: BrowserContext, practice: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Eight people in steps of one, so that the page has to go on by itself.
    monkeypatch.setattr(actions, "MOST_AT_ONCE", 1)
    told, page = breach(practice), context.new_page()
    plan(page, told)
    page.get_by_role("link", name="Look at what would go out").click()
    expect(page.locator("article.note")).to_have_count(5)
    looks_good(page)
    approve(told)
    page.goto(page.url.replace("approve/", ""))
    looks_good(page)
    write_three_and_stop(page)
    page.unroute("**/write/")
    page.get_by_role("button", name="Write the notices").click()
    expect(page.get_by_role("heading", name="How far it is")).to_be_visible()
    expect(page.get_by_role("button", name="Write the notices")).to_have_count(0)
    [known] = access.list_all(told.actor("pia"), told.incident)
    assert reading.written(known) == TOTAL
    assert Notice.objects.filter(attempt__gt=1).count() == 0
    look_at_the_lists(page)
