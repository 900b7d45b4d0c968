"""One browser for all tests of a run: its driver has a loop, and a thread can have one only."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
ASIDE = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as player:
        # The browser's driver has a loop in this thread; tables are read between its turns.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = player.chromium.launch(executable_path=CHROMIUM, args=ASIDE)
        yield browser
        browser.close()
