"""Reads the whole ledger from its database and compares everything with everything.

Opens no sealed detail and repairs nothing; says what it cannot see.
"""

import heapq
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Any, NamedTuple, TypeAlias

from django.db import connections

from vaitiolo.ledger.acts import FIRST_SPECIAL, Act
from vaitiolo.ledger.entries import Fields
from vaitiolo.ledger.guards import missing_guards
from vaitiolo.ledger.verify import checkpoints, specials
from vaitiolo.ledger.verify.chains import FaultKind, Findings, HeadsMark, Mark, Replay
from vaitiolo.ledger.verify.checkpoints import CheckpointBroken, LogKey
from vaitiolo.ledger.verify.folder import heads_mark

CHUNK = 5_000

_ENDS = 'SELECT (SELECT max(size) FROM ledger_batch), (SELECT max("index") FROM ledger_entry)'
# Each table is bounded by itself: PostgreSQL would begin a merge of whole tables at their first
# rows again for each piece.
_ENTRIES = (
    'SELECT e."index", e.leaf, e.act, e.time_us, e.patient_tag, e.actor_tag, e.patient_seq,'
    ' d."index", p.salt, p.detail FROM ledger_entry e'
    ' LEFT JOIN ledger_detail d ON d."index" = e."index" AND d."index" > %s AND d."index" < %s'
    ' LEFT JOIN ledger_publicdetail p ON p."index" = e."index" AND p."index" > %s'
    ' AND p."index" < %s WHERE e."index" > %s AND e."index" < %s ORDER BY e."index"'
)
_BATCHES = (
    "SELECT size, root, edge FROM ledger_batch WHERE size > %s AND size <= %s"
    " ORDER BY size LIMIT %s"
)
_HEADS = (
    'SELECT p."index", p.detail FROM ledger_publicdetail p'
    ' JOIN ledger_entry e ON e."index" = p."index"'
    ' WHERE e.act = %s AND p."index" > %s AND p."index" < %s ORDER BY p."index" LIMIT %s'
)
_CHECKPOINTS = (
    "SELECT size, note FROM ledger_checkpoint WHERE size > %s AND size <= %s ORDER BY size LIMIT %s"
)
# Rows that no entry stands above: details of nothing, checkpoints of what was never committed.
_STRAYS = {
    "ledger_detail": '"index"',
    "ledger_publicdetail": '"index"',
    "ledger_checkpoint": "size - 1",
}
_NOT_SEEN = (
    "What was done without an entry: reconciliation compares deeds and entries.",
    "Whether a sealed detail is the one its entry commits to: that shows when it is opened.",
)


# What a leaf says of itself that its row says too: act, time, tags and number.
_Columns: TypeAlias = tuple[int, int, bytes, bytes, int]


class _Row(NamedTuple):
    place: int
    leaf: bytes
    columns: _Columns
    detail: int | None
    salt: bytes | None
    public: bytes | None


def audit(
    key: LogKey,
    *,
    earlier: Sequence[str] = (),
    published: str = "",
    progress: Callable[[int, int], None] = lambda _done, _all: None,
    alias: str = "vault",
) -> Findings:
    """Replay the whole ledger and return everything that does not fit, each with its index.

    Checks that columns say what the leaves say; each tag's numbers and chain; the tree against
    every batch, edge and checkpoint; checkpoints' signatures by `key`; that a detail is missing
    only where an ERASE accounts for it, and gone where one does; the triggers. `earlier` are
    checkpoints that were kept elsewhere, `published` the one this installation shows itself: the
    log must contain what they say. One that is not a checkpoint of this log raises
    CheckpointBroken. The ledger may be written meanwhile.
    """
    held = [_mark(note, key, "A checkpoint kept elsewhere") for note in earlier]
    shown = [_mark(published, key, "The published checkpoint")] if published else []
    committed, highest = _ask(alias, _ENDS)[0]
    end = max(committed or 0, (-1 if highest is None else highest) + 1)
    reader = _Reader(alias, key, end)
    replay = Replay(reader.marks(held + shown), reader.heads())
    reader.findings = replay.findings
    for row in reader.entries():
        fields = replay.take(row.place, row.leaf)
        if fields:
            reader.compare(row, fields)
        if row.place % CHUNK == 0:
            progress(row.place, end)
    reader.close(committed or 0)
    findings = replay.finish()
    findings.unseen += _unseen(held)
    progress(end, end)
    return findings


