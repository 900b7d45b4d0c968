"""Break-glass: a record opened in an emergency, by a few, with a reason, and never unseen."""

from dataclasses import replace
from uuid import uuid4

import pytest

from tests.cast import DAY, KALLIO, Clinic
from tests.warden.emergencies import REASON, WORDS, Night, a_night, a_patient, put_on_call, switch
from tests.warden.fingers import give_key
from tests.warden.hostile import make_chart, open_chart
from vaitiolo.keys import store
from vaitiolo.keys.kinds import CompartmentClass as Theirs
from vaitiolo.ledger.acts import Act
from vaitiolo.warden import client, protocol
from vaitiolo.warden.client import (
    Barred,
    GlassOff,
    GlassSpent,
    NoReason,
    NotAllowed,
    NotGranted,
    NoTouch,
    NoWitness,
    OffCall,
    OverBudget,
    OwnPatient,
)
from vaitiolo.warden.client.asking import ask
from vaitiolo.warden.client.reporting import ask_report
from vaitiolo.warden.kinds import CompartmentClass, Mode, Purpose, Role
from vaitiolo.warden.server.breaking import LOOKUPS
from vaitiolo.warden.server.tries import Pace

MINUTE = 60_000_000
HETU = "010190-999W"


@pytest.fixture
def night(clinic: Clinic) -> Night:
    return a_night(clinic)


# --- what it gives ---------------------------------------------------------------------


def test_a_clinician_on_call_reads_a_record_that_is_not_hers_and_each_step_is_an_entry(
    night: Night,
) -> None:
    with pytest.raises(NotGranted):
        night.read()
    opening = night.break_in()
    assert night.read() == WORDS
    assert night.acts()[-2:] == [Act.BREAK_GLASS, Act.OPEN_CHART]
    who = client.open_compartment(night.otso, night.identity, purpose=Purpose.CARE)
    assert who.klass == CompartmentClass.IDENTITY
    [told] = client.list_glasses(night.clinic.session("helmi"))
    assert (told.opening, told.opener_name, told.reason) == (opening, "Otso Oja", REASON)
    assert told.is_askers
    assert (told.state, told.patient) == ("waits", night.patient)


def test_a_chart_says_that_the_duty_card_can_open_it(night: Night) -> None:
    readers = open_chart(night.clinic, night.chart).readers
    assert (Role.DUTY, night.clinic.unit(KALLIO)) in {(one.role, one.unit) for one in readers}


def test_it_is_for_reading_and_for_nothing_else(night: Night) -> None:
    night.break_in()
    with pytest.raises(NotAllowed):
        open_chart(night.clinic, night.chart, "otso", Mode.WRITE)
    for deed in (
        lambda: client.grant(night.otso, night.chart, night.clinic.id("otso")),
        lambda: client.begin_search(night.otso, "sovittu", [night.chart]),
        lambda: client.withdraw(night.otso, [night.chart], night.clinic.id("helmi")),
    ):
        with pytest.raises((NotGranted, NotAllowed)):
            deed()


def test_it_ends_by_a_button_with_the_handles_it_gave(night: Night) -> None:
    night.break_in()
    opened = open_chart(night.clinic, night.chart, "otso")
    client.end_glass(night.otso, night.patient)
    with pytest.raises(NotGranted):
        opened.unseal([night.note])
    with pytest.raises(NotGranted):
        night.read()
    assert Act.BREAK_GLASS_ENDED in night.acts()


# --- the promises of the table -----------------------------------------------------------


def test_duty_needs_reason(night: Night) -> None:
    for reason in ("", "kiire", "  . . . . . . . . . . . .  ", "1234567890123", "x" * 501):
        with pytest.raises(NoReason):
            night.break_in(reason)
    with pytest.raises(NoTouch):
        client.break_glass(night.otso, night.patient, REASON, assertion=b"")
    with pytest.raises(NotGranted):
        night.read()
    assert Act.BREAK_GLASS not in night.acts()
    assert night.acts().count(Act.REFUSED) == 6


def test_duty_off(night: Night) -> None:
    night.break_in()
    install = night.clinic.install
    off = replace(install.trust.break_glass, enabled=False)
    install.trust = replace(install.trust, break_glass=off)
    other = a_patient(night.clinic)
    with pytest.raises(GlassOff):
        night.break_in(patient=other[0])
    assert {one.role for one in open_chart(night.clinic, other[1]).readers} == {Role.THERAPIST}
    with pytest.raises(NotGranted):
        night.read()


def test_duty_cosigned(night: Night) -> None:
    switch(night.clinic, witness="w1.example/1")
    night.clinic.install.waiting.patience = 0.1
    with pytest.raises(NoWitness):
        night.break_in()
    assert Act.BREAK_GLASS in night.acts()
    with pytest.raises(NotGranted):
        night.read()


