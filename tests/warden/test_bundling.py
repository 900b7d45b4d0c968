"""Bundles out of a living clinic; chains whose end was cut off; decisions that are held to."""

import io
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from uuid import UUID, uuid4

import pytest
from django.db import connections

from tests.cast import DAY, Clinic
from tests.ledger import second
from tests.ledger.tampering import tamper
from tests.warden.test_reporting import ask, live
from tests.watch.test_pages import NAME, cosign
from vaitiolo.keys.trust import Witness as Pinned
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.heading import Heads
from vaitiolo.ledger.verify import archives, bundle_checks, bundles
from vaitiolo.ledger.verify.bundles import Bundle
from vaitiolo.ledger.verify.cosignatures import Cosigner, draw_seed
from vaitiolo.ledger.verify.policies import read_policy
from vaitiolo.warden.client import reporting, witnessing
from vaitiolo.warden.client.refusals import (
    NotAllowed,
    NotGranted,
    NoWitness,
    QuestionBroken,
    ReportIncomplete,
    ReportRefused,
)
from vaitiolo.warden.client.reporting import ReportDecision, ReportLine
from vaitiolo.warden.kinds import Caller
from vaitiolo.warden.server import alarms, bundling, witnesses
from vaitiolo.warden.server import reporting as answering
from vaitiolo.warden.server.agent import Agent
from vaitiolo.warden.server.pulse import Pulse

WHY = "The patient asked in writing."
DECISION = ReportDecision(
    0, 0, "", "partly", "others", "By letter.", "Somebody else.", older=False, withheld=()
)


def take(
    clinic: Clinic, patient: UUID, *, older: str = ""
) -> tuple[dict[str, bytes], list[ReportLine]]:
    """Take a bundle away, part by part."""
    pia = clinic.session("pia")
    begun = reporting.ask_bundle(pia, patient, reason=WHY, older=older)
    files, lines = list(begun.files), []
    after, is_more = 0, True
    while is_more:
        part = reporting.ask_bundle_part(pia, patient, begun, after=after)
        files += part.files
        lines += part.lines
        after, is_more = part.after, part.is_more
    return {one.name: one.content for one in files}, lines


def said_of(files: dict[str, bytes]) -> dict[str, tuple[object, ...]]:
    bundle: Bundle = bundles.read(files)
    return {one.code: one.values for one in bundle_checks.check(bundle, read_policy(bundle.policy))}