class _Reader:
    """Reads the tables in step with the replay, and checks what leaves alone cannot show."""

    def __init__(self, alias: str, key: LogKey, end: int) -> None:
        self.findings = Findings()
        self._alias = alias
        self._key = key
        self._end = end
        self._present: Counter[bytes] = Counter()
        self._missing: defaultdict[bytes, list[int]] = defaultdict(list)
        self._erased: set[bytes] = set()

    def entries(self) -> Iterator[_Row]:
        """Yield all entries that were there when the audit began."""
        for after in range(-1, self._end - 1, CHUNK):
            part = (after, min(after + CHUNK + 1, self._end))
            for row in _ask(self._alias, _ENTRIES, *part * 3):
                index, leaf, act, time_us, patient, actor, seq, detail, salt, public = row
                columns = (act, time_us, bytes(patient), bytes(actor), seq)
                yield _Row(index, bytes(leaf), columns, detail, _bytes(salt), _bytes(public))

    def marks(self, held: Sequence[Mark]) -> Iterator[Mark]:
        """Return all roots that were stated, by their sizes."""
        given = sorted(held, key=_size)
        return heapq.merge(self._batches(), self._checkpoints(), given, key=_size)

    def heads(self) -> Iterator[HeadsMark]:
        """Yield what each HEADS states; one that its leaf does not commit to is named elsewhere."""
        after = -1
        while rows := _ask(self._alias, _HEADS, int(Act.HEADS), after, self._end, CHUNK):
            for index, detail in rows:
                if mark := heads_mark(index, bytes(detail)):
                    yield mark
            after = rows[-1][0]

    def compare(self, row: _Row, fields: Fields) -> None:
        """Compare an entry's columns and detail with its leaf."""
        act, patient = fields[1], fields[3]
        if row.columns != fields[1:6]:
            self.findings.add(FaultKind.COLUMN, row.place, "Its columns differ from its leaf.")
        if patient in self._erased:
            self.findings.add(FaultKind.ERASE, row.place, "It stands under an erased tag.")
        if act >= FIRST_SPECIAL:
            self._compare_special(row, Act(act), fields[7])
        elif row.detail is None:
            self._missing[patient].append(row.place)
        else:
            self._present[patient] += 1

    def close(self, committed: int) -> None:
        """Check what shows at the end only."""
        meanwhile = self._erased_meanwhile()
        gone = chain.from_iterable(
            indexes for tag, indexes in self._missing.items() if tag not in meanwhile
        )
        for index in sorted(gone):
            self.findings.add(FaultKind.DETAIL, index, "Its detail is gone without an ERASE.")
        if committed != self._end:
            says = f"{self._end} entries stand, {committed} were committed by batches."
            self.findings.add(FaultKind.CUT, committed, says)
        for table, above in _STRAYS.items():
            self._find_stray(table, above)
        for guard in missing_guards(self._alias):
            self.findings.add(FaultKind.GUARD, self._end, f"The trigger {guard} is missing.")

    def _compare_special(self, row: _Row, act: Act, commit: bytes) -> None:
        if row.salt is None or row.public is None:
            self.findings.add(FaultKind.DETAIL, row.place, "Its public detail is missing.")
            return
        try:
            values = specials.read(act, row.public, salt=row.salt, commit=commit)
        except specials.SpecialBroken:
            says = "Its public detail is not what its leaf commits to."
            self.findings.add(FaultKind.DETAIL, row.place, says)
            return
        if act == Act.ERASE:
            self._account(row.place, str(values["tag"]), int(values["details"]))

    def _account(self, index: int, tag: str, stated: int) -> None:
        """Compare an ERASE with what is still there: it may neither lie nor hide a loss."""
        erased = bytes.fromhex(tag)
        self._erased.add(erased)
        gone, left = self._missing.pop(erased, []), self._present[erased]
        if left or len(gone) != stated:
            says = f"It states {stated} details erased; {len(gone)} are gone and {left} are left."
            self.findings.add(FaultKind.ERASE, index, says)

    def _erased_meanwhile(self) -> list[bytes]:
        """Return the tags erased since the audit began, whose details went while it read."""
        asked = (
            "SELECT p.detail FROM ledger_entry e"
            ' JOIN ledger_publicdetail p ON p."index" = e."index"'
            ' WHERE e."index" >= %s AND e.act = %s'
        )
        found = _ask(self._alias, asked, self._end, int(Act.ERASE))
        values = [specials.parse(Act.ERASE, bytes(detail)) for (detail,) in found]
        return [bytes.fromhex(str(erased["tag"])) for erased in values]

    def _find_stray(self, table: str, above: str) -> None:
        found = _ask(self._alias, f"SELECT max({above}) FROM {table}")[0][0]  # noqa: S608 - ours
        if found is not None and found >= self._end and found >= self._now():
            says = f"{table} has a row beyond the last entry; the log was cut."
            self.findings.add(FaultKind.CUT, found, says)

    def _now(self) -> int:
        """Return the size as it is by now: a warden may have written since the audit began."""
        return _ask(self._alias, "SELECT coalesce(max(size), 0) FROM ledger_batch")[0][0] or 0

    def _batches(self) -> Iterator[Mark]:
        for size, root, edge in self._chunks(_BATCHES, first=0):
            yield Mark(size, bytes(root), "A batch", bytes(edge))

    def _checkpoints(self) -> Iterator[Mark]:
        for size, note in self._chunks(_CHECKPOINTS, first=-1):
            try:
                stated = checkpoints.read(note, self._key)
            except CheckpointBroken:
                stated = None
            if stated is None or stated.size != size:
                says = "A checkpoint is not one of this log, or not of this size."
                self.findings.add(FaultKind.CHECKPOINT, size, says)
            else:
                yield Mark(size, stated.root, "A checkpoint")

    def _chunks(self, sql: str, *, first: int) -> Iterator[tuple[Any, ...]]:
        """Yield rows by their first column, a piece at a time."""
        after = first
        while chunk := _ask(self._alias, sql, after, self._end, CHUNK):
            yield from chunk
            after = chunk[-1][0]


def _mark(note: str, key: LogKey, source: str) -> Mark:
    stated = checkpoints.read(note, key)
    return Mark(stated.size, stated.root, source)


def _unseen(held: Sequence[Mark]) -> list[str]:
    if not held:
        said = (
            "No checkpoint from elsewhere was given: whoever holds the database and the log's key"
            " may have rewritten or cut everything."
        )
    else:
        newest = max(mark.size for mark in held)
        said = (
            f"Entries from {newest} on: whoever holds the database and the log's key may have"
            " rewritten or cut them since the newest checkpoint kept elsewhere."
        )
    return [said, *_NOT_SEEN]


def _ask(alias: str, sql: str, *values: object) -> list[tuple[Any, ...]]:
    with connections[alias].cursor() as cursor:
        cursor.execute(sql, values)  # type: ignore[arg-type]  # numbers only
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def _bytes(value: Any) -> bytes | None:
    return None if value is None else bytes(value)


def _size(mark: Mark) -> int:
    return mark.size
