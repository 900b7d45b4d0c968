"""A day in which every question there is gets asked, and every answer is kept."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pytest

from tests.cast import KALLIO, Clinic
from tests.promises.drills import drill_questions, have_a_drill
from tests.promises.emergencies import emergency_questions, have_an_emergency
from tests.promises.incidents import incident_questions, work_on_an_incident
from tests.promises.joining import let_somebody_join
from tests.promises.kits import kit_questions, take_a_kit
from tests.promises.leaks import leak_questions, look_into_a_leak
from tests.promises.recovery import recover, recovery_questions
from tests.promises.replies import answer_a_telling, reply_questions
from tests.promises.scopes import ask_for_scopes, scope_questions
from tests.promises.tellings import tell_people, telling_questions
from tests.promises.witnessing import watch_from_outside
from tests.warden.fingers import give_key
from tests.warden.hostile import make_chart, open_chart
from vaitiolo.warden import client, frames, protocol
from vaitiolo.warden.client import (
    Arrival,
    NewCompartment,
    OpenCompartment,
    Place,
    Plain,
    Sealed,
    ToDrop,
    Wanted,
    erasing,
    reconciling,
)
from vaitiolo.warden.client.leaks import StoredResult
from vaitiolo.warden.client.reporting import (
    ReportDecision,
    ask_bundle,
    ask_bundle_part,
    ask_report,
    decide_report,
)
from vaitiolo.warden.kinds import Basis, Caller, CompartmentClass, Kind, Mode, Purpose
from vaitiolo.warden.protocol import Question, Refused
from vaitiolo.warden.server.agent import Agent
from vaitiolo.warden.session import Session
from vaitiolo.warden.transport import Transport

HETU = "010190-999W"
PASSWORD = "hiljaa kulkee pitkälle"
CODE = "0123-4567-89AB-CDEF-GHJK-MNPQ-RSTV"
WORDS = json.dumps({"text": "Uni on parantunut."}).encode()
LINE = json.dumps({"hetu": HETU, "name": "Aada Mäkinen"}).encode()

QUESTIONS = {
    value
    for value in vars(protocol).values()
    if isinstance(value, type) and issubclass(value, Question) and value is not Question
}


@dataclass
class Listening:
    """A transport that keeps what passes through it."""

    inner: Transport
    asked: set[type] = field(default_factory=set)
    answers: list[bytes] = field(default_factory=list)

    def ask(self, frame: bytes) -> bytes:
        self.asked.add(type(frames.decode(memoryview(frame)[frames.LENGTH :])))
        answer = bytes(self.inner.ask(frame))
        self.answers.append(answer)
        return answer


def ask(transport: Transport, question: Question) -> protocol.Message:
    return frames.decode(transport.ask(frames.encode(question)))


@dataclass
class Stage:
    """A patient of Helmi's with a signed note, and what each of these is called."""

    clinic: Clinic
    patient: UUID
    identity: UUID
    chart: UUID
    note: Sealed
    reading: OpenCompartment
    writing: OpenCompartment
    book: OpenCompartment
    desk: OpenCompartment
    line: Sealed
    dropped: bytes
    search: bytes

    def cookie(self, name: str) -> bytes:
        return self.clinic.session(name).cookie


def set_stage(clinic: Clinic) -> Stage:
    patient, helmi, aino = uuid4(), clinic.session("helmi"), clinic.session("aino")
    new = NewCompartment(CompartmentClass.IDENTITY, patient, (), (clinic.unit(KALLIO),))
    [identity] = client.create_compartments(aino, [new])
    chart = make_chart(clinic, patient)
    writing = open_chart(clinic, chart, mode=Mode.WRITE)
    place = Place(Kind.NOTE, uuid4(), 1)
    note = Sealed(place, writing.seal([Plain(place, WORDS)])[0])
    book = client.open_compartment(aino, clinic.phonebook(), purpose=Purpose.RECEPTION)
    entry = Place(Kind.PHONEBOOK, patient, 1)
    line = Sealed(entry, book.seal([Plain(entry, LINE)])[0])
    [dropped] = client.drop(aino, [ToDrop(clinic.id("helmi"), uuid4(), b"{}")])
    return Stage(
        clinic,
        patient,
        identity,
        chart,
        note,
        open_chart(clinic, chart),
        writing,
        book,
        client.open_compartment(helmi, clinic.desk("helmi"), purpose=Purpose.OWN_DESK),
        line,
        dropped,
        client.begin_search(helmi, "parantunut", [chart]),
    )


