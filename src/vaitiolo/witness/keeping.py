"""What a witness remembers: how far it has seen each log, what troubled it, which alerts are open.

One SQLite file, every commit on the disk before it is answered. It never forgets what it cosigned.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from vaitiolo.ledger.verify.checkpoints import Checkpoint
from vaitiolo.ledger.verify.tree import EMPTY_ROOT

START: Final = Checkpoint(0, EMPTY_ROOT)
SECONDS_TO_WAIT: Final = 20.0

_TABLES: Final = """
CREATE TABLE IF NOT EXISTS cosigned (
    number INTEGER PRIMARY KEY AUTOINCREMENT, origin TEXT NOT NULL, size INTEGER NOT NULL,
    root BLOB NOT NULL, time INTEGER NOT NULL, note TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS cosigned_by_origin ON cosigned (origin, number);
CREATE TABLE IF NOT EXISTS trouble (
    origin TEXT NOT NULL, kind TEXT NOT NULL, since INTEGER NOT NULL, says TEXT NOT NULL,
    note TEXT NOT NULL, told INTEGER, PRIMARY KEY (origin, kind));
CREATE TABLE IF NOT EXISTS alert (
    origin TEXT NOT NULL, place INTEGER NOT NULL, rule TEXT NOT NULL, came INTEGER NOT NULL,
    answered INTEGER, PRIMARY KEY (origin, place));
CREATE TABLE IF NOT EXISTS watched (origin TEXT PRIMARY KEY, since INTEGER NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something wrong with a log: since when, in words, and when somebody was told (or not yet)."""

    origin: str
    kind: str
    since: int
    says: str
    told: int | None


class Memory:
    """A witness's memory, opened for one thing at a time."""

    def __init__(self, path: Path) -> None:
        """Open the file at a path, or make it, for its owner alone."""
        path.touch(mode=0o600)
        self._path = path
        with self._opened() as connection:
            connection.executescript(f"PRAGMA journal_mode=WAL;{_TABLES}")

    @contextmanager
    def deciding(self) -> Iterator["Decision"]:
        """Hold the one lock from looking to storing; what was stored is on the disk at the end.

        Whatever the block raises, nothing of it is stored.
        """
        with self._opened() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield Decision(connection)
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        with closing(
            sqlite3.connect(self._path, timeout=SECONDS_TO_WAIT, isolation_level=None)
        ) as connection:
            # An answer must never be truer than what a power cut leaves.
            connection.execute("PRAGMA synchronous=FULL")
            yield connection


class Decision:
    """One transaction of a witness's memory."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Take a connection that is inside a transaction."""
        self._connection = connection

    def latest(self, origin: str) -> Checkpoint:
        """Return the last checkpoint cosigned for a log, the empty one before the first."""
        asked = "SELECT size, root FROM cosigned WHERE origin = ? ORDER BY number DESC LIMIT 1"
        found = self._connection.execute(asked, (origin,)).fetchone()
        return Checkpoint(*found) if found else START

    def last_heard(self, origin: str) -> int:
        """Return when a log was cosigned last, or else since when it is watched; 0 for neither."""
        asked = (
            "SELECT coalesce((SELECT max(time) FROM cosigned WHERE origin = ?1),"
            " (SELECT since FROM watched WHERE origin = ?1), 0)"
        )
        return int(self._connection.execute(asked, (origin,)).fetchone()[0])

    def watch(self, origin: str, *, at: int) -> None:
        """Begin to count a log's silence, unless that was begun before."""
        self._connection.execute("INSERT OR IGNORE INTO watched VALUES (?, ?)", (origin, at))

    def store(self, origin: str, stated: Checkpoint, *, note: str, at: int) -> None:
        """Remember a checkpoint as the last one cosigned; what was seen before stays."""
        row = (origin, stated.size, stated.root, at, note)
        self._connection.execute(
            "INSERT INTO cosigned (origin, size, root, time, note) VALUES (?, ?, ?, ?, ?)", row
        )

    def trouble(self, origin: str, kind: str, *, says: str, at: int, note: str = "") -> None:
        """Remember that something is wrong, since its first moment."""
        row = (origin, kind, at, says, note)
        self._connection.execute("INSERT OR IGNORE INTO trouble VALUES (?, ?, ?, ?, ?, NULL)", row)

    def settle(self, origin: str, kind: str) -> None:
        """Take something that was wrong off the list."""
        asked = "DELETE FROM trouble WHERE origin = ? AND kind = ?"
        self._connection.execute(asked, (origin, kind))

    def told(self, trouble: Trouble, *, at: int) -> None:
        """Remember when somebody was told of a trouble."""
        asked = "UPDATE trouble SET told = ? WHERE origin = ? AND kind = ?"
        self._connection.execute(asked, (at, trouble.origin, trouble.kind))

    def troubles(self) -> list[Trouble]:
        """Return what is wrong now, the oldest first."""
        asked = "SELECT origin, kind, since, says, told FROM trouble ORDER BY since, origin, kind"
        return [Trouble(*row) for row in self._connection.execute(asked)]

    def alert(self, origin: str, place: int, *, rule: str, at: int) -> None:
        """Remember a critical alert of a clinic, once."""
        row = (origin, place, rule, at)
        self._connection.execute("INSERT OR IGNORE INTO alert VALUES (?, ?, ?, ?, NULL)", row)

    def answer(self, origin: str, place: int, *, at: int) -> None:
        """Remember that the clinic has acknowledged an alert."""
        asked = "UPDATE alert SET answered = ? WHERE origin = ? AND place = ? AND answered IS NULL"
        self._connection.execute(asked, (at, origin, place))

    def unanswered(self, origin: str, *, before: int) -> list[tuple[int, str, int]]:
        """Return place, rule and coming of alerts from before a time that nobody acknowledged."""
        asked = (
            "SELECT place, rule, came FROM alert WHERE origin = ? AND answered IS NULL"
            " AND came <= ? ORDER BY place"
        )
        return list(self._connection.execute(asked, (origin, before)))
