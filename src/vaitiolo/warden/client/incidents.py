"""Incidents: reporting one, reading, adding, taking evidence out, and letting officers in."""

from collections.abc import Sequence
from uuid import UUID

from vaitiolo.warden import protocol
from vaitiolo.warden.client.asking import ask
from vaitiolo.warden.incident_parts import AddedEntry, IncidentLine, KnownIncident
from vaitiolo.warden.parts import Sealed
from vaitiolo.warden.protocol import (
    EvidenceTaken,
    IncidentOpened,
    IncidentRead,
    IncidentsEscalated,
)
from vaitiolo.warden.session import Session
from vaitiolo.warden.transport import Transport

__all__ = [
    "AddedEntry",
    "EvidenceTaken",
    "IncidentLine",
    "IncidentOpened",
    "IncidentRead",
    "IncidentsEscalated",
    "KnownIncident",
    "add_to_incident",
    "escalate_incidents",
    "let_into_incident",
    "list_incidents",
    "open_incident",
    "read_incident",
    "take_evidence",
]


def open_incident(
    session: Session,
    cause: str,
    body: bytes,
    *,
    alert: int | None = None,
    resumes: UUID | None = None,
) -> IncidentOpened:
    """Open an incident with a report for its officers. Raises NotAllowed."""
    question = protocol.OpenIncident(session.cookie, cause, body, alert, resumes)
    return ask(session.transport, question, IncidentOpened)


def list_incidents(session: Session) -> tuple[KnownIncident, ...]:
    """Return the incidents that the asker may know of, the newest first."""
    question = protocol.ListIncidents(session.cookie)
    return ask(session.transport, question, protocol.IncidentsListed).incidents


def read_incident(session: Session, incident: UUID, entries: Sequence[Sealed]) -> IncidentRead:
    """Read an incident with what is stored of it; recorded first. Raises NotGranted."""
    question = protocol.ReadIncident(session.cookie, incident, tuple(entries))
    return ask(session.transport, question, IncidentRead)


def add_to_incident(
    session: Session,
    incident: UUID,
    step: str,
    *,
    body: bytes,
    file: bytes = b"",
    alert: int | None = None,
) -> AddedEntry:
    """Add an entry. Raises NotGranted, IncidentClosed, IncidentUndecided, IncidentNeedsSecond."""
    question = protocol.AddToIncident(session.cookie, incident, step, body, file, alert)
    return ask(session.transport, question, protocol.IncidentAdded).entry


def take_evidence(
    session: Session, incident: UUID, *, entry: Sealed, chunks: Sequence[Sealed]
) -> EvidenceTaken:
    """Take a file out; recorded first. Raises NotGranted, SealBroken."""
    question = protocol.TakeEvidence(session.cookie, incident, entry, tuple(chunks))
    return ask(session.transport, question, EvidenceTaken)


def let_into_incident(session: Session, incident: UUID, person: UUID) -> None:
    """Let an officer or an operator in. Raises NotGranted, NotAllowed."""
    question = protocol.LetIntoIncident(session.cookie, incident, person)
    ask(session.transport, question, protocol.Done)


def escalate_incidents(transport: Transport) -> IncidentsEscalated:
    """Cry out about what nobody has acted on in time; the worker's question."""
    return ask(transport, protocol.EscalateIncidents(), IncidentsEscalated)
