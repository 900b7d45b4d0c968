"""Decides what the places mean: which notes are in a leak, whose they are, which version it was.

The thresholds are frozen. Whoever changes one measures again on text that was held out, and counts
the version up; it stands in every result.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vaitiolo.fingerprints.bulk import UNIT
from vaitiolo.leak.corpus import Corpus, Numbers
from vaitiolo.leak.table import Part, Table, parts

THRESHOLDS: Final = 2
CONFIRMED: Final = 16  # fingerprints that no other patient has
# And lie over so many bytes at least, with this share of what a text of ours would have there: a
# stock sentence or two may be those of one patient alone, but they are short, or far apart.
SPAN: Final = 256
SPAN_OF_POSSIBLE: Final = 192
DENSE: Final = 0.12
IN_PLACES: Final = (8, 3)  # or so many, in so many separate places
OF_HALF: Final = 9  # or so many, when they are half of the note
POSSIBLE: Final = 11
OF_SMALL: Final = 5  # possible, too, when they are half of the note
FAINT: Final = 6  # of this note alone: enough beside another confirmed note of the same patient
# Hits of one note lie together: within four times its length, as markup and escapes stretch it.
A_MARK: Final = 13  # bytes of text for each fingerprint
STRETCHED: Final = 4 * A_MARK
AROUND: Final = 4 << 10
APART: Final = 2  # units of 64 bytes: what lies further apart is another place
NEAR: Final = 256 << 10  # bytes: as near as this an identity code belongs to a note
WHOLE: Final = 0.97  # of a version's fingerprints


class Verdict(IntEnum):
    """How sure it is that a note is in the leak, least first."""

    NOT_FOUND = 0
    POSSIBLE = 1
    SHARED = 2
    CONFIRMED = 3


_PLACE_BITS: Final = 33  # of a place in units, and one more for what is added to it
# What was met, in one number: its note, its place in units, and two flags.
_PLACE, _NOTE = 2, 34
_AT_ONCE: Final = 1 << 19
Counts = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Hits:
    """For each note: fingerprints of its own, of its patient alone, of two or three patients.

    Own and shared ones count where most of them lie together: stock text that is met here and there
    is no note. With them how many a note has in all, first and last place in bytes, and how many
    separate places.
    """

    unique: Counts
    own: Counts
    shared: Counts
    size: Counts
    first: Counts
    last: Counts
    places: Counts


@dataclass(frozen=True, slots=True)
class Codes:
    """Identity codes that were found: whose, and where, in the order of both."""

    patient: Counts
    place: Counts


NO_CODES: Final = Codes(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))


@dataclass(frozen=True, slots=True)
class _Met:
    # Entries of a part whose fingerprint was met.
    note: Counts
    place: Counts
    is_own: Flags
    is_unique: Flags


def counted(corpus: Corpus, table: Table, seen: Numbers) -> Hits:
    """Count what was met, each fingerprint once."""
    notes = len(corpus.notes)
    unique, own, shared, size, last = (np.zeros(notes, dtype=np.int64) for _ in range(5))
    first = np.full(notes, np.iinfo(np.int64).max >> UNIT)
    for part in parts(table):
        size += np.bincount(part.notes, minlength=notes)
        met = _met(part, corpus, seen)
        unique += np.bincount(met.note[met.is_unique], minlength=notes)
        own += np.bincount(met.note[met.is_own], minlength=notes)
        shared += np.bincount(met.note[~met.is_own], minlength=notes)
        np.minimum.at(first, met.note, met.place)
        np.maximum.at(last, met.note, met.place)
    hits = Hits(unique, own, shared, size, first << UNIT, last << UNIT, np.zeros_like(own))
    spans = _spans(corpus)
    # Of all notes there would be too many places: only of those that may be something, and do not
    # lie together anyway, or hang on how many places there are.
    scattered = last - first > spans
    doubtful = (own >= IN_PLACES[0]) & (own < CONFIRMED)
    chosen = (own + shared >= OF_SMALL) & (scattered | doubtful)
    if chosen.any():
        most = int((own + shared)[chosen].sum())
        for met in _placed(corpus, table, seen, chosen=(chosen, most)):
            _gather_in(hits, met, spans)
    return hits


def decided(corpus: Corpus, hits: Hits, codes: Codes) -> Counts:
    """Return each note's verdict."""
    half = 2 * hits.own >= hits.size
    is_text = _is_text(hits, SPAN)
    confirmed = (hits.own >= CONFIRMED) & is_text
    confirmed |= (hits.own >= IN_PLACES[0]) & (hits.places >= IN_PLACES[1]) & is_text
    confirmed |= (hits.own >= OF_HALF) & half
    # A stock sentence that two or three patients happen to have is not a text they share.
    together = hits.own + hits.shared
    shared = ~confirmed & (together >= CONFIRMED) & (2 * together >= hits.size)
    possible = ((hits.own >= POSSIBLE) & _is_text(hits, SPAN_OF_POSSIBLE)) | (
        (hits.own >= OF_SMALL) & half
    )
    possible &= ~confirmed & ~shared
    hopeful = np.flatnonzero(possible & (is_text | half))
    faint = np.flatnonzero((hits.unique >= FAINT) & is_text & ~confirmed & ~shared & ~possible)
    # Nobody is named by what is faint: the patient has a note that is confirmed by itself.
    confirmed |= _promoted(corpus, hits, hopeful, near=(codes, confirmed)) | _promoted(
        corpus, hits, faint, near=(NO_CODES, confirmed)
    )
    verdicts = np.zeros(len(hits.own), dtype=np.int64)
    verdicts[possible] = Verdict.POSSIBLE
    verdicts[shared] = Verdict.SHARED
    verdicts[confirmed] = Verdict.CONFIRMED
    return verdicts


