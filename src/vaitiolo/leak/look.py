"""Looks up the windows of a block in the table with NumPy: what `fast_look` does, slower."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from vaitiolo.fingerprints import bulk
from vaitiolo.fingerprints.bulk import Keys, Sampled, Words
from vaitiolo.leak.corpus import Numbers
from vaitiolo.leak.table import Table

UNIT: Final = 6
CELL: Final = 16


def look(sampled: Sampled, keys: Keys, table: Table, *, base: int, seen: Numbers) -> Numbers:
    """Note in `seen` where entries are met first; return how many windows each cell has and knows.

    `base` is where the block begins, in units of 64 bytes and counted from one.
    """
    places = sampled.places.astype(np.int64)
    entries = entries_of(bulk.marked(sampled.hashes, keys), table)
    met = entries >= 0
    # The last write stays, so the first meeting is written last.
    found, where = entries[met][::-1], (base + (places[met] >> UNIT))[::-1]
    new = (seen[found] == 0) | (where < seen[found])
    seen[found[new]] = where[new]
    count = (int(places[-1]) >> CELL) + 1 if len(places) else 1
    return np.stack(
        [
            np.bincount(places >> CELL, minlength=count),
            np.bincount(places[met] >> CELL, minlength=count),
        ]
    ).astype(np.uint32)


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
    while len(going := np.flatnonzero((at < end) & (_tails(table, at) < tail))):
        at[going] += 1
    found = (at < end) & (_tails(table, at) == tail)
    result[there[found]] = at[found]
    return result


def _tails(table: Table, at: NDArray[np.int64]) -> Numbers:
    # Beyond the last entry nothing is compared: `at < end` says so beside it.
    if not len(table.tails):
        return np.zeros(len(at), dtype=np.uint32)
    return table.tails[np.minimum(at, len(table.tails) - 1)]
