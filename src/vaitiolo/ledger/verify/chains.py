"""Replays a log leaf by leaf and says everything that does not fit, each with its index.

Reads no table: whoever calls hands over leaves in order, and the roots that were stated.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from vaitiolo.ledger.entries import NO_PREVIOUS, Fields, LeafBroken, unpack
from vaitiolo.ledger.verify.heads import HeadTree
from vaitiolo.ledger.verify.tree import Edge, leaf_hash

# A log that was cut in two has a fault in every chain; nobody reads more than this many.
MOST_FAULTS = 1_000
# Databases count in signed 64 bits.
MOST_ENTRIES = (1 << 63) - 1


class FaultKind(StrEnum):
    """What does not fit."""

    GAP = "gap"
    LEAF = "leaf"
    SEQUENCE = "sequence"
    PREVIOUS = "previous"
    ROOT = "root"
    EDGE = "edge"
    CUT = "cut"
    COLUMN = "column"
    DETAIL = "detail"
    ERASE = "erase"
    CHECKPOINT = "checkpoint"
    HEADS = "heads"
    TILE = "tile"
    GUARD = "guard"
    ANCHOR = "anchor"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that does not fit, and the index (for a root: the size) where it shows."""

    kind: FaultKind
    index: int
    says: str


class Mark(NamedTuple):
    """A root that was stated for a size, who stated it, and the edge if that was kept."""

    size: int
    root: bytes
    source: str
    edge: bytes = b""


@dataclass(frozen=True, slots=True)
class HeadsMark:
    """What a HEADS entry states: the tree of heads of all entries below `covered`."""

    index: int
    covered: int
    size: int
    root: bytes


@dataclass(slots=True)
class Findings:
    """What a replay found. `unseen` says what such a replay cannot see at all.

    `heads` counts the trees of heads that were made again and fitted; the last covers `covered`.
    """

    size: int = 0
    heads: int = 0
    covered: int = 0
    root: bytes = b""
    faults: list[Fault] = field(default_factory=list)
    more_faults: int = 0
    remarks: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        """Whether nothing at all was found amiss."""
        return not self.faults

    def add(self, kind: FaultKind, index: int, says: str) -> None:
        """Note a fault; beyond the first thousand they are only counted."""
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(kind, index, says))
        else:
            self.more_faults += 1


class Replay:
    """Builds tree and chains again from the leaves, beside the roots that were stated."""

    def __init__(self, marks: Iterable[Mark] = (), heads: Iterable[HeadsMark] = ()) -> None:
        """Take the stated roots in the order of their sizes, and what every HEADS states."""
        self.findings = Findings()
        self._lasts = _Lasts(heads, self.findings)
        self._edge = Edge.empty()
        self._heads: dict[bytes, tuple[int, bytes]] = {}
        self._marks: Iterator[Mark] = iter(marks)
        self._mark = next(self._marks, None)
        self._tree_fits = True
        self._latest_us = 0
        self._steps_back: list[int] = []

    def take(self, index: int, leaf: bytes) -> Fields | None:
        """Take the next leaf; return its fields, or nothing where it is no leaf."""
        if index != self._edge.size:
            self._leave_gap(index)
        hashed = leaf_hash(leaf)
        fields = self._read(index, leaf)
        if fields:
            self._follow_chain(index, fields, hashed)
            self._lasts.take(index, fields[3], leaf)
        self._edge.append(hashed)
        self._compare()
        if self._lasts.awaited <= self._edge.size:
            self._lasts.compare(self._edge.size)
        return fields

    def take_hash(self, hashed: bytes) -> None:
        """Take the hash of the next leaf, where nothing more is shown: the tree alone is built."""
        self._edge.append(hashed)
        self._compare()

    def finish(self) -> Findings:
        """Compare what is left and return everything that was found."""
        self._compare()
        self._lasts.finish(self._edge.size)
        beyond: dict[str, int] = {}
        while self._mark is not None:
            beyond[self._mark.source] = self._mark.size
            self._mark = next(self._marks, None)
        for source, size in beyond.items():
            says = f"{source} states {size} entries; there are {self._edge.size}: the log was cut."
            self.findings.add(FaultKind.CUT, size, says)
        if self._steps_back:
            says = f"The clock went back {len(self._steps_back)} times, first at entry"
            self.findings.remarks.append(f"{says} {self._steps_back[0]}.")
        self.findings.size, self.findings.root = self._edge.size, self._edge.root()
        return self.findings

    def _read(self, index: int, leaf: bytes) -> Fields | None:
        try:
            return unpack(leaf)
        except LeafBroken:
            self.findings.add(FaultKind.LEAF, index, "This is not a leaf of a known kind.")
            return None

    def _leave_gap(self, index: int) -> None:
        says = f"Expected entry {self._edge.size} here: some are missing or stand twice."
        self.findings.add(FaultKind.GAP, index, says)
        # Without the missing hashes no later root can come out right, and one fault says so. The
        # size must still be right, or every later entry would be called a gap.
        self._tree_fits = False
        self._edge = Edge(index, [NO_PREVIOUS] * index.bit_count())

    def _follow_chain(self, index: int, fields: Fields, hashed: bytes) -> None:
        _, _, time_us, tag, _, seq, prev, _ = fields
        last_seq, last_hash = self._heads.get(tag, (0, NO_PREVIOUS))
        if seq != last_seq + 1:
            says = f"Number {seq} of its tag follows number {last_seq}."
            self.findings.add(FaultKind.SEQUENCE, index, says)
        elif prev != last_hash:
            says = "It does not name the entry before it of the same tag."
            self.findings.add(FaultKind.PREVIOUS, index, says)
        self._heads[tag] = (seq, hashed)
        if time_us < self._latest_us:
            self._steps_back.append(index)
        self._latest_us = time_us

    def _compare(self) -> None:
        """Compare with every root that was stated for this size."""
        while self._mark is not None and self._mark.size <= self._edge.size:
            if self._tree_fits and self._mark.size == self._edge.size:
                self._compare_with(self._mark)
            self._mark = next(self._marks, None)

    def _compare_with(self, mark: Mark) -> None:
        if mark.root != self._edge.root():
            says = f"{mark.source} states another root for this size than the entries give."
            self.findings.add(FaultKind.ROOT, mark.size, says)
            # Every later root is different too; the first one says where it began.
            self._tree_fits = False
        elif mark.edge and mark.edge != self._edge.encode():
            says = f"{mark.source} keeps another edge of the tree than the entries give."
            self.findings.add(FaultKind.EDGE, mark.size, says)


