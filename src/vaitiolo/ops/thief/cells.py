"""Reads a copied SQLite file as SQLite does: cell by cell, whole, however the file cuts them up.

A long cell is scattered over pages; searching the file's bytes alone would miss what a page's
edge divides. Opens copies only: SQLite writes into the log of what it opens.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

MAGIC = b"SQLite format 3\x00"
# Between cells stands something that belongs to no text.
BETWEEN = b"\x00\x01\x00\x01"
ENOUGH = 8 << 20


class NotReadable(Exception):
    """SQLite cannot read this copy, for example because it was written to while it was copied."""


def is_sqlite(file: Path) -> bool:
    with file.open("rb") as opened:
        return opened.read(len(MAGIC)) == MAGIC


def tables_of(database: sqlite3.Connection) -> list[str]:
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0 ORDER BY name"
    return [text_of(name) for (name,) in database.execute(query)]


def text_of(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def read_cells(file: Path) -> Iterator[tuple[str, bytes]]:
    """Read the text and bytes of all cells, table by table, in large pieces."""
    try:
        with closing(sqlite3.connect(file)) as database:
            database.text_factory = bytes
            for table in tables_of(database):
                for piece in pieces(database, table):
                    yield table, piece
    except sqlite3.Error as problem:
        raise NotReadable(str(problem)) from None


def pieces(database: sqlite3.Connection, table: str) -> Iterator[bytes]:
    gathered, size = list[bytes](), 0
    for row in database.execute(f"SELECT * FROM {quoted(table)}"):  # noqa: S608 - quoted
        cells = [cell for cell in row if isinstance(cell, bytes)]
        gathered += cells
        size += sum(map(len, cells))
        if size >= ENOUGH:
            yield BETWEEN.join(gathered)
            gathered, size = [], 0
    yield BETWEEN.join(gathered)
