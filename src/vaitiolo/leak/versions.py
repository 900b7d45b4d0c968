"""Which version of a note a leak holds, how whole it is, and between which times it was taken."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vaitiolo.leak.corpus import FOREVER, Corpus, Numbers
from vaitiolo.leak.decision import WHOLE, Counts, Flags, Hits
from vaitiolo.leak.kernels import Kernel
from vaitiolo.leak.table import Table, of_rows

_PART: Final = 1 << 19
LEAST_TO_SPEAK: Final = 8  # fingerprints: below this a version is not told from another
VIOLATIONS: Final = 0.02  # of the versions: from here on, two snapshots are asked about


@dataclass(frozen=True, slots=True)
class Versions:
    """For each found note: the version that fits best, the share of it, and what is missing.

    `altered` is the share that is missing between the first and the last that are there; a text
    that was only cut short has none.
    """

    version: Counts
    share: NDArray[np.float64]
    altered: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Window:
    """Not before, not after (seconds since 1970), out of so many versions; and how many disagree.

    `absent_before` is the earliest visit that is missing from records that are otherwise whole.
    """

    not_before: int | None
    not_after: int | None
    absent_before: int | None
    versions: int
    violations: int

    def asks_for_two(self) -> bool:
        """Tell whether the evidence contradicts itself, as two snapshots in one leak would."""
        return self.violations > max(2, VIOLATIONS * self.versions)


def fitted(
    corpus: Corpus, table: Table, seen: Numbers, *, found: Counts, hits: Hits, loops: Kernel
) -> Versions:
    """Return which version of each found note fits best: what is there against all that is."""
    begins = corpus.note_versions.astype(np.int64)
    of_note = np.repeat(np.arange(len(found)), begins[found + 1] - begins[found])
    which = _ranges(begins[found], begins[found + 1])
    known, met, altered = _present(corpus, table, seen, which=which, loops=loops)
    note_met = (hits.own + hits.shared)[found][of_note]
    score = met / np.maximum(1, np.maximum(known, met) + note_met - np.minimum(met, note_met))
    # The last of a note's versions in the order of scores is its best.
    order = np.lexsort((score, of_note))
    last = np.flatnonzero(np.append(np.diff(of_note[order]) > 0, True)) if len(order) else order
    best = order[last]
    return Versions(which[best], met[best] / np.maximum(1, known[best]), altered[best])


def window(corpus: Corpus, versions: Versions, *, found: Counts, sure: Flags) -> Window:
    """Return when the leak was taken, as far as whole versions say so.

    Most versions agree on one span of time; those that do not are counted, never dropped silently.
    """
    whole = versions.version[sure & (versions.share >= WHOLE)]
    if not len(whole):
        return Window(None, None, None, 0, 0)
    created, superseded = corpus.created[whole], corpus.superseded[whole]
    times = np.concatenate((created, superseded))
    steps = np.concatenate((np.ones(len(whole)), -np.ones(len(whole)))).astype(np.int64)
    order = np.lexsort((steps, times))
    holding = np.cumsum(steps[order])
    most = int(np.argmax(holding))
    start, end = int(times[order][most]), int(times[order][most + 1])
    absent = _absent(corpus, found[sure], start)
    agreeing = int(holding[most])
    until = None if end >= FOREVER else end
    return Window(start, until, absent, len(whole), len(whole) - agreeing)


def _present(
    corpus: Corpus, table: Table, seen: Numbers, *, which: Counts, loops: Kernel
) -> tuple[Counts, Counts, NDArray[np.float64]]:
    known, met = (np.zeros(len(which), dtype=np.int64) for _ in range(2))
    altered = np.zeros(len(which))
    begins, ends = corpus.mark_begins[which], corpus.mark_ends[which]
    sums = np.concatenate(([0], np.cumsum(ends - begins)))
    first = 0
    while first < len(which):
        last = int(np.searchsorted(sums, sums[first] + _PART, side="right")) - 1
        last = min(len(which), max(first + 1, last))
        rows = corpus.marks[_ranges(begins[first:last], ends[first:last])]
        entries = loops.entries(of_rows(rows), table)
        is_known = entries >= 0
        version = np.repeat(np.arange(last - first), (ends - begins)[first:last])[is_known]
        is_met = seen[entries[is_known]] > 0
        part = slice(first, last)
        known[part] = np.bincount(version, minlength=last - first)
        met[part] = np.bincount(version[is_met], minlength=last - first)
        altered[part] = _altered(version, is_met, known=known[part], met=met[part])
        first = last
    return known, met, altered


def _altered(version: Counts, is_met: Flags, *, known: Counts, met: Counts) -> NDArray[np.float64]:
    place = np.arange(len(version))
    low = np.full(len(known), len(version))
    high = np.full(len(known), -1)
    np.minimum.at(low, version[is_met], place[is_met])
    np.maximum.at(high, version[is_met], place[is_met])
    between = np.maximum(1, high - low + 1)
    return np.where(met > 0, 1 - met / between, 0.0)


def _absent(corpus: Corpus, found: Counts, taken: int) -> int | None:
    # Of patients whose every note up to then is there, the first note that is not.
    first_created = corpus.created[corpus.note_versions[:-1].astype(np.int64)]
    there = np.zeros(len(corpus.notes), dtype=np.bool_)
    there[found] = True
    old = first_created <= taken
    people = len(corpus.patients)
    lacking = np.bincount(corpus.note_patient[old & ~there], minlength=people)
    having = np.bincount(corpus.note_patient[old & there], minlength=people)
    is_complete = (lacking == 0) & (having > 0)
    later = first_created[~old & ~there & is_complete[corpus.note_patient]]
    return int(later.min()) if len(later) else None


def _ranges(begins: Counts, ends: Counts) -> Counts:
    # The numbers from each beginning up to its end, one after the other.
    lengths = (ends - begins).astype(np.int64)
    skipped = np.cumsum(lengths) - lengths
    numbers: Counts = np.arange(int(lengths.sum())) + np.repeat(
        begins.astype(np.int64) - skipped, lengths
    )
    return numbers
