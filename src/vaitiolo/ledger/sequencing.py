"""Gives entries their number, time, chain and place in the tree, and writes them.

What it keeps in memory is a cache: checked under the lock against the last committed batch, and
advanced only when a commit has returned. It never signs and never waits.
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.entries import LAYOUT, NO_PREVIOUS, VERSION, Pending, unpack
from vaitiolo.ledger.rows import DetailRow, EntryRow, Head, Rows, Size, Written
from vaitiolo.ledger.verify import specials
from vaitiolo.ledger.verify.tree import EMPTY_ROOT, Edge, HistoryRewritten, leaf_hash

# One tag costs some 250 bytes here; the next look-up costs one question to the database.
HEADS_KEPT = 10_000
# An edge is stored whenever a batch crosses a multiple of this many entries.
EDGE_EVERY = 256
START = Size(0, EMPTY_ROOT)


class Numbered(NamedTuple):
    """Entries that have their numbers: the rows to write, and the end of the log behind them."""

    written: Written
    edge: Edge
    heads: Mapping[bytes, Head]


class End:
    """The end of the log as this warden knows it: the tree's edge and some tags' heads."""

    def __init__(self) -> None:
        self._edge = Edge.empty()
        self._is_cached = False
        self._heads: OrderedDict[bytes, Head] = OrderedDict()
        # The last size known to be committed: the log never goes back behind it.
        self._known = START
        # Tags whose details were erased while this warden ran, by it or by another.
        self._erased: set[bytes] = set()

    def expect(self, known: Size) -> None:
        """Take note of a size that was published earlier, which the log must still contain."""
        self._known = known
        self.forget()

    def forget(self) -> None:
        """Throw the cache away. What was committed is still remembered."""
        self._is_cached = False
        self._heads.clear()

    def catch_up(self, rows: Rows, last: Size) -> None:
        """Bring the cache to the last committed batch, under the lock.

        Raises HistoryRewritten where the leaves do not give the root that was committed, or where
        the log no longer contains what was known before: a restored backup, a lost failover.
        """
        edge = self._edge if self._is_cached else rows.nearest_edge()
        if edge.size != last.size:
            edge = self._read_on(rows, edge)
        if edge.size != last.size or edge.root() != last.root:
            raise HistoryRewritten
        if not self._is_cached:
            self._check_known(rows, last)
            if self._known.size:
                self._learn_erased(rows, self._known.size)
        self._edge, self._known, self._is_cached = edge, last, True

    def bury(self, tag: bytes) -> None:
        """Take a tag whose details were erased: nothing is ever written under it again."""
        self._erased.add(tag)

    def is_erased(self, tag: bytes) -> bool:
        """Return whether a tag's details were erased; asked under the lock, after `catch_up`."""
        return tag in self._erased

    def heads_of(self, rows: Rows, tags: Iterable[bytes]) -> dict[bytes, Head]:
        """Return the heads of tags, asking the database for those that are not at hand."""
        wanted = set(tags)
        # Not by the sets' own operators: they would go through all that is kept, each time.
        missing = [tag for tag in wanted if tag not in self._heads]
        if missing:
            self._heads.update(rows.heads(missing))
        heads: dict[bytes, Head] = {}
        for tag in wanted:
            if tag in self._heads:
                self._heads.move_to_end(tag)
                heads[tag] = self._heads[tag]
        return heads

    def number(self, rows: Rows, pendings: Sequence[Pending], *, time_us: int) -> Numbered:
        """Give each its index, number and time, behind the end that `catch_up` found.

        The end moves only when `advance` is told that the rows have been committed.
        """
        heads = self.heads_of(rows, (pending.subject_tag for pending in pendings))
        edge, lines = self._edge.copy(), []
        for pending in pendings:
            head = heads.get(pending.subject_tag)
            row = _numbered(pending, head, index=edge.size, time_us=time_us)
            hashed = leaf_hash(row.leaf)
            edge.append(hashed)
            heads[pending.subject_tag] = Head(row.patient_seq, hashed)
            lines.append(row)
        crossed = self._edge.size // EDGE_EVERY != edge.size // EDGE_EVERY
        batch = (edge.size, edge.root(), edge.encode() if crossed else b"")
        return Numbered(_written(lines, pendings, batch), edge, heads)

    def advance(self, numbered: Numbered) -> None:
        """Take what has been committed as the end of the log."""
        self._edge = numbered.edge
        self._known = Size(*numbered.written.batch[:2])
        self._heads.update(numbered.heads)
        while len(self._heads) > HEADS_KEPT:
            self._heads.popitem(last=False)

    def _read_on(self, rows: Rows, edge: Edge) -> Edge:
        """Append what others wrote, and learn the heads of its tags."""
        edge, start, has_erased = edge.copy(), edge.size, False
        for leaf in rows.leaves_from(start):
            hashed = leaf_hash(leaf)
            _, act, _, tag, _, seq, _, _ = unpack(leaf)
            edge.append(hashed)
            self._heads[tag] = Head(seq, hashed)
            has_erased = has_erased or act == Act.ERASE
        if has_erased:
            self._learn_erased(rows, start)
        return edge

    def _learn_erased(self, rows: Rows, start: int) -> None:
        """Learn what other wardens erased since: a key of theirs may still be at hand here."""
        for detail in rows.erasures_from(start):
            self.bury(bytes.fromhex(str(specials.parse(Act.ERASE, detail)["tag"])))

    def _check_known(self, rows: Rows, last: Size) -> None:
        if self._known.size == 0 or self._known == last:
            return
        if rows.root_at(self._known.size) != self._known.root:
            raise HistoryRewritten


def _numbered(pending: Pending, head: Head | None, *, index: int, time_us: int) -> EntryRow:
    seq, prev = (head.seq + 1, head.hash) if head else (1, NO_PREVIOUS)
    subject, actor, act = pending.subject_tag, pending.actor_tag, int(pending.act)
    commit = pending.detail_commit
    leaf = LAYOUT.pack(VERSION, act, time_us, subject, actor, seq, prev, commit)
    return EntryRow(index, leaf, subject, seq, actor, act, time_us)


def _written(
    lines: Sequence[EntryRow], pendings: Sequence[Pending], batch: tuple[int, bytes, bytes]
) -> Written:
    details: list[DetailRow] = []
    public_details: list[DetailRow] = []
    for line, pending in zip(lines, pendings, strict=True):
        kept = public_details if pending.act.is_special else details
        kept.append(DetailRow(line.place, pending.salt, pending.sealed_detail))
    return Written(lines, details, public_details, batch)
