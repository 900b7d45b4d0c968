"""Has an exercise made that an officer asked for: by a program of its own, in a folder of its own.

The program is told nothing of this house: no folder, no database, no key, no mail server.
"""

import json
import logging
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from vaitiolo.breach.drills import access
from vaitiolo.config.hardening import SUPERVISOR
from vaitiolo.kit.errors import Refusal
from vaitiolo.warden.transport import Transport

OURS: Final = ("VAITIOLO_", "DJANGO_")

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Running:
    """An exercise that runs: its number, its program, and where its score will lie."""

    drill: int
    process: subprocess.Popen[bytes]
    folder: "tempfile.TemporaryDirectory[str]"

    @property
    def score(self) -> Path:
        return Path(self.folder.name) / "score.json"


@dataclass(slots=True)
class Exercises:
    """One at a time; other jobs do not wait for it."""

    transport: Transport
    running: Running | None = field(default=None, init=False)

    def go(self) -> None:
        """Begin the exercise that waits, or hand in the score of the one that has ended."""
        try:
            if self.running is None:
                self._begin()
            elif self.running.process.poll() is not None:
                self._end(self.running)
        except Refusal as refused:
            log.error("no exercise could be kept: %s", type(refused).__name__)  # noqa: TRY400 - the type says it

    def _begin(self) -> None:
        drill = access.begin(self.transport)
        if drill is None:
            return
        folder = tempfile.TemporaryDirectory(prefix="vaitiolo-exercise-")
        where = Path(folder.name)
        said = ["--out", str(where / "drill.html"), "--json", str(where / "score.json")]
        command = [sys.executable, "-m", "vaitiolo.config.drill", "vastaamo", *said]
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            command,
            env=surroundings(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.running = Running(drill, process, folder)

    def _end(self, ended: Running) -> None:
        score = read_score(ended.score)
        access.end(self.transport, ended.drill, score=score)
        ended.folder.cleanup()
        self.running = None


def surroundings() -> dict[str, str]:
    """Return what the program of an exercise may know: nothing of this house."""
    kept = {name: one for name, one in os.environ.items() if not name.startswith(OURS)}
    return {**kept, SUPERVISOR: str(os.getpid())}


def read_score(path: Path) -> str:
    """Return a score as the program wrote it; nothing where it broke off."""
    if not path.exists():
        return ""
    return json.dumps(json.loads(path.read_text(encoding="utf-8")), ensure_ascii=False)
