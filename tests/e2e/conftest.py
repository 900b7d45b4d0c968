"""A live clinic of invented people, and a browser to work in it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import LAPTOP, PATIENCE
from tests.live import LiveClinic as Programs
from tests.live import live_clinic
from vaitiolo.config.demo.main import PASSWORD

PATIENTS = 14


class LiveClinic(Programs):
    """The same, with somebody who signs in."""

    def sign_in(self, page: Page, role: str, language: str = "en") -> None:
        cookie = {"name": "django_language", "value": language, "url": self.address}
        page.context.add_cookies([cookie])
        page.goto(self.address)
        page.locator("input[name=name]").fill(self.someone(role))
        page.locator("input[name=password]").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "sign-in" not in url)


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveClinic]:
    with live_clinic(tmp_path_factory.mktemp("live"), patients=PATIENTS, kind=LiveClinic) as clinic:
        yield clinic


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport=LAPTOP)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    yield page
    context.close()
