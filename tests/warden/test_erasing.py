"""Erasing takes two persons, is all or nothing, and leaves a ledger that everybody can verify."""

from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
from django.db import connections

from tests.cast import KALLIO, Clinic
from tests.ledger.tampering import tamper
from tests.warden.fingers import Finger, give_key
from tests.warden.hostile import open_chart
from tests.warden.test_reporting import WHY, ask, live
from vaitiolo.keys import store
from vaitiolo.keys.rows import ErasureRow
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.auditing import audit
from vaitiolo.ledger.recorder import LedgerSilent
from vaitiolo.warden import client
from vaitiolo.warden.client import Place, Plain, erasing
from vaitiolo.warden.client.erasing import ErasureAsked, ErasureMade
from vaitiolo.warden.client.refusals import (
    ErasureWaits,
    NoErasure,
    NotAllowed,
    NotGranted,
    NoTouch,
    NoWitness,
)
from vaitiolo.warden.client.scoping import Loss, ScopeQuery, ask_scope, list_scope
from vaitiolo.warden.kinds import Basis, CompartmentClass, Kind, Mode, Purpose
from vaitiolo.warden.server import witnesses
from vaitiolo.warden.server.recording import Deed, Recording
from vaitiolo.warden.server.refusing import No


@dataclass
class Office:
    """A patient with a past, and two officers with keys in hand."""

    clinic: Clinic
    patient: UUID
    fingers: dict[str, Finger]

    def ask(self, *, by: str = "pia", over: bytes | None = None, basis: str = "") -> None:
        session, basis = self.clinic.session(by), basis or Basis.RETENTION_OVER
        touched = over or erasing.over_asking(self.patient, basis, WHY)
        assertion = self.fingers[by].touch(session, touched)
        erasing.ask_erasure(session, self.patient, basis=basis, reason=WHY, assertion=assertion)

    def waiting(self, *, by: str = "mauri") -> ErasureAsked:
        [waiting] = erasing.list_erasures(self.clinic.session(by)).waiting
        return waiting

    def approve(self, *, by: str = "mauri", over: bytes | None = None) -> ErasureMade:
        asked, session = self.waiting(by=by), self.clinic.session(by)
        touched = over or erasing.over_approving(self.patient, asked.basis, asked.request)
        assertion = self.fingers[by].touch(session, touched)
        return erasing.approve_erasure(session, self.patient, asked.request, assertion=assertion)

    def erase(self) -> ErasureMade:
        self.ask()
        return self.approve()

    @property
    def tag(self) -> bytes:
        found = store.find_audit_secret(self.patient)
        assert found is not None
        return found.tag

    def key(self) -> object:
        return witnesses.log_key(self.clinic.install)


@pytest.fixture
def office(clinic: Clinic) -> Office:
    patient, _truth = live(clinic)
    fingers = {name: give_key(clinic, name) for name in ("pia", "mauri")}
    return Office(clinic, patient, fingers)


def details_under(tag: bytes) -> int:
    return sum(one.detail is not None for one in queries.entries_of(tag))


def acts_under(tag: bytes) -> list[Act]:
    return [one.leaf.act for one in queries.entries_of(tag)]


def test_two_persons_erase_and_the_ledger_is_as_sound_as_before(office: Office) -> None:
    clinic, tag = office.clinic, office.tag
    live(clinic)
    before = list(queries.entries_of(tag))
    note = clinic.install.recorder.checkpoint_now()
    seen = erasing.look_at_erasure(clinic.session("mauri"), office.patient)
    assert seen.entries == seen.details == len(before)
    assert set(seen.holders) >= {clinic.id("helmi"), clinic.id("otso")}
    office.ask()
    # The second sees what the first saw, and the entry of the asking itself.
    shown = office.waiting().gone
    assert (shown.entries, shown.grants) == (seen.entries + 1, seen.grants)
    assert (office.waiting().reason, office.waiting().asked_by) == (WHY, "Pia Puro")
    made = office.approve()

    after = list(queries.entries_of(tag))
    assert [one.leaf for one in after[: len(before)]] == [one.leaf for one in before]
    assert [one.leaf.act for one in after[len(before) :]] == [
        Act.ERASURE_ASKED,
        Act.ERASURE_APPROVED,
    ]
    assert made.details == len(after)
    assert all(one.salt is None and one.detail is None for one in after)
    assert (made.compartments, made.grants) == (seen.compartments, seen.grants)
    assert store.compartments_of(office.patient) == []
    assert store.subject_of(tag) is store.find_audit_secret(office.patient) is None
    findings = audit(office.key(), earlier=[note])
    assert findings.faults == []
    [done] = erasing.list_erasures(clinic.session("ritva")).done
    assert (done.index, done.basis, done.details) == (made.index, "retention-over", made.details)
    assert (done.asked_by, done.approved_by) == ("Pia Puro", "Mauri Mäki")


