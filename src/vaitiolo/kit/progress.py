"""Shows how far long work has come: a bar on a terminal, a line now and then elsewhere."""

import sys
import time
from collections.abc import Iterable, Iterator
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
SECONDS_BETWEEN_LINES = 5.0


def track(items: Iterable[Item], label: str, *, total: int) -> Iterator[Item]:
    """Hand the items through and show how many of `total` are done."""
    if sys.stderr.isatty():
        return bar(items, label, total)
    return lines(items, label, total)


def bar(items: Iterable[Item], label: str, total: int) -> Iterator[Item]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as progress:
        yield from progress.track(items, total=total, description=label)


def lines(items: Iterable[Item], label: str, total: int) -> Iterator[Item]:
    began = said = time.monotonic()
    done = 0
    for done, item in enumerate(items, start=1):
        yield item
        if time.monotonic() - said > SECONDS_BETWEEN_LINES:
            said = time.monotonic()
            sys.stderr.write(f"{label}: {done:,} of {total:,}\n")
    sys.stderr.write(f"{label}: {done:,} in {time.monotonic() - began:.1f} s\n")