@contextmanager
def witnessed(clinic: Clinic) -> Iterator[None]:
    """Name a witness in the policy; its courier brings a line whenever somebody waits for one."""
    cosigner, install = Cosigner(NAME, draw_seed()), clinic.install
    pinned = (Pinned(NAME, cosigner.key.public),)
    ledger = replace(install.trust.ledger, quorum=1)
    install.trust = replace(install.trust, witnesses=pinned, ledger=ledger)
    over, worker = threading.Event(), Agent(install, caller=Caller.WORKER)

    def carry() -> None:
        while not over.is_set():
            seen = witnesses.size_seen(install)
            wanted = witnessing.await_checkpoint(worker, seen=seen, seconds=1).is_wanted
            if wanted and not over.is_set():
                cosign(clinic, cosigner)
        connections.close_all()

    thread = threading.Thread(target=carry, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        with install.waiting.moved:
            install.waiting.wanted = 1 << 40
            install.waiting.moved.notify_all()
        thread.join()


def test_a_bundle_holds_the_whole_chain_and_proves_it(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundling, "PAGE", 4)
    patient, truth = live(clinic)
    live(clinic)
    with witnessed(clinic):
        files, lines = take(clinic, patient)
    said = said_of(files)
    assert said["chain"] == (1, len(truth) + 1)
    assert said["witness"][0] == NAME
    assert not said.keys() & {"newer", "older", "withheld", "no-quorum"}
    assert [one.act for one in lines] == [*(act for act, *_ in truth), Act.PRINT]
    assert second.verify_bundle(archives.pack(files.items())) == []


def test_without_the_witness_nothing_is_given_and_the_try_stands(clinic: Clinic) -> None:
    patient, _truth = live(clinic)
    install = clinic.install
    install.waiting.patience = 0.05
    pinned = (Pinned(NAME, Cosigner(NAME, draw_seed()).key.public),)
    ledger = replace(install.trust.ledger, quorum=1)
    install.trust = replace(install.trust, witnesses=pinned, ledger=ledger)
    with pytest.raises(NoWitness):
        take(clinic, patient)
    tried = ask(clinic, patient).lines[-3:-1]
    assert [one.act for one in tried] == [Act.PRINT, Act.REFUSED]


def test_parts_are_for_whoever_began_the_bundle_and_not_for_long(clinic: Clinic) -> None:
    (patient, _truth), (other, _) = live(clinic), live(clinic)
    pia = clinic.session("pia")
    begun = reporting.ask_bundle(pia, patient, reason=WHY, older="")
    assert reporting.ask_bundle_part(pia, patient, begun, after=0).files
    wrong = [(other, begun), (patient, replace(begun, made=begun.made - 1))]
    wrong += [(patient, replace(begun, size=begun.made))]
    for whose, what in wrong:
        with pytest.raises(NotAllowed):
            reporting.ask_bundle_part(pia, whose, what, after=0)
    with pytest.raises(NotAllowed):
        reporting.ask_bundle_part(clinic.session("mauri"), patient, begun, after=0)
    clinic.clock.ahead += bundling.GIVEN_FOR
    with pytest.raises(NotAllowed):
        reporting.ask_bundle_part(pia, patient, begun, after=0)


def looks_whole(clinic: Clinic, patient: UUID) -> bool:
    """What a check of the numbers alone says: they go from one on without a gap, each linked."""
    found = list(queries.entries_of(clinic.install.recording.tag(patient)))
    numbers = [one.leaf.patient_seq for one in found]
    linked = all(b.leaf.patient_prev == a.leaf.hash for a, b in pairwise(found))
    return linked and numbers == list(range(1, len(found) + 1))


def cut(clinic: Clinic, patient: UUID, *, last: int) -> None:
    # What is published already is not read again: the ledger itself does not notice.
    clinic.install.recorder.checkpoint_now()
    tag, kept = clinic.install.recording.tag(patient), len(live_chain(clinic, patient)) - last
    tamper("DELETE FROM ledger_entry WHERE patient_tag = %s AND patient_seq > %s", tag, kept)


def live_chain(clinic: Clinic, patient: UUID) -> list[queries.Recorded]:
    return list(queries.entries_of(clinic.install.recording.tag(patient)))


@pytest.mark.parametrize("is_restarted", [False, True])
@pytest.mark.parametrize("last", [1, 3])
def test_a_chain_whose_end_was_cut_off_is_no_report_and_an_alarm(
    clinic: Clinic,
    last: int,
    is_restarted: bool,  # noqa: FBT001 - pytest passes it by name
) -> None:
    patient, _truth = live(clinic)
    (other, _), pulse = live(clinic), Pulse(clinic.install.recording, clinic.install.heads)
    pulse.beat()
    cut(clinic, patient, last=last)
    assert looks_whole(clinic, patient)
    if is_restarted:
        clinic.install.heads = Heads()
    with pytest.raises(ReportIncomplete):
        ask(clinic, patient)
    with pytest.raises(ReportIncomplete):
        take(clinic, patient)
    assert {one.rule for one in alarms.open_alerts(clinic.install)} == {"report incomplete"}
    if not is_restarted:
        assert ask(clinic, other).lines


def test_a_decision_is_on_the_chain_and_decides_what_is_given(clinic: Clinic) -> None:
    patient, truth = live(clinic)
    pia = clinic.session("pia")
    made = reporting.decide_report(pia, patient, replace(DECISION, withheld=(6, 3)))
    assert (made.withheld, made.name, made.reason) == ((3, 6), "Pia Puro", "Somebody else.")
    # The officer sees all of it, and which lines are withheld; what leaves the house lacks them.
    told = ask(clinic, patient)
    assert (len(told.lines), told.withheld, told.decisions) == (len(truth) + 2, (3, 6), (made,))
    assert not {3, 6} & {one.sequence for one in ask(clinic, patient, is_file=True).lines}
    files, lines = take(clinic, patient)
    assert said_of(files)["withheld"] == (2,)
    assert not {3, 6} & {one.sequence for one in lines}
    leaf = live_chain(clinic, patient)[5].leaf
    held = b"".join(files.values())
    assert leaf.encode().hex().encode() not in held
    assert second.verify_bundle(archives.pack(files.items())) == []
    # Decided again: the newest is in force, and both stay.
    again = replace(DECISION, outcome="granted", ground="")
    reporting.decide_report(pia, patient, again)
    told = ask(clinic, patient, is_file=True)
    assert [one.outcome for one in told.decisions] == ["partly", "granted"]
    assert {3, 6} <= {one.sequence for one in told.lines}
    assert [one.purpose for one in told.lines if one.act == Act.REPORT_DECIDED][:1] == ["partly"]


def test_what_is_refused_is_not_given_and_the_try_is_recorded(clinic: Clinic) -> None:
    patient, _truth = live(clinic)
    pia = clinic.session("pia")
    reporting.decide_report(pia, patient, replace(DECISION, outcome="refused", ground="health"))
    with pytest.raises(ReportRefused):
        ask(clinic, patient, is_file=True)
    with pytest.raises(ReportRefused):
        take(clinic, patient)
    tried = [one.reason for one in ask(clinic, patient).lines if one.act == Act.REFUSED]
    assert tried[-2:] == ["report-refused", "report-refused"]


def test_what_is_old_leaves_the_house_only_when_that_was_decided(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient, truth = live(clinic)
    monkeypatch.setattr(answering, "TWO_YEARS", 20 * DAY)
    clinic.clock.ahead += 30 * DAY
    clinic.seat("pia")
    with pytest.raises(ReportRefused):
        take(clinic, patient, older="A complaint.")
    files, lines = take(clinic, patient)
    assert said_of(files)["older"] == (len(truth),)
    assert {one.act for one in lines} == {Act.REFUSED, Act.PRINT}
    granted = replace(DECISION, outcome="granted", ground="", older=True)
    reporting.decide_report(clinic.session("pia"), patient, granted)
    files, _lines = take(clinic, patient, older="A complaint.")
    assert said_of(files)["chain"][0] == 1


WRONG: list[dict[str, object]] = [
    {"outcome": "perhaps"},
    {"ground": ""},
    {"ground": "none"},
    {"reason": " "},
    {"request": ""},
    {"reason": "x" * 2_001},
    {"outcome": "granted", "withheld": (1,)},
    {"outcome": "refused", "older": True},
    {"withheld": (0,)},
    {"withheld": (999,)},
]


def test_what_is_no_decision_is_not_recorded(clinic: Clinic) -> None:
    patient, _truth = live(clinic)
    for wrong in WRONG:
        with pytest.raises(QuestionBroken):
            reporting.decide_report(clinic.session("pia"), patient, replace(DECISION, **wrong))
    assert ask(clinic, patient).decisions == ()


def test_decisions_are_the_officers_and_of_patients(clinic: Clinic) -> None:
    patient, _truth = live(clinic)
    for name in ("helmi", "mauri", "aino"):
        with pytest.raises(NotAllowed):
            reporting.decide_report(clinic.session(name), patient, DECISION)
    with pytest.raises(NotGranted):
        reporting.decide_report(clinic.session("pia"), uuid4(), DECISION)


def test_the_zip_is_written_the_same_each_time() -> None:
    files = [("a/b", b"1"), ("c", b"2")]
    made = archives.pack(files)
    assert archives.pack(files) == made
    assert archives.unpack(made) == dict(files)
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert {one.compress_type for one in archive.infolist()} == {zipfile.ZIP_STORED}
