"""A clinic of invented notes, its incident kit sealed to a card, and two officers' shares."""

import base64
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pytest

from bench.leak_damage import Record
from bench.leak_writing import Clinic, Note, note_id, patient_id
from tests.ceremony.conftest import alone
from tests.keys.clinic import named
from vaitiolo.fingerprints import identifiers
from vaitiolo.fingerprints.identifiers import Kind
from vaitiolo.fingerprints.marks import MARK_LENGTH, fingerprints
from vaitiolo.fingerprints.secret import FingerprintKey
from vaitiolo.keys import cards, contact, kits
from vaitiolo.keys.cards import CardClass, Terms
from vaitiolo.keys.holders import HolderKeys
from vaitiolo.keys.kinds import RecoveryRole
from vaitiolo.keys.kits import Front, SectionKind
from vaitiolo.leak import command, kit
from vaitiolo.leak.corpus import Identifier, Version, gathered
from vaitiolo.leak.kit import Opened

__all__ = ["alone"]
ORG = UUID(int=7)
OURS, FOREIGN = 1, 2
PATIENTS, NOTES = 60, 4
DECOY = PATIENTS - 1
EXPORT = 12
OFFICERS = (UUID(int=101), UUID(int=102))
KEY = FingerprintKey.from_bytes(bytes(range(48)))
SHARES = {officer: bytearray(named(f"share of {officer}")) for officer in OFFICERS}
SEED = bytearray(named("seed of incident"))
RESULT_SEED = bytearray(named("seed of the result"))


@dataclass(frozen=True)
class Written:
    """All that a clinic has written, and what its kit holds of it."""

    notes: dict[int, list[Note]]
    clinic: Clinic
    versions: list[Version]
    identifiers: list[Identifier]

    def record(self, patient: int) -> Record:
        """Return a patient as a dump of the register would have him."""
        return Record(
            self.clinic.identity(patient), [note.texts[-1] for note in self.notes[patient]]
        )

    def records(self, patients: range) -> list[Record]:
        return [self.record(patient) for patient in patients]


def versions_of(notes: list[Note]) -> list[Version]:
    return [
        Version(
            patient_id(OURS, note.patient),
            note_id(OURS, note.patient, note.number),
            number,
            note.held_on,
            note.created[number - 1],
            b"".join(
                mark.to_bytes(MARK_LENGTH, "little") for mark in fingerprints(text.encode(), KEY)
            ),
        )
        for note in notes
        for number, text in enumerate(note.texts, start=1)
    ]


def identifiers_of(clinic: Clinic, patient: int) -> list[Identifier]:
    kinds = {"code": Kind.CODE, "mail": Kind.MAIL, "phone": Kind.PHONE}
    return [
        Identifier(patient_id(clinic.name, patient), kind, hashed)
        for name, kind in kinds.items()
        for hashed in identifiers.hashes_of(clinic.identity(patient)[name], kind, KEY)
    ]


@pytest.fixture(scope="session")
def written() -> Written:
    clinic = Clinic(OURS)
    notes = {patient: clinic.notes(patient, NOTES) for patient in range(PATIENTS)}
    versions = [one for each in notes.values() for one in versions_of(each)]
    known = [one for patient in range(PATIENTS) for one in identifiers_of(clinic, patient)]
    return Written(notes, clinic, versions, known)


@pytest.fixture(scope="session")
def opened(written: Written) -> Opened:
    """The kit as it is once two officers have opened it."""
    corpus = gathered(
        KEY,
        list(written.versions),
        written.identifiers,
        decoys={patient_id(OURS, DECOY): EXPORT},
    )
    front = Front(ORG, 1_790_000_000, bytes(32), bytes(32), ())
    return Opened(front, corpus, bytes(32), RESULT_SEED)


Search = Callable[..., dict[str, Any]]


@pytest.fixture
def search(opened: Opened, tmp_path: Path) -> Search:
    """Searches bytes, each lying in a file of its own."""

    def searched(*contents: bytes) -> dict[str, Any]:
        paths = [tmp_path / f"evidence-{at}" for at in range(len(contents))]
        for path, content in zip(paths, contents, strict=True):
            path.write_bytes(content)
        return command.search(paths, opened)

    return searched


@pytest.fixture(scope="session")
def sealed(written: Written) -> bytes:
    """The kit as it lies on disk."""
    with HolderKeys(SEED, ORG) as keys:
        terms = Terms(
            org=ORG,
            holder=UUID(int=0),
            klass=CardClass.RECOVERY,
            role=RecoveryRole.INCIDENT,
        )
        card, xwing = cards.request(keys, terms).id, keys.public().xwing
    pairs = contact.seal_pairs(SEED, SHARES, org=ORG)
    front = Front(ORG, 1_790_000_000, bytes(32), card, tuple(pairs.items()))
    holds = {
        SectionKind.FINGERPRINT_KEY: [bytes(range(48))],
        SectionKind.RESULT_SEED: [RESULT_SEED],
        SectionKind.VERSIONS: [kit.encoded(one) for one in written.versions[:40]],
        SectionKind.IDENTIFIERS: [kit.encoded(one) for one in written.identifiers],
        SectionKind.DECOYS: [kit.encoded((patient_id(OURS, DECOY), EXPORT))],
    }
    file = io.BytesIO()
    kit.write(
        file,
        front,
        [
            kits.seal_section(kind, at, texts, org=ORG, xwing=xwing)
            for at, (kind, texts) in enumerate(holds.items())
        ],
    )
    return file.getvalue()


def found(result: dict[str, Any], what: str) -> set[str]:
    return {one["patient"] for one in result["patients"] if one["class"] == what}


def ids(patients: range) -> set[str]:
    return {str(UUID(bytes=patient_id(OURS, patient))) for patient in patients}


def rng() -> np.random.Generator:
    return np.random.default_rng(5)


def lines(data: bytes) -> bytes:
    return base64.encodebytes(data)
