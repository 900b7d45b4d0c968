"""Shows how far long work has come: a bar on a terminal, a line now and then elsewhere."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

Item = TypeVar("Item")
Report = Callable[[int, int], None]
SECONDS_BETWEEN_LINES = 5.0


def track(items: Iterable[Item], label: str, *, total: int) -> Iterator[Item]:
    """Hand the items through and show how many of `total` are done."""
    with shown(label) as report:
        report(0, total)
        for done, item in enumerate(items, start=1):
            yield item
            report(done, total)


@contextmanager
def shown(label: str) -> Iterator[Report]:
    """Show work that reports for itself, as `report(done, total)`."""
    if sys.stderr.isatty():
        with bar(label) as report:
            yield report
    else:
        lines = Lines(label)
        yield lines.report
        lines.end()


@contextmanager
def bar(label: str) -> Iterator[Report]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task(label, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


class Lines:
    """Progress for a log: seldom, and never overwritten."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.began = self.said = time.monotonic()
        self.done = 0

    def report(self, done: int, total: int) -> None:
        self.done = done
        if time.monotonic() - self.said > SECONDS_BETWEEN_LINES:
            self.said = time.monotonic()
            sys.stderr.write(f"{self.label}: {done:,} of {total:,}\n")

    def end(self) -> None:
        took = time.monotonic() - self.began
        sys.stderr.write(f"{self.label}: {self.done:,} in {took:.1f} s\n")
