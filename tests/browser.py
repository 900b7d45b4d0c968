"""One browser for all tests of a run: its driver has a loop, and a thread can have one only.

And our own pages for it, served by threads of the test's process: what they wrote is read beside.
"""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from typing import Final
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections
from playwright.sync_api import Browser, Page, expect, sync_playwright

CHROMIUM: Final = shutil.which("chromium") or shutil.which("chromium-browser") or ""
ASIDE: Final = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
]
# What a module of tests with a browser bears.
IN_A_BROWSER: Final = [
    pytest.mark.enable_socket,
    pytest.mark.skipif(not CHROMIUM, reason="apt-get install --no-install-recommends chromium"),
]
PATIENCE: Final = 30_000
PHONE: Final = {"width": 390, "height": 800}
LAPTOP: Final = {"width": 1280, "height": 800}


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE)
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as player:
        # The browser's driver has a loop in this thread; tables are read between its turns.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = player.chromium.launch(executable_path=CHROMIUM, args=ASIDE)
        yield browser
        browser.close()


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = False


class Silent(WSGIRequestHandler):
    def log_message(self, *_args: object) -> None:
        """Say nothing: what is asked and answered is what the tests look at."""


class Closing(StaticFilesHandler):
    """Leaves no connection behind: each request runs in a thread of its own."""

    def __call__(self, environ, start_response) -> object:
        try:
            return super().__call__(environ, start_response)
        finally:
            connections.close_all()


@contextmanager
def serving() -> Iterator[str]:
    """Serve our pages while the block lasts; give their address."""
    server = Server(("127.0.0.1", 0), Silent)
    server.set_app(Closing(WSGIHandler()))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


def violated(page: Page) -> list[str]:
    """Return the rules of accessibility that a page breaks, each with what breaks it."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found]


def looks_good(page: Page) -> None:
    """Demand a page without violations and without sideways scrolling, on a phone and a laptop."""
    for size in (PHONE, LAPTOP):
        page.set_viewport_size(size)
        assert not violated(page), (page.url, size)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], page.url
