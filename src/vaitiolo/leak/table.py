"""The table that a leak is held against: fingerprint to notes, in a few large arrays.

Text that more than three patients share says nothing about any of them and is not in it.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from vaitiolo.fingerprints.bulk import Words
from vaitiolo.fingerprints.marks import MARK_BITS, MARK_LENGTH
from vaitiolo.leak.corpus import Corpus, Numbers

MOST_PATIENTS: Final = 3
_NOTE_BITS: Final = 24
_NOTE_MASK: Final = np.uint64((1 << _NOTE_BITS) - 1)
_NOTE_SHIFT: Final = np.uint64(_NOTE_BITS)
_PART: Final = 1 << 19
_MOST_PARTS: Final = 3  # bits: more make more ways through all fingerprints, fewer more memory
ROOM: Final = 4  # behind the last entry, so that a bucket is compared without asking where it ends
_LEAST_BITS, _MOST_BITS = 8, 26
_LEAST_SIEVE, _MOST_SIEVE = 12, 31


class Table(NamedTuple):
    """Entries in the order of fingerprint and note; a bucket is found by the high bits.

    Behind the last tail there is `ROOM` that means nothing. `sieve` has one bit for each low part
    of a fingerprint that is there at all: nearly all that is not ours ends at it.
    """

    offsets: Numbers
    tails: Numbers
    notes: Numbers
    sieve: Words
    shift: int
    sieve_bits: int


class Part(NamedTuple):
    """A run of entries that splits no fingerprint."""

    start: int
    tails: Words
    begins: NDArray[np.bool_]  # whether an entry is the first of its fingerprint
    notes: Numbers


def build(corpus: Corpus) -> Table:
    """Return the table of a corpus.

    A part of all fingerprints at a time, by their highest bits, so that they are never all there
    twice.
    """
    most = len(corpus.marks)
    bits = min(_MOST_BITS, max(_LEAST_BITS, most.bit_length() - 1))
    shift = MARK_BITS - bits
    sieve_bits = min(_MOST_SIEVE, max(_LEAST_SIEVE, most.bit_length() + 3))
    counts = np.zeros((1 << bits) + 1, dtype=np.uint32)
    # Memory that is not written to is not taken.
    tails, notes = np.empty(most + ROOM, dtype=np.uint32), np.empty(most, dtype=np.uint32)
    sieve = np.zeros(max(1, (1 << sieve_bits) // 64), dtype=np.uint64)
    end = 0
    for part in _ordered(corpus):
        start, end = end, end + len(part)
        marks = part >> _NOTE_SHIFT
        notes[start:end] = part & _NOTE_MASK
        tails[start:end] = marks & np.uint64((1 << shift) - 1)
        if len(part):
            _count(counts, (marks >> np.uint64(shift)).astype(np.int64))
        _sift(sieve, marks & np.uint64((1 << sieve_bits) - 1))
    tails[end : end + ROOM] = 0
    np.cumsum(counts, out=counts)
    return Table(counts, tails[: end + ROOM], notes[:end], sieve, shift, sieve_bits)


def _ordered(corpus: Corpus) -> Iterator[Words]:
    # Fingerprints with their notes, in order and each once, in portions.
    lengths = corpus.mark_ends - corpus.mark_begins
    order = np.argsort(corpus.mark_begins, kind="stable")
    of_note = corpus.version_note[order]
    lengths = lengths[order]
    begins = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(lengths)))
    bits = min(_MOST_PARTS, max(0, len(corpus.marks).bit_length() - _PART.bit_length()))
    for number in range(1 << bits):
        chosen = []
        for first, last in _runs(begins):
            notes = np.repeat(of_note[first:last], lengths[first:last])
            rows = corpus.marks[begins[first] : begins[last]]
            chosen.append(_packed(rows, notes, number=number, bits=bits))
        packed = np.concatenate([*chosen, np.empty(0, dtype=np.uint64)])
        del chosen
        packed.sort()
        packed = _uncommon(_distinct(packed), corpus)
        for start in range(0, len(packed), _PART):
            yield packed[start : start + _PART]


def _runs(begins: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    # Versions, as many at a time as make a part.
    first = 0
    while first < len(begins) - 1:
        last = int(np.searchsorted(begins, begins[first] + _PART, side="right")) - 1
        last = min(len(begins) - 1, max(first + 1, last))
        yield first, last
        first = last


def _packed(rows: NDArray[np.uint8], notes: Numbers, *, number: int, bits: int) -> Words:
    mine = np.flatnonzero(rows[:, -1] >> np.uint8(8 - bits) == number) if bits else slice(None)
    return (of_rows(rows[mine]) << _NOTE_SHIFT) | notes[mine].astype(np.uint64)


def parts(table: Table) -> Iterator[Part]:
    """Give all entries in runs, each with what tells one fingerprint from the next."""
    bucket, last = 0, len(table.offsets) - 1
    while bucket < last:
        start = int(table.offsets[bucket])
        after = int(np.searchsorted(table.offsets, start + _PART, side="right")) - 1
        after = min(last, max(bucket + 1, after))
        end = int(table.offsets[after])
        if end > start:
            yield _part(table, bucket, after)
        bucket = after


def _part(table: Table, bucket: int, after: int) -> Part:
    begins_at = table.offsets[bucket : after + 1].astype(np.int64)
    start, end = int(begins_at[0]), int(begins_at[-1])
    tails = table.tails[start:end].astype(np.uint64)
    begins = np.ones(end - start, dtype=np.bool_)
    begins[1:] = tails[1:] != tails[:-1]
    # Two buckets may follow each other with equal tails.
    firsts = begins_at[:-1][begins_at[:-1] < end] - start
    begins[firsts] = True
    return Part(start, tails, begins, table.notes[start:end])


def of_rows(rows: NDArray[np.uint8]) -> Words:
    """Return fingerprints of five bytes each as numbers."""
    wide = np.zeros((len(rows), 8), dtype=np.uint8)
    wide[:, :MARK_LENGTH] = rows
    words: Words = wide.view("<u8").ravel().astype(np.uint64)
    return words


def _distinct(packed: Words) -> Words:
    # In place: what the versions of a note have in common stands once.
    kept, before = 0, None
    for start in range(0, len(packed), _PART):
        part = packed[start : start + _PART]
        new = np.ones(len(part), dtype=np.bool_)
        new[1:] = part[1:] != part[:-1]
        new[0] = before is None or part[0] != before
        before = part[-1]
        chosen = part[new]
        packed[kept : kept + len(chosen)] = chosen
        kept += len(chosen)
    return packed[:kept]


def _uncommon(packed: Words, corpus: Corpus) -> Words:
    kept = start = 0
    while start < len(packed):
        end = min(len(packed), start + _PART)
        if end < len(packed):
            # Up to where a fingerprint ends.
            mark = packed[end] >> _NOTE_SHIFT
            end = int(np.searchsorted(packed, mark << _NOTE_SHIFT))
            if end <= start:
                end = int(np.searchsorted(packed, (mark + np.uint64(1)) << _NOTE_SHIFT))
        chosen = _of_few(packed[start:end], corpus)
        packed[kept : kept + len(chosen)] = chosen
        kept += len(chosen)
        start = end
    return packed[:kept]


def _of_few(part: Words, corpus: Corpus) -> Words:
    marks = part >> _NOTE_SHIFT
    patients = corpus.note_patient[(part & _NOTE_MASK).astype(np.int64)]
    new_mark = np.ones(len(part), dtype=np.bool_)
    new_mark[1:] = marks[1:] != marks[:-1]
    # Notes lie in the order of their patients, so a patient's entries stand together.
    new_patient = new_mark.copy()
    new_patient[1:] |= patients[1:] != patients[:-1]
    group = np.cumsum(new_mark) - 1
    few: Words = part[(np.bincount(group, weights=new_patient) <= MOST_PATIENTS)[group]]
    return few


def _count(counts: Numbers, buckets: NDArray[np.int64]) -> None:
    first = int(buckets[0])
    here = np.bincount(buckets - first)
    counts[first + 1 : first + 1 + len(here)] += here.astype(np.uint32)


def _sift(sieve: Words, low: Words) -> None:
    np.bitwise_or.at(
        sieve, (low >> np.uint64(6)).astype(np.int64), np.uint64(1) << (low & np.uint64(63))
    )
