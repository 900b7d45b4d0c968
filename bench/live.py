"""A live installation of one build: made where it is missing, started, its processor time read."""

import os
import re
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from vaitiolo.config.demo.main import PASSWORD

TICK = os.sysconf("SC_CLK_TCK")
SECONDS_TO_START = 60.0


@dataclass(frozen=True, slots=True)
class Build:
    """A source tree to run."""

    name: str
    source: Path


class Live:
    """One installation that runs while the block lasts."""

    password = PASSWORD

    def __init__(self, build: Build, home: Path, size: int) -> None:
        self.home, self.size = home, size
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self._environment = {
            **os.environ,
            "PYTHONPATH": str(build.source),
            "VAITIOLO_HOME": str(home),
            "VAITIOLO_PORT": str(self.port),
        }

    def __enter__(self) -> Self:
        if not (self.home / "demo.json").exists():
            self.home.mkdir(parents=True, exist_ok=True)
            began = time.monotonic()
            command = [sys.executable, "-m", "bench.making", str(self.size)]
            subprocess.run(command, env=self._environment, check=True)
            sys.stderr.write(f"{self.home.name} made in {time.monotonic() - began:.0f} s\n")
        self._process = subprocess.Popen(
            self._program("up"), env=self._environment, stdout=subprocess.DEVNULL
        )
        until = time.monotonic() + SECONDS_TO_START
        while socket.socket().connect_ex(("127.0.0.1", self.port)) or not self._answers():
            if time.monotonic() > until:
                raise TimeoutError(self.home)
            time.sleep(0.1)
        return self

    def __exit__(self, *raised: object) -> None:
        self._process.terminate()
        self._process.wait()

    def processor_seconds(self) -> float:
        """Return the processor time of all programs so far; SQLite works inside them."""
        return sum(map(_ticks, self.family())) / TICK

    def _program(self, module: str, *arguments: str) -> list[str]:
        return [sys.executable, "-m", f"vaitiolo.config.{module}", *arguments]

    def _answers(self) -> bool:
        # The socket's file may be one that an earlier run left behind.
        with socket.socket(socket.AF_UNIX) as knock:
            return knock.connect_ex(str(self.home / "run" / "web.sock")) == 0

    def family(self) -> list[int]:
        """Return the processes of the installation."""
        parents = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdecimal() and (stat := _stat(int(entry.name))):
                parents[int(entry.name)] = int(stat[1])
        family, grown = {self._process.pid}, 0
        while grown != len(family):
            grown = len(family)
            family |= {pid for pid, parent in parents.items() if parent in family}
        return list(family)


def _stat(pid: int) -> list[str]:
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return []
    return re.sub(r"^.*\) ", "", text, flags=re.DOTALL).split()


def _ticks(pid: int) -> int:
    stat = _stat(pid)
    return int(stat[11]) + int(stat[12]) if stat else 0
