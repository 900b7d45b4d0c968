"""People being told, as part of a day in which all gets asked; and what is refused of it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from tests.cast import KALLIO, Clinic
from tests.warden.fingers import PASSWORD, enrol_officer
from vaitiolo.notices import writing
from vaitiolo.warden import client, protocol
from vaitiolo.warden.client import NewCompartment, Place, Plain, Sealed, scoping, telling
from vaitiolo.warden.client.incidents import let_into_incident, open_incident
from vaitiolo.warden.client.scoping import Loss, ScopeQuery
from vaitiolo.warden.client.telling import (
    NoticeBecame,
    TellingContact,
    TellingHelper,
    TellingPlan,
    ToTell,
)
from vaitiolo.warden.kinds import CompartmentClass, Kind, Mode, Purpose
from vaitiolo.warden.protocol import Question
from vaitiolo.warden.session import Session

WHO = (
    b'{"born_on":null,"email":"aada@example.org","family_name":"M\xc3\xa4kinen",'
    b'"given_name":"Aada","hetu":"","language":"fi","phone":"","postal_code":"00100",'
    b'"street":"Esimerkkikatu 1","town":"Helsinki"}'
)
PLAN = TellingPlan(
    scope=0,
    list_hash=bytes(32),
    case=UUID(int=1),
    texts=writing.newest().version,
    texts_hash=writing.newest().hash,
    address="apu.example.org/told",
    contact=TellingContact("09 000 0000", "8-20", "PL 1"),
    helpers=(TellingHelper("Line", "line@example.net"),),
    calls_an_hour=10,
    first_at=1,
    happened_from=1,
    happened_to=2,
    known_since=2,
    untouched=(),
    audiences=(),
    followup=0,
)


def telling_questions(cookie: bytes, patient: UUID, note: Sealed) -> Iterator[Question]:
    """Every question about tellings, of one that there is not: a patient is no telling."""
    person = ToTell(patient, note, 1, 1, "", b"", ())
    became = NoticeBecame(uuid4(), patient, "letter", "returned")
    yield protocol.PlanTelling(cookie, patient, None, PLAN)
    yield protocol.ApproveTelling(cookie, patient, bytes(32))
    yield protocol.StopTelling(cookie, patient, "why")
    yield protocol.GoOnTelling(cookie, patient, "why")
    yield protocol.ListTellings(cookie, patient)
    yield protocol.NextToTell(cookie, patient, 0, 1)
    yield protocol.TellSome(cookie, patient, (person,))
    yield protocol.LettersOf(cookie, patient, (uuid4(),), (person,), "why")
    yield protocol.TakeNotices(patient, (uuid4(),))
    yield protocol.NoticesBecame(patient, (became,))
    yield protocol.MarkNotices(cookie, patient, (became,))


def tell_people(clinic: Clinic, web: Any, worker: Any) -> None:
    """Two officers tell one patient; a letter is printed, a mail sent, both are settled."""
    patient, record = _somebody(clinic)
    pia, mauri = (Session(clinic.session(one).cookie, web) for one in ("pia", "mauri"))
    incident, plan = _planned(clinic, pia, patient)
    known = telling.plan_telling(pia, incident, plan)
    [helper] = telling.approve_telling(mauri, known.telling, plan_hash=known.plan_hash)
    telling.stop_telling(mauri, known.telling, reason="Wait")
    telling.go_on_telling(pia, known.telling, reason="Go on")
    assert [one.state for one in telling.list_tellings(mauri, incident)] == ["approved"]
    _join(clinic, (pia, mauri), case=plan.case, web=web)
    assert telling.next_to_tell(pia, known.telling, start=0, count=10).total == 1
    due = clinic.clock() // 1_000_000 + 3 * 60 * 60
    person = ToTell(patient, record, 1, due, "", b"", ())
    [told] = telling.tell_some(pia, known.telling, [person])
    mail, letter = told.notices
    brought = replace(person, state=told.state)
    assert telling.letters_of(pia, known.telling, [(letter.row, brought)])[0].lines
    telling.take_notices(worker, known.telling, [mail.row, helper.row])
    sent = NoticeBecame(mail.row, patient, mail.channel, telling.Became.SENT)
    telling.notices_became(worker, known.telling, [sent])
    returned = NoticeBecame(letter.row, patient, letter.channel, telling.Became.RETURNED)
    telling.mark_notices(mauri, known.telling, [returned])


def _somebody(clinic: Clinic) -> tuple[UUID, Sealed]:
    patient, aino = uuid4(), clinic.session("aino")
    new = NewCompartment(CompartmentClass.IDENTITY, patient, (), (clinic.unit(KALLIO),))
    [identity] = client.create_compartments(aino, [new])
    place = Place(Kind.IDENTITY, patient, 1)
    writes = client.open_compartment(aino, identity, purpose=Purpose.RECEPTION, mode=Mode.WRITE)
    return patient, Sealed(place, writes.seal([Plain(place, WHO)])[0])


def _planned(clinic: Clinic, pia: Session, patient: UUID) -> tuple[UUID, TellingPlan]:
    incident = open_incident(pia, "message", b'{"text":"A mail."}').incident
    let_into_incident(pia, incident, clinic.id("mauri"))
    query = ScopeQuery(Loss.HOLDER_KEYS, 0, clinic.clock(), person=clinic.id("aino"))
    scope = scoping.ask_scope(pia, query, reason="Stolen keys", incident=incident)
    scoping.keep_scope(pia, scope.scope, name="Told", incident=incident)
    case = client.open_case(pia, [patient], reason="To tell them")
    plan = replace(PLAN, scope=scope.scope, list_hash=scope.list_hash, case=case.case)
    return incident, plan


def _join(clinic: Clinic, officers: tuple[Session, Session], *, case: UUID, web: Any) -> None:
    fingers = [enrol_officer(clinic, name, web) for name in ("pia", "mauri")]
    [known] = [one for one in client.list_cases(officers[0]) if one.case == case]
    over = client.over_joining(case, known.list_hash)
    for session, finger in zip(officers, fingers, strict=True):
        touch = finger.touch(session, over)
        client.join_case(session, case, password=PASSWORD, prf=finger.prf, assertion=touch)
