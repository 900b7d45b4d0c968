"""What a thief does at home with a copy of both databases, and with keys if he has any.

It uses the product's own formats and none of its programs: nothing is asked and nothing recorded.
"""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from tests.promises.adversaries.here import Here, name_in
from tests.promises.adversaries.rows import Rows, id_of
from vaitiolo.keys import bodies, cards, envelope, grants, kinds, slots
from vaitiolo.keys.envelope import Padding
from vaitiolo.keys.grants import Grant
from vaitiolo.keys.holders import HolderKeys
from vaitiolo.keys.kms import Macs, Operation
from vaitiolo.keys.kms.file import FileKms
from vaitiolo.keys.refused import Refused
from vaitiolo.keys.slots import Given, Slot

EVERYTHING = {
    family: frozenset(Operation) for family in ("slot", "hetu", "audit", "outbox", "staff")
}


def taken_kms(folder: Path) -> FileKms:
    """A key service of somebody who has its keys: he is not held to what a program may ask."""
    return FileKms(folder, demo=True, may=EVERYTHING)


@dataclass
class Copy:
    """A copy of both databases, with nobody to ask."""

    here: Here
    vault: Rows
    default: Rows

    @classmethod
    def of(cls, here: Here) -> "Copy":
        return cls(here, here.vault, here.default)

    @property
    def org(self) -> UUID:
        return self.here.trust.org

    def slots(self) -> list[Slot]:
        rows = self.vault.ask("SELECT slot FROM keys_storedslot ORDER BY id")
        return [slots.parse(bytes(slot)) for (slot,) in rows]

    def grants_to(self, card: bytes) -> Iterator[tuple[UUID, Grant]]:
        rows = self.vault.ask('SELECT "grant" FROM keys_storedgrant WHERE recipient_card = ?', card)
        for (raw,) in rows:
            grant = grants.parse(bytes(raw))
            yield grant.compartment, grant

    def unlock(self, slot: Slot, given: Given, kms: Macs) -> bytearray:
        """Try to open a slot; raise `Refused` as the product does."""
        policy = slots.SlotPolicy(self.org, frozenset({slot.kind}), slot.cost)
        return slots.unlock(slot, given, kms=kms, policy=policy, card_of=lambda _: slot.owner.card)

    def guess(self, kms: Macs, guesses: Iterable[str]) -> dict[bytes, bytearray]:
        """Try passwords on every slot; return the seeds that came out, by the card."""
        found: dict[bytes, bytearray] = {}
        words = list(guesses)
        for slot in self.slots():
            for word in words:
                try:
                    found[slot.owner.card] = self.unlock(slot, Given(password=word), kms)
                except Refused:
                    continue
                break
        return found

    @contextmanager
    def keys(self, seed: bytearray) -> Iterator[HolderKeys]:
        with HolderKeys(seed, self.org) as keys:
            yield keys

    def read_all(self, seed: bytearray, card: bytes) -> tuple[int, int]:
        """Open everything a seed opens; say of how many patients the name, and the notes."""
        names, charts = set(), set()
        with self.keys(seed) as keys:
            held = dict(self.grants_to(card))
            for patient in self.here.patients():
                if patient.identity in held:
                    names.add(self._name(keys.open_grant(held[patient.identity]), patient.id))
                if patient.chart in held and self._note(keys, held[patient.chart], patient.chart):
                    charts.add(patient.id)
        return len(names), len(charts)

    def _name(self, dk: bytearray, patient: UUID) -> str:
        [sealed] = self.here.identities(patient)[-1:]
        body = self.open(dk, sealed.sealed, kinds.Kind.IDENTITY, row=patient, place=sealed.place)
        return name_in(body)

    def _note(self, keys: HolderKeys, grant: Grant, chart: UUID) -> bytes:
        dk = keys.open_grant(grant)
        bodies_ = [
            self.open(dk, one.sealed, kinds.Kind.NOTE, row=chart, place=one.place)
            for one in self.here.notes(chart)
        ]
        return b"".join(bodies_)

    def open(
        self, dk: bytearray, sealed: bytes, kind: kinds.Kind, *, row: UUID, place: Any
    ) -> bytes:
        compartment = self._compartment(row, kind)
        epoch = envelope.epoch_of(sealed)
        at = bodies.Place(self.org, compartment, kind, place.row, place.version)
        context = envelope.document_context(at, epoch=epoch)
        body = envelope.unseal(dk, context, sealed, epoch=epoch, padding=Padding.DOCUMENT)
        return bytes(body[bodies.HEAD_LENGTH :])

    def _compartment(self, row: UUID, kind: kinds.Kind) -> UUID:
        if kind is kinds.Kind.NOTE:
            return row
        [(identity,)] = self.default.ask("SELECT identity FROM people_patient WHERE id = ?", row)
        return id_of(identity)

    def card(self, card_id: bytes) -> cards.Card:
        [(raw,)] = self.vault.ask("SELECT card FROM keys_storedcard WHERE id = ?", card_id)
        return cards.parse(bytes(raw))


def seconds_of(deed: Any, *arguments: Any) -> float:
    began = time.perf_counter()
    deed(*arguments)
    return time.perf_counter() - began
