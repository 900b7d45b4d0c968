"""Incidents: opened by anybody, closed by two, deleted by nobody; nothing of them goes missing."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from django.db import connections

from tests.cast import HOUR, Clinic
from tests.ledger.tampering import tamper
from vaitiolo.keys import store
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.warden import client, protocol
from vaitiolo.warden.client import (
    NotAllowed,
    NotGranted,
    Place,
    SealBroken,
    Sealed,
    TooLarge,
)
from vaitiolo.warden.client.asking import ask
from vaitiolo.warden.client.incidents import (
    AddedEntry,
    IncidentOpened,
    IncidentRead,
    add_to_incident,
    escalate_incidents,
    let_into_incident,
    list_incidents,
    open_incident,
    read_incident,
    take_evidence,
)
from vaitiolo.warden.client.refusals import (
    IncidentClosed,
    IncidentNeedsSecond,
    IncidentUndecided,
)
from vaitiolo.warden.kinds import Caller, Kind, Mode, Purpose, Role
from vaitiolo.warden.server import alarms, granting, incident_story, incidents
from vaitiolo.warden.server.agent import Agent
from vaitiolo.warden.server.incidents import CHUNK, LARGEST_FILE, Origin

REPORT = json.dumps({"text": "Työpuhelin jäi junaan."}).encode()
DECISION = json.dumps({"authority": "yes", "people": "no", "ground": "The phone was locked."})
MAIL = b"From: ransom@example.invalid\r\nReceived: by mx\r\n\r\nPay.\r\n"


def sealed_of(entry: AddedEntry) -> Sealed:
    return Sealed(Place(Kind.EVIDENCE, entry.row, 1), entry.sealed)


def chunks_of(entry: AddedEntry) -> list[Sealed]:
    return [
        Sealed(Place(Kind.CHUNK, entry.row, number), chunk)
        for number, chunk in enumerate(entry.chunks, 1)
    ]


class Desk:
    """An incident that Helmi reported, and what the web stores of it."""

    def __init__(self, clinic: Clinic) -> None:
        self.clinic = clinic
        self.opened: IncidentOpened = open_incident(clinic.session("helmi"), "lost", REPORT)
        assert self.opened.entry is not None
        self.rows = [sealed_of(self.opened.entry)]

    @property
    def id(self) -> UUID:
        return self.opened.incident

    def add(self, name: str, step: str, body: bytes = b"{}") -> AddedEntry:
        entry = add_to_incident(self.clinic.session(name), self.id, step, body=body)
        self.rows.append(sealed_of(entry))
        return entry

    def read(self, name: str = "pia") -> IncidentRead:
        return read_incident(self.clinic.session(name), self.id, self.rows)

    def evidence(self, name: str = "pia", file: bytes = MAIL) -> AddedEntry:
        body = json.dumps({"name": "mail.eml"}).encode()
        entry = add_to_incident(
            self.clinic.session(name), self.id, "evidence", body=body, file=file
        )
        self.rows.append(sealed_of(entry))
        return entry


@pytest.fixture
def desk(clinic: Clinic) -> Desk:
    return Desk(clinic)


def test_a_report_is_read_by_the_officers_and_by_nobody_else(clinic: Clinic, desk: Desk) -> None:
    assert desk.opened.number == 1
    told = desk.read()
    assert [(line.step, line.name, line.body) for line in told.lines][:1] == [
        ("opened", "Helmi Halla", REPORT)
    ]
    assert told.incident.officers == ("Pia Puro", "Ritva Ranta")
    for stranger in ("helmi", "otso", "aino", "mauri"):
        with pytest.raises(NotGranted):
            desk.read(stranger)
        with pytest.raises(NotGranted):
            desk.add(stranger, "note")
    [receipt] = list_incidents(clinic.session("helmi"))
    assert (receipt.number, receipt.officers, receipt.cause) == (1, told.incident.officers, "")
    assert list_incidents(clinic.session("mauri")) == ()


def test_it_takes_a_decision_and_a_second_officer_to_close(clinic: Clinic, desk: Desk) -> None:
    with pytest.raises(IncidentUndecided):
        desk.add("pia", "ask-close")
    with pytest.raises(NotAllowed):
        desk.add("pia", "notify", b'{"authority":"yes","people":"no","ground":" "}')
    desk.add("pia", "notify", DECISION.encode())
    with pytest.raises(IncidentNeedsSecond):
        desk.add("pia", "close")
    desk.add("pia", "ask-close")
    with pytest.raises(IncidentNeedsSecond):
        desk.add("pia", "close")
    desk.add("ritva", "note")
    with pytest.raises(IncidentNeedsSecond):
        desk.add("ritva", "close")
    desk.add("ritva", "ask-close")
    desk.add("pia", "close")
    assert desk.read().incident.state == "closed"
    with pytest.raises(IncidentClosed):
        desk.add("pia", "note")
    desk.add("ritva", "reopen")
    assert desk.read().incident.state == "open"


def test_whoever_was_let_in_to_help_is_no_second_officer(clinic: Clinic, desk: Desk) -> None:
    let_into_incident(clinic.session("pia"), desk.id, clinic.id("mauri"))
    seat = clinic.install.memory.find(clinic.session("mauri").cookie, now=clinic.clock())
    seat.person = replace(seat.person, role=Role.OPERATOR)
    desk.add("mauri", "note")
    with pytest.raises(NotAllowed):
        desk.add("mauri", "notify", DECISION.encode())
    desk.add("pia", "notify", DECISION.encode())
    desk.add("pia", "ask-close")
    # Pia and whoever she let in are two persons, and one officer.
    with pytest.raises(NotAllowed):
        desk.add("mauri", "close")
    desk.add("ritva", "close")
    with pytest.raises(NotAllowed):
        desk.add("mauri", "reopen")


def test_an_incident_whose_detail_is_deleted_is_not_hidden(clinic: Clinic, desk: Desk) -> None:
    [first] = queries.entries_of(clinic.install.recording.tag(incident_story.INCIDENTS))
    tamper('DELETE FROM ledger_detail WHERE "index" = %s', first.index)
    with pytest.raises(SealBroken):
        list_incidents(clinic.session("pia"))
    assert desk.rows
    # What waits is told outside all the same, and that incidents cannot be read, once.
    worker = Agent(clinic.install, caller=Caller.WORKER)
    alarms.cry(clinic.install, "entries removed", {})
    clinic.clock.ahead += HOUR
    for _ in range(2):
        escalate_incidents(worker)
    rules = [one.rule for one in alarms.open_alerts(clinic.install)]
    assert rules[0] == "entries removed"
    assert rules.count("incidents altered") == 1
    assert sum(one.startswith("alert unanswered") for one in rules) == 1


def test_a_decision_whose_detail_is_deleted_does_not_bring_the_earlier_one_back(
    desk: Desk,
) -> None:
    desk.add("pia", "notify", DECISION.replace("yes", "no").encode())
    last = desk.add("pia", "notify", DECISION.encode())
    tamper('DELETE FROM ledger_detail WHERE "index" = %s', last.index)
    with pytest.raises(SealBroken):
        desk.read()


def test_an_officer_is_let_in_by_one_who_is_and_puts_nobody_out(clinic: Clinic, desk: Desk) -> None:
    with pytest.raises(NotGranted):
        let_into_incident(clinic.session("mauri"), desk.id, clinic.id("mauri"))
    with pytest.raises(NotAllowed):
        let_into_incident(clinic.session("pia"), desk.id, clinic.id("helmi"))
    let_into_incident(clinic.session("pia"), desk.id, clinic.id("mauri"))
    assert desk.read("mauri").incident.officers == ("Mauri Mäki", "Pia Puro", "Ritva Ranta")
    withdraw = protocol.Withdraw(
        clinic.session("mauri").cookie, (desk.opened.compartment,), clinic.id("pia")
    )
    with pytest.raises(NotAllowed):
        ask(clinic.agent, withdraw, protocol.Done)
    let_in = [line.other_name for line in desk.read("pia").lines if line.step == "let-in"]
    assert let_in == ["Mauri Mäki"]


def test_what_is_deleted_swapped_or_planted_is_found_out(clinic: Clinic, desk: Desk) -> None:
    first, second = (
        desk.add("pia", "note", b'{"text":"a"}'),
        desk.add("pia", "note", b'{"text":"b"}'),
    )
    whole = desk.read()
    assert {line.state for line in whole.lines} <= {"whole", "none"}
    swapped = Sealed(Place(Kind.EVIDENCE, first.row, 1), second.sealed)
    desk.rows = [desk.rows[0], swapped]
    told = {line.row: line.state for line in desk.read().lines if line.step == "note"}
    assert told == {first.row: "broken", second.row: "missing"}
    other = Desk(clinic)
    desk.rows.append(other.rows[0])
    assert desk.read().strays == 1


def test_an_author_cannot_exchange_words_that_were_signed(clinic: Clinic, desk: Desk) -> None:
    """Whoever holds the key can seal other words for the same row; the ledger has their mark."""
    entry = desk.add("pia", "note", b'{"text":"They wrote on Monday."}')
    opened = client.open_compartment(
        clinic.session("pia"), desk.opened.compartment, purpose=Purpose.CARE, mode=Mode.WRITE
    )
    place = Place(Kind.EVIDENCE, entry.row, 1)
    [other] = opened.seal([client.Plain(place, bytes(128) + b'{"text":"They wrote on Friday."}')])
    desk.rows[-1] = Sealed(place, other)
    assert [one.state for one in desk.read().lines if one.step == "note"] == ["broken"]


def test_evidence_comes_back_byte_for_byte_and_swapped_bytes_do_not(
    clinic: Clinic, desk: Desk
) -> None:
    long = MAIL + bytes(range(256)) * 6_000
    entry = desk.evidence(file=long)
    assert len(entry.chunks) == -(-len(long) // CHUNK) > 1
    pia = clinic.session("pia")
    taken = take_evidence(pia, desk.id, entry=sealed_of(entry), chunks=chunks_of(entry))
    assert taken.file == long
    said = json.loads(taken.body)
    assert (said["sha256"], said["size"]) == (hashlib.sha256(long).hexdigest(), len(long))
    assert "taken" in {line.step for line in desk.read().lines}
    first, *others = chunks_of(entry)
    for wrong in (others, [first], [first, Sealed(others[0].place, first.sealed)]):
        with pytest.raises(SealBroken):
            take_evidence(pia, desk.id, entry=sealed_of(entry), chunks=wrong)
    with pytest.raises(TooLarge):
        desk.evidence(file=bytes(LARGEST_FILE + 1))


def test_killed_between_entry_and_row_an_incident_is_known_and_is_resumed(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(*_args: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(granting, "store_made", die)
        with pytest.raises(Killed):
            open_incident(clinic.session("helmi"), "lost", REPORT)
    [cut] = list_incidents(clinic.session("mauri"))
    assert (cut.state, cut.number, cut.officers) == ("cut-off", 1, ())
    with pytest.raises(NotAllowed):
        open_incident(clinic.session("otso"), "lost", REPORT, resumes=cut.incident)
    resumed = open_incident(clinic.session("mauri"), "lost", REPORT, resumes=cut.incident)
    assert (resumed.incident, resumed.number) == (cut.incident, 1)
    [known] = list_incidents(clinic.session("pia"))
    assert known.state == "open"
    assert known.began == cut.began
    with pytest.raises(NotAllowed):
        open_incident(clinic.session("mauri"), "lost", REPORT, resumes=cut.incident)


def test_an_incident_from_an_alert_began_with_the_alert(clinic: Clinic) -> None:
    alarms.cry(clinic.install, "entries removed", {})
    [alert] = alarms.open_alerts(clinic.install)
    clinic.clock.ahead += 2 * HOUR
    for wrong in (("helmi", alert.index), ("pia", alert.index + 99)):
        with pytest.raises(NotAllowed):
            open_incident(clinic.session(wrong[0]), "alert", REPORT, alert=wrong[1])
    opened = open_incident(clinic.session("pia"), "alert", REPORT, alert=alert.index)
    [known] = list_incidents(clinic.session("pia"))
    assert known.began == alert.since
    assert known.opened - known.began >= 2 * 3600
    # A report that turns out to belong to an earlier alert begins with that alert as well.
    desk = Desk(clinic)
    add_to_incident(clinic.session("pia"), desk.id, "alert", body=b"{}", alert=alert.index)
    assert desk.read().incident.began == alert.since
    assert opened.number == 1


def test_silence_goes_outside_once_for_each_thing_that_nobody_acts_on(clinic: Clinic) -> None:
    worker = Agent(clinic.install, caller=Caller.WORKER)
    alarms.cry(clinic.install, "entries removed", {})
    [alert] = alarms.open_alerts(clinic.install)
    desk = Desk(clinic)
    assert escalate_incidents(worker) == protocol.IncidentsEscalated((), (), (), (1,))
    clinic.clock.ahead += HOUR // 4 + 1_000_000
    assert escalate_incidents(worker).alerts == (alert.index,)
    assert escalate_incidents(worker).alerts == ()
    clinic.clock.ahead += 4 * HOUR
    assert escalate_incidents(worker).unseen == (1,)
    clinic.cookies.clear()
    desk.read()
    clinic.clock.ahead += 68 * HOUR
    assert escalate_incidents(worker).undecided == (1,)
    assert escalate_incidents(worker) == protocol.IncidentsEscalated((), (), (), ())
    with pytest.raises(NotAllowed):
        escalate_incidents(clinic.agent)
    told = {alert.rule for alert in alarms.open_alerts(clinic.install)}
    silences = {f"alert unanswered: {alert.index}", "incident unseen: 1", "incident undecided: 1"}
    assert silences <= told


def test_a_decision_in_time_keeps_an_incident_inside(clinic: Clinic, desk: Desk) -> None:
    worker = Agent(clinic.install, caller=Caller.WORKER)
    desk.read()
    desk.add("pia", "notify", DECISION.encode())
    clinic.clock.ahead += 80 * HOUR
    assert escalate_incidents(worker) == protocol.IncidentsEscalated((), (), (), ())


def test_the_warden_itself_opens_an_incident_of_a_patient(clinic: Clinic) -> None:
    patient = uuid4()
    cookie = clinic.session("helmi").cookie
    found = incidents.found(clinic.install, cookie, Origin("break-glass", patient=patient))
    assert found.entry is None
    [known] = list_incidents(clinic.session("pia"))
    assert (known.cause, known.patient, known.incident) == ("break-glass", patient, found.incident)
    story = incident_story.find(clinic.install, found.incident)
    assert [one.step for one in story.steps] == ["opened"]


def test_no_leaf_of_an_incident_holds_what_was_written(clinic: Clinic, desk: Desk) -> None:
    desk.add("pia", "note", b'{"text":"hiljaisuus"}')
    tag = clinic.install.recording.tag(desk.id)
    entries = [one for one in queries.entries_of(tag) if one.leaf.act is Act.INCIDENT]
    assert len(entries) == 2
    for entry in entries:
        assert entry.salt is not None
        assert entry.detail is not None
        said = clinic.install.recording.read(
            desk.id, commit=entry.leaf.detail_commit, salt=entry.salt, sealed=entry.detail
        )
        assert "hiljaisuus" not in json.dumps(said)
        assert "junaan" not in json.dumps(said)
    assert len(store.compartments_of(desk.id)) == 1


def test_of_two_officers_who_close_at_once_one_does(clinic: Clinic, desk: Desk) -> None:
    let_into_incident(clinic.session("pia"), desk.id, clinic.id("mauri"))
    desk.add("pia", "notify", DECISION.encode())
    desk.add("pia", "ask-close")
    with ThreadPoolExecutor(2) as pool:
        tries = [pool.submit(close, clinic, desk, name) for name in ("ritva", "mauri")]
        assert sorted(one.result() for one in tries) == [False, True]
    steps = [line.step for line in desk.read().lines]
    assert steps.count("close") == 1


def close(clinic: Clinic, desk: Desk, name: str) -> bool:
    try:
        add_to_incident(clinic.session(name), desk.id, "close", body=b"{}")
    except IncidentClosed:
        return False
    finally:
        connections.close_all()
    return True
