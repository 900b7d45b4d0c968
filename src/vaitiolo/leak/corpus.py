"""What a kit holds once it is open: whose fingerprints, of which note and version, and when.

Ids alone; no name and no text was ever in it. In memory only, in a few large arrays: an object for
each of a million versions would take more room than all of their fingerprints.
"""

import struct
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from vaitiolo.fingerprints.marks import MARK_LENGTH
from vaitiolo.fingerprints.secret import FingerprintKey

MOST_NOTES: Final = 1 << 24  # a note's number stands beside its fingerprint in 64 bits
FOREVER: Final = (1 << 62) - 1  # of a version that nothing has superseded

# Records as they stand in a kit, before the fingerprints.
VERSION: Final = struct.Struct(">16s16sIIQ")
IDENTIFIER: Final = struct.Struct(">16sBQ")
_ID_LENGTH: Final = 16
_ID: Final = (">u8", 2)
_VERSION: Final = np.dtype(
    [("patient", *_ID), ("note", *_ID), ("number", ">u4"), ("held_on", ">u4"), ("created", ">u8")]
)
_BYTES: Final = np.dtype((np.void, IDENTIFIER.size))
_IDENTIFIER: Final = np.dtype([("patient", *_ID), ("kind", "u1"), ("hashed", ">u8")])

Marks = NDArray[np.uint8]  # one row of five bytes a fingerprint
Ids = NDArray[np.uint8]  # one row of sixteen bytes an id
Numbers = NDArray[np.uint32]
Times = NDArray[np.int64]
Counts = NDArray[np.int64]
_Rows = NDArray[Any]


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

    def encode(self) -> bytes:
        """Return the record as it stands in a kit."""
        front = VERSION.pack(self.patient, self.note, self.number, self.held_on, self.created)
        return front + self.marks


@dataclass(frozen=True, slots=True)
class Identifier:
    """The keyed hash of something that names a patient."""

    patient: bytes
    kind: int
    hashed: int

    def encode(self) -> bytes:
        """Return the record as it stands in a kit."""
        return IDENTIFIER.pack(self.patient, self.kind, self.hashed)


@dataclass(frozen=True, slots=True)
class Corpus:
    """Versions in the order of patient, note and number; and identifiers in the order of hashes.

    Fingerprints stay where they were read, so a version says where its own begin and end.
    """

    key: FingerprintKey
    patients: tuple[bytes, ...]
    decoys: dict[
        bytes, int
    ]  # invented patients, each with the number of the export it was made for
    notes: Ids
    note_patient: Numbers
    note_held: Numbers
    note_versions: Numbers  # where each note's versions begin; one more at the end
    version_number: Numbers
    version_note: Numbers
    created: Times
    superseded: Times
    mark_begins: Counts
    mark_ends: Counts
    marks: Marks = field(repr=False)
    id_hash: NDArray[np.uint64] = field(repr=False)
    id_patient: Numbers = field(repr=False)
    id_kind: NDArray[np.uint8] = field(repr=False)