class _Lasts:
    """The last entry of each tag, made into a tree wherever a HEADS states one."""

    def __init__(self, marks: Iterable[HeadsMark], findings: Findings) -> None:
        self._findings = findings
        # Of two wardens the slower one may state the smaller tree later; each is true for itself.
        self._marks = iter(sorted(marks, key=_covered))
        self._tree = HeadTree()
        self._changed: dict[bytes, tuple[int, bytes]] = {}
        self._fits = True
        self._advance()

    def take(self, index: int, tag: bytes, leaf: bytes) -> None:
        """Take an entry; without a further HEADS nobody will ask for it."""
        if self._mark is not None:
            self._changed[tag] = (index, leaf)

    def compare(self, size: int) -> None:
        """Compare with every HEADS that covers so many entries."""
        while self._mark is not None and self._mark.covered <= size:
            if self._mark.covered == size:
                self._compare_with(self._mark)
            else:
                self._refuse(self._mark, "It covers no entry.")
            self._advance()

    def finish(self, size: int) -> None:
        """Say which HEADS cover more than there is."""
        self.compare(size)
        while self._mark is not None:
            self._refuse(self._mark, "It covers more entries than there are.")
            self._advance()

    def _advance(self) -> None:
        self._mark = next(self._marks, None)
        # Up to this size there is nothing to compare: millions need not ask.
        self.awaited = MOST_ENTRIES if self._mark is None else self._mark.covered

    def _compare_with(self, mark: HeadsMark) -> None:
        self._tree.put(self._changed)
        self._changed = {}
        if mark.covered > mark.index:
            self._refuse(mark, "It covers entries that came after it.")
        elif (mark.size, mark.root) == (self._tree.size, self._tree.root()):
            self._findings.heads, self._findings.covered = self._findings.heads + 1, mark.covered
        else:
            self._refuse(mark, "It states another tree of heads than the entries give.")

    def _refuse(self, mark: HeadsMark, says: str) -> None:
        # After a changed entry every later tree is another one too; the first says where it began.
        if self._fits:
            self._findings.add(FaultKind.HEADS, mark.index, says)
        self._fits = False


def _covered(mark: HeadsMark) -> int:
    return mark.covered


def replay(
    leaves: Iterable[bytes], marks: Iterable[Mark] = (), heads: Iterable[HeadsMark] = ()
) -> Findings:
    """Replay leaves that stand in order from index 0, and compare with the roots stated."""
    again = Replay(marks, heads)
    for index, leaf in enumerate(leaves):
        again.take(index, leaf)
    return again.finish()
