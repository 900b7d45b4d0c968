"""Results of searches as plain values, and what several come to together. Ids, never text."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

# Surest first. What is weaker than the first two is for a reviewer, and tells nobody anything.
CLASSES: Final = ("confirmed", "shared", "possible", "identifiers only", "weak identifiers only")
SURE: Final = frozenset({"confirmed", "shared"})
IDENTIFIED: Final = "identifiers only"


@dataclass(frozen=True, slots=True)
class FoundNote:
    """A note of which text was found: its day, its version, how much of it is there."""

    note: UUID
    day: str
    version: int
    share: float
    state: str


@dataclass(frozen=True, slots=True)
class FoundPatient:
    """A patient in a leak, by a random id."""

    patient: UUID
    klass: str
    kinds: tuple[str, ...]
    notes: tuple[FoundNote, ...]

    @property
    def is_sure(self) -> bool:
        """Whether text of theirs was found, beyond doubt."""
        return self.klass in SURE

    @property
    def is_told(self) -> bool:
        """Whether something of theirs was found that they are told of."""
        return self.is_sure or self.klass == IDENTIFIED

    @property
    def days(self) -> tuple[str, ...]:
        """On which days their notes were held, the first first."""
        return tuple(sorted({one.day for one in self.notes}))


@dataclass(frozen=True, slots=True)
class Result:
    """One search: the files, the verdict, the window, and who was found."""

    row: UUID
    at: datetime
    files: frozenset[str]
    patients: tuple[FoundPatient, ...] = field(repr=False)
    said: Mapping[str, Any] = field(repr=False)

    @property
    def left_out(self) -> tuple[tuple[str, str], ...]:
        """What was not searched, or not to its end: the member's number, and why."""
        listed = self.said["left_out"]
        return tuple((".".join(map(str, one["member"])), str(one["why"])) for one in listed)


def read(raw: bytes, *, row: UUID, at: datetime) -> Result:
    """Read a result that the warden has checked; its signature is not looked at again."""
    said = json.loads(raw.partition(b"\n")[0])
    return Result(
        row,
        at,
        frozenset(str(one["sha256"]) for one in said["evidence"]),
        tuple(map(_patient, said["patients"])),
        said,
    )


def together(results: Iterable[Result]) -> tuple[FoundPatient, ...]:
    """Return everybody who was found in any of some results, the surest first."""
    found: dict[UUID, FoundPatient] = {}
    for one in (patient for result in results for patient in result.patients):
        before = found.get(one.patient)
        found[one.patient] = one if before is None else _both(before, one)
    return tuple(sorted(found.values(), key=lambda one: (CLASSES.index(one.klass), one.patient)))


def newly(results: Sequence[Result]) -> tuple[FoundPatient, ...]:
    """Return who was found in the last of some results, and in none before it."""
    before = {one.patient for result in results[:-1] for one in result.patients}
    return tuple(one for one in together(results[-1:]) if one.patient not in before)


def _both(one: FoundPatient, other: FoundPatient) -> FoundPatient:
    notes = {(note.note, note.version): note for note in (*one.notes, *other.notes)}
    return FoundPatient(
        one.patient,
        min(one.klass, other.klass, key=CLASSES.index),
        tuple(sorted({*one.kinds, *other.kinds})),
        tuple(sorted(notes.values(), key=lambda note: (note.day, note.note))),
    )


def _patient(said: Mapping[str, Any]) -> FoundPatient:
    notes = (
        FoundNote(
            UUID(one["note"]),
            str(one["held_on"]),
            int(one["version"]),
            float(one["share"]),
            str(one["state"]),
        )
        for one in said["notes"]
    )
    kinds = {str(one["kind"]) for one in said["identifiers"] if not one["weak"]}
    return FoundPatient(
        UUID(said["patient"]), str(said["class"]), tuple(sorted(kinds)), tuple(notes)
    )
