"""Prints what a raid brought: what was looked through, what was found, what can be learnt.

Kinds, counts and places only. Who was found is never printed.
"""

from collections.abc import Iterable

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar
from rich.table import Table as Grid

from vaitiolo.ops.thief.learning import Table
from vaitiolo.ops.thief.raid import Outcome
from vaitiolo.ops.thief.reading import Progress
from vaitiolo.ops.thief.spellings import TITLES, Kind

MOST_PLACES = 20
# Bookkeeping of the framework, the same in every installation.
DULL = ("django_", "sqlite_")


class ShownProgress(Progress):
    """A bar on the screen for one reading."""

    def __init__(self, bar: Bar, title: str) -> None:
        self.bar = bar
        self.expected = 0
        self.task = bar.add_task(title, total=0)

    def expect(self, count: int) -> None:
        self.expected += count
        self.bar.update(self.task, total=self.expected)

    def passed(self, count: int) -> None:
        self.bar.advance(self.task, count)


def bar_on(console: Console) -> Bar:
    words = TextColumn("{task.description}")
    return Bar(words, BarColumn(), DownloadColumn(), TimeElapsedColumn(), console=console)


def grid(title: str, *columns: str, numbers: Iterable[str] = ()) -> Grid:
    table = Grid(title=title, title_justify="left", title_style="bold", header_style="dim")
    for column in columns:
        table.add_column(column, justify="right" if column in set(numbers) else "left")
    return table


def show_passed(console: Console, outcome: Outcome) -> None:
    table = grid("Looked through", "what", "files", "MiB", numbers=("files", "MiB"))
    for kind, files in outcome.passed.files.items():
        table.add_row(kind, f"{files:,}", f"{outcome.passed.bytes[kind] / (1 << 20):,.1f}")
    console.print(table)
    for remark in (*outcome.remarks, *outcome.passed.remarks):
        console.print(f"  {remark}", style="dim", highlight=False, markup=False)


def show_found(console: Console, here: Outcome, there: Outcome, *, beside: bool) -> None:
    """Print what was found by kind; with `beside`, the stand-in's in the next columns."""
    numbers = ("to find", "found here", "times", "found in the stand-in", "times there")
    shown = numbers if beside else numbers[:3]
    table = grid("Found", "what", *shown, "written as", numbers=numbers)
    for kind in Kind:
        cells = [f"{len(here.wanted.sought[kind]):,}", *counted(here, kind)]
        cells += counted(there, kind) if beside else []
        table.add_row(TITLES[kind], *cells, written(here, kind) or "-")
    console.print(table)
    if beside:
        writings = sorted({writing for _kind, writing in there.findings.times})
        console.print(f"  In the stand-in written as: {', '.join(writings)}", style="dim")


def counted(outcome: Outcome, kind: Kind) -> list[str]:
    times = sum(n for (seen, _writing), n in outcome.findings.times.items() if seen is kind)
    values = outcome.findings.found[kind] & outcome.wanted.sought[kind]
    return [f"{len(values):,}", f"{times:,}"]


def written(outcome: Outcome, kind: Kind) -> str:
    found = outcome.findings.times
    return ", ".join(sorted({writing for seen, writing in found if seen is kind}))


def show_places(console: Console, outcome: Outcome) -> None:
    places = outcome.findings.places
    if not places:
        return
    table = grid("Where", "what", "written as", "file", "byte", numbers=("byte",))
    for place in places[:MOST_PLACES]:
        table.add_row(TITLES[place.kind], place.writing, place.label, f"{place.offset:,}")
    console.print(table)
    if len(places) > MOST_PLACES:
        console.print(f"  and {len(places) - MOST_PLACES:,} places more", style="dim")


def show_learnt(console: Console, tables: list[Table]) -> None:
    """Print what a thief learns although nothing can be read."""
    title = "What can be learnt all the same"
    shown = grid(title, "table", "column", "kept as", "what it says")
    for table in tables:
        if not table.rows or table.name.startswith(DULL):
            continue
        shown.add_row(f"{table.name} ({table.database})", "", "", f"{table.rows:,} rows")
        for line in table.lines:
            shown.add_row("", line.column, line.sort, line.says)
    console.print(shown)


def show_verdict(console: Console, here: Outcome, there: Outcome) -> None:
    people = here.wanted.patients
    console.print(f"stand-in: found {there.persons:,} of {people:,}", style="bold")
    if here.is_empty:
        text, style = "nothing that tells who anybody is or what anybody said", "bold green"
    else:
        text, style = f"something of {here.persons:,} of {people:,} people", "bold red"
    console.print(f"this installation: {text}", style=style)