def test_nobody_erases_alone_or_without_being_an_officer(office: Office) -> None:
    clinic, session = office.clinic, office.clinic.session
    for name in ("helmi", "aino", "mauri", "ritva"):
        with pytest.raises(NotAllowed):
            erasing.ask_erasure(
                session(name), office.patient, basis="ordered", reason=WHY, assertion=b""
            )
    office.ask()
    with pytest.raises(ErasureWaits):
        office.ask()
    request = office.waiting().request
    for name in ("pia", "helmi", "aino"):
        with pytest.raises(NotAllowed):
            erasing.approve_erasure(session(name), office.patient, request, assertion=b"")
    assert details_under(office.tag) == len(acts_under(office.tag))
    assert clinic.install.recording.tag(office.patient) == office.tag


def test_a_touch_is_good_for_the_one_request_it_was_given_for(office: Office) -> None:
    with pytest.raises(NoTouch):
        office.ask(over=erasing.over_asking(office.patient, "ordered", WHY))
    with pytest.raises(NoTouch):
        office.ask(over=erasing.over_asking(uuid4(), Basis.RETENTION_OVER, WHY))
    office.ask()
    request = office.waiting().request
    for other in (
        erasing.over_approving(office.patient, "ordered", request),
        erasing.over_approving(office.patient, Basis.RETENTION_OVER, request - 1),
        erasing.over_approving(uuid4(), Basis.RETENTION_OVER, request),
        erasing.over_asking(office.patient, Basis.RETENTION_OVER, WHY),
    ):
        with pytest.raises(NoTouch):
            office.approve(over=other)
    assert details_under(office.tag) == len(acts_under(office.tag))


@pytest.mark.parametrize("by", ["pia", "mauri"])
def test_what_was_taken_back_or_declined_is_not_done(office: Office, by: str) -> None:
    office.ask()
    request, session = office.waiting().request, office.clinic.session
    row = store.erasure(office.patient)
    assert row is not None
    erasing.end_erasure(session(by), office.patient, request, reason="No.")
    # Whoever writes the database puts the row back: the ledger says that it has ended.
    store.put_erasure(row)
    assert erasing.list_erasures(session("mauri")).waiting == ()
    over = erasing.over_approving(office.patient, Basis.RETENTION_OVER, request)
    with pytest.raises(NoErasure):
        erasing.approve_erasure(
            session("mauri"),
            office.patient,
            request,
            assertion=office.fingers["mauri"].touch(session("mauri"), over),
        )
    told = ask(office.clinic, office.patient).lines
    assert [one.act for one in told].count(Act.ERASURE_ENDED) == 1
    # It can be asked for again.
    office.ask()
    assert office.waiting().request > request


def test_a_planted_request_is_none(office: Office) -> None:
    clinic = office.clinic
    store.put_erasure(ErasureRow(office.patient, 3))
    assert erasing.list_erasures(clinic.session("mauri")).waiting == ()
    with pytest.raises(NoErasure):
        erasing.approve_erasure(clinic.session("mauri"), office.patient, 3, assertion=b"")
    assert details_under(office.tag) == len(acts_under(office.tag))


