"""`vaitiolo ledger reconcile`: what was signed, set beside the rows that there are.

An entry whose row never came is normal now and then; a row without an entry is an alarm, always.
Names random ids only, and has the outcome recorded.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from vaitiolo.charts import deeds as charts
from vaitiolo.kit.errors import Refusal
from vaitiolo.kit.progress import shown
from vaitiolo.ops import access, kms_log, others
from vaitiolo.ops.access import SignedDeed
from vaitiolo.ops.kms_log import Counted
from vaitiolo.ops.others import Others
from vaitiolo.people import deeds as people
from vaitiolo.warden.kinds import Kind, Mark
from vaitiolo.warden.transport import OverSocket, Transport

ABOUT = """\
Set what the ledger says was signed beside the rows of the database, and name what has no match:
entries whose row never came, rows that have no entry, versions taken away from under a later one.
The same for copies, reminders and erasures, and with OpenBao's audit file for what the key service
did. Ends with 0 when everything agrees, with 1 when it does not, with 2 when it could not be asked.
"""
MOST_NAMED = 50
FOUND, NOT_ASKED = 1, 2

Document = tuple[int, UUID, int]


@dataclass(slots=True)
class Reconciled:
    """What was compared, and what has no match."""

    entries: int = 0
    rows: int = 0
    erased: int = 0
    dangling: list[SignedDeed] = field(default_factory=list)
    missing: list[Document] = field(default_factory=list)
    gaps: list[Document] = field(default_factory=list)
    marked: int = 0
    lost: list[SignedDeed] = field(default_factory=list)
    unmarked: int = 0
    others: Others = field(default_factory=Others)

    @property
    def alarms(self) -> int:
        """How much was done without an entry, or taken away between what is still there."""
        return len(self.missing) + len(self.gaps) + len(self.lost) + self.others.missing

    @property
    def is_sound(self) -> bool:
        """Whether everything that is there has its entry, and nothing between is gone."""
        return not self.alarms


def reconcile(
    transport: Transport,
    *,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
    counted: Counted | None = None,
) -> Reconciled:
    """Compare both sides and have the outcome recorded. Raises Refusal when it cannot be asked.

    Rows are read first: each of those had its entry before, so none can be missing by chance.
    """
    rows = set(_rows())
    found = Reconciled(rows=len(rows))
    waiting = dict.fromkeys(rows)
    dangling: list[SignedDeed] = []
    for deed in _signed(transport, found, progress):
        found.entries += 1
        _count_mark(found, deed)
        document = (deed.kind, deed.row, deed.version)
        waiting.pop(document, None)
        if document not in rows and deed.is_settled:
            dangling.append(deed)
    found.missing = sorted(waiting)
    if dangling:
        # A row that came while the entries were read is not missing.
        rows = set(_rows())
    found.dangling = [one for one in dangling if (one.kind, one.row, one.version) not in rows]
    found.gaps = _gaps(rows)
    found.others = others.compare(transport, counted)
    access.note_reconciled(
        transport,
        entries=found.entries,
        rows=found.rows,
        dangling=len(found.dangling),
        missing=found.alarms,
    )
    return found


def _count_mark(found: Reconciled, deed: SignedDeed) -> None:
    if deed.mark == Mark.LOST:
        found.lost.append(deed)
    elif deed.mark == Mark.THERE:
        found.marked += 1
    elif deed.kind == Kind.NOTE:
        found.unmarked += 1


def _gaps(rows: set[Document]) -> list[Document]:
    """Return versions that are not there although a later one is, which was signed over them."""
    newest: dict[tuple[int, UUID], int] = {}
    for kind, row, version in rows:
        newest[kind, row] = max(version, newest.get((kind, row), 0))
    expected = (
        (kind, row, version) for (kind, row), last in newest.items() for version in range(1, last)
    )
    return sorted(one for one in expected if one not in rows)


def _rows() -> Iterator[Document]:
    yield from people.list_signed()
    yield from charts.list_signed()


def _signed(
    transport: Transport, found: Reconciled, progress: Callable[[int, int], None]
) -> Iterator[SignedDeed]:
    page = access.list_signed(transport, 0)
    while True:
        found.erased += page.erased
        progress(page.next, page.size)
        yield from page.deeds
        if page.next >= page.size:
            return
        page = access.list_signed(transport, page.next)


def main(arguments: Sequence[str], *, home: Path) -> int:
    """Run the command, and return how the program ends."""
    parser = argparse.ArgumentParser(prog="vaitiolo ledger reconcile", description=ABOUT)
    parser.add_argument("--kms-log", type=Path, metavar="FILE", help="audit file of OpenBao")
    log = parser.parse_args(arguments).kms_log
    try:
        counted = None if log is None else kms_log.count(log)
        console = OverSocket(home / "run" / "console.sock")
        with shown("Comparing entries and rows") as progress:
            found = reconcile(console, progress=progress, counted=counted)
    except Refusal as refusal:
        sys.stderr.write(f"vaitiolo ledger reconcile: {refusal}\n")
        return NOT_ASKED
    sys.stdout.write(report(found))
    return 0 if found.is_sound else FOUND


def report(found: Reconciled) -> str:
    """Return the outcome for a person."""
    lines = [
        f"{found.entries:,} entries of signing, {found.rows:,} signed rows",
        f"{len(found.dangling):,} entries whose row never came (normal now and then)",
        *(
            f"  {name(one.kind, one.row, one.version)}, entry {one.index:,}"
            for one in found.dangling[:MOST_NAMED]
        ),
        f"{len(found.missing):,} rows without an entry",
        *(f"  {name(*one)}" for one in found.missing[:MOST_NAMED]),
        f"{len(found.gaps):,} versions taken away from under a later one",
        *(f"  {name(*one)}" for one in found.gaps[:MOST_NAMED]),
        f"{found.marked:,} signed versions have a record of their fingerprints",
        f"{found.unmarked:,} signed notes were given none (before there was an incident key)",
        f"{len(found.lost):,} records of fingerprints were taken away",
        *(f"  {name(one.kind, one.row, one.version)}" for one in found.lost[:MOST_NAMED]),
        *others.report(found.others),
    ]
    if found.erased:
        lines.append(f"{found.erased:,} entries were erased and say no more what was signed")
    lines.append(_verdict(found))
    return "".join(f"{line}\n" for line in lines)


def _verdict(found: Reconciled) -> str:
    if found.is_sound:
        return "Every row has its entry."
    if found.missing:
        return "ROWS WERE MADE WITHOUT AN ENTRY."
    return f"{found.alarms:,} THINGS DO NOT AGREE WITH THE LEDGER."


def name(kind: int, row: UUID, version: int) -> str:
    """Return what a document is called: its kind, its random id and its version."""
    return f"{Kind(kind).name.lower()} {row} version {version}"
