"""Leaks, for the officers: results of searches, accounts that fit one, decoys of exports."""

from collections.abc import Sequence
from uuid import UUID

from vaitiolo.warden import protocol
from vaitiolo.warden.client.asking import ask
from vaitiolo.warden.incident_parts import AddedEntry
from vaitiolo.warden.leak_parts import (
    Account,
    AccountSession,
    ConsistentFacts,
    DecoyExport,
    DecoyPerson,
    LeakedPatient,
    LeakedVersion,
    StoredResult,
)
from vaitiolo.warden.protocol import DecoyFound, DecoysIssued
from vaitiolo.warden.session import Session

__all__ = [
    "Account",
    "AccountSession",
    "ConsistentFacts",
    "DecoyExport",
    "DecoyFound",
    "DecoyPerson",
    "DecoysIssued",
    "LeakedPatient",
    "LeakedVersion",
    "StoredResult",
    "ask_consistent",
    "find_decoy",
    "issue_decoys",
    "list_decoys",
    "put_leak_result",
    "read_leak_results",
]


def put_leak_result(session: Session, incident: UUID, result: bytes) -> AddedEntry:
    """Put a result (in zlib) into an incident.

    Raises NotGranted, NotAllowed, IncidentClosed, LeakForged, LeakForeign, LeakRepeated.
    """
    question = protocol.PutLeakResult(session.cookie, incident, result)
    return ask(session.transport, question, protocol.LeakResultPut).entry


def read_leak_results(
    session: Session, incident: UUID, results: Sequence[StoredResult]
) -> tuple[bytes, ...]:
    """Return results in zlib; recorded first. Raises NotGranted, SealBroken."""
    question = protocol.ReadLeakResults(session.cookie, incident, tuple(results))
    return ask(session.transport, question, protocol.LeakResultsRead).results


def ask_consistent(
    session: Session,
    incident: UUID,
    patients: Sequence[LeakedPatient],
    *,
    since: int,
    until: int,
) -> ConsistentFacts:
    """Return which accounts a leak is consistent with; recorded first.

    Raises NotGranted, NotAllowed, ScopeWrong, ScopeIncomplete.
    """
    question = protocol.AskConsistent(session.cookie, incident, tuple(patients), since, until)
    return ask(session.transport, question, protocol.ConsistentFound).facts


def issue_decoys(session: Session, purpose: str) -> DecoysIssued:
    """Return three invented people for one export. Raises NotAllowed."""
    return ask(session.transport, protocol.IssueDecoys(session.cookie, purpose), DecoysIssued)


def list_decoys(session: Session) -> tuple[DecoyExport, ...]:
    """Return which exports were given decoys, the newest first. Raises NotAllowed."""
    question = protocol.ListDecoys(session.cookie)
    return ask(session.transport, question, protocol.DecoysListed).exports


def find_decoy(session: Session, text: str) -> DecoyFound:
    """Return whose decoy somebody is; the asking is recorded. Raises NotAllowed."""
    return ask(session.transport, protocol.FindDecoy(session.cookie, text), DecoyFound)
