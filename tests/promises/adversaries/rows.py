"""Every row of a database, to read and to change: SQLite or PostgreSQL, without any of our code."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    "postgres": "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'",
}
PATIENCE = 20.0


class Rows:
    """One database, by the path of its file or by its address, with its owner's rights."""

    def __init__(self, place: Path | str) -> None:
        self.file = place if isinstance(place, Path) else None
        self.address = "" if isinstance(place, Path) else place

    def ask(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Run one statement, with `?` for each value, and keep what it did."""
        if self.file:
            with closing(sqlite3.connect(self.file, timeout=PATIENCE)) as connection, connection:
                found = connection.execute(query, [self._own(value) for value in values])
                return found.fetchall()
        with psycopg.connect(self.address) as connection:
            done = connection.execute(sql.SQL(query.replace("?", "%s")), values)  # type: ignore[arg-type]
            return done.fetchall() if done.description else []

    def add(self, table: str, **columns: object) -> None:
        names, marks = ", ".join(f'"{name}"' for name in columns), ", ".join("?" * len(columns))
        self.ask(f"INSERT INTO {table} ({names}) VALUES ({marks})", *columns.values())

    def copy(self) -> dict[str, list[tuple[Any, ...]]]:
        """Copy every row of every table, as a dump does."""
        query = TABLES["sqlite" if self.file else "postgres"]
        names = sorted(str(name) for (name,) in self.ask(query))
        return {name: self.ask(f'SELECT * FROM "{name}"') for name in names}

    def _own(self, value: object) -> object:
        return value.hex if isinstance(value, UUID) else value


def id_of(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(value)


def octets(row: Sequence[Any]) -> list[bytes]:
    """Return the cells of a row that hold bytes."""
    return [bytes(cell) for cell in row if isinstance(cell, bytes | memoryview)]
