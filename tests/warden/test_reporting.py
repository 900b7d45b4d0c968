"""A patient's report against what was really done; and a chain with a gap is no report."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from django.db import connections

from tests.cast import DAY, KALLIO, Clinic
from tests.ledger.tampering import tamper
from tests.warden.hostile import make_chart, open_chart
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.warden import client
from vaitiolo.warden.client import NewCompartment, Place, Plain
from vaitiolo.warden.client.refusals import (
    NotAllowed,
    NotGranted,
    OverBudget,
    ReportIncomplete,
)
from vaitiolo.warden.client.reporting import Reported, ask_report
from vaitiolo.warden.kinds import CompartmentClass, Kind, Mode, Purpose, Role
from vaitiolo.warden.server import alarms, reporting

WHY = "The patient asked in writing."


def ask(
    clinic: Clinic, patient: UUID, *, by: str = "pia", older: str = "", is_file: bool = False
) -> Reported:
    session = clinic.session(by)
    return ask_report(session, patient, reason=WHY, older=older, after=0, is_file=is_file)


def live(clinic: Clinic) -> tuple[UUID, list[tuple[int, UUID, str]]]:
    """Do things with a patient's record; return them as a reader at the next desk notes them."""
    patient, aino, helmi = uuid4(), clinic.id("aino"), clinic.id("helmi")
    unit = NewCompartment(CompartmentClass.IDENTITY, patient, (), (clinic.unit(KALLIO),))
    [identity] = client.create_compartments(clinic.session("aino"), [unit])
    chart = make_chart(clinic, patient)
    client.open_compartment(clinic.session("aino"), identity, purpose=Purpose.RECEPTION)
    open_chart(clinic, chart)
    writing = open_chart(clinic, chart, mode=Mode.WRITE)
    writing.seal([Plain(Place(Kind.NOTE, uuid4(), 1), b'{"text": "x"}')])
    with pytest.raises(NotGranted):
        client.open_compartment(clinic.session("otso"), chart, purpose=Purpose.CARE)
    client.grant(clinic.session("helmi"), chart, clinic.id("otso"))
    open_chart(clinic, chart, "otso")
    return patient, [
        (Act.CREATE, aino, ""),
        (Act.CREATE, aino, ""),
        (Act.OPEN_IDENTITY, aino, ""),
        (Act.OPEN_CHART, helmi, ""),
        (Act.SIGN, helmi, ""),
        (Act.REFUSED, clinic.id("otso"), "not-granted"),
        (Act.GRANT, helmi, ""),
        (Act.OPEN_CHART, clinic.id("otso"), ""),
    ]


def test_it_holds_all_that_was_done_and_all_that_was_refused(clinic: Clinic) -> None:
    patient, truth = live(clinic)
    live(clinic)
    told = ask(clinic, patient)
    assert [(one.act, one.person, one.reason) for one in told.lines[:-1]] == truth
    assert [one.sequence for one in told.lines] == list(range(1, len(told.lines) + 1))
    own = told.lines[-1]
    assert (own.act, own.name, own.ground) == (Act.REPORTED, "Pia Puro", WHY)
    [given] = [one for one in told.lines if one.act == Act.GRANT]
    assert (given.other_name, given.klass) == ("Otso Oja", CompartmentClass.CHART)
    assert not told.is_more


def test_whoever_has_left_is_named_all_the_same(clinic: Clinic) -> None:
    patient, _truth = live(clinic)
    client.revoke_card(clinic.session("ritva"), clinic.id("otso"), reason=1)
    tried = [one for one in ask(clinic, patient).lines if one.act == Act.REFUSED]
    assert [(one.name, one.role) for one in tried] == [("Otso Oja", Role.THERAPIST)]


@pytest.mark.parametrize("by", ["helmi", "aino", "ritva", "mauri"])
def test_it_is_for_the_officer_alone_and_asking_stands_in_it(clinic: Clinic, by: str) -> None:
    patient, _truth = live(clinic)
    with pytest.raises(NotAllowed):
        ask(clinic, patient, by=by)
    tried = ask(clinic, patient).lines[-2]
    assert (tried.act, tried.question, tried.person) == (Act.REFUSED, "AskReport", clinic.id(by))


def test_nobody_is_a_patient_who_is_none(clinic: Clinic) -> None:
    for stranger in (uuid4(), clinic.id("helmi"), clinic.unit(KALLIO), UUID(int=1)):
        with pytest.raises(NotGranted):
            ask(clinic, stranger)


def test_it_comes_in_pages_without_a_line_lost(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient, truth = live(clinic)
    monkeypatch.setattr(reporting, "PAGE", 3)
    told, after = [], 0
    while True:
        page = ask_report(
            clinic.session("pia"), patient, reason=WHY, older="", after=after, is_file=False
        )
        told += page.lines
        after = told[-1].sequence
        if not page.is_more:
            break
    assert [one.act for one in told if one.act != Act.REPORTED] == [act for act, *_ in truth]
    assert [one.sequence for one in told] == list(range(1, len(told) + 1))


def test_what_is_older_than_the_law_gives_needs_a_ground(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient, truth = live(clinic)
    # Cards end before two years do.
    monkeypatch.setattr(reporting, "TWO_YEARS", 20 * DAY)
    clinic.clock.ahead += 30 * DAY
    clinic.seat("pia")
    told = ask(clinic, patient)
    assert (told.earlier, len(told.lines)) == (len(truth), 1)
    told = ask(clinic, patient, older="A complaint about that time.")
    assert (told.earlier, len(told.lines)) == (0, len(truth) + 2)


def test_one_patient_after_the_other_is_stopped(clinic: Clinic) -> None:
    install, [first, second, third] = clinic.install, [live(clinic)[0] for _ in range(3)]
    team = replace(install.trust.budgets.care_team, hour=2)
    install.trust = replace(install.trust, budgets=replace(install.trust.budgets, care_team=team))
    ask(clinic, first)
    ask(clinic, second)
    with pytest.raises(OverBudget):
        ask(clinic, third)
    assert ask(clinic, first).lines


@pytest.mark.parametrize("number", [1, 4])
def test_a_gap_is_no_report_and_an_alarm(clinic: Clinic, number: int) -> None:
    patient, truth = live(clinic)
    tag = clinic.install.recording.tag(patient)
    # Published before, so that no checkpoint finds the gap first and silences the ledger.
    clinic.install.recorder.checkpoint_now()
    # A checkpoint that is due meanwhile would read the entries, and silence the ledger.
    clinic.install.recorder.checkpoint_now()
    tamper("DELETE FROM ledger_entry WHERE patient_tag = %s AND patient_seq = %s", tag, number)
    # Whoever asks the table alone is told a report that looks whole.
    assert len(list(queries.entries_of(tag))) == len(truth) - 1
    with pytest.raises(ReportIncomplete):
        ask(clinic, patient)
    assert [one.rule for one in alarms.open_alerts(clinic.install)] == ["report incomplete"]


def test_what_was_erased_is_shown_as_erased(clinic: Clinic) -> None:
    patient, truth = live(clinic)
    index = ask(clinic, patient).lines[3].index
    with connections["vault"].cursor() as cursor:
        cursor.execute('DELETE FROM ledger_detail WHERE "index" = %s', [index])
    told = ask(clinic, patient).lines
    assert [one.sequence for one in told if one.is_erased] == [4]
    assert (told[3].act, told[3].ground) == (truth[3][0], "")
