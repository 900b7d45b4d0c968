"""A kit that left the house, and results of searches with it, as the search writes them."""

import secrets
import zlib
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from tests.cast import Clinic
from vaitiolo.keys import leak_results, signatures
from vaitiolo.ledger.acts import Act
from vaitiolo.warden.client import Place, Sealed
from vaitiolo.warden.client.incidents import AddedEntry, open_incident
from vaitiolo.warden.client.leaks import StoredResult, put_leak_result, read_leak_results
from vaitiolo.warden.kinds import Kind
from vaitiolo.warden.server.recording import SYSTEM, Deed

REPORT = b'{"text":"Somebody writes that they have our data."}'
NOT_BEFORE, NOT_AFTER = "2026-10-01T08:00:00+00:00", "2026-11-01T08:00:00+00:00"


@dataclass
class Kit:
    """A kit's hash, and the seed that stands in it under seal."""

    digest: str = field(default_factory=lambda: secrets.token_hex(32))
    seed: bytearray = field(default_factory=signatures.new_seed)

    def taken(self, clinic: Clinic) -> "Kit":
        """Have the ledger say that it left the house."""
        detail = {"result_key": signatures.public_of(self.seed).hex(), "sha256": self.digest}
        clinic.install.recording.record([Deed(Act.KIT_TAKEN, SYSTEM, clinic.id("pia"), detail)])
        return self

    def result(self, clinic: Clinic, *patients: dict[str, Any], **more: Any) -> bytes:
        """Return the signed result of a search."""
        return leak_results.signed(content(clinic, self, *patients, **more), self.seed)


def content(clinic: Clinic, kit: Kit, *patients: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "format": leak_results.FORMAT,
        "organisation": str(clinic.install.org),
        "kit": {"sha256": kit.digest, "made": "2026-11-20T09:00:00+00:00", "chain": "00" * 32},
        "method": {"canonical": 1, "thresholds": 1, "density": "1/8", "loops": "plain"},
        "evidence": [{"sha256": secrets.token_hex(32), "bytes": 10_000_000}],
        "searched": 3,
        "left_out": [{"member": [0, 2], "why": "a picture"}],
        "verdict": {
            "authenticity": "ours" if patients else "nothing of ours found",
            "text_near_ours": 0.97,
            "windows": 1000,
            "windows_of_ours": 970,
            "notes_whole": 1,
        },
        "taken": {
            "not_before": NOT_BEFORE if patients else None,
            "not_after": NOT_AFTER if patients else None,
            "missing_from": None,
            "versions": 4,
            "violations": 0,
            "two_snapshots": False,
            "caveat": "The time is evidence beside the ledger.",
        },
        "patients": list(patients),
        "decoys": [],
        **more,
    }


def found(
    patient: UUID,
    klass: str = "confirmed",
    *,
    notes: tuple[tuple[UUID, int, str], ...] = (),
    kinds: tuple[str, ...] = (),
) -> dict[str, Any]:
    """Return a patient as a result has one; each note by id, version and day."""
    return {
        "patient": str(patient),
        "class": klass,
        "identifiers": [
            {"kind": kind, "times": 1, "weak": False, "first": [[0], 12]} for kind in kinds
        ],
        "notes": [
            {
                "note": str(note),
                "held_on": day,
                "class": "confirmed",
                "version": version,
                "share": 1.0,
                "state": "whole",
                "same_text_elsewhere": False,
                "from": [[0], 1],
                "to": [[0], 900],
            }
            for note, version, day in notes
        ],
    }


def begin(clinic: Clinic, by: str = "pia") -> UUID:
    return open_incident(clinic.session(by), "message", REPORT).incident


def put(clinic: Clinic, incident: UUID, raw: bytes, by: str = "pia") -> AddedEntry:
    return put_leak_result(clinic.session(by), incident, zlib.compress(raw))


def stored(entry: AddedEntry) -> StoredResult:
    chunks = tuple(
        Sealed(Place(Kind.CHUNK, entry.row, number), chunk)
        for number, chunk in enumerate(entry.chunks, 1)
    )
    return StoredResult(Sealed(Place(Kind.EVIDENCE, entry.row, 1), entry.sealed), chunks)


def read(clinic: Clinic, incident: UUID, *entries: AddedEntry, by: str = "pia") -> list[bytes]:
    wanted = [stored(one) for one in entries]
    return [zlib.decompress(one) for one in read_leak_results(clinic.session(by), incident, wanted)]


def some_note(day: str = "2026-09-01") -> tuple[UUID, int, str]:
    return uuid4(), 1, day
