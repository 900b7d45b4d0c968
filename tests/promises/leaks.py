"""Everything that can be asked about leaks, by the officers and by those whom it is refused."""

import zlib
from collections.abc import Iterator
from uuid import UUID

from tests.cast import Clinic
from tests.warden.leaks import Kit, begin, found, stored
from vaitiolo.warden import protocol
from vaitiolo.warden.client import leaks
from vaitiolo.warden.client.leaks import LeakedPatient, StoredResult
from vaitiolo.warden.protocol import Question
from vaitiolo.warden.session import Session


def leak_questions(cookie: bytes, patient: UUID, stray: StoredResult) -> Iterator[Question]:
    """Every question about leaks, of what is no incident and no purpose: refused to anybody."""
    leaked = (LeakedPatient(patient, is_noted=True, versions=()),)
    yield protocol.PutLeakResult(cookie, patient, b"x")
    yield protocol.ReadLeakResults(cookie, patient, (stray,))
    yield protocol.AskConsistent(cookie, patient, leaked, 0, 1)
    yield protocol.IssueDecoys(cookie, "")
    yield protocol.FindDecoy(cookie, "x" * 1_000)


def look_into_a_leak(clinic: Clinic, pia: Session, patient: UUID) -> None:
    """Put a result in, read it, ask for accounts, and have decoys made and found."""
    kit, incident = Kit().taken(clinic), begin(clinic)
    packed = zlib.compress(kit.result(clinic, found(patient)))
    entry = leaks.put_leak_result(pia, incident, packed)
    leaks.read_leak_results(pia, incident, [stored(entry)])
    leaked = [LeakedPatient(patient, is_noted=True, versions=())]
    assert leaks.ask_consistent(pia, incident, leaked, since=0, until=clinic.clock()).patients
    issued = leaks.issue_decoys(pia, "a move")
    assert leaks.list_decoys(pia)[0].export == issued.export
    assert leaks.find_decoy(pia, issued.people[0].code).export == issued.export
