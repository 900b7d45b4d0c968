"""The doors of an incident: reporting, reading, adding, taking a file out, letting officers in.

Each step is in the ledger before it is done. What is stored here is sealed; which of it is whole,
missing or exchanged is for the warden to say.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vaitiolo.breach.models import EvidencePiece, IncidentEntry
from vaitiolo.kit.errors import Refusal
from vaitiolo.people.actor import Actor
from vaitiolo.warden import client
from vaitiolo.warden.client import incidents as asking
from vaitiolo.warden.client.incident_kits import IncidentKey, ask_incident_key
from vaitiolo.warden.client.incidents import AddedEntry, IncidentsEscalated, KnownIncident
from vaitiolo.warden.client.refusals import (
    IncidentClosed,
    IncidentNeedsSecond,
    IncidentUndecided,
    NotAllowed,
    NotGranted,
)
from vaitiolo.warden.kinds import Kind, Role
from vaitiolo.warden.transport import Transport

__all__ = [
    "IncidentClosed",
    "IncidentKey",
    "IncidentNeedsSecond",
    "IncidentUndecided",
    "IncidentsEscalated",
    "KnownIncident",
    "NotAllowed",
]

LARGEST_FILE: Final = 20 * 1024 * 1024


class IncidentNotFound(Refusal):
    """There is no such incident, or the asker is not in it: the two look alike."""

    status = HTTPStatus.NOT_FOUND
    message = _("There is no incident here that you can open. The attempt was recorded.")


class FileMissing(Refusal):
    """The entry of a file is there, and some of the file is not."""

    status = HTTPStatus.CONFLICT
    message = _(
        "The file is not stored whole any more, so it is not given out. Its entry with size and "
        "hash stands; the attempt was recorded."
    )


OFFICERS: Final = frozenset({Role.PRIVACY_OFFICER, Role.MANAGER, Role.REGISTRAR})


@dataclass(frozen=True, slots=True)
class Line:
    """One deed in an incident, with the words of its entry where there are any."""

    index: int
    at: datetime
    step: str
    row: UUID | None
    person: UUID | None
    name: str = field(repr=False)
    other_name: str = field(repr=False)
    state: str
    said: Mapping[str, Any] = field(repr=False)

    @property
    def is_readable(self) -> bool:
        return self.state == "whole"


@dataclass(frozen=True, slots=True)
class OpenIncident:
    """An incident that was opened for this request; the looking is recorded."""

    known: KnownIncident
    lines: tuple[Line, ...] = field(repr=False)
    strays: int


@dataclass(frozen=True, slots=True)
class TakenFile:
    """A file that was taken out; its hash was compared with the signed one."""

    name: str = field(repr=False)
    sha256: str
    content: bytes = field(repr=False)


def report(
    actor: Actor,
    cause: str,
    said: Mapping[str, Any],
    *,
    alert: int | None = None,
    resumes: UUID | None = None,
) -> UUID:
    """Open an incident and store the sealed report. Raises NotAllowed."""
    opened = asking.open_incident(actor.session, cause, _body(said), alert=alert, resumes=resumes)
    if opened.entry is not None:
        store(opened.incident, opened.entry)
    return opened.incident


def list_incidents(actor: Actor) -> tuple[KnownIncident, ...]:
    """Return what the asker may know of, the newest first."""
    return asking.list_incidents(actor.session)


def incident_key(actor: Actor) -> IncidentKey | None:
    """Return whether the house keeps what a leak is searched with; only to an officer."""
    return ask_incident_key(actor.session) if actor.role in OFFICERS else None


def open_incident(actor: Actor, incident: UUID) -> OpenIncident:
    """Read an incident; recorded first. Raises IncidentNotFound."""
    rows = IncidentEntry.objects.filter(incident=incident).values_list("id", "sealed_body")
    entries = [_sealed(row, sealed) for row, sealed in rows]
    try:
        read = asking.read_incident(actor.session, incident, entries)
    except NotGranted:
        raise IncidentNotFound from None
    return OpenIncident(read.incident, tuple(map(_line, read.lines)), read.strays)


def add(
    actor: Actor,
    incident: UUID,
    step: str,
    *,
    said: Mapping[str, Any],
    file: bytes = b"",
    alert: int | None = None,
) -> None:
    """Add an entry. Raises IncidentNotFound, IncidentClosed, -Undecided, -NeedsSecond."""
    try:
        added = asking.add_to_incident(
            actor.session, incident, step, body=_body(said), file=file, alert=alert
        )
    except NotGranted:
        raise IncidentNotFound from None
    store(incident, added)


def take_file(actor: Actor, incident: UUID, row: UUID) -> TakenFile:
    """Take a file out; recorded first. Raises IncidentNotFound, FileMissing."""
    entry = IncidentEntry.objects.filter(id=row, incident=incident).first()
    if entry is None:
        raise IncidentNotFound
    found = EvidencePiece.objects.filter(entry=entry).order_by("number")
    pieces = [
        client.Sealed(client.Place(Kind.CHUNK, row, piece.number), bytes(piece.sealed_body))
        for piece in found
    ]
    sealed = _sealed(row, entry.sealed_body)
    try:
        taken = asking.take_evidence(actor.session, incident, entry=sealed, chunks=pieces)
    except NotGranted:
        raise IncidentNotFound from None
    except client.SealBroken:
        raise FileMissing from None
    said = _said(taken.body)
    return TakenFile(str(said.get("name", "")), str(said["sha256"]), taken.file)


def let_in(actor: Actor, incident: UUID, person: UUID) -> None:
    """Let an officer or an operator in. Raises IncidentNotFound, NotAllowed."""
    try:
        asking.let_into_incident(actor.session, incident, person)
    except NotGranted:
        raise IncidentNotFound from None


def escalate(transport: Transport) -> IncidentsEscalated:
    """Have the warden cry out about what nobody acts on; the worker's."""
    return asking.escalate_incidents(transport)


def store(incident: UUID, added: AddedEntry) -> None:
    """Store an entry with its file, all of it or nothing."""
    with transaction.atomic():
        entry = IncidentEntry.objects.create(
            id=added.row, incident=incident, sealed_body=added.sealed
        )
        EvidencePiece.objects.bulk_create(
            EvidencePiece(entry=entry, number=number, sealed_body=sealed)
            for number, sealed in enumerate(added.chunks, 1)
        )


def _sealed(row: UUID, sealed: bytes | memoryview) -> client.Sealed:
    return client.Sealed(client.Place(Kind.EVIDENCE, row, 1), bytes(sealed))


def _line(line: asking.IncidentLine) -> Line:
    return Line(
        index=line.index,
        at=datetime.fromtimestamp(line.time, tz=UTC),
        step=line.step,
        row=line.row,
        person=line.person,
        name=line.name,
        other_name=line.other_name,
        state=line.state,
        said=_said(line.body),
    )


def _body(said: Mapping[str, Any]) -> bytes:
    return json.dumps(dict(said), ensure_ascii=False).encode()


def _said(body: bytes) -> Mapping[str, Any]:
    read = json.loads(body) if body else {}
    return read if isinstance(read, dict) else {}
