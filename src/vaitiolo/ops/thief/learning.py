"""What a thief learns although nothing can be read: counts, sizes, dates, relations of ids.

It reads copies or dumped tables as they are, without knowing what any column is for.
"""

import re
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import psycopg

from vaitiolo.ops.thief.cells import quoted, tables_of

Sort = Literal["bytes", "id", "text", "moment", "number", "flag"]
# How a column's declared type is read; the first word that is part of it decides.
SORTS: tuple[tuple[str, Sort], ...] = (
    ("bytea", "bytes"), ("blob", "bytes"), ("uuid", "id"), ("char(32)", "id"), ("bool", "flag"),
    ("char", "text"), ("text", "text"), ("date", "moment"), ("time", "moment"),
    ("int", "number"), ("serial", "number"), ("real", "number"), ("numeric", "number"),
)  # fmt: skip
FEW = 8
COMMONEST = 4
PLAIN = re.compile(r"[a-z_]{0,20}|-?\d{1,6}|None|True|False")
Ask = Callable[[str], Sequence[Sequence[Any]]]


@dataclass(frozen=True, slots=True)
class Learnt:
    """One line about one column."""

    column: str
    sort: Sort
    says: str


@dataclass(frozen=True, slots=True)
class Table:
    """What one table tells: how many rows, and something about each column."""

    database: str
    name: str
    rows: int
    lines: list[Learnt] = field(default_factory=list)


def learn_from_file(database: str, file: Path) -> list[Table]:
    """Learn from a copied SQLite file; nothing if SQLite cannot read it."""
    try:
        with closing(sqlite3.connect(file)) as connection:

            def ask(query: str) -> Sequence[Sequence[Any]]:
                return connection.execute(query).fetchall()

            found = []
            for name in tables_of(connection):
                columns = [(row[1], row[2]) for row in ask(f"PRAGMA table_info({quoted(name)})")]
                found.append(learn(ask, database, name, columns=columns))
            return found
    except sqlite3.Error:
        return []


def learn_from_server(database: str, address: str) -> list[Table]:
    """Learn from a PostgreSQL database; nothing if it lets this address in to nothing."""
    columns = (
        "SELECT table_name, column_name, data_type FROM information_schema.columns"
        " WHERE table_schema = 'public' ORDER BY table_name, ordinal_position"
    )
    try:
        with psycopg.connect(address) as connection:

            def ask(query: str) -> Sequence[Sequence[Any]]:
                return connection.execute(query.encode()).fetchall()

            of_table: dict[str, list[tuple[str, str]]] = {}
            for table, column, kind in ask(columns):
                of_table.setdefault(table, []).append((column, kind))
            return [learn(ask, database, name, columns=found) for name, found in of_table.items()]
    except psycopg.Error:
        return []


def learn(ask: Ask, database: str, name: str, *, columns: Sequence[tuple[str, str]]) -> Table:
    table = quoted(name)
    rows = int(ask(f"SELECT count(*) FROM {table}")[0][0])  # noqa: S608 - quoted
    found = Table(database, name, rows)
    for column, declared in columns if rows else ():
        sort = sort_of(declared)
        says = TELLERS[sort](ask, table, quoted(column))
        found.lines.append(Learnt(column, sort, says))
    return found


def sort_of(declared: str) -> Sort:
    wanted = declared.lower()
    return next((sort for word, sort in SORTS if word in wanted), "text")


def sizes(ask: Ask, table: str, column: str) -> str:
    query = f"SELECT length({column}), count(*) FROM {table} GROUP BY 1 ORDER BY 2 DESC, 1"  # noqa: S608 - quoted
    groups = [(size, count) for size, count in ask(query) if size is not None]
    if not groups:
        return "empty"
    common = ", ".join(f"{count:,} of {size:,} B" for size, count in groups[:COMMONEST])
    more = f" and {len(groups) - COMMONEST} more" if len(groups) > COMMONEST else ""
    return f"{len(groups)} sizes: {common}{more}"


def sharing(ask: Ask, table: str, column: str) -> str:
    inner = f"SELECT count(*) AS times FROM {table} WHERE {column} IS NOT NULL GROUP BY {column}"  # noqa: S608 - quoted
    count, most = ask(f"SELECT count(*), max(times) FROM ({inner}) AS groups")[0]  # noqa: S608 - quoted
    return f"{count:,} different, one of them in {most or 0:,} rows"


def span(ask: Ask, table: str, column: str) -> str:
    query = f"SELECT min({column}), max({column}), count(DISTINCT {column}) FROM {table}"  # noqa: S608 - quoted
    first, last, count = ask(query)[0]
    return f"{first} to {last}, {count:,} different"


def values(ask: Ask, table: str, column: str) -> str:
    """Write out words of the product's own when there are few, and count everything else.

    A thief's report is read by people who may not know who is in the clinic.
    """
    query = f"SELECT {column}, count(*) FROM {table} GROUP BY 1 ORDER BY 2 DESC LIMIT {FEW + 1}"  # noqa: S608 - quoted
    groups = ask(query)
    if len(groups) > FEW or not all(PLAIN.fullmatch(str(value)) for value, _count in groups):
        return sharing(ask, table, column)
    return ", ".join(f"{value}: {count:,}" for value, count in groups)


def numbers(ask: Ask, table: str, column: str) -> str:
    distinct = ask(f"SELECT count(DISTINCT {column}) FROM {table}")[0][0]  # noqa: S608 - quoted
    teller = values if distinct <= FEW else numbers_spread
    return teller(ask, table, column)


def numbers_spread(ask: Ask, table: str, column: str) -> str:
    return f"{span(ask, table, column)}; {sharing(ask, table, column)}"


TELLERS: dict[Sort, Callable[[Ask, str, str], str]] = {
    "bytes": sizes,
    "id": sharing,
    "text": values,
    "moment": span,
    "number": numbers,
    "flag": values,
}
