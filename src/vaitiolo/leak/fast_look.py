"""Looks up the windows of a block in the table, compiled.

In batches, so that many wait for memory at once.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from vaitiolo.fingerprints.bulk import Keys, Places, Sampled, Words
from vaitiolo.fingerprints.fast import compiled, mark_one
from vaitiolo.leak.corpus import Numbers
from vaitiolo.leak.table import Table

_BATCH: Final = 256
_UNIT: Final = 6  # places are kept in units of 64 bytes
_CELL: Final = 16  # and counted in cells of 64 KB


def look(sampled: Sampled, keys: Keys, table: Table, *, base: int, seen: Numbers) -> Numbers:
    """Note in `seen` where entries are met first; return how many windows each cell has and knows.

    `base` is where the block begins, in units of 64 bytes and counted from one.
    """
    last = int(sampled.places[-1]) if len(sampled.places) else 0
    cells = np.zeros((2, (last >> _CELL) + 1), dtype=np.uint32)
    _look(sampled.hashes, sampled.places, (keys.marks, table, seen, cells), base)
    return cells


def entries(marks: Words, table: Table) -> NDArray[np.int64]:
    """Return the first entry of each fingerprint, or -1."""
    found = np.empty(len(marks), dtype=np.int64)
    _entries(marks, table, found)
    return found


@compiled
def _entries(marks: Words, table: Table, found: NDArray[np.int64]) -> None:
    # What is in a tuple is counted anew at each use: so it is taken out before the loop.
    offsets, tails, shift = table.offsets, table.tails, np.uint64(table.shift)
    for at in range(len(marks)):
        found[at] = _entry(marks[at], offsets, tails, shift)


@compiled
def _look(
    hashes: Words, places: Places, into: tuple[Words, Table, Numbers, Numbers], base: int
) -> None:
    key, table, seen, cells = into
    offsets, tails, shift = table.offsets, table.tails, np.uint64(table.shift)
    marks = np.zeros(_BATCH, dtype=np.uint64)
    near = np.zeros(_BATCH, dtype=np.uint32)
    for start in range(0, len(hashes), _BATCH):
        end = min(len(hashes), start + _BATCH)
        count = _sieved(hashes[start:end], places[start:end], (key, table, marks, near, cells))
        for at in range(count):
            entry = _entry(marks[at], offsets, tails, shift)
            if entry >= 0:
                cells[1, near[at] >> _CELL] += 1
                where = base + (near[at] >> _UNIT)
                # Blocks are not searched in their order, and the first place is wanted.
                if seen[entry] == 0 or where < seen[entry]:
                    seen[entry] = where


@compiled
def _sieved(
    hashes: Words, places: Places, into: tuple[Words, Table, Words, Places, Numbers]
) -> int:
    key, table, marks, near, cells = into
    sieve, k0, k1 = table.sieve, key[0], key[1]
    mask = (np.uint64(1) << np.uint64(table.sieve_bits)) - np.uint64(1)
    for at in range(len(hashes)):
        marks[at] = mark_one(hashes[at], k0, k1)
        cells[0, places[at] >> _CELL] += 1
    count = 0
    for at in range(len(hashes)):
        mark = marks[at]
        bit = mark & mask
        there = (sieve[bit >> np.uint64(6)] >> (bit & np.uint64(63))) & np.uint64(1)
        marks[count] = mark
        near[count] = places[at]
        count += there != np.uint64(0)
    return count


@compiled
def _entry(mark: np.uint64, offsets: Numbers, tails: Numbers, shift: np.uint64) -> int:
    bucket = mark >> shift
    tail = mark & ((np.uint64(1) << shift) - np.uint64(1))
    entry, end = int(offsets[bucket]), int(offsets[bucket + np.uint64(1)])
    while entry < end and tails[entry] < tail:
        entry += 1
    return entry if entry < end and tails[entry] == tail else -1
