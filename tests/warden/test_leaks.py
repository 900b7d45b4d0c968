"""Results of searches: only what a kit of ours signed, each once; decoys name their own export."""

import json
import zlib
from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest

from tests.cast import Clinic
from tests.warden.leaks import Kit, begin, content, found, put, read, some_note, stored
from vaitiolo.keys import hetu, leak_results
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.warden.client import NotAllowed, NotGranted, SealBroken
from vaitiolo.warden.client.incidents import add_to_incident, read_incident
from vaitiolo.warden.client.leaks import (
    find_decoy,
    issue_decoys,
    list_decoys,
    put_leak_result,
    read_leak_results,
)
from vaitiolo.warden.client.refusals import (
    IncidentClosed,
    LeakForeign,
    LeakForged,
    LeakRepeated,
    TooLarge,
)
from vaitiolo.warden.server import decoys, leaks


def test_a_result_of_our_kit_is_kept_as_it_was_made(clinic: Clinic) -> None:
    incident, kit = begin(clinic), Kit().taken(clinic)
    raw = kit.result(clinic, found(uuid4(), notes=(some_note(),)), found(uuid4(), "possible"))
    entry = put(clinic, incident, raw)
    assert read(clinic, incident, entry) == [raw]
    recorded = queries.entry(entry.index)
    assert recorded
    assert recorded.leaf.act is Act.LEAK_RESULT
    line = read_incident(clinic.session("pia"), incident, [stored(entry).entry]).lines[-2]
    assert (line.step, line.state) == ("leak", "whole")
    said = json.loads(line.body)
    assert said["classes"] == {"confirmed": 1, "possible": 1}
    assert (said["patients"], said["notes"], said["files"]) == (2, 1, 1)


def test_what_is_forged_altered_foreign_or_repeated_is_refused(clinic: Clinic) -> None:
    incident, kit = begin(clinic), Kit().taken(clinic)
    raw = kit.result(clinic, found(uuid4()))
    line, signature = raw.splitlines()
    elsewhere = {**content(clinic, kit), "organisation": str(uuid4())}
    forged = leak_results.signed(content(clinic, kit), Kit().seed)
    broken = leak_results.signed({"format": 1, "kit": {"sha256": kit.digest}}, kit.seed)
    no_counts = leak_results.signed(
        {**content(clinic, kit), "patients": [{"class": "confirmed"}]}, kit.seed
    )
    tries: dict[type[Exception], list[bytes]] = {
        LeakForged: [
            line.replace(b"confirmed", b"possible!") + b"\n" + signature,
            raw[:-8],
            b"",
            b"[" * 10_000 + b"\n00",
            forged,
            no_counts,
        ],
        LeakForeign: [
            Kit().result(clinic, found(uuid4())),
            leak_results.signed(elsewhere, kit.seed),
            broken,
        ],
    }
    for refusal, contents in tries.items():
        for one in contents:
            with pytest.raises(refusal):
                put(clinic, incident, one)
    with pytest.raises(LeakForged):
        put_leak_result(clinic.session("pia"), incident, b"not packed")
    put(clinic, incident, raw)
    with pytest.raises(LeakRepeated):
        put(clinic, incident, raw)
    put(clinic, begin(clinic), raw)


