"""Incidents against those inside: an officer's session in hostile hands, the database's owner."""

import json
from dataclasses import dataclass, field
from uuid import uuid4

import pytest

from tests.cast import HOUR, Clinic
from vaitiolo.kit.errors import Refusal
from vaitiolo.warden import client, protocol
from vaitiolo.warden.client import Place, Sealed
from vaitiolo.warden.client.asking import ask
from vaitiolo.warden.client.incidents import (
    add_to_incident,
    escalate_incidents,
    open_incident,
    read_incident,
)
from vaitiolo.warden.kinds import Caller, Kind, Mode, Purpose
from vaitiolo.warden.server import alarms
from vaitiolo.warden.server.agent import Agent
from vaitiolo.warden.server.incidents import STEPS

REPORT = b'{"text":"The manager asked me to say nothing."}'
DECISION = b'{"authority":"no","people":"no","ground":"No record was read."}'


@dataclass
class Plain:
    """What is usually built: a row with a status, which whoever may write it may also end."""

    status: str = "open"
    entries: list[bytes] = field(default_factory=list)

    def is_late(self, hours: int) -> bool:
        return hours > 72 and self.status == "open"


def hostile(clinic: Clinic, incident: object, compartment: object) -> list[protocol.Question]:
    """All that code with one officer's cookie can say of an incident, each step three times."""
    cookie = clinic.session("pia").cookie
    steps = [
        protocol.AddToIncident(cookie, incident, step, body)
        for step in sorted(STEPS - {"notify", "evidence"})
        for body in (b"{}", json.dumps({"person": clinic.id("ritva").hex}).encode())
    ]
    others = [
        protocol.Withdraw(cookie, (compartment,), clinic.id("ritva")),
        protocol.Withdraw(cookie, (compartment,), clinic.id("pia")),
        protocol.BeginRotation(cookie, compartment),
        protocol.OpenIncident(cookie, "other", REPORT, None, incident),
        protocol.CloseCase(cookie, incident),
    ]
    return (steps + others) * 3


def ask_all(clinic: Clinic, questions: list[protocol.Question]) -> None:
    for question in questions:
        try:
            ask(clinic.agent, question, protocol.Message)  # type: ignore[type-abstract]  # any answer will do
        except Refusal:
            continue


def test_p80_nobody_closes_changes_or_deletes_an_incident_alone(clinic: Clinic) -> None:
    opened = open_incident(clinic.session("helmi"), "other", REPORT)
    assert opened.entry is not None
    first = Sealed(Place(Kind.EVIDENCE, opened.entry.row, 1), opened.entry.sealed)
    pia = clinic.session("pia")
    note = add_to_incident(pia, opened.incident, "notify", body=DECISION)
    ask_all(clinic, hostile(clinic, opened.incident, opened.compartment))
    told = read_incident(clinic.session("ritva"), opened.incident, [first])
    assert told.incident.state != "closed"
    assert told.incident.officers == ("Pia Puro", "Ritva Ranta")
    assert told.lines[0].body == REPORT
    # Who owns the database takes a row away, or puts other words into it, with the key's help.
    writing = client.open_compartment(
        pia, opened.compartment, purpose=Purpose.CARE, mode=Mode.WRITE
    )
    place = Place(Kind.EVIDENCE, note.row, 1)
    [forged] = writing.seal([client.Plain(place, bytes(128) + b"{}")])
    planted = Sealed(Place(Kind.EVIDENCE, uuid4(), 1), note.sealed)
    told = read_incident(clinic.session("ritva"), opened.incident, [Sealed(place, forged), planted])
    states = {line.row: line.state for line in told.lines}
    assert (states[opened.entry.row], states[note.row]) == ("missing", "broken")
    assert told.strays == 1
    naive = Plain(entries=[REPORT])
    naive.status = "closed"
    naive.entries.clear()
    assert (naive.status, naive.entries) == ("closed", [])


def test_p81_what_nobody_acts_on_is_told_outside_whoever_wishes_it_were_not(
    clinic: Clinic,
) -> None:
    worker = Agent(clinic.install, caller=Caller.WORKER)
    opened = open_incident(clinic.session("helmi"), "other", REPORT)
    alarms.cry(clinic.install, "entries removed", {})
    [alert] = alarms.open_alerts(clinic.install)
    clinic.clock.ahead += HOUR
    assert escalate_incidents(worker).alerts == (alert.index,)
    # The manager takes note of everything there is, and an officer's session does all it can.
    for one in alarms.open_alerts(clinic.install):
        alarms.acknowledge(clinic.install, one.index, by=clinic.id("mauri"))
    clinic.clock.ahead += 71 * HOUR
    clinic.cookies.clear()
    ask_all(clinic, hostile(clinic, opened.incident, opened.compartment))
    assert escalate_incidents(worker).undecided == (1,)
    told = [one.rule for one in alarms.open_alerts(clinic.install)]
    assert "incident undecided: 1" in told
    naive = Plain()
    naive.status = "closed"
    assert not naive.is_late(hours=73)


def test_p82_staff_without_an_incident_see_nothing_of_it(clinic: Clinic) -> None:
    opened = open_incident(clinic.session("helmi"), "other", REPORT)
    assert opened.entry is not None
    entry = Sealed(Place(Kind.EVIDENCE, opened.entry.row, 1), opened.entry.sealed)
    for name in ("helmi", "otso", "aino", "mauri"):
        session = clinic.session(name)
        with pytest.raises(client.NotGranted):
            read_incident(session, opened.incident, [entry])
        with pytest.raises(client.NotGranted):
            add_to_incident(session, opened.incident, "note", body=REPORT)
        for mode in Mode:
            with pytest.raises(client.NotGranted):
                client.open_compartment(
                    session, opened.compartment, purpose=Purpose.CARE, mode=mode
                )
    naive = Plain(entries=[REPORT])
    assert REPORT in naive.entries, "a row is read by whoever reads the table"
