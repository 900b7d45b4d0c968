"""The result of a search: one line of JSON and one of its signature. Ids and places, never text."""

import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import numpy as np

from vaitiolo.fingerprints import canonical
from vaitiolo.fingerprints.identifiers import Kind
from vaitiolo.keys.leak_results import FORMAT, read, sealed, signed
from vaitiolo.leak import decision
from vaitiolo.leak.corpus import Corpus
from vaitiolo.leak.decision import Verdict
from vaitiolo.leak.kit import Opened
from vaitiolo.leak.peel import Number
from vaitiolo.leak.scan import Findings, Searched
from vaitiolo.leak.verdicts import Class, Judged, classes, state

__all__ = ["CAVEAT", "DENSITY", "FORMAT", "Evidence", "body", "read", "sealed", "signed", "tally"]

DENSITY: Final = "1/8"
CAVEAT: Final = (
    "The time is evidence beside the ledger, never a finding by itself: on damaged texts it "
    "held the truth in 82 to 88 of 100 trials."
)
_EPOCH: Final = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file as it was handed over: its hash and length, never its name."""

    digest: bytes
    length: int


@dataclass(frozen=True, slots=True)
class Written:
    """A result's first line; what it says beside the patients; how many each class has."""

    line: bytes = field(repr=False)
    content: dict[str, Any]
    tally: dict[str, int]
    exports: set[int]


def body(
    opened: Opened, evidence: list[Evidence], *, findings: Findings, judged: Judged, kernel: str
) -> dict[str, Any]:
    """Return the result, all at once."""
    return {
        **_front(opened, evidence, findings=findings, judged=judged, kernel=kernel),
        "patients": list(_patients(opened.corpus, findings, judged, decoys=False)),
        "decoys": list(_patients(opened.corpus, findings, judged, decoys=True)),
    }


def written(
    opened: Opened, evidence: list[Evidence], *, findings: Findings, judged: Judged, kernel: str
) -> Written:
    """Return the result's line, one patient at a time, and what there is to say of it."""
    content = _front(opened, evidence, findings=findings, judged=judged, kernel=kernel)
    line = bytearray(_json(content)[:-1])
    classes, exports = Counter[str](), set[int]()
    for name, decoys in (("patients", False), ("decoys", True)):
        line += b',"%s":[' % name.encode()
        for at, one in enumerate(_patients(opened.corpus, findings, judged, decoys=decoys)):
            line += b"," * (at > 0) + _json(one)
            if decoys:
                exports.add(one["export"])
            else:
                classes[one["class"]] += 1
        line += b"]"
    line += b"}"
    return Written(
        bytes(line), content, {each.value: classes[each.value] for each in Class}, exports
    )


def _front(
    opened: Opened, evidence: list[Evidence], *, findings: Findings, judged: Judged, kernel: str
) -> dict[str, Any]:
    front = opened.front
    return {
        "format": FORMAT,
        "organisation": str(front.org),
        "kit": {
            "sha256": opened.digest.hex(),
            "made": _time(front.made),
            "chain": front.chain.hex(),
        },
        "method": {
            "canonical": canonical.VERSION,
            "thresholds": decision.THRESHOLDS,
            "density": DENSITY,
            "loops": kernel,
        },
        "evidence": [{"sha256": one.digest.hex(), "bytes": one.length} for one in evidence],
        "searched": len(findings.members),
        "left_out": [{"member": list(one.number), "why": one.reason} for one in findings.left_out],
        "verdict": {
            "authenticity": judged.authenticity.value,
            "text_near_ours": round(judged.share_near, 4),
            "windows": judged.sampled,
            "windows_of_ours": judged.known,
            **_states(judged),
        },
        "taken": _taken(judged),
    }


def tally(content: dict[str, Any]) -> dict[str, int]:
    """Return how many patients each class has."""
    names = [one["class"] for one in content["patients"]]
    return {each.value: names.count(each.value) for each in Class}


def _states(judged: Judged) -> dict[str, int]:
    states = [
        state(share, altered)
        for share, altered in zip(
            judged.fit.share.tolist(), judged.fit.altered.tolist(), strict=True
        )
    ]
    return {f"notes_{name.value}": states.count(name) for name in dict.fromkeys(states)}


def _taken(judged: Judged) -> dict[str, Any]:
    window = judged.window
    return {
        "not_before": _time(window.not_before),
        "not_after": _time(window.not_after),
        "missing_from": _time(window.absent_before),
        "versions": window.versions,
        "violations": window.violations,
        "two_snapshots": window.asks_for_two(),
        "caveat": CAVEAT,
    }


def _patients(
    corpus: Corpus, findings: Findings, judged: Judged, *, decoys: bool
) -> Iterator[dict[str, Any]]:
    locate = _locator(findings.members)
    notes = np.searchsorted(corpus.note_patient[judged.found], np.arange(len(corpus.patients) + 1))
    for patient, what in classes(corpus, judged):
        export = corpus.decoys.get(corpus.patients[patient])
        if (export is not None) != decoys:
            continue
        yield {
            "patient": str(UUID(bytes=corpus.patients[patient])),
            "class": what.value,
            **({} if export is None else {"export": export}),
            "identifiers": _named(judged, patient, locate),
            "notes": [
                _note(corpus, judged, at=at, locate=locate)
                for at in range(int(notes[patient]), int(notes[patient + 1]))
            ],
        }


def _named(
    judged: Judged, patient: int, locate: Callable[[int], list[Any]]
) -> list[dict[str, Any]]:
    found = judged.identifiers
    rows = slice(*np.searchsorted(found.patient, (patient, patient + 1)))
    named: dict[str, dict[str, Any]] = {}
    for kind, place, weak in zip(
        found.kind[rows].tolist(),
        found.place[rows].tolist(),
        found.is_weak[rows].tolist(),
        strict=True,
    ):
        one = named.setdefault(
            Kind(kind).name.lower(),
            {"kind": Kind(kind).name.lower(), "times": 0, "weak": weak, "first": locate(place)},
        )
        one["times"] += 1
    return list(named.values())


def _note(
    corpus: Corpus, judged: Judged, *, at: int, locate: Callable[[int], list[Any]]
) -> dict[str, Any]:
    note = int(judged.found[at])
    version = int(judged.fit.version[at])
    share, altered = float(judged.fit.share[at]), float(judged.fit.altered[at])
    return {
        "note": str(UUID(bytes=corpus.notes[note].tobytes())),
        "held_on": str(_EPOCH + timedelta(days=int(corpus.note_held[note]))),
        "class": Verdict(int(judged.verdicts[note])).name.lower(),
        "version": int(corpus.version_number[version]),
        "share": round(share, 3),
        "state": state(share, altered).value,
        "same_text_elsewhere": bool(judged.hits.unique[note] < decision.CONFIRMED),
        "from": locate(int(judged.hits.first[note])),
        "to": locate(int(judged.hits.last[note])),
    }


def _locator(members: list[Searched]) -> Callable[[int], list[Any]]:
    bases = [one.base for one in members]

    def locate(place: int) -> list[Any]:
        at = max(0, bisect_right(bases, place) - 1)
        number: Number = members[at].number
        return [list(number), place - members[at].base]

    return locate


def _time(seconds: int | None) -> str | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat()


def _json(content: dict[str, Any]) -> bytes:
    return json.dumps(content, separators=(",", ":"), ensure_ascii=True).encode()
