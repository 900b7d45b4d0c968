"""What a kit holds once it is open: whose fingerprints, of which note and version, and when.

Ids alone; no name and no text was ever in it. In memory only.
"""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vaitiolo.fingerprints.marks import MARK_LENGTH
from vaitiolo.fingerprints.secret import FingerprintKey

MOST_NOTES: Final = 1 << 24  # a note's number stands beside its fingerprint in 64 bits
FOREVER: Final = (1 << 62) - 1  # of a version that nothing has superseded

Marks = NDArray[np.uint8]  # one row of five bytes a fingerprint
Numbers = NDArray[np.uint32]
Times = NDArray[np.int64]


class KitRefused(Exception):
    """A kit that cannot be used; the message says why. Nothing was searched."""


@dataclass(frozen=True, slots=True)
class Version:
    """One signed version of a note, as the warden made its record."""

    patient: bytes
    note: bytes
    number: int
    held_on: int  # the day of the visit, counted from 1970
    created: int  # seconds since 1970
    marks: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Corpus:
    """Versions in the order of patient, note and number; and identifiers in the order of hashes."""

    key: FingerprintKey
    patients: tuple[bytes, ...]
    decoys: dict[
        bytes, int
    ]  # invented patients, each with the number of the export it was made for
    notes: tuple[bytes, ...]
    note_patient: Numbers
    note_held: Numbers
    note_versions: Numbers  # where each note's versions begin; one more at the end
    version_number: Numbers
    version_note: Numbers
    created: Times
    superseded: Times
    version_marks: Times  # where each version's fingerprints begin; one more at the end
    marks: Marks = field(repr=False)
    id_hash: NDArray[np.uint64] = field(repr=False)
    id_patient: Numbers = field(repr=False)
    id_kind: NDArray[np.uint8] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Identifier:
    """The keyed hash of something that names a patient."""

    patient: bytes
    kind: int
    hashed: int


def gathered(
    key: FingerprintKey,
    versions: list[Version],
    identifiers: list[Identifier],
    *,
    decoys: dict[bytes, int] | None = None,
) -> Corpus:
    """Return the corpus of all records. Raises KitRefused when there are too many notes."""
    versions.sort(key=lambda one: (one.patient, one.note, one.number))
    people = {one.patient for one in versions} | {one.patient for one in identifiers}
    patients = tuple(sorted(people))
    place = {patient: at for at, patient in enumerate(patients)}
    firsts = [at for at, one in enumerate(versions) if _is_first(versions, at)]
    if len(firsts) >= MOST_NOTES:
        raise KitRefused(f"The kit has more than {MOST_NOTES:,} notes.")
    begins = np.array([*firsts, len(versions)], dtype=np.uint32)
    lengths = [len(one.marks) // MARK_LENGTH for one in versions]
    known = sorted(identifiers, key=lambda one: (one.hashed, one.patient))
    created = np.array([one.created for one in versions], dtype=np.int64)
    return Corpus(
        key=key,
        patients=patients,
        decoys=decoys or {},
        notes=tuple(versions[at].note for at in firsts),
        note_patient=np.array([place[versions[at].patient] for at in firsts], dtype=np.uint32),
        note_held=np.array([versions[at].held_on for at in firsts], dtype=np.uint32),
        note_versions=begins,
        version_number=np.array([one.number for one in versions], dtype=np.uint32),
        version_note=np.repeat(np.arange(len(firsts), dtype=np.uint32), np.diff(begins)),
        created=created,
        superseded=_superseded(created, begins),
        version_marks=np.concatenate(([0], np.cumsum(lengths, dtype=np.int64))).astype(np.int64),
        marks=_rows(versions),
        id_hash=np.array([one.hashed for one in known], dtype=np.uint64),
        id_patient=np.array([place[one.patient] for one in known], dtype=np.uint32),
        id_kind=np.array([one.kind for one in known], dtype=np.uint8),
    )


def _is_first(versions: list[Version], at: int) -> bool:
    one = versions[at]
    before = versions[at - 1] if at else None
    return before is None or (before.patient, before.note) != (one.patient, one.note)


def _superseded(created: Times, begins: Numbers) -> Times:
    # A version holds until the next one of the same note; the last one holds still.
    until = np.append(created[1:], FOREVER)
    until[begins[1:].astype(np.int64) - 1] = FOREVER
    return until


def _rows(versions: list[Version]) -> Marks:
    joined = b"".join(one.marks for one in versions)
    return np.frombuffer(joined, dtype=np.uint8).reshape(-1, MARK_LENGTH)
