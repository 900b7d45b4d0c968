"""Searches files: reads, peels and cuts in one thread, and looks for what is ours in two others.

Keeps places and counts, never a byte of what it reads.
"""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vaitiolo.fingerprints import bulk
from vaitiolo.fingerprints.bulk import UNIT, Bytes, Sampled
from vaitiolo.fingerprints.identifiers import OVERLAP
from vaitiolo.fingerprints.marks import WINDOW
from vaitiolo.leak import kernels
from vaitiolo.leak.blocks import FRONT, Block, Buffers, Cutter
from vaitiolo.leak.corpus import Corpus, Numbers
from vaitiolo.leak.kernels import Kernel
from vaitiolo.leak.peel import LeftOut, Number, Peeled, peel, reason
from vaitiolo.leak.table import Table

THREADS: Final = 2
_ALIGNED: Final = 1 << 20  # no two members lie within one cell, or near each other
_NONE: Final = np.empty(0, dtype=np.uint8)
_PART: Final = 1 << 22
Report = Callable[[int, int], None]
Places64 = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Searched:
    """One member: its number, where it lies among all bytes that were searched, and how long."""

    number: Number
    base: int
    length: int


@dataclass(frozen=True, slots=True)
class Cells:
    """For each 64 KB with a window in it: how many windows were sampled and how many are known."""

    base: int
    counts: Numbers


@dataclass(slots=True)
class Findings:
    """What a search has met. `seen` has, for each entry of the table, the first place in units."""

    seen: Numbers
    members: list[Searched] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    cells: list[Cells] = field(default_factory=list)
    id_at: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    id_place: Places64 = field(default_factory=lambda: np.empty(0, dtype=np.int64))


@dataclass(frozen=True, slots=True)
class _Looked:
    block: Block
    head: Bytes
    tail: Bytes
    cells: Numbers


class Searcher:
    """One thread's room, and what it has met so far."""

    def __init__(self, loops: Kernel, corpus: Corpus, table: Table) -> None:
        self._loops, self._ids, self._table = loops, corpus.id_hash, table
        self.block = loops.block
        self.seen = np.zeros(len(table.notes), dtype=np.uint32)
        self.id_at: list[NDArray[np.int64]] = []
        self.id_place: list[Places64] = []

    def search(self, block: Block) -> _Looked:
        """Search one block."""
        whole = np.frombuffer(block.buffer, dtype=np.uint8)[: block.end]
        sampled = self._loops.sample(whole[block.start :])
        base = (block.base >> UNIT) + 1
        cells = self._loops.look(sampled, self._table, base=base, seen=self.seen)
        if len(self._ids):
            self._look_for_identifiers(block, whole)
        return _Looked(block, sampled.head, sampled.tail, cells)

    def join(self, hashes: bulk.Words, block: Block) -> None:
        """Search the windows that lie across a block's beginning."""
        across = Sampled(hashes, np.zeros(len(hashes), dtype=np.uint32), _NONE, _NONE)
        self._loops.look(across, self._table, base=(block.base >> UNIT) + 1, seen=self.seen)

    def _look_for_identifiers(self, block: Block, whole: Bytes) -> None:
        for hashes, places in self._loops.identifiers(whole):
            at = np.minimum(np.searchsorted(self._ids, hashes), len(self._ids) - 1)
            # What begins in the overlap is found whole in the next block; what is cut, in neither.
            ours = (self._ids[at] == hashes) & ((places > 0) | block.is_first)
            ours &= (places <= block.end - OVERLAP) | block.is_last
            self.id_at.append(at[ours])
            self.id_place.append(places[ours].astype(np.int64) + block.base - block.start)


