"""A ceremony's two halves at the clinic: out with an entry, back by grants, and never beyond."""

import argparse
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from tests.cast import Clinic
from tests.ceremony.conftest import Typing
from tests.warden.hostile import make_chart, open_chart
from vaitiolo.ceremony import answering, shares
from vaitiolo.keys import ceremonies, store
from vaitiolo.keys.holders import HolderKeys, master_part
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.ops import access, recovering
from vaitiolo.warden import client
from vaitiolo.warden.client import NotAllowed, NotGranted, Place, Plain, SealBroken, Sealed
from vaitiolo.warden.kinds import Kind, Mode, Purpose
from vaitiolo.warden.server import ceremonies as halves
from vaitiolo.warden.session import Session

SUCCESSION = 1
WORDS = b'{"text":"Uni on parantunut."}'


def console(clinic: Clinic, name: str) -> Session:
    return Session(clinic.session(name).cookie, clinic.console)


@dataclass
class Left:
    """What Helmi left behind: charts with a note each, which nobody else can open."""

    clinic: Clinic
    charts: dict[UUID, UUID]
    notes: dict[UUID, Sealed]

    def export(self, by: str = "pia", to: str = "otso") -> bytes:
        session, patients = console(self.clinic, by), list(self.charts)
        return client.export_ceremony(
            session, patients, to=self.clinic.id(to), purpose=SUCCESSION
        ).request

    def answer(self, request: bytes) -> bytes:
        """What officers make of it, who have their paper with them."""
        org, pinned = self.clinic.install.org, answering.pinned_by(self.clinic.install.trust)
        checked = answering.read_request(request, pinned)
        with HolderKeys(master_part(self.clinic.paper.master, org, part="chart"), org) as keys:
            return ceremonies.make_answer(
                checked, keys=keys, made=self.clinic.install.today()
            ).encode()

    def bring(self, request: bytes, answer: bytes, by: str = "pia") -> tuple[int, int]:
        done = client.import_ceremony(console(self.clinic, by), request=request, answer=answer)
        return done.granted, done.already

    def reads(self, name: str, patient: UUID) -> bytes:
        opened = client.open_compartment(
            self.clinic.session(name), self.charts[patient], purpose=Purpose.CARE
        )
        return opened.unseal([self.notes[patient]])[0].body


@pytest.fixture
def left(clinic: Clinic) -> Left:
    charts, notes = {}, {}
    for _ in range(2):
        patient = uuid4()
        charts[patient] = make_chart(clinic, patient)
        place = Place(Kind.NOTE, uuid4(), 1)
        writing = open_chart(clinic, charts[patient], mode=Mode.WRITE)
        notes[patient] = Sealed(place, writing.seal([Plain(place, WORDS)])[0])
    return Left(clinic, charts, notes)


def entries(clinic: Clinic, act: Act) -> int:
    return sum(entry.leaf.act == act for entry in queries.entries_from(0))


def test_the_successor_reads_what_was_left(left: Left) -> None:
    for patient in left.charts:
        with pytest.raises(NotGranted):
            left.reads("otso", patient)
    request = left.export()
    assert left.bring(request, left.answer(request)) == (2, 0)
    assert {left.reads("otso", patient) for patient in left.charts} == {WORDS}


def test_both_halves_and_each_grant_are_in_the_ledger(left: Left) -> None:
    before = entries(left.clinic, Act.GRANT)
    request = left.export()
    assert entries(left.clinic, Act.CEREMONY_EXPORTED) == 1
    left.bring(request, left.answer(request))
    assert entries(left.clinic, Act.CEREMONY_IMPORTED) == 1
    assert entries(left.clinic, Act.GRANT) == before + 2
    tags = [left.clinic.install.recording.tag(patient) for patient in left.charts]
    for tag in tags:
        assert Act.GRANT in {entry.leaf.act for entry in queries.entries_of(tag)}


def test_an_answer_brought_in_twice_is_in_once(left: Left) -> None:
    request = left.export()
    answer = left.answer(request)
    assert left.bring(request, answer) == (2, 0)
    stored = sum(len(store.grants_of(chart)) for chart in left.charts.values())
    assert left.bring(request, answer) == (0, 2)
    # A ceremony that was held again seals anew; what is as good is in already.
    assert left.bring(request, left.answer(request)) == (0, 2)
    assert sum(len(store.grants_of(chart)) for chart in left.charts.values()) == stored


