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
from vaitiolo.ops import access
from vaitiolo.ops.access import SignedDeed
from vaitiolo.people import deeds as people
from vaitiolo.warden.kinds import Kind
from vaitiolo.warden.transport import OverSocket, Transport

ABOUT = """\
Set what the ledger says was signed beside the rows of the database, and name what has no match:
entries whose row never came, and rows that have no entry. Ends with 0 when every row has its
entry, with 1 when one has not, and with 2 when it could not be asked.
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

    @property
    def is_sound(self) -> bool:
        """Whether every row has its entry."""
        return not self.missing


def reconcile(
    transport: Transport, *, progress: Callable[[int, int], None] = lambda _done, _all: None
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
        document = (deed.kind, deed.row, deed.version)
        waiting.pop(document, None)
        if document not in rows and deed.is_settled:
            dangling.append(deed)
    found.missing = sorted(waiting)
    if dangling:
        # A row that came while the entries were read is not missing.
        rows = set(_rows())
    found.dangling = [one for one in dangling if (one.kind, one.row, one.version) not in rows]
    access.note_reconciled(
        transport,
        entries=found.entries,
        rows=found.rows,
        dangling=len(found.dangling),
        missing=len(found.missing),
    )
    return found


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
    argparse.ArgumentParser(prog="vaitiolo ledger reconcile", description=ABOUT).parse_args(
        arguments
    )
    try:
        with shown("Comparing entries and rows") as progress:
            found = reconcile(OverSocket(home / "run" / "console.sock"), progress=progress)
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
    ]
    if found.erased:
        lines.append(f"{found.erased:,} entries were erased and say no more what was signed")
    lines.append(
        "Every row has its entry." if found.is_sound else "ROWS WERE MADE WITHOUT AN ENTRY."
    )
    return "".join(f"{line}\n" for line in lines)


def name(kind: int, row: UUID, version: int) -> str:
    """Return what a document is called: its kind, its random id and its version."""
    return f"{Kind(kind).name.lower()} {row} version {version}"