def test_until_expired(night: Night) -> None:
    night.break_in()
    night.clinic.clock.ahead += 59 * MINUTE + 30_000_000
    keep_awake(night)
    opened = open_chart(night.clinic, night.chart, "otso")
    night.clinic.clock.ahead += 31_000_000
    with pytest.raises(NotGranted):
        opened.unseal([night.note])
    with pytest.raises(NotGranted):
        night.read()


def keep_awake(night: Night) -> None:
    """A session lapses when it is idle; this one is somebody's at a screen all the hour."""
    seat = night.clinic.install.memory.find(
        night.otso.cookie, now=night.clinic.clock() - 50 * MINUTE
    )
    seat.seen = night.clinic.clock()


# --- a page that lies -------------------------------------------------------------------


def test_a_touch_is_good_for_one_patient_one_reason_and_once(night: Night) -> None:
    other = a_patient(night.clinic)[0]
    for patient, reason in ((other, REASON), (night.patient, REASON + "!")):
        with pytest.raises(NoTouch):
            client.break_glass(night.otso, patient, reason, assertion=night.touch())
    used = night.touch()
    client.break_glass(night.otso, night.patient, REASON, assertion=used)
    client.end_glass(night.otso, night.patient)
    with pytest.raises(NoTouch):
        client.break_glass(night.otso, night.patient, REASON, assertion=used)


def test_one_opening_opens_nobody_else(night: Night) -> None:
    _, chart, identity = a_patient(night.clinic)
    night.break_in()
    for compartment in (chart, identity):
        with pytest.raises(NotGranted):
            client.open_compartment(night.otso, compartment, purpose=Purpose.CARE)
    handle = open_chart(night.clinic, night.chart, "otso").handle
    helmi = night.clinic.session("helmi")
    with pytest.raises(NotGranted):
        ask(
            helmi.transport,
            protocol.Unseal(helmi.cookie, handle, (night.note,)),
            protocol.Unsealed,
        )


def test_taken_off_the_roster_opens_nothing_from_that_moment(night: Night) -> None:
    night.break_in()
    put_on_call(night.clinic, "helmi")
    with pytest.raises(NotGranted):
        night.read()
    night.clinic.seat("otso")
    with pytest.raises(OffCall):
        night.break_in()


def test_a_budget_is_not_refilled_by_signing_in_anew(night: Night) -> None:
    switch(night.clinic, patients_in_28_days=1)
    other = a_patient(night.clinic)[0]
    night.break_in()
    night.clinic.seat("otso")
    with pytest.raises(GlassSpent):
        night.break_in(patient=other)
    night.break_in()
    night.clinic.clock.ahead += 29 * DAY
    night.clinic.seat("otso")
    night.break_in(patient=other)


def test_a_unit_has_a_budget_of_its_own(night: Night) -> None:
    switch(night.clinic, unit_patients_a_day=1)
    night.break_in()
    other = a_patient(night.clinic)[0]
    with pytest.raises(GlassSpent):
        night.break_in(patient=other)


def test_a_list_of_identity_codes_is_not_answered(night: Night) -> None:
    night.clinic.install.hetu_pace = Pace(1_000, span=1_000_000)
    for _ in range(LOOKUPS):
        assert client.find_on_duty(night.otso, HETU).patient is None
    with pytest.raises(OverBudget):
        client.find_on_duty(night.otso, HETU)


def test_an_own_patient_needs_no_emergency(night: Night) -> None:
    own = uuid4()
    make_chart(night.clinic, own, "otso")
    with pytest.raises(OwnPatient):
        night.break_in(patient=own)


# --- rosters and duty cards ---------------------------------------------------------------


def test_only_a_registrar_or_a_manager_sets_a_roster_and_only_of_therapists(night: Night) -> None:
    kallio, otso = night.clinic.unit(KALLIO), night.clinic.id("otso")
    for name in ("helmi", "aino", "pia", "otso"):
        with pytest.raises(NotAllowed):
            client.set_roster(night.clinic.session(name), kallio, [otso], assertion=b"")
    for unit, person in ((uuid4(), otso), (kallio, night.clinic.id("aino"))):
        with pytest.raises(NotAllowed):
            client.set_roster(night.clinic.session("mauri"), unit, [person], assertion=b"")


def test_somebody_added_is_let_in_by_a_colleague_on_call(night: Night) -> None:
    clinic = night.clinic
    otso, helmi = clinic.id("otso"), clinic.id("helmi")
    client.set_roster(clinic.session("mauri"), clinic.unit(KALLIO), [otso, helmi], assertion=b"")
    [roster] = client.ask_rosters(clinic.session("mauri")).rosters
    assert roster.ready == (otso,)
    client.due_rotations(night.otso)
    [roster] = client.ask_rosters(clinic.session("mauri")).rosters
    assert set(roster.ready) == {otso, helmi}


def test_a_patient_from_before_is_reached_once_the_therapist_is_there(clinic: Clinic) -> None:
    patient = uuid4()
    chart = make_chart(clinic, patient)
    switch(clinic)
    put_on_call(clinic, "otso")
    night = Night(clinic, patient, chart, chart, None, give_key(clinic, "otso"))  # type: ignore[arg-type]
    with pytest.raises(NotGranted):
        night.break_in()
    client.due_rotations(clinic.session("helmi"))
    night.break_in()
    assert open_chart(clinic, chart, "otso").klass == CompartmentClass.CHART