def test_killed_in_the_middle_an_import_goes_on(
    left: Left, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    real, calls = store.add_grants, []

    def put(rows: object, **epochs: int | None) -> None:
        calls.append(rows)
        if len(calls) == 2:
            raise Killed
        real(rows, **epochs)  # type: ignore[arg-type]

    request = left.export()
    answer = left.answer(request)
    monkeypatch.setattr(halves, "AT_ONCE", 1)
    monkeypatch.setattr(store, "add_grants", put)
    with pytest.raises(Killed):
        left.bring(request, answer)
    monkeypatch.setattr(store, "add_grants", real)
    assert left.bring(request, answer) == (1, 1)
    assert {left.reads("otso", patient) for patient in left.charts} == {WORDS}


@pytest.mark.parametrize("name", ["helmi", "aino", "mauri"])
def test_only_registrar_and_privacy_officer_hold_one(left: Left, name: str) -> None:
    with pytest.raises(NotAllowed):
        left.export(by=name)
    request = left.export(by="ritva")
    with pytest.raises(NotAllowed):
        left.bring(request, left.answer(request), by=name)


def test_the_web_cannot_ask_for_it(left: Left) -> None:
    pia = left.clinic.session("pia")
    with pytest.raises(NotAllowed):
        client.export_ceremony(pia, list(left.charts), to=left.clinic.id("otso"), purpose=1)
    with pytest.raises(NotAllowed):
        client.import_ceremony(pia, request=b"", answer=b"")


def test_what_was_said_is_for_a_therapist_alone(left: Left) -> None:
    for name in ("aino", "mauri", "pia"):
        with pytest.raises(NotAllowed):
            left.export(to=name)


def test_only_named_patients_go_out(left: Left) -> None:
    other = make_chart(left.clinic, uuid4())
    asked = ceremonies.parse(left.export())
    assert {grant.compartment for grant in asked.grants} == set(left.charts.values())
    assert other not in {grant.compartment for grant in asked.grants}
    with pytest.raises(NotAllowed):
        client.export_ceremony(
            console(left.clinic, "pia"), [uuid4()], to=left.clinic.id("otso"), purpose=1
        )
    with pytest.raises(NotAllowed):
        client.export_ceremony(
            console(left.clinic, "pia"), list(left.charts), to=left.clinic.id("otso"), purpose=4
        )


def test_a_request_that_did_not_go_out_here_brings_nothing_in(left: Left) -> None:
    # Attack: officers with their paper answer a request that somebody wrote at home.
    clinic, given = left.clinic, ceremonies.parse(left.export())
    pia = clinic.people["pia"]
    card = clinic.install.directory.everyone()[pia.id].card
    terms = ceremonies.Terms(
        given.terms.purpose,
        given.terms.org,
        uuid4(),
        given.terms.made,
        given.terms.recovery,
        given.terms.target,
    )
    with HolderKeys(bytearray(pia.seed), clinic.install.org) as keys:
        forged = ceremonies.make_request(
            terms, shown=given.cards, given=given.grants, keys=keys, signer=card
        ).encode()
    answer = left.answer(forged)
    # The naive import asks nothing but whether the answer fits the request: it does.
    checked = answering.read_request(forged, answering.pinned_by(clinic.install.trust))
    ceremonies.check_answer(ceremonies.parse(answer), checked)
    with pytest.raises(NotAllowed):
        left.bring(forged, answer)


def test_with_a_silent_ledger_nothing_goes_out_and_nothing_comes_in(left: Left) -> None:
    request = left.export()
    answer = left.answer(request)
    left.clinic.install.recorder.stop()
    with pytest.raises(client.LedgerSilent):
        left.export()
    with pytest.raises(client.LedgerSilent):
        left.bring(request, answer)
    cards = {grant.recipient_card for grant in store.grants_of(next(iter(left.charts.values())))}
    assert ceremonies.parse(request).terms.target not in cards


def test_files_that_were_altered_bring_nothing_in(left: Left) -> None:
    request = left.export()
    answer = left.answer(request)
    for at in (0, 5, 40, 200, len(answer) - 1):
        wrong = bytearray(answer)
        wrong[at] ^= 1
        with pytest.raises(SealBroken):
            left.bring(request, bytes(wrong))
    with pytest.raises(SealBroken):
        left.bring(answer, request)
    assert left.bring(request, answer) == (2, 0)


def test_with_paper_and_command_from_end_to_end(left: Left, tmp_path: Path) -> None:
    clinic = left.clinic
    clinic.founding.give_password(  # type: ignore[attr-defined]  # the cast adds it
        clinic.people["pia"], sign_in_name="pia", password="hiljaa kulkee pitkälle"
    )
    actor = access.sign_in_officer(clinic.console, name="pia", password="hiljaa kulkee pitkälle")
    listed, request, answer = (tmp_path / name for name in ("patients", "request", "answer"))
    listed.write_text("\n".join(map(str, left.charts)))
    wanted = argparse.Namespace(
        request=request, answer=answer, patients=listed, to=clinic.id("otso"), purpose="succession"
    )
    assert "2 keys are asked for" in recovering.export_request(wanted, actor)
    assert request.stat().st_mode & 0o777 == 0o600
    pinned = answering.read_pins(clinic.home)
    desk = Typing([*shares.split(bytearray(clinic.paper.master))[:3], "yes"])
    checked = answering.read_request(request.read_bytes(), pinned)
    made = answering.answer(checked, pinned, desk, made=clinic.install.today())
    answering.write(answer, made)
    assert "2 keys were granted" in recovering.import_answer(wanted, actor)
    assert {left.reads("otso", patient) for patient in left.charts} == {WORDS}
