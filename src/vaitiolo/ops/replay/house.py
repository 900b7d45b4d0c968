"""A whole clinic of invented people in a folder of its own: made, started, asked, ended.

Its programs are those of a real house, with real sockets, on this machine alone. It never sees the
settings of the installation that is here, and never touches that one's records.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from vaitiolo.ops.replay.visitor import Visitor
from vaitiolo.ops.synthetic.clinic import SyntheticClinic
from vaitiolo.ops.synthetic.crib import read_crib

PASSWORD: Final = "vaitiolo-demo-2026"  # noqa: S105 - the demo's, shown on every page of it
OURS: Final = "VAITIOLO_"
SECONDS_TO_START: Final = 120.0
SECONDS_TO_END: Final = 30.0
TRIES: Final = 3


class HouseFailed(Exception):
    """The clinic could not be made or started; its own words say why."""


@dataclass(slots=True)
class House:
    """A clinic that runs. ``settings`` are its programs' own, beside folder and port."""

    home: Path
    settings: dict[str, str] = field(default_factory=dict)
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    @property
    def clinic(self) -> SyntheticClinic:
        return read_crib(self.home)

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: one for name, one in os.environ.items() if not name.startswith(OURS)}
        kept.pop("DJANGO_SETTINGS_MODULE", None)
        if paths := kept.get("PYTHONPATH"):
            # Its programs start in another folder, and have to find the same release there.
            kept["PYTHONPATH"] = os.pathsep.join(map(os.path.abspath, paths.split(os.pathsep)))
        own = {"VAITIOLO_HOME": str(self.home), "VAITIOLO_PORT": str(self.port)}
        # However the play ends, its programs end with it.
        own["VAITIOLO_SUPERVISOR"] = str(os.getpid())
        return {**kept, **own, **self.settings}

    def run(self, module: str, *words: str, told: str = "") -> str:
        """Run one of its programs to the end; return what it said. Raises HouseFailed."""
        done = self.attempt(module, *words, told=told)
        if done.returncode:
            raise HouseFailed(f"{module} ended with {done.returncode}: {done.stderr[-2000:]}")
        return done.stdout

    def attempt(
        self, module: str, *words: str, told: str = ""
    ) -> "subprocess.CompletedProcess[str]":
        """Run one of its programs to the end, whichever that is."""
        return subprocess.run(  # noqa: S603 - our own interpreter and modules
            [sys.executable, "-m", f"vaitiolo.config.{module}", *words],
            cwd=self.home.parent,
            env=self.environment,
            input=told,
            capture_output=True,
            text=True,
            check=False,
        )

    def someone(self, role: str, turn: int = 0) -> str:
        """Return the sign-in name of somebody with a role."""
        return [one.sign_in_name for one in self.clinic.members if one.role == role][turn]

    def visitor(self, role: str, turn: int = 0) -> Visitor:
        """Return somebody of a role who has just signed in at the pages."""
        visitor = Visitor(self.port)
        visitor.sign_in(self.someone(role, turn), PASSWORD)
        return visitor

    def start(self) -> None:
        """Start the programs and wait until both sockets answer. Raises HouseFailed.

        Another program may take a free port before ours does, so there is a second try.
        """
        for tries_left in reversed(range(TRIES)):
            self.port = free_port()
            try:
                self._start()
            except HouseFailed:
                self.stop()
                if not tries_left:
                    raise
            else:
                return

    def _start(self) -> None:
        said = self.home.with_name(f"{self.home.name}.log")
        with said.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "vaitiolo.config.up"],
                cwd=self.home.parent,  # whatever lies in the caller's folder is not imported
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        until = time.monotonic() + SECONDS_TO_START
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > until:
                raise HouseFailed(_ends(said) + _ends(self.home / "log" / "web.log"))
            time.sleep(0.1)

    def _answers(self) -> bool:
        places: tuple[tuple[socket.AddressFamily, str | tuple[str, int]], ...] = (
            (socket.AF_INET, ("127.0.0.1", self.port)),
            (socket.AF_UNIX, str(self.home / "run" / "web.sock")),
        )
        return all(_knocked(*place) for place in places)

    def stop(self) -> None:
        """End the programs, and wait until they have ended."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None


@contextmanager
def open_house(
    folder: Path, *, patients: int, seed: str, settings: dict[str, str] | None = None
) -> Iterator[House]:
    """Make a clinic of so many invented patients and start it; end it when the block ends."""
    house = House(folder / "home", dict(settings or {}))
    house.run("demo.main", "--scale", str(patients), "--seed", seed, "--only-make")
    try:
        house.start()
        yield house
    finally:
        house.stop()


def _ends(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")[-2000:] if log.exists() else ""


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def _knocked(kind: socket.AddressFamily, address: str | tuple[str, int]) -> bool:
    with socket.socket(kind) as knock:
        return knock.connect_ex(address) == 0
