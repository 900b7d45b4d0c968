"""The sequencer's SQL, once for each engine: one transaction, under one lock, at a time.

Knows rows and nothing of what they mean; used by one thread, over that thread's connection.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from django.db import Error, InterfaceError, OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.verify.tree import EMPTY_ROOT, Edge, leaf_hash

# Any number will do, as long as every warden takes the same one: "vaitiolo" in ASCII.
ADVISORY_LOCK = int.from_bytes(b"vaitiolo", "big")
LOCK_WAIT_MS = 5_000
# SQLite takes 32,766 values in one statement, older ones 999.
ASKED_AT_ONCE = 500

_LAST = "SELECT size, root FROM ledger_batch ORDER BY size DESC LIMIT 1"
# Whose details were erased, as the entries of a stretch of the log say.
_ERASED = (
    'SELECT p.detail FROM ledger_entry e JOIN ledger_publicdetail p ON p."index" = e."index"'
    ' WHERE e."index" >= %s AND e.act = %s ORDER BY e."index"'
)
_ERASE = (
    'DELETE FROM ledger_detail WHERE "index" IN'
    ' (SELECT "index" FROM ledger_entry WHERE patient_tag = %s)'
)
_EDGE = "SELECT edge FROM ledger_batch WHERE length(edge) > 0 ORDER BY size DESC LIMIT 1"


class Size(NamedTuple):
    """A committed size of the log, and the root of its tree."""

    size: int
    root: bytes


class Head(NamedTuple):
    """The last entry of a tag: its number in the tag's chain, and its leaf's hash."""

    seq: int
    hash: bytes


class EntryRow(NamedTuple):
    """A row of ledger_entry, in the order of its columns."""

    place: int
    leaf: bytes
    patient_tag: bytes
    patient_seq: int
    actor_tag: bytes
    act: int
    time_us: int


class DetailRow(NamedTuple):
    """A row of ledger_detail or of ledger_publicdetail."""

    place: int
    salt: bytes
    detail: bytes


class Written(NamedTuple):
    """Everything that one transaction appends."""

    entries: Sequence[EntryRow]
    details: Sequence[DetailRow]
    public_details: Sequence[DetailRow]
    batch: tuple[int, bytes, bytes]


class Rows(ABC):
    """What both engines do alike."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self._connection = connection

    @abstractmethod
    def begin(self) -> Size:
        """Begin a transaction, take the ledger's lock and return the last committed size."""

    @abstractmethod
    def heads(self, tags: Sequence[bytes]) -> Mapping[bytes, Head]:
        """Return the head of each of these tags that has entries."""

    @abstractmethod
    def write(self, written: Written) -> None:
        """Append these rows and commit; when this returns, they are on the disk."""

    @abstractmethod
    def wipe_freed(self) -> None:
        """Let what the coming transaction deletes be overwritten, where the engine can."""

    @abstractmethod
    def empty_journal(self) -> None:
        """Let what was deleted leave the engine's journal too, where the engine can."""

    def commit(self) -> None:
        """Make the transaction durable; when this returns, it is on the disk."""
        self._run("COMMIT")

    def roll_back(self) -> None:
        """Give the transaction up, and the connection too if it does not answer."""
        try:
            # An engine that failed may have given it up already, and says so.
            self._run("ROLLBACK")
        except Error:
            self.close()

    def close(self) -> None:
        """Close the connection; the next transaction opens another."""
        with suppress(Error):
            self._connection.close()

    def nearest_edge(self) -> Edge:
        """Return the last stored edge; the leaves behind it are still to be appended."""
        found = self._one(_EDGE)
        return Edge.decode(bytes(found[0])) if found else Edge.empty()

    def leaves_from(self, index: int) -> list[bytes]:
        """Return all leaves from an index on, in their order."""
        asked = 'SELECT leaf FROM ledger_entry WHERE "index" >= %s ORDER BY "index"'
        return [bytes(leaf) for (leaf,) in self._all(asked, index)]

    @property
    def connection(self) -> BaseDatabaseWrapper:
        """The connection of the transaction, for what has to be done together with it."""
        return self._connection

    def erase_details(self, tag: bytes) -> int:
        """Delete the details and salts of a tag's entries; return how many there were."""
        with self._connection.cursor() as cursor:
            cursor.execute(_ERASE, (tag,))
            return int(cursor.rowcount)

    def erasures_from(self, index: int) -> list[bytes]:
        """Return the values of every ERASE from an index on."""
        return [bytes(detail) for (detail,) in self._all(_ERASED, index, int(Act.ERASE))]

    def root_at(self, size: int) -> bytes | None:
        """Return the root that was committed for a size, if a batch ended there."""
        found = self._one("SELECT root FROM ledger_batch WHERE size = %s", size)
        return bytes(found[0]) if found else None

    def newest_checkpoint(self) -> tuple[int, str] | None:
        """Return size and note of the newest checkpoint."""
        asked = "SELECT size, note FROM ledger_checkpoint ORDER BY size DESC LIMIT 1"
        found = self._one(asked)
        return (found[0], found[1]) if found else None

    def put_checkpoint(self, size: int, note: str) -> None:
        """Add a checkpoint to the transaction."""
        self._run("INSERT INTO ledger_checkpoint (size, note) VALUES (%s, %s)", size, note)

    def _run(self, sql: str, *values: Any) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute(sql, values or None)

    def _one(self, sql: str, *values: Any) -> tuple[Any, ...] | None:
        with self._connection.cursor() as cursor:
            cursor.execute(sql, values or None)
            found: tuple[Any, ...] | None = cursor.fetchone()
            return found

    def _all(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with self._connection.cursor() as cursor:
            cursor.execute(sql, values or None)
            found: list[tuple[Any, ...]] = cursor.fetchall()
            return found


class SqliteRows(Rows):
    """The ledger in a SQLite file: BEGIN IMMEDIATE is the lock."""

    _HEADS = (
        "WITH asked (tag) AS (VALUES {places}) SELECT tag, head.patient_seq, head.leaf FROM asked"
        " JOIN ledger_entry AS head ON head.patient_tag = tag AND head.patient_seq ="
        " (SELECT max(patient_seq) FROM ledger_entry WHERE patient_tag = tag)"
    )

    def begin(self) -> Size:
        """Begin a transaction that nobody else can write beside, and read the last size."""
        if self._connection.connection is None:
            self._connection.connect()
            # Said here too, because no setting may make an acknowledged entry lose itself.
            self._run("PRAGMA synchronous = FULL")
            self._run(f"PRAGMA busy_timeout = {LOCK_WAIT_MS}")
        self._run("BEGIN IMMEDIATE")
        return _size(self._one(_LAST))

    def wipe_freed(self) -> None:
        """Have SQLite write zeros over every row that is deleted on this connection."""
        if self._connection.connection is None:
            self._connection.connect()
        self._run("PRAGMA secure_delete = ON")

    def empty_journal(self) -> None:
        """Bring the journal into the file and cut it: older pages held what was deleted."""
        with suppress(Error):
            # Whoever reads at this moment keeps it; then the next quiet moment empties it.
            self._all("PRAGMA wal_checkpoint(TRUNCATE)")

    def heads(self, tags: Sequence[bytes]) -> Mapping[bytes, Head]:
        """Look many tags up in one question, in the index of their numbers."""
        found: dict[bytes, Head] = {}
        for first in range(0, len(tags), ASKED_AT_ONCE):
            part = tags[first : first + ASKED_AT_ONCE]
            asked = self._HEADS.format(places=", ".join(["(%s)"] * len(part)))
            found |= {bytes(tag): _head(seq, leaf) for tag, seq, leaf in self._all(asked, *part)}
        return found

    def write(self, written: Written) -> None:
        """Insert row by row; the triggers see each one."""
        with self._connection.cursor() as cursor:
            cursor.executemany(
                'INSERT INTO ledger_entry ("index", leaf, patient_tag, patient_seq, actor_tag, act,'
                " time_us) VALUES (%s, %s, %s, %s, %s, %s, %s)",
                written.entries,
            )
            cursor.executemany(
                'INSERT INTO ledger_detail ("index", salt, sealed_detail) VALUES (%s, %s, %s)',
                written.details,
            )
            if written.public_details:
                cursor.executemany(
                    'INSERT INTO ledger_publicdetail ("index", salt, detail) VALUES (%s, %s, %s)',
                    written.public_details,
                )
            cursor.execute(
                "INSERT INTO ledger_batch (size, root, edge) VALUES (%s, %s, %s)", written.batch
            )
        self.commit()


class PostgresRows(Rows):
    """The ledger in PostgreSQL: an advisory lock that ends with the transaction.

    Few round trips: one begins, locks and reads, one looks tags up, one writes and commits.
    """

    _BEGIN = f"BEGIN; SELECT pg_advisory_xact_lock({ADVISORY_LOCK}); {_LAST}"
    _HEADS = (
        "SELECT asked.tag, head.patient_seq, head.leaf FROM unnest(%s::bytea[]) AS asked (tag)"
        " CROSS JOIN LATERAL (SELECT patient_seq, leaf FROM ledger_entry"
        " WHERE patient_tag = asked.tag ORDER BY patient_seq DESC LIMIT 1) AS head"
    )
    _INTO_ENTRY = (
        'INSERT INTO ledger_entry ("index", leaf, patient_tag, patient_seq, actor_tag, act,'
        " time_us)"
    )
    _INTO_DETAIL = 'INSERT INTO ledger_detail ("index", salt, sealed_detail)'
    _INTO_PUBLIC = 'INSERT INTO ledger_publicdetail ("index", salt, detail)'
    _INTO_BATCH = "INSERT INTO ledger_batch (size, root, edge) VALUES (%s, %s, %s)"
    _ENTRIES = (
        "SELECT * FROM unnest(%s::bigint[], %s::bytea[], %s::bytea[], %s::bigint[], %s::bytea[],"
        " %s::smallint[], %s::bigint[])"
    )
    _DETAILS = "SELECT * FROM unnest(%s::bigint[], %s::bytea[], %s::bytea[])"
    # A statement that fails ends the whole message, so nothing is committed without all of it.
    _WRITE = (
        f"WITH entries AS ({_INTO_ENTRY} {_ENTRIES}), details AS ({_INTO_DETAIL} {_DETAILS}),"
        f" publics AS ({_INTO_PUBLIC} {_DETAILS})"
        f" {_INTO_BATCH}; COMMIT"
    )

    def begin(self) -> Size:
        """Begin, lock and read; a connection that was lost meanwhile is opened again, once."""
        try:
            return self._begin()
        except (OperationalError, InterfaceError):
            lost = self._connection.connection
            if lost is not None and not lost.closed:
                raise
            # Nothing of this transaction had been sent, so nothing can be written twice.
            self.close()
            return self._begin()

    def wipe_freed(self) -> None:
        """Nothing to set: a deleted row is dropped by the vacuum that the migrations ask for."""

    def empty_journal(self) -> None:
        """Nothing to cut: the journal of PostgreSQL is recycled, and archived, by its owner."""

    def heads(self, tags: Sequence[bytes]) -> Mapping[bytes, Head]:
        """Look all tags up in one question."""
        found = self._all(self._HEADS, _array(tags))
        return {bytes(tag): _head(seq, leaf) for tag, seq, leaf in found}

    def write(self, written: Written) -> None:
        """Insert everything column by column and commit, in one message."""
        columns = [
            *_columns(written.entries, EntryRow),
            *_columns(written.details, DetailRow),
            *_columns(written.public_details, DetailRow),
        ]
        self._run(self._WRITE, *columns, *written.batch)

    def _begin(self) -> Size:
        if self._connection.connection is None:
            self._connection.connect()
            self._prepare()
        with self._connection.cursor() as cursor:
            # Statement by statement, so that the size is read after the lock was given.
            cursor.execute(self._BEGIN)
            cursor.nextset()
            cursor.nextset()
            return _size(cursor.fetchone())

    def _prepare(self) -> None:
        """Set what a session needs to be durable, and not to wait or be waited for endlessly."""
        self._run(
            "SELECT set_config('synchronous_commit', 'on', false)"
            " WHERE current_setting('synchronous_commit') IN ('off', 'local', 'remote_write')"
        )
        self._run(f"SET lock_timeout = {LOCK_WAIT_MS}")
        self._run(f"SET statement_timeout = {2 * LOCK_WAIT_MS}")
        # A warden whose machine fell silent in mid-transaction must not hold the lock for long.
        self._run(f"SET idle_in_transaction_session_timeout = {2 * LOCK_WAIT_MS}")


def rows_of(alias: str) -> Rows:
    """Return the rows of a database, over the calling thread's connection."""
    connection = connections[alias]
    return PostgresRows(connection) if connection.vendor == "postgresql" else SqliteRows(connection)


def _size(row: Sequence[Any] | None) -> Size:
    return Size(row[0], bytes(row[1])) if row else Size(0, EMPTY_ROOT)


def _head(seq: int, leaf: bytes) -> Head:
    return Head(seq, leaf_hash(bytes(leaf)))


def _columns(rows: Sequence[tuple[Any, ...]], kind: type[EntryRow | DetailRow]) -> list[str]:
    """Turn rows into one array for each column, also where there is no row."""
    return [_array(row[place] for row in rows) for place in range(len(kind._fields))]


def _array(values: Iterable[int | bytes]) -> str:
    """Write numbers or octets out as PostgreSQL reads an array; the driver is dear at that."""
    written = (str(one) if isinstance(one, int) else f'"\\\\x{one.hex()}"' for one in values)
    return f"{{{','.join(written)}}}"
