"""Reads through everything that was taken, unpacking on the way, and counts what it passed."""

import mmap
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from vaitiolo.ops.thief.cells import NotReadable, is_sqlite, read_cells
from vaitiolo.ops.thief.search import Findings, Search
from vaitiolo.ops.thief.unpacking import Piece, is_packed, unpack
from vaitiolo.ops.thief.wanted import Wanted

# Of a packed file its own bytes are noise, but its header may hold a name.
PACKED_HEADER = 64 << 10


class Progress:
    """Who is told how the reading goes. This one tells nobody."""

    def expect(self, count: int) -> None:
        """Learn that so many bytes more are to be read."""

    def passed(self, count: int) -> None:
        """Learn that so many bytes were read."""


@dataclass(slots=True)
class Passed:
    """How much was looked through, by the first part of the label."""

    files: Counter[str] = field(default_factory=Counter)
    bytes: Counter[str] = field(default_factory=Counter)
    remarks: list[str] = field(default_factory=list)


class Reader:
    """Looks for what is wanted through files, in a folder where it may unpack."""

    def __init__(self, wanted: Wanted, folder: Path, progress: Progress) -> None:
        self.search = Search(wanted)
        self.folder = folder
        self.progress = progress
        self.passed = Passed()

    @property
    def findings(self) -> Findings:
        return self.search.findings

    def read(self, piece: Piece) -> None:
        """Look through a file, and through whatever is packed in it."""
        size = piece.file.stat().st_size
        kind = piece.label.split(": ", 1)[0]
        self.passed.files[kind] += 1
        self.passed.bytes[kind] += size
        # The name is part of what a thief sees.
        self.look(piece.label.encode(), f"{piece.label} (its name)")
        packed = is_packed(piece.file)
        self.read_bytes(piece, PACKED_HEADER if packed else size)
        if is_sqlite(piece.file):
            self.read_cells(piece)
        for inner in unpack(piece, self.folder, self.passed.remarks.append):
            self.progress.expect(inner.file.stat().st_size)
            self.read(inner)

    def read_bytes(self, piece: Piece, most: int) -> None:
        size = piece.file.stat().st_size
        with piece.file.open("rb") as opened:
            if 0 < size <= most:
                with mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as data:
                    self.search.through(data, piece.label, passed=self.progress.passed)
            elif size:
                self.look(opened.read(most), piece.label)
                self.progress.passed(size)

    def read_cells(self, piece: Piece) -> None:
        try:
            for table, cells in read_cells(piece.file):
                self.progress.expect(len(cells))
                self.look(cells, f"{piece.label} (table {table})", self.progress.passed)
        except NotReadable as problem:
            self.passed.remarks.append(f"{piece.label}: SQLite cannot read the copy ({problem})")

    def look(
        self, text: bytes, label: str, passed: Callable[[int], None] = lambda _count: None
    ) -> None:
        self.search.through(text, label, passed=passed)
