"""Looks up the windows of a block in the table with NumPy: what `fast_look` does, slower."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from vaitiolo.fingerprints import bulk
from vaitiolo.fingerprints.bulk import Keys, Places, Sampled, Words
from vaitiolo.leak.corpus import Numbers
from vaitiolo.leak.table import Table

CELL: Final = 10  # windows are counted in cells of 64 KB


def look(sampled: Sampled, keys: Keys, table: Table, *, base: int, seen: Numbers) -> Numbers:
    """Note in `seen` where entries are met first; return how many windows each cell has and knows.

    `base` is where the block begins, in units of 64 bytes and counted from one.
    """
    entries = entries_of(bulk.marked(sampled.hashes, keys), table)
    met = entries >= 0
    # The last write stays, so the first meeting is written last.
    found, where = entries[met][::-1], (base + sampled.places[met].astype(np.int64))[::-1]
    new = (seen[found] == 0) | (where < seen[found])
    seen[found[new]] = where[new]
    return cells_of(sampled.places, sampled.places[met])


def cells_of(places: Places, met: Places) -> Numbers:
    """Count windows in cells: all that there are, and those that were met, both in their order."""
    last = int(places[-1]) >> CELL if len(places) else 0
    borders = np.arange(last + 2, dtype=np.uint32) << np.uint32(CELL)
    counts = [np.diff(np.searchsorted(some, borders)) for some in (places, met)]
    return np.stack(counts).astype(np.uint32)


def entries_of(marks: Words, table: Table) -> NDArray[np.int64]:
    """Return the first entry of each fingerprint, or -1."""
    low = marks & np.uint64((1 << table.sieve_bits) - 1)
    bits = table.sieve[(low >> np.uint64(6)).astype(np.int64)] >> (low & np.uint64(63))
    there = np.flatnonzero(bits & np.uint64(1))
    result = np.full(len(marks), -1, dtype=np.int64)
    asked = marks[there]
    bucket = (asked >> np.uint64(table.shift)).astype(np.int64)
    tail = (asked & np.uint64((1 << table.shift) - 1)).astype(np.uint32)
    at = table.offsets[bucket].astype(np.int64)
    end = table.offsets[bucket + 1].astype(np.int64)
    while len(going := np.flatnonzero((at < end) & (table.tails[at] < tail))):
        at[going] += 1
    found = (at < end) & (table.tails[at] == tail)
    result[there[found]] = at[found]
    return result