def questions(stage: Stage, name: str) -> Iterator[Question]:
    """Every question aimed at Helmi's patient, in the name of somebody whom it is refused."""
    cookie = stage.cookie(name)
    yield from _about_opening(stage, name)
    yield from _about_letting_in(stage, name)
    yield from recovery_questions(cookie, stage.patient, stage.note)
    yield from _for_the_console(stage, cookie)
    # A report is the privacy officer's own; of somebody who is no patient here it is refused too.
    whose = uuid4() if name == "pia" else stage.patient
    yield from scope_questions(cookie, name)
    yield from drill_questions(cookie, name)
    yield from leak_questions(cookie, stage.patient, StoredResult(stage.note, (stage.note,)))
    if name not in {"pia", "mauri", "ritva"}:
        yield protocol.ListDecoys(cookie)
    yield from telling_questions(cookie, stage.patient, stage.note)
    yield protocol.AskReport(cookie, whose, "why", "", 0, is_file=False)
    yield protocol.DecideReport(cookie, whose, "granted", "", "a", "b", older=False, withheld=())
    yield protocol.AskBundle(cookie, whose, "why", "")
    yield protocol.AskBundlePart(cookie, whose, 1, 2, 0)
    yield from erasure_questions(stage, cookie, whose)


def erasure_questions(stage: Stage, cookie: bytes, whose: UUID) -> Iterator[Question]:
    yield protocol.AskErasure(cookie, whose, "retention-over", "why", b"")
    yield protocol.ApproveErasure(cookie, stage.patient, 1, b"")
    yield protocol.EndErasure(cookie, stage.patient, 1, "")


def _about_opening(stage: Stage, name: str) -> Iterator[Question]:
    cookie, chart, note = stage.cookie(name), stage.chart, stage.note
    reading, writing = stage.reading.handle, stage.writing.handle
    for mode in Mode:
        yield protocol.Open(cookie, (Wanted(chart, mode, Purpose.CARE),))
    yield protocol.Unseal(cookie, reading, (note,))
    yield protocol.Seal(cookie, writing, (Plain(Place(Kind.NOTE, uuid4(), 1), WORDS),))
    yield protocol.Seal(cookie, writing, (Plain(Place(Kind.DRAFT, uuid4(), 1), WORDS),))
    yield protocol.LoadBook(cookie, reading, (note,))
    yield protocol.PutHetu(cookie, chart, HETU)
    yield protocol.OpenDrops(cookie, stage.desk.handle, (stage.dropped,))
    yield protocol.OpenDrops(cookie, reading, (note.sealed,))
    yield protocol.BeginSearch(cookie, "parantunut", (chart,))
    yield protocol.ScanChart(cookie, stage.search, chart, (note,))
    yield protocol.EndSearch(cookie, stage.search)