def search(
    paths: list[Path], corpus: Corpus, table: Table, *, report: Report, compiled: bool = True
) -> Findings:
    """Search all files, and archives in them, for what is ours. Raises OSError for no such file."""
    searchers = [
        Searcher(kernels.kernel(corpus.key, compiled=compiled), corpus, table)
        for _ in range(THREADS)
    ]
    findings = Findings(searchers[0].seen)
    seam = _Seam(bulk.unfolded(corpus.key))
    with ThreadPoolExecutor(THREADS) as threads:
        run = _Run(threads, searchers, findings)
        for looked in run.through(paths, report):
            seam.add(looked)
            findings.cells.append(Cells(looked.block.base, looked.cells))
    for hashes, block in seam.across:
        searchers[0].join(hashes, block)
    _gather(searchers, findings)
    return findings


class _Seam:
    # Windows that lie across the border of two blocks of one member.
    def __init__(self, keys: bulk.Keys) -> None:
        self._keys, self._tail = keys, _NONE
        self.across: list[tuple[bulk.Words, Block]] = []

    def add(self, looked: _Looked) -> None:
        tail = _NONE if looked.block.is_first else self._tail
        hashes = bulk.joined(tail, looked.head, self._keys)
        if len(tail) and len(hashes):
            self.across.append((hashes, looked.block))
        self._tail = np.concatenate((tail, looked.tail))[-(WINDOW - 1) :]


class _Run:
    def __init__(
        self, threads: ThreadPoolExecutor, searchers: list[Searcher], findings: Findings
    ) -> None:
        self._threads, self._findings = threads, findings
        self._free: SimpleQueue[Searcher] = SimpleQueue()
        self._buffers: Buffers = SimpleQueue()
        self._base = 0
        for searcher in searchers:
            self._free.put(searcher)
            self.block = searcher.block
        for _ in range(THREADS + 2):
            self._buffers.put(bytearray(self.block + FRONT))

    def through(self, paths: list[Path], report: Report) -> Iterator[_Looked]:
        """Search all files and give what was looked at, in the order of the bytes."""
        sizes = [path.stat().st_size for path in paths]
        waiting: deque[Future[_Looked]] = deque()
        for number, path in enumerate(paths, start=1):
            with path.open("rb") as file:
                for block in self._blocks(peel(file, number, sizes[number - 1])):
                    waiting.append(self._threads.submit(self._search, block))
                    while len(waiting) > THREADS or (waiting and waiting[0].done()):
                        yield waiting.popleft().result()
                    report(sum(sizes[: number - 1]) + file.tell(), sum(sizes))
            report(sum(sizes[:number]), sum(sizes))
        while waiting:
            yield waiting.popleft().result()

    def _blocks(self, peeled: Peeled) -> Iterator[Block]:
        for one in peeled:
            if isinstance(one, LeftOut):
                self._findings.left_out.append(one)
                continue
            cutter = Cutter(self._base, self._buffers)
            yield from cutter.blocks(one.stream)
            self._findings.members.append(Searched(one.number, self._base, cutter.length))
            if cutter.problem is not None:
                self._findings.left_out.append(LeftOut(one.number, reason(cutter.problem)))
            self._base += -(-(cutter.length + 1) // _ALIGNED) * _ALIGNED

    def _search(self, block: Block) -> _Looked:
        searcher = self._free.get()
        try:
            return searcher.search(block)
        finally:
            self._free.put(searcher)
            self._buffers.put(block.buffer)


def _gather(searchers: list[Searcher], findings: Findings) -> None:
    # The first place of all: nothing seen is zero, and the largest number when one is taken off.
    one = np.uint32(1)
    for start in range(0, len(findings.seen), _PART):
        part = slice(start, start + _PART)
        least = findings.seen[part] - one
        for searcher in searchers[1:]:
            np.minimum(least, searcher.seen[part] - one, out=least)
        findings.seen[part] = least + one
    at = [part for searcher in searchers for part in searcher.id_at]
    place = [part for searcher in searchers for part in searcher.id_place]
    if at:
        findings.id_at, findings.id_place = np.concatenate(at), np.concatenate(place)
    order = np.lexsort((findings.id_place, findings.id_at))
    findings.id_at, findings.id_place = findings.id_at[order], findings.id_place[order]
