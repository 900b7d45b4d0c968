"""The console's door to the warden: two officers sign in and bring a register in.

Every step is recorded; the web has no way to ask any of it.
"""

import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from vaitiolo.kit.ids import CompartmentId, HolderId, UnitId
from vaitiolo.people.actor import Actor
from vaitiolo.warden import client
from vaitiolo.warden.client import (
    Arrival,
    CeremonyExported,
    CeremonyImported,
    OpenCompartment,
    OthersListed,
    Place,
    Plain,
    SignedListed,
    Surveyed,
    incident_kits,
)
from vaitiolo.warden.erasure_parts import OtherDeed
from vaitiolo.warden.kinds import Kind, Mode, Purpose, Role
from vaitiolo.warden.parts import (
    Arrived,
    HeldCompartment,
    KeyEpoch,
    KeyHolder,
    Reader,
    SignedDeed,
)
from vaitiolo.warden.session import Session
from vaitiolo.warden.transport import Transport

__all__ = [
    "Arrival",
    "Arrived",
    "CeremonyExported",
    "CeremonyImported",
    "HeldCompartment",
    "KeyEpoch",
    "KeyHolder",
    "OtherDeed",
    "Place",
    "Plain",
    "Reader",
    "SignedDeed",
    "Surveyed",
]

COOKIE_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class OpenRegister:
    """A register that two officers are bringing in. There is no key in it."""

    actor: Actor
    batch: bytes = field(repr=False)

    def bring_in(self, arrivals: Sequence[Arrival]) -> tuple[Arrived, ...]:
        """Have some patients sealed; each is recorded before anything comes back."""
        return client.bring_in(self.actor.session.transport, self.batch, arrivals)

    def end(self) -> None:
        """Say that the register is in."""
        client.end_bringing_in(self.actor.session.transport, self.batch)


@dataclass(slots=True)
class OpenKit:
    """An incident kit that two officers take out. Nothing of it can be opened here."""

    actor: Actor
    name: bytes = field(repr=False)
    segments: int
    chain_is_whole: bool
    sha256: bytes = b""
    records: int = 0
    gone: int = 0
    altered: int = 0
    is_as_recorded: bool = False

    def record(self, progress: Callable[[int, int], None] = lambda _done, _all: None) -> None:
        """Have the kit hashed and its entry made. Raises NoWitness, WardenSilent."""
        while not self.sha256:
            told = incident_kits.hash_kit(self.actor.session, self.name)
            progress(told.done, self.segments)
            self.sha256, self.records = told.sha256, told.records
            self.gone, self.altered = told.gone, told.altered

    def read(
        self, progress: Callable[[int, int], None] = lambda _done, _all: None
    ) -> Iterator[bytes]:
        """Give the kit's bytes; after the last it is known whether they are those of the entry."""
        start, is_over = 0, False
        while not is_over:
            part = incident_kits.read_kit(self.actor.session, self.name, start=start)
            is_over, start = part.is_over, part.next
            self.is_as_recorded = part.is_as_recorded
            progress(min(start, self.segments), self.segments)
            yield part.raw


def adopt_incident_key(actor: Actor, key: bytes) -> None:
    """Bring in the incident key that a ceremony drew. Raises NotAllowed."""
    incident_kits.adopt_incident_key(actor.session, key)


def open_kit(first: Actor, second: Actor) -> OpenKit:
    """Begin to take the incident kit out, as two officers. Raises NotAllowed, NoIncidentKey."""
    begun = incident_kits.begin_kit(first.session, second.session)
    return OpenKit(first, begun.kit, begun.segments, begun.chain_is_whole)


def survey(transport: Transport) -> Surveyed:
    """Return who holds which keys, and how far each of them reaches. The question is recorded."""
    return client.survey(transport)


def survey_one(transport: Transport, subject: UUID) -> tuple[HeldCompartment, ...]:
    """Return who can open what belongs to one random id. The question is recorded."""
    return client.survey_one(transport, subject)


def list_signed(transport: Transport, since: int) -> SignedListed:
    """Return some of the documents that the ledger says were signed: ids and versions."""
    return client.list_signed(transport, since)


def list_others(transport: Transport, since: int) -> OthersListed:
    """Return some of the copies, reminders and erasures in the ledger, from an index on."""
    return client.list_others(transport, since)


def note_reconciled(
    transport: Transport, *, entries: int, rows: int, dangling: int, missing: int
) -> None:
    """Have it recorded what was found; rows without an entry are an alert."""
    client.note_reconciled(
        transport, entries=entries, rows=rows, dangling=dangling, missing=missing
    )


def sign_in_officer(transport: Transport, *, name: str, password: str) -> Actor:
    """Sign an officer in at the console. Raises WrongSignIn."""
    session = Session(secrets.token_bytes(COOKIE_BYTES), transport)
    known = client.sign_in(session, name=name, password=password, network="console")
    return Actor(
        session=session,
        id=HolderId(known.person),
        name=known.name,
        role=Role(known.role),
        unit=None if known.unit is None else UnitId(known.unit),
        desk=None if known.desk is None else CompartmentId(known.desk),
        is_weak=known.is_weak,
    )


def export_ceremony(
    actor: Actor, patients: Sequence[UUID], *, to: UUID, purpose: int
) -> CeremonyExported:
    """Take out a ceremony's request for named patients; it is recorded. Raises NotAllowed."""
    return client.export_ceremony(actor.session, patients, to=to, purpose=purpose)


def import_ceremony(actor: Actor, *, request: bytes, answer: bytes) -> CeremonyImported:
    """Bring a ceremony's answer in; twice is harmless. Raises NotAllowed, SealBroken."""
    return client.import_ceremony(actor.session, request=request, answer=answer)


def open_register(first: Actor, second: Actor, *, source: str, patients: int) -> OpenRegister:
    """Begin to bring a register in, as two officers. Raises NotAllowed."""
    batch = client.begin_bringing_in(
        first.session, second.session, source=source, patients=patients
    )
    return OpenRegister(first, batch)


def write_diary(actor: Actor, diary: UUID) -> OpenCompartment:
    """Open a unit's diary for writing alone: nothing of it is shown."""
    return client.open_compartment(
        actor.session, diary, purpose=Purpose.BRINGING_IN, mode=Mode.WRITE
    )


def identity_of(patient: UUID, body: bytes) -> Plain:
    return Plain(Place(Kind.IDENTITY, patient, 1), body)


def phonebook_of(patient: UUID, body: bytes) -> Plain:
    return Plain(Place(Kind.PHONEBOOK, patient, 1), body)


def entry_of(appointment: UUID, body: bytes) -> Plain:
    return Plain(Place(Kind.DIARY, appointment, 1), body)
