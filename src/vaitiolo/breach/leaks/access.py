"""The door to leaks: the warden checks a result before it is kept, and records who asks what.

Opens no record and no contact details. What is stored of a result is sealed.
"""

import zlib
from collections.abc import Iterator, Sequence
from uuid import UUID

from vaitiolo.breach.incidents.access import IncidentNotFound, store
from vaitiolo.breach.models import EvidencePiece, IncidentEntry
from vaitiolo.people.actor import Actor
from vaitiolo.warden import client
from vaitiolo.warden.client import leaks
from vaitiolo.warden.client.leaks import (
    Account,
    ConsistentFacts,
    DecoyExport,
    DecoyFound,
    DecoyPerson,
    DecoysIssued,
    LeakedPatient,
    LeakedVersion,
    StoredResult,
)
from vaitiolo.warden.client.refusals import NotGranted
from vaitiolo.warden.kinds import Kind

__all__ = [
    "Account",
    "ConsistentFacts",
    "DecoyExport",
    "DecoyFound",
    "DecoyPerson",
    "DecoysIssued",
    "LeakedPatient",
    "LeakedVersion",
]


def put(actor: Actor, incident: UUID, result: bytes) -> None:
    """Put a result into an incident. Raises IncidentNotFound, LeakForged, LeakForeign, -Repeated.

    Raises IncidentClosed for one that takes nothing more.
    """
    try:
        added = leaks.put_leak_result(actor.session, incident, zlib.compress(result))
    except NotGranted:
        raise IncidentNotFound from None
    store(incident, added)


def read(actor: Actor, incident: UUID, rows: Sequence[UUID]) -> dict[UUID, bytes]:
    """Return results by their rows; each look is recorded. Raises IncidentNotFound, SealBroken."""
    found: dict[UUID, bytes] = {}
    # One at a time: two large ones would not fit into one answer.
    for one in _stored(incident, rows):
        try:
            [told] = leaks.read_leak_results(actor.session, incident, [one])
        except NotGranted:
            raise IncidentNotFound from None
        found[one.entry.place.row] = zlib.decompress(told)
    return found


def ask_accounts(
    actor: Actor, incident: UUID, patients: Sequence[LeakedPatient], *, since: int, until: int
) -> ConsistentFacts:
    """Return which accounts fit. Raises IncidentNotFound, NotAllowed, ScopeIncomplete."""
    try:
        return leaks.ask_consistent(actor.session, incident, patients, since=since, until=until)
    except NotGranted:
        raise IncidentNotFound from None


def issue_decoys(actor: Actor, purpose: str) -> DecoysIssued:
    """Return three invented people for one export. Raises NotAllowed."""
    return leaks.issue_decoys(actor.session, purpose)


def list_decoys(actor: Actor) -> tuple[DecoyExport, ...]:
    """Return which exports have decoys, the newest first. Raises NotAllowed."""
    return leaks.list_decoys(actor.session)


def find_decoy(actor: Actor, text: str) -> DecoyFound:
    """Return whose decoy somebody is. Raises NotAllowed."""
    return leaks.find_decoy(actor.session, text)


def _stored(incident: UUID, rows: Sequence[UUID]) -> Iterator[StoredResult]:
    for entry in IncidentEntry.objects.filter(incident=incident, id__in=rows).order_by("id"):
        pieces = EvidencePiece.objects.filter(entry=entry).order_by("number")
        yield StoredResult(
            client.Sealed(client.Place(Kind.EVIDENCE, entry.id, 1), bytes(entry.sealed_body)),
            tuple(
                client.Sealed(
                    client.Place(Kind.CHUNK, entry.id, one.number), bytes(one.sealed_body)
                )
                for one in pieces
            ),
        )