def _about_letting_in(stage: Stage, name: str) -> Iterator[Question]:
    cookie, clinic, chart = stage.cookie(name), stage.clinic, stage.chart
    otso, today = clinic.id("otso"), clinic.install.today()
    for person in (clinic.id(name), otso):
        new = NewCompartment(CompartmentClass.CHART, stage.patient, (person,), ())
        yield protocol.Create(cookie, (new,))
        yield protocol.Grant(cookie, chart, person)
    unit = NewCompartment(CompartmentClass.CHART, uuid4(), (), (clinic.unit(KALLIO),))
    yield protocol.Create(cookie, (unit,))
    yield protocol.Withdraw(cookie, (chart,), clinic.id("helmi"))
    yield protocol.CopyNotes(cookie, stage.reading.handle, (stage.note,), otso, today)
    yield protocol.BeginHandOver(cookie, otso, (stage.patient,), b"")
    yield from emergency_questions(cookie, stage.patient, HETU)
    yield protocol.BeginRotation(cookie, chart)
    yield protocol.RotateDocuments(cookie, chart, (stage.note,))
    yield protocol.CommitRotation(cookie, chart)


def _for_the_console(stage: Stage, cookie: bytes) -> Iterator[Question]:
    yield protocol.TakeOutbox(uuid4())
    yield protocol.OutboxSent(uuid4(), was_sent=True)
    yield protocol.BeginBringingIn(cookie, stage.cookie("pia"), "elsewhere", 1)
    yield protocol.BringIn(bytes(32), ())
    yield protocol.EndBringingIn(bytes(32))
    yield from _about_witnesses(stage, cookie)
    yield protocol.Survey()
    yield protocol.SurveyOne(stage.patient)
    yield protocol.ListSigned(0)
    yield protocol.ListOthers(0)
    yield protocol.NoteReconciled(entries=1, rows=2, dangling=0, missing=1)
    yield from incident_questions(cookie, stage.patient, stage.note)
    yield from kit_questions(cookie, stage.cookie("pia"))
    yield from reply_questions(cookie, stage.patient)


def _about_witnesses(stage: Stage, cookie: bytes) -> Iterator[Question]:
    yield protocol.AwaitCheckpoint(0, 0)
    yield protocol.CheckpointFor("w1.example/1", 0)
    yield protocol.BringCosignature("w1.example/1", 1, "")
    yield protocol.WitnessRefuses("w1.example/1", 409, 1)
    yield protocol.AlertsForWitnesses(-1)
    yield protocol.AskStanding()
    yield protocol.BeginStamp()
    yield protocol.BringStamp(1, "tsa.example", b"")
    yield protocol.AcknowledgeAlert(cookie, 0)


def live_a_day(clinic: Clinic) -> Listening:
    """Ask everything that can be asked, each in the name of somebody who may."""
    web = Listening(clinic.agent)
    _with_a_password(clinic, web)
    helmi, aino = (Session(clinic.session(one).cookie, web) for one in ("helmi", "aino"))
    patient = uuid4()
    new = [
        NewCompartment(CompartmentClass.IDENTITY, patient, (), (clinic.unit(KALLIO),)),
        NewCompartment(CompartmentClass.CHART, patient, (clinic.id("helmi"),), ()),
    ]
    identity, chart = client.create_compartments(aino, new)
    client.grant(aino, identity, clinic.id("helmi"))
    client.put_hetu(aino, identity, HETU)
    _at_the_desk(clinic, aino, patient)
    _with_the_chart(clinic, helmi, chart)
    _with_own_sessions(helmi)
    _with_touches(clinic, web, helmi, patient=patient)
    _with_own_keys(web, helmi)
    _at_the_console(clinic, web)
    recover(clinic, web, Listening(clinic.console, web.asked, web.answers), patient=patient)
    let_somebody_join(clinic, web)
    worker = Listening(Agent(clinic.install, caller=Caller.WORKER))
    _with_a_reminder(aino, worker)
    watch_from_outside(clinic, web, worker)
    _with_a_report(clinic, web, worker, patient=patient)
    client.revoke_card(Session(clinic.session("ritva").cookie, web), clinic.id("otso"), reason=1)
    _with_a_turned_key(clinic, aino, identity)
    client.sign_out(aino)
    return Listening(web, web.asked | worker.asked, web.answers + worker.answers)


