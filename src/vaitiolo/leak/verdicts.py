"""Puts a search together: classes of patients, the whole file's authenticity, the time of theft."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from vaitiolo.fingerprints.identifiers import Kind
from vaitiolo.leak import decision, versions
from vaitiolo.leak.corpus import Corpus
from vaitiolo.leak.decision import Codes, Counts, Flags, Hits, Verdict
from vaitiolo.leak.kernels import Kernel
from vaitiolo.leak.scan import Findings
from vaitiolo.leak.table import Table
from vaitiolo.leak.versions import Versions, Window

OURS: Final = 0.5  # of the windows in cells that hold anything of ours
ALTERED: Final = 0.03


class Class(StrEnum):
    """What the files say of one patient, surest first."""

    CONFIRMED = "confirmed"
    SHARED = "shared"
    POSSIBLE = "possible"
    IDENTIFIERS = "identifiers only"
    WEAK = "weak identifiers only"


class State(StrEnum):
    """How much of a note is there."""

    WHOLE = "whole"
    PART = "part"
    ALTERED = "altered"


class Authenticity(StrEnum):
    """What the files are, taken together."""

    OURS = "ours"
    PARTLY = "ours, among text that is not"
    POSSIBLE = "possibly ours: nothing is confirmed"
    IDENTIFIERS = "identifiers ours, notes not ours"
    DECOYS = "invented patients of one of our exports"
    NOTHING = "nothing of ours found"


@dataclass(frozen=True, slots=True)
class Identifiers:
    """Identifiers that were found, one row for each patient and place."""

    patient: Counts
    kind: Counts
    place: Counts
    is_weak: Flags  # several patients have it


@dataclass(frozen=True, slots=True)
class Judged:
    """All that is concluded from one search."""

    verdicts: Counts
    hits: Hits
    found: Counts  # notes with a verdict, in their order
    fit: Versions
    window: Window
    identifiers: Identifiers
    sampled: int
    known: int
    share_near: float
    authenticity: Authenticity


def judge(corpus: Corpus, table: Table, findings: Findings, *, loops: Kernel) -> Judged:
    """Return what the findings mean."""
    identifiers = _identifiers(corpus, findings)
    is_code = (identifiers.kind == Kind.CODE) & ~identifiers.is_weak
    codes = Codes(identifiers.patient[is_code], identifiers.place[is_code])
    hits = decision.counted(corpus, table, findings.seen)
    verdicts = decision.decided(corpus, hits, codes)
    found = np.flatnonzero(verdicts)
    fit = versions.fitted(corpus, table, findings.seen, found=found, hits=hits, loops=loops)
    sure = verdicts[found] == Verdict.CONFIRMED
    sampled, known, near = _shares(findings)
    return Judged(
        verdicts,
        hits,
        found,
        fit,
        versions.window(corpus, fit, found=found, sure=sure),
        identifiers,
        sampled,
        known,
        near,
        _authenticity(corpus, verdicts, near, codes=codes),
    )


def classes(corpus: Corpus, judged: Judged) -> Iterator[tuple[int, Class]]:
    """Give every patient of whom anything was found, with the surest class."""
    people = len(corpus.patients)
    best = np.zeros(people, dtype=np.int64)
    np.maximum.at(best, corpus.note_patient, judged.verdicts)
    named = np.zeros((2, people), dtype=np.bool_)
    weak = judged.identifiers.is_weak
    named[0, judged.identifiers.patient[~weak]] = True
    named[1, judged.identifiers.patient[weak]] = True
    sure = {3: Class.CONFIRMED, 2: Class.SHARED, 1: Class.POSSIBLE}
    for patient in np.flatnonzero(best.astype(np.bool_) | named.any(axis=0)).tolist():
        only = Class.IDENTIFIERS if named[0, patient] else Class.WEAK
        yield patient, sure.get(int(best[patient]), only)


def state(share: float, altered: float) -> State:
    """Return how much of a note is there."""
    if share >= decision.WHOLE:
        return State.WHOLE
    return State.ALTERED if altered > ALTERED else State.PART


def _identifiers(corpus: Corpus, findings: Findings) -> Identifiers:
    # One hash may belong to several patients, who stand next to each other.
    ends = np.searchsorted(corpus.id_hash, corpus.id_hash[findings.id_at], side="right")
    count = ends - findings.id_at
    row = np.repeat(np.arange(len(count)), count)
    first = np.repeat(np.cumsum(count) - count, count)
    at = findings.id_at[row] + np.arange(len(row)) - first
    patient = corpus.id_patient[at].astype(np.int64)
    order = np.lexsort((findings.id_place[row], patient))
    return Identifiers(
        patient[order],
        corpus.id_kind[at].astype(np.int64)[order],
        findings.id_place[row][order],
        (count > 1)[row][order],
    )


def _shares(findings: Findings) -> tuple[int, int, float]:
    sampled = known = near_sampled = near_known = 0
    for cells in findings.cells:
        counts = cells.counts.astype(np.int64)
        # One hit in a cell may be chance; a note has many.
        ours = counts[1] >= decision.OF_HALF
        sampled, known = sampled + int(counts[0].sum()), known + int(counts[1].sum())
        near_sampled += int(counts[0][ours].sum())
        near_known += int(counts[1][ours].sum())
    return sampled, known, near_known / max(1, near_sampled)


def _authenticity(corpus: Corpus, verdicts: Counts, near: float, *, codes: Codes) -> Authenticity:
    real = np.array([one not in corpus.decoys for one in corpus.patients], dtype=np.bool_)
    is_real = real[corpus.note_patient]
    if (verdicts[is_real] >= Verdict.SHARED).any():
        return Authenticity.OURS if near >= OURS else Authenticity.PARTLY
    if (verdicts[~is_real] >= Verdict.SHARED).any():
        return Authenticity.DECOYS
    if len(codes.patient):
        return Authenticity.IDENTIFIERS if real[codes.patient].any() else Authenticity.DECOYS
    return Authenticity.POSSIBLE if verdicts.any() else Authenticity.NOTHING