class Gathering:
    """Takes records one after the other; `room` is a length that all fingerprints fit in."""

    def __init__(self, room: int) -> None:
        # Memory that is not written to is not taken.
        self._marks = np.empty(room, dtype=np.uint8)
        self._into = self._marks.data
        self._end = 0
        self._ends: list[int] = []
        self._heads, self._identifiers = bytearray(), bytearray()

    def versions(self, records: Iterable[bytes | bytearray]) -> None:
        """Take records of versions. Raises ValueError for one that is none."""
        for record in records:
            whole = memoryview(record)
            marks = whole[VERSION.size :]
            if len(whole) < VERSION.size or len(marks) % MARK_LENGTH:
                raise ValueError("A version's record has another length.")
            self._heads += whole[: VERSION.size]
            self._into[self._end : self._end + len(marks)] = marks
            self._end += len(marks)
            self._ends.append(self._end)

    def identifiers(self, records: Iterable[bytes | bytearray]) -> None:
        """Take records of identifiers. Raises ValueError for one that is none."""
        for record in records:
            if len(record) % IDENTIFIER.size:
                raise ValueError("A record of identifiers has another length.")
            self._identifiers += record

    def corpus(self, key: FingerprintKey, decoys: dict[bytes, int]) -> Corpus:
        """Return the corpus of all records. Raises KitRefused when there are too many notes."""
        versions = np.frombuffer(self._heads, dtype=_VERSION)
        # An address that never changed stands in every version of the identity, and counts once.
        known = np.unique(np.frombuffer(self._identifiers, dtype=_BYTES)).view(_IDENTIFIER)
        ends = np.array(self._ends, dtype=np.int64) // MARK_LENGTH
        begins = np.concatenate((np.zeros(1, dtype=np.int64), ends))[:-1]
        order = np.lexsort((versions["number"], *_halves(versions, "note", "patient")))
        versions = versions[order]
        firsts = np.flatnonzero(_changes(*_halves(versions, "patient", "note")))
        if len(firsts) >= MOST_NOTES:
            raise KitRefused(f"The kit has more than {MOST_NOTES:,} notes.")
        known = known[np.lexsort((*_halves(known, "patient"), known["hashed"]))]
        people, at = _people(versions["patient"][firsts], known["patient"])
        bounds = np.append(firsts, len(versions)).astype(np.uint32)
        created = versions["created"].astype(np.int64)
        return Corpus(
            key=key,
            patients=people,
            decoys=decoys,
            notes=_as_bytes(versions["note"][firsts]),
            note_patient=at[: len(firsts)],
            note_held=versions["held_on"][firsts].astype(np.uint32),
            note_versions=bounds,
            version_number=versions["number"].astype(np.uint32),
            version_note=np.repeat(np.arange(len(firsts), dtype=np.uint32), np.diff(bounds)),
            created=created,
            superseded=_superseded(created, bounds),
            mark_begins=begins[order],
            mark_ends=ends[order],
            marks=self._marks[: self._end].reshape(-1, MARK_LENGTH),
            id_hash=known["hashed"].astype(np.uint64),
            id_patient=at[len(firsts) :],
            id_kind=known["kind"].copy(),
        )


def gathered(
    key: FingerprintKey,
    versions: Iterable[Version],
    identifiers: Iterable[Identifier],
    *,
    decoys: dict[bytes, int] | None = None,
) -> Corpus:
    """Return the corpus of some records. Raises KitRefused when there are too many notes."""
    records = [one.encode() for one in versions]
    gathering = Gathering(sum(map(len, records)))
    gathering.versions(records)
    gathering.identifiers(one.encode() for one in identifiers)
    return gathering.corpus(key, decoys or {})


def _halves(rows: _Rows, *names: str) -> list[_Rows]:
    # As sorting wants them: of each id the low half first.
    return [rows[name][:, half] for name in names for half in (1, 0)]


def _changes(*columns: _Rows) -> NDArray[np.bool_]:
    # Where a row differs from the one before it, in any column.
    new = np.zeros(len(columns[0]), dtype=np.bool_)
    new[:1] = True
    for column in columns:
        new[1:] |= column[1:] != column[:-1]
    return new


def _people(of_notes: _Rows, of_identifiers: _Rows) -> tuple[tuple[bytes, ...], Numbers]:
    # Everybody once, in order; and who each of the two is about.
    every = np.concatenate((of_notes, of_identifiers)).astype(np.uint64).reshape(-1, 2)
    order = np.lexsort((every[:, 1], every[:, 0]))
    new = _changes(every[order, 0], every[order, 1])
    at = np.empty(len(every), dtype=np.uint32)
    at[order] = np.cumsum(new) - 1
    return tuple(row.tobytes() for row in _as_bytes(every[order][new])), at


def _as_bytes(ids: _Rows) -> Ids:
    return np.ascontiguousarray(ids, dtype=">u8").view(np.uint8).reshape(-1, _ID_LENGTH)


def _superseded(created: Times, begins: Numbers) -> Times:
    # A version holds until the next one of the same note; the last one holds still.
    until = np.append(created[1:], FOREVER)
    until[begins[1:].astype(np.int64) - 1] = FOREVER
    return until