def _with_touches(clinic: Clinic, web: Listening, helmi: Session, *, patient: UUID) -> None:
    client.begin_touch(helmi, client.over("anything", patient))
    client.begin_hand_over(helmi, clinic.id("otso"), [patient], assertion=b"")
    have_an_emergency(clinic, web, patient, hetu=HETU)


def _with_a_password(clinic: Clinic, web: Listening) -> None:
    clinic.founding.give_password(  # type: ignore[attr-defined]  # the cast adds it
        clinic.people["helmi"], sign_in_name="helmi", password=PASSWORD
    )
    cookie = uuid4().bytes + uuid4().bytes
    client.sign_in(Session(cookie, web), name="helmi", password=PASSWORD, network="")
    clinic.cookies["helmi"] = cookie


def _with_a_report(clinic: Clinic, web: Listening, worker: Listening, *, patient: UUID) -> None:
    work_on_an_incident(clinic, web, worker)
    answer_a_telling(clinic, web, Listening(clinic.console, web.asked, web.answers))
    pia = Session(clinic.session("pia").cookie, web)
    assert ask_report(pia, patient, reason="asked", older="", after=0, is_file=False).lines
    decision = ReportDecision(0, 0, "", "granted", "", "a", "b", older=False, withheld=())
    assert decide_report(pia, patient, decision).sequence
    begun = ask_bundle(pia, patient, reason="asked", older="")
    assert ask_bundle_part(pia, patient, begun, after=0).files
    ask_for_scopes(pia)
    have_a_drill(pia, worker)
    look_into_a_leak(clinic, pia, patient)
    tell_people(clinic, web, worker)
    client.check(web)
    _with_an_erasure(clinic, web)


def _with_an_erasure(clinic: Clinic, web: Listening) -> None:
    """Ask, take back, ask again and approve; of somebody who is in no other part of the day."""
    patient = uuid4()
    make_chart(clinic, patient)
    pia, mauri = (Session(clinic.session(one).cookie, web) for one in ("pia", "mauri"))
    asker, second = give_key(clinic, "pia"), give_key(clinic, "mauri")
    basis, reason = Basis.NEVER_A_PATIENT, "made by mistake"
    assert erasing.look_at_erasure(mauri, patient).compartments == 1
    for is_meant in (False, True):
        touch = asker.touch(pia, erasing.over_asking(patient, basis, reason))
        erasing.ask_erasure(pia, patient, basis=basis, reason=reason, assertion=touch)
        [asked] = erasing.list_erasures(mauri).waiting
        if not is_meant:
            erasing.end_erasure(pia, patient, asked.request, reason="not yet")
    over = erasing.over_approving(patient, basis, asked.request)
    touch = second.touch(mauri, over)
    assert erasing.approve_erasure(mauri, patient, asked.request, assertion=touch).details


def _with_own_sessions(helmi: Session) -> None:
    client.recognise(helmi)
    client.name_session(helmi, "Firefox, Windows")
    assert [one.is_this for one in client.list_sessions(helmi)] == [True]
    client.end_session(helmi, uuid4())
    client.end_all_sessions(helmi, but_this=True)


def _with_a_reminder(aino: Session, worker: Listening) -> None:
    row = uuid4()
    client.put_outbox(aino, row=row, due=1_800_000_000, body=b"huomenna")
    client.take_outbox(worker, row)
    client.settle_outbox(worker, row, was_sent=True)