def test_a_file_that_unpacks_without_end_is_refused(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    incident = begin(clinic)
    monkeypatch.setattr(leaks, "LARGEST", 1 << 20)
    with pytest.raises(TooLarge):
        put_leak_result(clinic.session("pia"), incident, zlib.compress(bytes(1 << 21)))


def test_only_an_officer_in_an_open_incident_puts_one_in(clinic: Clinic) -> None:
    incident, kit = begin(clinic, by="helmi"), Kit().taken(clinic)
    raw = kit.result(clinic, found(uuid4()))
    for name in ("helmi", "aino", "mauri"):
        with pytest.raises(NotGranted):
            put(clinic, incident, raw, by=name)
    entry = put(clinic, incident, raw)
    with pytest.raises(NotGranted):
        read(clinic, incident, entry, by="helmi")
    other = put(clinic, incident, kit.result(clinic, found(uuid4())))
    one, two = stored(entry), stored(other)
    with pytest.raises(SealBroken):
        read_leak_results(clinic.session("pia"), incident, [replace(one, chunks=two.chunks)])
    decision = b'{"authority":"no","people":"no","ground":"Invented."}'
    add_to_incident(clinic.session("pia"), incident, "notify", body=decision)
    for name, step in (("pia", "ask-close"), ("ritva", "close")):
        add_to_incident(clinic.session(name), incident, step, body=b"{}")
    with pytest.raises(IncidentClosed):
        put(clinic, incident, kit.result(clinic))


def test_a_result_leaves_a_question_to_close_behind(clinic: Clinic) -> None:
    # What was found meanwhile has changed the incident: another officer must see it before.
    incident, kit = begin(clinic), Kit().taken(clinic)
    decision = b'{"authority":"no","people":"no","ground":"Invented."}'
    add_to_incident(clinic.session("pia"), incident, "notify", body=decision)
    add_to_incident(clinic.session("pia"), incident, "ask-close", body=b"{}")
    put(clinic, incident, kit.result(clinic, found(uuid4())))
    assert read_incident(clinic.session("pia"), incident, []).incident.state == "open"


# --- decoys ---------------------------------------------------------------------------------


def test_each_export_has_three_invented_people_of_its_own(clinic: Clinic) -> None:
    (clinic.install.home / decoys.FILE_NAME).write_text('domain = "posti.example"')
    issued = [issue_decoys(clinic.session("pia"), "a move") for _ in range(20)]
    people = [one for each in issued for one in each.people]
    assert {len(each.people) for each in issued} == {3}
    assert len({one.code for one in people}) == len({one.id for one in people}) == 60
    assert len({each.export for each in issued}) == 20
    for one in people:
        assert hetu.normalise(one.code) == one.code
        assert int(one.code[7:10]) in hetu.RESERVED
        assert one.mail.isascii()
        assert one.mail.endswith("@posti.example")
    listed = list_decoys(clinic.session("mauri"))
    assert [one.export for one in listed] == [each.export for each in reversed(issued)]
    assert {(one.by, one.purpose, one.people) for one in listed} == {("Pia Puro", "a move", 3)}
    known = {(one.export, one.person) for one in decoys.for_kit(clinic.install)}
    assert known == {(each.export, one) for each in issued for one in each.people}


def test_decoys_are_for_officers_and_without_a_mailbox_have_no_address(clinic: Clinic) -> None:
    for ask in (
        lambda session: issue_decoys(session, "a move"),
        list_decoys,
        lambda session: find_decoy(session, "010190-999W"),
    ):
        for name in ("helmi", "aino"):
            with pytest.raises(NotAllowed):
                ask(clinic.session(name))
    issued = issue_decoys(clinic.session("pia"), "a test of a backup")
    assert {one.mail for one in issued.people} == {""}
    assert find_decoy(clinic.session("pia"), "").export == 0


def test_a_decoy_names_its_export_and_a_forged_one_names_none(clinic: Clinic) -> None:
    (clinic.install.home / decoys.FILE_NAME).write_text('domain = "posti.example"')
    pia = clinic.session("pia")
    first, second = (issue_decoys(pia, purpose) for purpose in ("a move", "research"))
    for each in (first, second):
        for one in each.people:
            for text in (one.code, f" {one.code.lower()} ", one.mail.upper()):
                assert find_decoy(pia, text).export == each.export
    forged = next(
        code
        for number in hetu.RESERVED
        if (code := hetu.invented(hetu_day(first.people[0].code), number))
        not in {one.code for each in (first, second) for one in each.people}
    )
    answer = find_decoy(pia, forged)
    assert (answer.export, answer.is_reserved) == (0, True)
    assert not find_decoy(pia, "somebody@else.example").is_reserved
    # What was asked for stands nowhere in the ledger.
    said = [
        clinic.install.recording.read(
            decoys.EXPORTS, commit=one.leaf.detail_commit, salt=one.salt, sealed=one.detail
        )
        for one in queries.entries_of(clinic.install.recording.tag(decoys.EXPORTS))
    ]
    assert forged not in json.dumps(said)


def hetu_day(code: str) -> date:
    century = {"+": 1800, "-": 1900, "A": 2000}[code[6]]
    return date(century + int(code[4:6]), int(code[2:4]), int(code[:2]))


def test_a_result_with_decoys_of_another_house_or_export_says_so(clinic: Clinic) -> None:
    incident, kit = begin(clinic), Kit().taken(clinic)
    ours = issue_decoys(clinic.session("pia"), "a move")

    def summary_of(export: int, person: UUID) -> dict:
        decoy = {**found(person), "export": export}
        entry = put(clinic, incident, kit.result(clinic, decoys=[decoy]))
        lines = read_incident(clinic.session("pia"), incident, [stored(entry).entry]).lines
        return json.loads(next(one.body for one in lines if one.row == entry.row))

    def known(one: dict) -> tuple:
        return one["exports"], one["strange_exports"]

    person = ours.people[0].id
    assert known(summary_of(ours.export, person)) == ([ours.export], [])
    assert known(summary_of(ours.export + 1, person)) == ([], [ours.export + 1])
    assert known(summary_of(ours.export, uuid4())) == ([], [ours.export])
