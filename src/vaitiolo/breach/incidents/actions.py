"""What is done to incidents: reported, added to, taken from, let into."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from vaitiolo.breach.incidents import access
from vaitiolo.breach.incidents.access import TakenFile
from vaitiolo.people.actor import Actor


def report(
    actor: Actor,
    said: Mapping[str, Any],
    *,
    cause: str = "",
    alert: int | None = None,
    resumes: UUID | None = None,
) -> UUID:
    """Open an incident with a report. Raises NotAllowed."""
    why = cause or str(said["sign"])
    return access.report(actor, why, said, alert=alert, resumes=resumes)


def add(
    actor: Actor, incident: UUID, step: str, *, said: Mapping[str, Any], file: bytes = b""
) -> None:
    """Add an entry. Raises IncidentNotFound, IncidentClosed, IncidentUndecided, -NeedsSecond."""
    access.add(actor, incident, step, said=said, file=file)


def link_alert(actor: Actor, incident: UUID, index: int) -> None:
    """Say that a critical alert belongs to an incident: it began when the alert did."""
    access.add(actor, incident, "alert", said={}, alert=index)


def take_file(actor: Actor, incident: UUID, row: UUID) -> TakenFile:
    """Take a file out. Raises IncidentNotFound, FileMissing."""
    return access.take_file(actor, incident, row)


def let_in(actor: Actor, incident: UUID, person: UUID) -> None:
    """Let an officer in. Raises IncidentNotFound, NotAllowed."""
    access.let_in(actor, incident, person)
