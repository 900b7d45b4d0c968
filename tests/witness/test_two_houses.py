"""Two houses whose witnesses follow each other, with all the programs; then one is put back."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from vaitiolo.config.migrate import make_folders
from vaitiolo.ledger.verify import checkpoints
from vaitiolo.witness import command, folder
from vaitiolo.witness.keeping import Memory

pytestmark = pytest.mark.enable_socket

SECONDS = 90.0
REPO = Path(__file__).parents[2]
FOUND = """
import os, sys, django
os.environ["DJANGO_SETTINGS_MODULE"] = "vaitiolo.config.warden.settings"
django.setup()
from tests.witness.house_of_two import found_house
found_house(*sys.argv[1:])
"""


def wait_until(what: str, is_so: Callable[[], object]) -> None:
    until = time.monotonic() + SECONDS
    while not is_so():
        assert time.monotonic() < until, what
        time.sleep(0.05)


@dataclass
class House:
    """An installation with a warden and a worker, and the witness that it runs for another."""

    name: str
    folder: Path
    witness_key: str = ""
    log_key: str = ""
    port: int = 0
    visits: str = ""
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def environment(self) -> dict[str, str]:
        kept = {n: v for n, v in os.environ.items() if not n.startswith(("VAITIOLO", "DJANGO"))}
        path = os.pathsep.join((str(REPO / "src"), str(REPO)))
        own = {"VAITIOLO_HOME": str(self.home), "VAITIOLO_WITNESSES": self.visits}
        return {**kept, **own, "PYTHONPATH": path}

    def run(self, *words: str) -> str:
        command = [sys.executable, *words]
        return subprocess.run(
            command, env=self.environment, check=True, stdout=subprocess.PIPE, text=True
        ).stdout.strip()

    def start(self, *programs: str) -> None:
        for program in programs:
            words = ["-m", f"vaitiolo.config.{program}"]
            if program == "witness":
                words += ["run", str(self.folder / "witness")]
            with (self.folder / f"{program}.log").open("ab") as log:
                self.running[program] = subprocess.Popen(
                    [sys.executable, *words], env=self.environment, stdout=log, stderr=log
                )

    def serve(self) -> None:
        """Start what a clinic runs, each as soon as it finds what it needs."""
        door = self.home / "run" / "worker.sock"
        door.unlink(missing_ok=True)
        self.start("warden.main")
        wait_until("the warden", door.exists)
        self.start("worker.main")

    def stop(self, *programs: str) -> None:
        for program in programs:
            process = self.running.pop(program)
            process.terminate()
            process.wait(30)

    def said(self, program: str) -> str:
        return (self.folder / f"{program}.log").read_text()

    def witnessed(self) -> int:
        """Return the size of the last published checkpoint that carries a cosignature."""
        return self.size_in("witnessed")

    def size_in(self, name: str) -> int:
        file = self.home / "ledger" / name
        if not file.exists():
            return 0
        return checkpoints.read(file.read_text(), checkpoints.read_key(self.log_key)).size

    def troubles(self) -> list[str]:
        with Memory(self.folder / "witness" / folder.MEMORY_FILE).deciding() as decision:
            return [trouble.kind for trouble in decision.troubles()]


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def make(here: House, there: House) -> None:
    """Make two installations, each naming the other's witness in the policy that its root signs."""
    for house in (here, there):
        house.home.mkdir(parents=True)
        house.port = free_port()
        place = house.folder / "witness"
        house.witness_key = folder.make(place, f"witness.{house.name}.example/1")
    for house, other in ((here, there), (there, here)):
        make_folders(house.home)
        house.run("-m", "vaitiolo.config.tables", "warden", "vault")
        house.run("-m", "vaitiolo.config.tables", "worker", "default")
        house.visits = f"{other.witness_key.partition('+')[0]}=http://127.0.0.1:{other.port}"
        origin = f"ledger.{house.name}.example/1"
        house.log_key = house.run("-c", FOUND, origin, other.witness_key)
    for house, other in ((here, there), (there, here)):
        settings = house.folder / "witness" / folder.SETTINGS_FILE
        text = settings.read_text().replace("8470", str(house.port))
        settings.write_text(f'{text}\n[[log]]\nkey = "{other.log_key}"\n')


@pytest.fixture
def houses(tmp_path: Path) -> Iterator[tuple[House, House]]:
    here, there = (House(name, tmp_path / name) for name in ("here", "there"))
    make(here, there)
    try:
        yield here, there
    finally:
        for house in (here, there):
            house.stop(*house.running)


def test_two_houses_witness_each_other_and_one_that_is_put_back_is_found_out(
    houses: tuple[House, House],
) -> None:
    here, there = houses
    for house in houses:
        house.start("witness")
    for house in houses:
        house.serve()
    for house in houses:
        wait_until("a cosignature", house.witnessed)
    # Yesterday's copy of everything that the warden writes.
    here.stop("worker.main", "warden.main")
    sockets = shutil.ignore_patterns("*.sock")
    shutil.copytree(here.home, here.folder / "backup", ignore=sockets)
    yesterday = here.size_in("checkpoint")
    here.serve()
    wait_until("growth", lambda: here.witnessed() > yesterday)
    here.stop("worker.main", "warden.main")
    shutil.rmtree(here.home)
    (here.folder / "backup").rename(here.home)
    assert there.troubles() == []
    here.serve()
    wait_until("the witness to notice", there.troubles)
    wait_until("the house to notice", lambda: "critical alert: witness" in here.said("warden.main"))
    assert set(there.troubles()) <= {"rollback", "unproven", "fork"}
    assert here.witnessed() <= yesterday, "nothing of the second history was cosigned"
    assert here.troubles() == [], "and the other house is well"
    setting = folder.read(here.folder / "witness", command.clock)
    assert command.check(setting) == 0
