"""An incident being worked on, and what a page could ask of one that leads to a patient."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

from tests.cast import Clinic
from vaitiolo.warden import protocol
from vaitiolo.warden.client import Place, Sealed
from vaitiolo.warden.client.incidents import (
    add_to_incident,
    escalate_incidents,
    let_into_incident,
    list_incidents,
    open_incident,
    read_incident,
    take_evidence,
)
from vaitiolo.warden.kinds import Kind
from vaitiolo.warden.protocol import Question
from vaitiolo.warden.session import Session

REPORT = b'{"text":"A message went to the wrong person."}'


def incident_questions(cookie: bytes, patient: UUID, note: Sealed) -> Iterator[Question]:
    """Every question about incidents, of one that is none: a patient is not an incident."""
    yield protocol.OpenIncident(cookie, "", b"")
    yield protocol.ReadIncident(cookie, patient, (note,))
    yield protocol.AddToIncident(cookie, patient, "note", REPORT)
    yield protocol.TakeEvidence(cookie, patient, note, (note,))
    yield protocol.LetIntoIncident(cookie, patient, uuid4())
    yield protocol.EscalateIncidents()


def work_on_an_incident(clinic: Clinic, web: Any, worker: Any) -> None:
    """Helmi reports; two officers work on it and take its evidence out."""
    helmi, pia = (Session(clinic.session(one).cookie, web) for one in ("helmi", "pia"))
    opened = open_incident(helmi, "recipient", REPORT)
    assert list_incidents(helmi)[0].number == opened.number
    file = json.dumps({"name": "mail.eml"}).encode()
    added = add_to_incident(pia, opened.incident, "evidence", body=file, file=b"Subject: x")
    entry = Sealed(Place(Kind.EVIDENCE, added.row, 1), added.sealed)
    chunks = [Sealed(Place(Kind.CHUNK, added.row, 1), added.chunks[0])]
    taken = take_evidence(pia, opened.incident, entry=entry, chunks=chunks)
    assert taken.file == b"Subject: x"
    let_into_incident(pia, opened.incident, clinic.id("mauri"))
    assert read_incident(pia, opened.incident, [entry]).lines
    escalate_incidents(worker)
