"""Looks up the windows of a block in the table, compiled.

In batches, and step by step, so that many wait for memory at once.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from vaitiolo.fingerprints.bulk import Keys, Places, Sampled, Words
from vaitiolo.fingerprints.fast import compiled, inlined, mark_all
from vaitiolo.leak.corpus import Numbers
from vaitiolo.leak.look import cells_of
from vaitiolo.leak.table import Table

_BATCH: Final = 1024
_FEW: Final = np.uint32(4)  # entries of a bucket that are compared without a branch
_ONE: Final = np.uint32(1)
Entries = NDArray[np.int64]


def look(sampled: Sampled, keys: Keys, table: Table, *, base: int, seen: Numbers) -> Numbers:
    """Note in `seen` where entries are met first; return how many windows each cell has and knows.

    `base` is where the block begins, in units of 64 bytes and counted from one.
    """
    met = np.empty(len(sampled.places), dtype=np.uint32)
    count = _look(sampled, (keys.marks, table, seen, met), base)
    return cells_of(sampled.places, met[:count])


def entries(marks: Words, table: Table) -> Entries:
    """Return the first entry of each fingerprint, or -1."""
    found = np.empty(len(marks), dtype=np.int64)
    _enter(marks, table, found)
    return found


@compiled
def _look(sampled: Sampled, into: tuple[Words, Table, Numbers, Numbers], base: int) -> int:
    key, table, seen, met = into
    marks = np.zeros(_BATCH + 1, dtype=np.uint64)
    near = np.zeros(_BATCH + 1, dtype=np.uint32)
    found = np.zeros(_BATCH + 1, dtype=np.int64)
    count = 0
    for start in range(0, len(sampled.hashes), _BATCH):
        part = sampled.hashes[start : start + _BATCH]
        mark_all(part, key, marks)
        left = _sieve(sampled.places[start : start + len(part)], table, (marks, near))
        _enter(marks[:left], table, found)
        count += _note(found[:left], near, (seen, met[count:]), base)
    return count


@compiled
def _sieve(places: Places, table: Table, batch: tuple[Words, Places]) -> int:
    marks, near = batch
    # What is in a tuple is counted anew at each use: so it is taken out before the loop.
    sieve = table.sieve
    mask = (np.uint64(1) << np.uint64(table.sieve_bits)) - np.uint64(1)
    count = np.uint64(0)
    for at in range(np.uint64(len(places))):
        mark = marks[at]
        bit = mark & mask
        marks[count] = mark
        near[count] = places[at]
        count += (sieve[bit >> np.uint64(6)] >> (bit & np.uint64(63))) & np.uint64(1)
    return int(count)


@compiled
def _enter(marks: Words, table: Table, found: Entries) -> None:
    offsets, tails, shift = table.offsets, table.tails, np.uint64(table.shift)
    mask = (np.uint64(1) << shift) - np.uint64(1)
    for at in range(np.uint64(len(marks))):
        bucket = marks[at] >> shift
        tail = np.uint32(marks[at] & mask)
        entry, end = offsets[bucket], offsets[bucket + np.uint64(1)]
        if end - entry > _FEW:
            found[at] = _far(tails[entry:end], tail, entry)
        else:
            found[at] = _near(tails, tail, (entry, end))


@inlined
def _near(tails: Numbers, tail: np.uint32, span: tuple[np.uint32, np.uint32]) -> int:
    # The last one that is asked is the first: of equal entries the first is wanted.
    entry, end = span
    found = np.int64(-1)
    for back in range(_FEW):
        at = entry + _FEW - _ONE - np.uint32(back)
        # Behind the last entry there is room that is compared and never counts.
        is_it = (at < end) & (tails[np.uint64(at)] == tail)
        found = np.int64(at) if is_it else found
    return int(found)


@inlined
def _far(tails: Numbers, tail: np.uint32, entry: np.uint32) -> int:
    at = int(np.searchsorted(tails, tail))
    return int(entry) + at if at < len(tails) and tails[at] == tail else -1


@compiled
def _note(found: Entries, near: Places, into: tuple[Numbers, Numbers], base: int) -> int:
    seen, met = into
    count = 0
    for at in range(len(found)):
        if found[at] >= 0:
            entry, where = np.uint64(found[at]), np.uint32(base + near[at])
            met[count] = near[at]
            count += 1
            # Blocks are not searched in their order, and the first place is wanted: nothing seen
            # is zero, and the largest number when one is taken off.
            seen[entry] = min(seen[entry] - _ONE, where - _ONE) + _ONE
    return count