def _with_own_keys(web: Listening, helmi: Session) -> None:
    """Ask for everything about one's own ways in; what needs a security key is refused here."""
    assert client.ways_to_sign_in(web).password_alone
    assert len(client.ask_to_sign_in(web, "helmi").keys) == len(
        client.ask_to_sign_in(web, "x").keys
    )
    client.confirm_self(helmi, client.NEW_CODE, password=PASSWORD)
    client.add_own_code(helmi, CODE)
    client.confirm_self(helmi, client.NEW_KEY, password=PASSWORD)
    new = client.begin_own_key(helmi)
    with pytest.raises(client.NoTouch):
        client.add_own_key(
            helmi, client.Touched(), password=PASSWORD, prf_salt=new.prf_salt, label=""
        )
    client.change_own_password(helmi, client.Touched(), old=PASSWORD, new=PASSWORD)
    [code] = [one for one in client.list_own_keys(helmi).slots if one.kind == client.WITH_CODE]
    client.confirm_self(helmi, client.removal(code.slot), password=PASSWORD)
    client.remove_own_slot(helmi, code.slot)


def _at_the_desk(clinic: Clinic, aino: Session, patient: UUID) -> None:
    book = client.open_compartment(aino, clinic.phonebook(), purpose=Purpose.RECEPTION)
    place = Place(Kind.PHONEBOOK, patient, 1)
    [row] = book.seal([Plain(place, LINE)])
    book.load_book([Sealed(place, row)])
    assert client.find(aino, clinic.phonebook(), "mäkinen").total == 1
    assert client.find_hetu(aino, clinic.phonebook(), HETU).where == "here"
    assert client.list_colleagues(aino)


def _with_the_chart(clinic: Clinic, helmi: Session, chart: UUID) -> None:
    writing = client.open_compartment(helmi, chart, purpose=Purpose.CARE, mode=Mode.WRITE)
    place = Place(Kind.NOTE, uuid4(), 1)
    [sealed] = writing.seal([Plain(place, WORDS)])
    note = Sealed(place, sealed)
    reading = client.open_compartment(helmi, chart, purpose=Purpose.CARE)
    assert reading.unseal([note])[0].body == WORDS
    until = clinic.install.today()
    assert client.copy_notes(reading, [note], clinic.id("otso"), until=until)
    search = client.begin_search(helmi, "parantunut", [chart])
    client.scan_chart(helmi, search, chart, documents=[note])
    assert client.end_search(helmi, search).total == 1
    [dropped] = client.drop(helmi, [ToDrop(clinic.id("helmi"), uuid4(), b"{}")])
    desk = client.open_compartment(helmi, clinic.desk("helmi"), purpose=Purpose.OWN_DESK)
    assert desk.open_drops([dropped])[0].body == b"{}"


def _with_a_turned_key(clinic: Clinic, aino: Session, identity: UUID) -> None:
    client.withdraw(aino, [identity], clinic.id("helmi"))
    assert client.due_rotations(aino).total == 1
    client.begin_rotation(aino, identity)
    assert client.rotate_documents(aino, identity, []) == ()
    clinic.clock.ahead += 3 * 60 * 1_000_000
    client.commit_rotation(aino, identity)


def _at_the_console(clinic: Clinic, web: Listening) -> None:
    console = Listening(clinic.console, web.asked, web.answers)
    first, second = (Session(clinic.session(one).cookie, console) for one in ("mauri", "pia"))
    batch = client.begin_bringing_in(first, second, source="old", patients=1)
    patient = uuid4()
    identity, line = Place(Kind.IDENTITY, patient, 1), Place(Kind.PHONEBOOK, patient, 1)
    arrival = Arrival(
        patient,
        clinic.unit(KALLIO),
        clinic.id("helmi"),
        HETU,
        Plain(identity, WORDS),
        Plain(line, LINE),
        (Plain(Place(Kind.NOTE, uuid4(), 1), WORDS),),
    )
    assert client.bring_in(console, batch, [arrival])
    client.end_bringing_in(console, batch)
    assert client.survey(console).holders
    client.survey_one(console, patient)
    assert client.list_signed(console, 0).deeds
    reconciling.list_others(console, 0)
    take_a_kit(clinic.install, first, second)
    client.note_reconciled(console, entries=3, rows=3, dangling=0, missing=0)


def is_refusal(answer: protocol.Message) -> bool:
    return isinstance(answer, Refused)
