"""What is done about a leak: results put in, accounts asked for, decoys issued. All recorded."""

from collections.abc import Iterable
from uuid import UUID

from vaitiolo.breach.leaks import access
from vaitiolo.breach.leaks.access import (
    ConsistentFacts,
    DecoyFound,
    DecoysIssued,
    LeakedPatient,
    LeakedVersion,
)
from vaitiolo.breach.leaks.found import FoundPatient
from vaitiolo.people.actor import Actor


def put(actor: Actor, incident: UUID, result: bytes) -> None:
    """Put a result into an incident. Raises LeakForged, LeakForeign, LeakRepeated."""
    access.put(actor, incident, result)


def ask_accounts(
    actor: Actor, incident: UUID, found: Iterable[FoundPatient], *, since: int, until: int
) -> ConsistentFacts:
    """Ask which accounts fit those who were surely found. Raises ScopeIncomplete, ScopeWrong."""
    leaked = [_leaked(one) for one in found if one.is_told]
    return access.ask_accounts(actor, incident, leaked, since=since, until=until)


def issue_decoys(actor: Actor, purpose: str) -> DecoysIssued:
    """Have three invented people made for one export."""
    return access.issue_decoys(actor, purpose)


def find_decoy(actor: Actor, text: str) -> DecoyFound:
    """Ask whose decoy somebody in a claim is."""
    return access.find_decoy(actor, text)


def _leaked(one: FoundPatient) -> LeakedPatient:
    versions = tuple(LeakedVersion(note.note, note.version) for note in one.notes)
    return LeakedPatient(one.patient, one.is_sure, versions if one.is_sure else ())