def test_a_barred_patient_is_not_reached_and_can_be_allowed_again(night: Night) -> None:
    helmi = night.clinic.session("helmi")
    with pytest.raises(NotGranted):
        client.bar_glass(night.otso, night.patient, is_barred=True)
    client.bar_glass(helmi, night.patient, is_barred=True)
    assert store.compartment(night.chart).pending_epoch == 2  # type: ignore[union-attr]
    assert Role.DUTY not in {one.role for one in open_chart(night.clinic, night.chart).readers}
    night.clinic.seat("helmi")
    client.due_rotations(night.clinic.session("helmi"))
    with pytest.raises(Barred):
        night.break_in()
    client.bar_glass(night.clinic.session("helmi"), night.patient, is_barred=False)
    night.break_in()
    assert night.read() == WORDS


def test_an_exchanged_duty_card_is_followed_where_keys_are_turned(night: Night) -> None:
    put_on_call(night.clinic, "helmi")
    before = store.granted_to(
        [row.id for row in store.cards_of(night.clinic.unit(KALLIO)) if row.role == Role.DUTY],
        klass=Theirs.CHART,
    )
    assert [row.id for row in before] == [night.chart]
    helmi = night.clinic.session("helmi")
    assert night.chart in {one.compartment for one in client.due_rotations(helmi).rotations}
    client.begin_rotation(helmi, night.chart)
    grants = [one for one in store.grants_of(night.chart) if one.epoch == 2]
    newest = [row for row in store.cards_of(night.clinic.unit(KALLIO)) if row.role == Role.DUTY][-1]
    assert newest.id in {one.recipient_card for one in grants}
    assert len(store.cards_of(night.clinic.unit(KALLIO))) == 3


# --- the morning after ----------------------------------------------------------------------


def answer(night: Night, name: str, opening: int, *, right: bool, words: str = "") -> object:
    return client.review_glass(night.clinic.session(name), opening, is_right=right, words=words)


def test_the_therapist_answers_once_and_the_answer_is_an_entry(night: Night) -> None:
    opening = night.break_in()
    for name in ("otso", "pia", "aino"):
        with pytest.raises(NotAllowed):
            answer(night, name, opening, right=True)
    assert answer(night, "helmi", opening, right=True) is None
    assert night.acts()[-1] == Act.REVIEWED
    with pytest.raises(NotAllowed):
        answer(night, "helmi", opening, right=False, words=REASON)
    [told] = client.list_glasses(night.clinic.session("pia"))
    assert (told.state, told.by_name, told.is_askers) == ("right", "Helmi Halla", False)


def test_not_all_right_opens_an_incident(night: Night) -> None:
    opening = night.break_in()
    with pytest.raises(NoReason):
        answer(night, "helmi", opening, right=False)
    assert answer(night, "helmi", opening, right=False, words="En tunne tätä tilannetta lainkaan.")
    [told] = client.list_glasses(night.otso)
    assert (told.state, told.is_own) == ("wrong", True)


def test_nobody_answers_for_three_working_days_so_the_officer_is_asked(night: Night) -> None:
    opening = night.break_in()
    assert not client.list_glasses(night.clinic.session("pia"))[0].is_askers
    night.clinic.clock.ahead += 6 * DAY
    for name in ("pia", "helmi"):
        night.clinic.seat(name)
    [told] = client.list_glasses(night.clinic.session("pia"))
    assert (told.state, told.is_askers) == ("no-answer", True)
    assert answer(night, "pia", opening, right=True) is None


def test_the_patients_report_says_it_in_full(night: Night) -> None:
    opening = night.break_in()
    night.read()
    assert answer(night, "helmi", opening, right=False, words="En tunne tätä tilannetta lainkaan.")
    pia = night.clinic.session("pia")
    lines = ask_report(pia, night.patient, reason="kysyi", older="", after=0, is_file=False).lines
    said = {(one.act, one.name, one.ground) for one in lines}
    assert {
        (Act.BREAK_GLASS, "Otso Oja", REASON),
        (Act.OPEN_CHART, "Otso Oja", "break-glass"),
        (Act.REVIEWED, "Helmi Halla", "not-all-right"),
    } <= said


def test_how_the_patient_is_told_is_said_once_by_whoever_opened(night: Night) -> None:
    opening = night.break_in()
    with pytest.raises(NotAllowed):
        client.note_told(night.clinic.session("helmi"), opening, way="email")
    client.note_told(night.otso, opening, way="none")
    with pytest.raises(NotAllowed):
        client.note_told(night.otso, opening, way="email")
    assert client.list_glasses(night.clinic.session("pia"))[0].told == "none"
    assert Act.BREAK_GLASS_TOLD in night.acts()