def test_it_waits_for_a_witness_where_the_policy_names_one(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.ask()

    def silent(_install: object, index: int, *, subject: UUID) -> None:
        assert queries.entry(index).leaf.act is Act.ERASURE_APPROVED
        raise No("no-witness", subject=subject)

    monkeypatch.setattr(witnesses, "demand", silent)
    with pytest.raises(NoWitness):
        office.approve()
    assert details_under(office.tag) == len(acts_under(office.tag))
    monkeypatch.undo()
    assert office.approve().details


def test_whoever_was_erased_is_refused_from_then_on(office: Office) -> None:
    clinic, patient, tag = office.clinic, office.patient, office.tag
    chart = next(one.id for one in store.compartments_of(patient, klass=CompartmentClass.CHART))
    writing = open_chart(clinic, chart, mode=Mode.WRITE)
    office.erase()
    count = len(acts_under(tag))
    with pytest.raises(NotGranted):
        writing.seal([Plain(Place(Kind.NOTE, uuid4(), 1), b"{}")])
    with pytest.raises(NotGranted):
        open_chart(clinic, chart)
    with pytest.raises(NotGranted):
        ask(clinic, patient)
    with pytest.raises(NotGranted):
        erasing.look_at_erasure(clinic.session("pia"), patient)
    with pytest.raises(No):
        clinic.install.recording.tag(patient)
    assert len(acts_under(tag)) == count
    assert store.find_audit_secret(patient) is None
    # The others' records are as they were.
    other, _truth = live(clinic)
    assert ask(clinic, other).lines


def test_another_warden_that_still_has_the_key_writes_nothing_under_the_tag(
    office: Office,
) -> None:
    clinic, tag = office.clinic, office.tag
    install = clinic.install
    # A second pen over the same recorder, which learned the tag before it was erased.
    other = Recording(org=install.org, kms=install.kms, number=1, recorder=install.recorder)
    assert other.tag(office.patient) == tag
    office.erase()
    count = len(acts_under(tag))
    with pytest.raises(No):
        other.record([Deed(Act.OPEN_CHART, office.patient, clinic.id("helmi"))])
    assert len(acts_under(tag)) == count
    with pytest.raises(No):
        other.tag(office.patient)


def test_when_it_cannot_be_written_nothing_is_erased(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.ask()
    tag, count = office.tag, len(acts_under(office.tag))

    def fails(connection: object, subject: UUID) -> None:
        assert details_under(tag) == 0 or connections["vault"].vendor == "postgresql"
        raise LedgerSilent(str(subject)[:0])

    monkeypatch.setattr(store, "remove_subject", fails)
    with pytest.raises(client.LedgerSilent):
        office.approve()
    assert details_under(tag) == count + 1
    assert store.compartments_of(office.patient)
    assert audit(office.key()).faults == []
    monkeypatch.undo()
    assert office.approve().details == count + 2


def test_former_staff_can_be_erased_and_what_they_did_still_stands(office: Office) -> None:
    clinic = office.clinic
    otso = clinic.id("otso")
    with pytest.raises(NotAllowed):
        erasing.look_at_erasure(clinic.session("pia"), otso)
    client.revoke_card(clinic.session("ritva"), otso, reason=1)
    patient, office.patient = office.patient, otso
    with pytest.raises(NotAllowed):
        office.ask(basis=Basis.NEVER_A_PATIENT)
    office.ask(basis=Basis.LOG_RETENTION_OVER)
    assert office.waiting().gone.is_staff
    assert office.approve().details
    # Who opened the patient's chart is in the patient's own entries, and the name with it.
    told = ask(clinic, patient).lines
    opened = [one for one in told if one.act == Act.OPEN_CHART and one.person is None]
    assert len(opened) == 1
    assert audit(office.key()).faults == []


@pytest.mark.parametrize("basis", ["", "because", Basis.LOG_RETENTION_OVER])
def test_the_ground_is_one_of_a_list(office: Office, basis: str) -> None:
    session = office.clinic.session("pia")
    with pytest.raises(NotAllowed):
        erasing.ask_erasure(session, office.patient, basis=basis, reason=WHY, assertion=b"")


def test_a_patient_in_an_open_phone_book_is_found_no_more(office: Office) -> None:
    clinic, aino = office.clinic, office.clinic.session("aino")
    book = client.open_compartment(aino, clinic.phonebook(KALLIO), purpose=Purpose.RECEPTION)
    place = Place(Kind.PHONEBOOK, office.patient, 1)
    line = b'{"name": "Aada M\xc3\xa4kinen", "hetu": "010190-999W"}'
    book.load_book([client.Sealed(place, book.seal([Plain(place, line)])[0])])
    assert client.find(aino, clinic.phonebook(), "aada").total == 1
    office.erase()
    assert client.find(aino, clinic.phonebook(), "aada").total == 0


def test_a_scope_that_was_found_before_leads_to_nobody_erased(office: Office) -> None:
    pia, patient = office.clinic.session("pia"), office.patient
    query = ScopeQuery(int(Loss.OPENED), since=0, until=office.clinic.clock())
    scope = ask_scope(pia, query, reason=WHY).scope
    assert patient in {one.patient for one in list_scope(pia, scope, start=0, count=99).patients}
    office.erase()
    # Whoever turns a page of what was found before is told that there is one, and not who.
    after = {one.patient for one in list_scope(pia, scope, start=0, count=99).patients}
    assert None in after
    assert patient not in after


def test_an_end_whose_detail_is_deleted_does_not_bring_the_asking_back(office: Office) -> None:
    office.ask()
    asked = office.waiting()
    erasing.end_erasure(office.clinic.session("pia"), office.patient, asked.request, reason="")
    [ended] = queries.acts_of(office.tag, Act.ERASURE_ENDED)
    tamper('DELETE FROM ledger_detail WHERE "index" = %s', ended[0])
    store.put_erasure(ErasureRow(office.patient, asked.request))
    assert not erasing.list_erasures(office.clinic.session("mauri")).waiting
