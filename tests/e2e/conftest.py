"""A live clinic of invented people: four programs, real sockets, a browser. On either database."""

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.cluster import Cluster
from tests.settings import CHOICE
from vaitiolo.config.demo.main import PASSWORD
from vaitiolo.config.postgresql import OWNER, WARDEN, WEB, make_databases, make_roles
from vaitiolo.ops.synthetic.clinic import SyntheticClinic
from vaitiolo.ops.synthetic.crib import read_crib

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
ASIDE = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
PATIENCE = 30_000
SECONDS_TO_START = 90.0
PATIENTS = "14"
expect.set_options(timeout=PATIENCE)


class LiveClinic:
    """`vaitiolo up` over a small demo, and the means to do it harm."""

    def __init__(self, home: Path, databases: dict[str, str]) -> None:
        self.home = home
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        own = {"VAITIOLO_HOME": str(home), "VAITIOLO_PORT": str(self.port)}
        kept = {name: value for name, value in os.environ.items() if "DJANGO" not in name}
        self.environment = {**kept, **databases, **own}

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def clinic(self) -> SyntheticClinic:
        return read_crib(self.home)

    def run(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "vaitiolo.config.cli", *words]
        return subprocess.run(
            command, env=self.environment, check=check, capture_output=True, text=True
        )

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "vaitiolo.config.up"],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until = time.monotonic() + SECONDS_TO_START
        while not self.answers():
            assert time.monotonic() < until, (self.home / "log" / "web.log").read_text()
            time.sleep(0.1)

    def answers(self) -> bool:
        with socket.socket() as knock:
            return knock.connect_ex(("127.0.0.1", self.port)) == 0

    def kill(self, program: str) -> None:
        """Kill a program as a power cut would; the supervisor starts it again."""
        self.pause(program, signal.SIGKILL)

    def pause(self, program: str, sign: signal.Signals) -> None:
        for entry in Path("/proc").iterdir():
            if entry.name.isdecimal() and self._is(entry, program):
                os.kill(int(entry.name), sign)

    def _is(self, process: Path, program: str) -> bool:
        try:
            words = (process / "cmdline").read_bytes()
            home = f"VAITIOLO_HOME={self.home}".encode()
            return f"config.{program}".encode() in words and home in (
                process / "environ"
            ).read_bytes().split(b"\0")
        except OSError:
            return False

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(30)

    def someone(self, role: str) -> str:
        return next(one.sign_in_name for one in self.clinic.members if one.role == role)

    def sign_in(self, page: Page, role: str, language: str = "en") -> None:
        cookie = {"name": "django_language", "value": language, "url": self.address}
        page.context.add_cookies([cookie])
        page.goto(self.address)
        page.locator("input[name=name]").fill(self.someone(role))
        page.locator("input[name=password]").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "sign-in" not in url)


def _databases(cluster: Cluster) -> dict[str, str]:
    cluster.start()
    make_roles(cluster.address())
    names = {alias: f"live_{alias}_{secrets.token_hex(4)}" for alias in ("default", "vault")}
    make_databases(cluster.address(), names)
    return {
        "VAITIOLO_DATABASE": cluster.address(names["default"], WEB),
        "VAITIOLO_DATABASE_OWNER": cluster.address(names["default"], OWNER),
        "VAITIOLO_VAULT": cluster.address(names["vault"], WARDEN),
        "VAITIOLO_VAULT_OWNER": cluster.address(names["vault"], OWNER),
    }


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveClinic]:
    # A server of its own: the thief reads all of it, and other tests write in clear to theirs.
    cluster = Cluster(Path(tempfile.mkdtemp(prefix="vaitiolo-live-")))
    databases = _databases(cluster) if os.environ.get(CHOICE) == "postgres" else {}
    clinic = LiveClinic(tmp_path_factory.mktemp("live") / "home", databases)
    clinic.run("demo", "--scale", PATIENTS, "--only-make")
    assert json.loads((clinic.home / "demo.json").read_text())["scale"] == PATIENTS
    clinic.start()
    yield clinic
    clinic.stop()
    if databases:
        cluster.stop()
    shutil.rmtree(cluster.folder, ignore_errors=True)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=ASIDE)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    yield page
    context.close()
