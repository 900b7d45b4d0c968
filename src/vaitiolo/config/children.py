"""The processes that `vaitiolo up` looks after: started, waited for, started again, ended.

It hands a child only the part of the environment that is the child's own.
"""

import os
import select
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from vaitiolo.config.hardening import SUPERVISOR

LARGE_LOG = 5 * 1024 * 1024
SECONDS_TO_END = 10.0
SECONDS_UNTIL_HEALTHY = 30.0
LONGEST_PAUSE = 30.0


class ChildFailed(Exception):
    """A program did not come up; its log says why."""


@dataclass(slots=True)
class Child:
    """One program that runs, and how often it has died young."""

    name: str
    process: subprocess.Popen[bytes]
    pidfd: int
    started: float
    deaths: int = 0

    def pause(self) -> float:
        """Say how long to wait before it is started again: longer with each early death."""
        return min(0.25 * 2.0**self.deaths, LONGEST_PAUSE)


def our_program(name: str) -> list[str]:
    return [sys.executable, "-m", f"vaitiolo.config.{name}.main"]


@dataclass(slots=True)
class Family:
    """All programs of one installation. `withheld`: which variables a program must not see."""

    logs: Path
    withheld: Mapping[str, tuple[str, ...]]
    say: Callable[[str], None]
    command: Callable[[str], list[str]] = our_program
    children: dict[str, Child] = field(default_factory=dict)

    def start(self, name: str, *, deaths: int = 0) -> None:
        process = self.spawn(name)
        pidfd = os.pidfd_open(process.pid)
        self.children[name] = Child(name, process, pidfd, time.monotonic(), deaths)

    def spawn(self, name: str) -> subprocess.Popen[bytes]:
        self.logs.mkdir(parents=True, exist_ok=True)
        path = self.logs / f"{name}.log"
        if path.exists() and path.stat().st_size > LARGE_LOG:
            path.replace(path.with_suffix(".log.1"))
        with path.open("ab") as log:
            return subprocess.Popen(  # noqa: S603 - the program's name comes from our own list
                self.command(name),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self.environment(name),
                start_new_session=True,  # Ctrl-C reaches the supervisor, which ends them in order
            )

    def environment(self, name: str) -> dict[str, str]:
        withheld = self.withheld[name]
        mine = {key: value for key, value in os.environ.items() if not key.startswith(withheld)}
        return {**mine, SUPERVISOR: str(os.getpid())}

    def wait(self, name: str, ready: Callable[[], bool], seconds: float) -> None:
        """Wait until a child answers; raise when it died or stayed silent."""
        until = time.monotonic() + seconds
        while not ready():
            died = self.children[name].process.poll() is not None
            if died or time.monotonic() > until:
                what = "ended" if died else "does not answer"
                raise ChildFailed(f"{name} {what}. Its log: {self.logs / name}.log")
            time.sleep(0.05)

    def keep(self) -> None:
        """Start again whatever dies, until the caller is interrupted."""
        while True:
            self.mend()

    def mend(self) -> None:
        """Wait until something dies, and start it again."""
        pidfds = {child.pidfd: child for child in self.children.values()}
        for pidfd in select.select(list(pidfds), [], [])[0]:
            self.start_again(pidfds[pidfd])

    def start_again(self, child: Child) -> None:
        code = child.process.wait()
        os.close(child.pidfd)
        lived = time.monotonic() - child.started
        deaths = 0 if lived > SECONDS_UNTIL_HEALTHY else child.deaths + 1
        self.say(f"{child.name} ended with {code} and is started again.")
        del self.children[child.name]
        time.sleep(child.pause())
        self.start(child.name, deaths=deaths)

    def end(self) -> None:
        """End all, the warden last: the others may still have something to write down."""
        for child in reversed(self.children.values()):
            child.process.terminate()
            try:
                child.process.wait(SECONDS_TO_END)
            except subprocess.TimeoutExpired:
                child.process.kill()
                child.process.wait()
            os.close(child.pidfd)
        self.children.clear()