def _is_text(hits: Hits, least: int) -> Flags:
    span = np.maximum(0, hits.last - hits.first)
    is_text: Flags = (span >= least) & (hits.own >= DENSE * np.minimum(hits.size, span / A_MARK))
    return is_text


def _met(part: Part, corpus: Corpus, seen: Numbers) -> _Met:
    # A meeting is noted at the first entry of a fingerprint; the others follow it. Few are met.
    heads = np.flatnonzero(seen[part.start : part.start + len(part.begins)])
    begins = np.append(part.begins, True)
    ends = heads + 1
    while len(going := np.flatnonzero(~begins[ends])):
        ends[going] += 1
    counts = ends - heads
    first = np.cumsum(counts) - counts
    at = np.arange(int(counts.sum())) + np.repeat(heads - first, counts)
    notes = part.notes[at].astype(np.int64)
    patients = corpus.note_patient[notes]
    group = np.repeat(np.arange(len(heads)), counts)
    changes = np.ones(len(at), dtype=np.bool_)
    changes[1:] = (patients[1:] != patients[:-1]) | (group[1:] != group[:-1])
    people = np.bincount(group, weights=changes, minlength=len(heads))
    where = seen[part.start + heads].astype(np.int64) - 1
    return _Met(notes, where[group], people[group] == 1, (counts == 1)[group])


def _spans(corpus: Corpus) -> Counts:
    # In units: how far from each other the hits of each note can be.
    lengths = corpus.mark_ends - corpus.mark_begins
    if not len(lengths):
        return lengths
    longest = np.maximum.reduceat(lengths, corpus.note_versions[:-1].astype(np.int64))
    return (longest * STRETCHED + AROUND) >> UNIT


def _placed(
    corpus: Corpus, table: Table, seen: Numbers, *, chosen: tuple[Flags, int]
) -> Iterator[_Met]:
    # In the order of notes and places, whole notes at a time. Packed, as there may be very many.
    is_chosen, most = chosen
    packed, end = np.empty(most, dtype=np.int64), 0
    for part in parts(table):
        met = _met(part, corpus, seen)
        mine = is_chosen[met.note]
        flags = (met.is_own[mine].astype(np.int64) << 1) | met.is_unique[mine]
        start, end = end, end + len(flags)
        packed[start:end] = (met.note[mine] << _NOTE) | (met.place[mine] << _PLACE) | flags
    packed.sort()
    while len(packed):
        cut = min(len(packed), _AT_ONCE)
        cut = int(np.searchsorted(packed, ((packed[cut - 1] >> _NOTE) + 1) << _NOTE))
        some, packed = packed[:cut], packed[cut:]
        place = (some & ((1 << _NOTE) - 1)) >> _PLACE
        yield _Met(some >> _NOTE, place, (some & 2).astype(np.bool_), (some & 1).astype(np.bool_))


def _gather_in(hits: Hits, met: _Met, spans: Counts) -> None:
    # Each note's hits are those of the stretch, as long as the note may be, that has most of them.
    key = (met.note << _PLACE_BITS) + met.place
    ends = np.searchsorted(key, key + spans[met.note], side="right")
    count = ends - np.arange(len(key))
    order = np.lexsort((-np.arange(len(key)), count, met.note))
    best = order[np.append(np.diff(met.note[order]) > 0, True)]
    own = np.concatenate(([0], np.cumsum(met.is_own)))
    unique = np.concatenate(([0], np.cumsum(met.is_unique)))
    places = np.concatenate(([0], np.cumsum(_apart(met))))
    note, until = met.note[best], ends[best]
    hits.own[note] = own[until] - own[best]
    hits.unique[note] = unique[until] - unique[best]
    hits.shared[note] = count[best] - hits.own[note]
    hits.places[note] = places[until] - places[best + 1] + 1
    hits.first[note] = met.place[best] << UNIT
    hits.last[note] = met.place[until - 1] << UNIT


def _apart(met: _Met) -> Flags:
    begins = np.ones(len(met.note), dtype=np.bool_)
    begins[1:] = (met.note[1:] != met.note[:-1]) | (met.place[1:] - met.place[:-1] > APART)
    return begins


def _promoted(corpus: Corpus, hits: Hits, possible: Counts, *, near: tuple[Codes, Flags]) -> Flags:
    codes, confirmed = near
    promoted = np.zeros(len(confirmed), dtype=np.bool_)
    for note in possible.tolist():
        patient = int(corpus.note_patient[note])
        low, high = int(hits.first[note]) - NEAR, int(hits.last[note]) + NEAR
        mine = slice(*np.searchsorted(codes.patient, (patient, patient + 1)))
        at = codes.place[mine]
        others = np.arange(*np.searchsorted(corpus.note_patient, (patient, patient + 1)))
        others = others[confirmed[others]]
        beside = (hits.first[others] <= high) & (hits.last[others] >= low)
        promoted[note] = bool(((at >= low) & (at <= high)).any() or beside.any())
    return promoted
