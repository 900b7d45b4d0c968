"""How a set-up step is shown: what it is, that it moves, and how long it took."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

WIDTH = 46


class Failed(Exception):
    """A step could not be done; the message says what the person can do."""


def say(line: str) -> None:
    sys.stderr.write(f"  {line}\n")
    sys.stderr.flush()


@contextmanager
def step(label: str) -> Iterator["Meter"]:
    """Show a step until it is done. On a terminal it moves; in a log it is one line."""
    meter = Meter(label)
    if sys.stderr.isatty():
        threading.Thread(target=meter.move, daemon=True).start()
    try:
        yield meter
    finally:
        meter.end()


class Meter:
    """A bar where the share is known (`at`), else a count of seconds."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.began = time.monotonic()
        self.share: float | None = None
        self.over = threading.Event()

    def at(self, share: float) -> None:
        self.share = min(max(share, 0.0), 1.0)

    def move(self) -> None:
        while not self.over.wait(0.2):
            sys.stderr.write(f"\r{self.line()}\033[K")
            sys.stderr.flush()

    def line(self) -> str:
        seconds = f"{time.monotonic() - self.began:5.1f} s"
        if self.share is None:
            return f"  {self.label:<{WIDTH}} {seconds}"
        full = round(self.share * 20)
        return f"  {self.label:<{WIDTH}} {seconds} [{'#' * full}{'.' * (20 - full)}]"

    def end(self) -> None:
        self.over.set()
        self.share = None
        start = "\r" if sys.stderr.isatty() else ""
        stop = "\033[K\n" if sys.stderr.isatty() else "\n"
        sys.stderr.write(f"{start}{self.line()}{stop}")
        sys.stderr.flush()
