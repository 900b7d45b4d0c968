"""A scope against what was really done; and a ledger with a gap gives none, never a shorter one."""

import base64
import json
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from django.db import connections

from tests.cast import DAY, HOUR, KALLIO, TOOLO, Clinic
from tests.ledger.logs import slow_root
from tests.ledger.tampering import tamper
from tests.warden.scopes import CHART, IDENTITY, WHY, Weeks, ask, listed, some_weeks
from vaitiolo.keys.bodies import canonical_json
from vaitiolo.keys.models import StoredGrant
from vaitiolo.keys.slots import SlotKind
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.scanning import LogBroken, Walk
from vaitiolo.ledger.verify.proofs import Inclusion
from vaitiolo.ledger.verify.specials import commitment
from vaitiolo.ledger.verify.tree import subtree_root
from vaitiolo.warden import client
from vaitiolo.warden.client.refusals import (
    NotAllowed,
    NotGranted,
    ScopeWrong,
)
from vaitiolo.warden.client.scoping import (
    Loss,
    Says,
    ScopeQuery,
    Tier,
    ask_scope,
    compare_scope,
    keep_scope,
    list_scope,
    list_scopes,
    prove_scope,
)
from vaitiolo.warden.server.recording import SIGN_INS, Deed
from vaitiolo.warden.server.scope_controllers import FILE_NAME
from vaitiolo.warden.server.witnesses import log_key


@pytest.mark.parametrize("seed", [1, 2])
def test_it_is_what_was_done_and_by_whom_it_is_asked(clinic: Clinic, seed: int) -> None:
    weeks = some_weeks(clinic, seed=seed)
    # Between two deeds, which lie an hour apart at least.
    middle = weeks.noted[len(weeks.noted) // 2].at + HOUR // 2
    asked = {
        "all": ({}, lambda one: bool(one.who)),
        "otso": ({"person": clinic.id("otso")}, lambda one: one.who == "otso"),
        "since": ({"since": middle}, lambda one: one.at >= middle),
        "aino until": (
            {"person": clinic.id("aino"), "until": middle},
            lambda one: one.who == "aino" and one.at <= middle,
        ),
    }
    for narrowed, fits in asked.values():
        facts = ask(clinic, **narrowed)
        truth = weeks.truth(fits)
        found = listed(clinic, facts)
        assert {
            patient: {klass: one.count for klass, one in kinds.items()}
            for patient, kinds in found.items()
            if kinds
        } == {patient: {k: one[0] for k, one in kinds.items()} for patient, kinds in truth.items()}
        assert facts.refused == weeks.refused(fits)
        for patient, kinds in truth.items():
            for klass, (_count, first, last) in kinds.items():
                one = found[patient][klass]
                # The entry is made a moment after it was noted that somebody was about to.
                assert first <= one.first <= first + HOUR // 2
                assert last <= one.last <= last + HOUR // 2
                assert one.tier == Tier.READ


def test_only_officers_ask_and_both_asking_and_finding_are_entries(clinic: Clinic) -> None:
    Weeks(clinic).arrive()
    for other in ("helmi", "aino", "ritva"):
        with pytest.raises(NotAllowed):
            ask(clinic, by=other)
    facts = ask(clinic, by="mauri")
    asked, found = queries.entry(facts.asked), queries.entry(facts.scope)
    assert asked
    assert found
    assert (asked.leaf.act, found.leaf.act) == (Act.SCOPE_ASKED, Act.SCOPE_FOUND)
    assert facts.size > facts.asked
    patient = Weeks(clinic).arrive()
    for stranger in (patient, uuid4()):
        # Nobody writes on the chain of what is no incident of theirs.
        with pytest.raises(NotGranted):
            ask(clinic, incident=stranger)
    with pytest.raises(NotAllowed):
        list_scope(clinic.session("helmi"), facts.scope, start=0, count=1)
    with pytest.raises(NotGranted):
        list_scope(clinic.session("pia"), facts.asked, start=0, count=1)


@pytest.mark.parametrize(
    "query",
    [
        ScopeQuery(99, 0, 1),
        ScopeQuery(Loss.SESSION, 0, 1),
        ScopeQuery(Loss.ROLE_CARD, 0, 1),
        ScopeQuery(Loss.OPENED, 2, 1),
        ScopeQuery(Loss.OPENED, 0, 1 << 60),
        ScopeQuery(Loss.OPENED, 0, 1, card=bytes(32)),
        ScopeQuery(Loss.OPENED, 0, 1, card=b"x"),
    ],
)
def test_what_cannot_be_meant_is_refused(clinic: Clinic, query: ScopeQuery) -> None:
    with pytest.raises(ScopeWrong):
        ask_scope(clinic.session("pia"), query, reason=WHY)


# --- a ledger that is not whole ------------------------------------------------------------


def test_a_column_that_lies_takes_nobody_off_the_list(clinic: Clinic) -> None:
    weeks = Weeks(clinic)
    patient = weeks.arrive()
    weeks.open("helmi", patient)
    tamper("UPDATE ledger_entry SET act = 72, actor_tag = patient_tag WHERE act = 2")
    assert listed(clinic, ask(clinic, person=clinic.id("helmi")))[patient][CHART].count == 1


def test_the_quick_root_is_the_root() -> None:
    hashes = [bytes([number]) * 32 for number in range(40)]
    for size in range(len(hashes)):
        assert subtree_root(hashes[:size]) == slow_root(hashes[:size])


def test_a_log_beyond_its_signed_root_is_refused(clinic: Clinic) -> None:
    size, root = queries.last_batch() or (0, b"")
    assert list(Walk(size, root).entries([Act.CREATE]))
    with pytest.raises(LogBroken):
        list(Walk(size - 1, root).entries([Act.CREATE]))


# --- sessions ------------------------------------------------------------------------------


def sign_in(clinic: Clinic, who: str, network: str) -> tuple[UUID, UUID]:
    """Begin a session with its entry, as signing in does; return it and the slot."""
    cookie = clinic.seat(who)
    seat = clinic.install.memory.find(cookie, now=clinic.clock())
    seat.person = replace(seat.person, network=network)
    slot, detail = uuid4(), {"network": network, "kind": 4, "session": seat.way.session.hex}
    deed = Deed(Act.SIGN_IN, SIGN_INS, clinic.id(who), {**detail, "slot": slot.hex})
    clinic.install.recording.record([deed])
    return seat.way.session, slot


def test_a_session_is_told_from_another_of_the_same_hour(clinic: Clinic) -> None:
    weeks = Weeks(clinic)
    first, second, third = (weeks.arrive() for _ in range(3))
    at_home, slot = sign_in(clinic, "helmi", "198.51.100.7")
    weeks.open("helmi", first)
    sign_in(clinic, "helmi", "203.0.113.9")
    weeks.open("helmi", second)
    clinic.install.memory.end_lapsed(now=clinic.clock() + 2 * DAY)
    weeks.pass_time(2 * DAY)
    later, _ = sign_in(clinic, "helmi", "198.51.100.7")
    weeks.open("helmi", third)
    for narrowed, whom in (
        ({"session": at_home}, {first}),
        ({"session": later}, {third}),
        ({"network": "198.51.100.7"}, {first, third}),
        ({"network": "203.0.113.9"}, {second}),
        ({"network": "192.0.2.1"}, set()),
        ({"card": slot.bytes, "person": clinic.id("helmi")}, {first}),
    ):
        assert set(listed(clinic, ask(clinic, **narrowed))) == whom, narrowed


def test_a_key_card_counts_for_the_time_in_which_it_was_somebodys(clinic: Clinic) -> None:
    weeks = Weeks(clinic)
    patient = weeks.arrive()
    weeks.open("helmi", patient)
    card = clinic.install.directory.find(clinic.id("helmi")).card  # type: ignore[union-attr]
    assert set(listed(clinic, ask(clinic, card=card))) == {patient}
    other = clinic.install.directory.find(clinic.id("otso")).card  # type: ignore[union-attr]
    assert not listed(clinic, ask(clinic, card=other))


# --- a copy of some day --------------------------------------------------------------------


@pytest.mark.parametrize("loss", [Loss.COPY_OF_DEFAULT, Loss.COPY_OF_VAULT, Loss.COPY_OF_BOTH])
def test_a_stolen_copy_holds_whom_it_held_that_day(clinic: Clinic, loss: Loss) -> None:
    weeks = Weeks(clinic)
    before = [weeks.arrive(), weeks.arrive()]
    then = clinic.clock()
    weeks.pass_time(DAY)
    after = weeks.arrive()
    facts = ask(clinic, loss, until=then)
    found = listed(clinic, facts)
    assert set(found) == set(before)
    assert {one.tier for kinds in found.values() for one in kinds.values()} == {Tier.SEALED}
    assert all(set(kinds) == {IDENTITY, CHART} for kinds in found.values())
    assert Says.CIPHERTEXT in facts.says
    assert facts.adversary == "A1"
    assert set(facts.staff) == {clinic.id(name) for name in clinic.people}
    assert set(listed(clinic, ask(clinic, loss))) == {*before, after}


def test_a_row_deleted_since_takes_nobody_out_of_the_copy(clinic: Clinic) -> None:
    weeks = Weeks(clinic)
    erased, bare = weeks.arrive(), weeks.arrive()
    tag, then = clinic.install.recording.tag(erased), clinic.clock()
    with connections["vault"].cursor() as cursor:
        cursor.execute("DELETE FROM keys_storedgrant")
        cursor.execute("DELETE FROM keys_storedcompartment WHERE klass < 16")
        cursor.execute("DELETE FROM keys_auditsecret WHERE tag = %s", [tag])
    facts = ask(clinic, Loss.COPY_OF_BOTH, until=then)
    listed = list_scope(clinic.session("pia"), facts.scope, start=0, count=9).patients
    mark = clinic.install.recording.marks([tag])[tag].hex()
    assert {(one.patient, one.mark == mark) for one in listed} == {(None, True), (bare, False)}
    assert facts.erased == 1
    assert Says.ERASED in facts.says


# --- how far each loss reaches --------------------------------------------------------------


def could(found: dict, klass: int = CHART) -> set[UUID]:
    tiers = {Tier.READ, Tier.COULD}
    return {who for who, kinds in found.items() if klass in kinds and kinds[klass].tier in tiers}


@pytest.mark.parametrize("thorough", [False, True])
def test_a_session_reaches_what_was_granted_then(clinic: Clinic, *, thorough: bool) -> None:
    weeks = Weeks(clinic)
    kept, lost, ended, later = (weeks.arrive() for _ in range(4))
    weeks.arrive(therapist="otso")
    for patient in (kept, lost):
        weeks.grant(patient, "otso")
    weeks.grant(ended, "otso", days=1)
    weeks.pass_time(HOUR)
    weeks.open("otso", kept)
    start = clinic.clock()
    weeks.pass_time(4 * DAY)
    weeks.withdraw(lost, "otso")
    weeks.pass_time(DAY)
    weeks.grant(later, "otso")
    spans = [(0, start), (start, start + DAY), (start + 3 * DAY, start + 4 * DAY)]
    spans += [(clinic.clock() - HOUR, clinic.clock())]
    for since, until in spans:
        facts = ask(
            clinic,
            Loss.SESSION,
            person=clinic.id("otso"),
            since=since,
            until=until,
            is_thorough=thorough,
        )
        found = listed(clinic, facts)
        assert could(found) == weeks.held_by("otso", since, until), (since - start, until - start)
        assert (found[kept][CHART].tier == Tier.READ) is (since == 0)
        assert (facts.pace_hour, facts.pace_day) == (15, 40)


def test_who_left_reached_then_what_nobody_could_tell_from_rows_today(clinic: Clinic) -> None:
    weeks = Weeks(clinic)
    patient = weeks.arrive()
    weeks.grant(patient, "otso")
    then = clinic.clock()
    weeks.pass_time(DAY)
    client.revoke_card(clinic.session("ritva"), clinic.id("otso"), reason=1)
    chart = weeks.charts[patient]
    client.begin_rotation(clinic.session("helmi"), chart)
    client.rotate_documents(clinic.session("helmi"), chart, [])
    weeks.pass_time(4 * 60_000_000)
    client.commit_rotation(clinic.session("helmi"), chart)
    assert not StoredGrant.objects.using("vault").filter(compartment=chart, epoch=1).exists()
    about = {"person": clinic.id("otso")}
    facts = ask(clinic, Loss.HOLDER_KEYS, since=then, until=then, **about)
    assert could(listed(clinic, facts)) == {patient}
    assert not facts.unknown
    since = clinic.clock()
    assert not could(listed(clinic, ask(clinic, Loss.HOLDER_KEYS, since=since, **about)))
    helmi = ask(clinic, Loss.HOLDER_KEYS, since=since, person=clinic.id("helmi"))
    assert could(listed(clinic, helmi)) == {patient}


def with_slot(clinic: Clinic, who: str, kind: SlotKind, *, gone: bool = False) -> str:
    slot, person = uuid4().hex, clinic.id(who)
    said = {"kind": int(kind), "person": person.hex, "slot": slot}
    act = Act.SLOT_REMOVED if gone else Act.SLOT_ADDED
    clinic.install.recording.record([Deed(act, person, person, said)])
    return slot


@pytest.mark.parametrize(
    ("loss", "kind", "opens"),
    [
        (Loss.PASSWORD, SlotKind.PASSWORD, True),
        (Loss.PASSWORD, SlotKind.PASSWORD_AND_KEY, False),
        (Loss.SECURITY_KEY, SlotKind.KEY, True),
        (Loss.SECURITY_KEY, SlotKind.PASSWORD_AND_KEY, False),
        (Loss.PASSWORD_AND_KEY, SlotKind.PASSWORD_AND_KEY, True),
        (Loss.PASSWORD_AND_KEY, SlotKind.PRINTED_CODE, False),
    ],
)
def test_what_opens_no_slot_reaches_nobody(
    clinic: Clinic, *, loss: Loss, kind: SlotKind, opens: bool
) -> None:
    weeks = Weeks(clinic)
    patient = weeks.arrive()
    with_slot(clinic, "helmi", kind)
    facts = ask(clinic, loss, since=clinic.clock(), person=clinic.id("helmi"))
    assert could(listed(clinic, facts)) == ({patient} if opens else set())
    assert facts.adversary == "A6"
    assert (Says.AT_ITS_PACE in facts.says) is opens


def test_the_key_service_alone_reaches_nobody_and_with_a_copy_the_weak(clinic: Clinic) -> None:
    weeks = Weeks(clinic)
    hers, his = weeks.arrive(), weeks.arrive(therapist="otso")
    with_slot(clinic, "helmi", SlotKind.PASSWORD)
    with_slot(clinic, "otso", SlotKind.PASSWORD_AND_KEY)
    client.put_outbox(clinic.session("aino"), row=uuid4(), due=1_800_000_000, body=b"huomenna")
    alone = ask(clinic, Loss.KMS)
    assert (alone.patients, alone.says) == (0, (Says.KMS_ALONE, Says.DEMO))
    facts = ask(clinic, Loss.KMS_AND_COPY)
    found = listed(clinic, facts)
    assert set(found) == {hers, his}
    assert could(found) == {hers}
    assert found[his][CHART].tier == Tier.SEALED
    assert facts.reminders == 1
    assert ask(clinic, Loss.OUTBOX_KEY).reminders == 1
    assert ask(clinic, Loss.OUTBOX_KEY, until=1).reminders == 0


def test_a_units_card_reaches_its_identities_and_no_chart(clinic: Clinic) -> None:
    weeks = Weeks(clinic)
    here, there = weeks.arrive(KALLIO), weeks.arrive(TOOLO)
    facts = ask(clinic, Loss.ROLE_CARD, unit=clinic.unit(KALLIO))
    found = listed(clinic, facts)
    assert (could(found, IDENTITY), could(found)) == ({here}, set())
    assert there not in found
    duty = ask(clinic, Loss.DUTY_CARD, unit=clinic.unit(KALLIO))
    assert (duty.patients, duty.says) == (0, (Says.NO_CARD, Says.DEMO))
    # Whoever sits at the desk holds that card: her session reaches as far.
    aino = ask(clinic, Loss.SESSION, person=clinic.id("aino"))
    assert could(listed(clinic, aino), IDENTITY) == {here}


# --- whose patients, kept lists, evidence ---------------------------------------------------


def test_six_controllers_get_their_own_lists_and_together_the_whole(clinic: Clinic) -> None:
    weeks = Weeks(clinic)
    for unit in (KALLIO, TOOLO, KALLIO):
        weeks.open("helmi", weeks.arrive(unit))
    assert [(one.name, one.patients) for one in ask(clinic).controllers] == [("Esimerkki", 3)]
    names = {KALLIO: "Hyvinvointialue A", TOOLO: "Kunta B"}
    lines = [
        f'[[controller]]\nname = "{name}"\nunits = ["{clinic.unit(unit)}"]\n'
        for unit, name in names.items()
    ]
    lines += [f'[[controller]]\nname = "Kunta {n}"\nunits = ["{uuid4()}"]\n' for n in range(4)]
    (clinic.home / FILE_NAME).write_text("".join(lines), encoding="utf-8")
    facts = ask(clinic)
    parts = [listed(clinic, facts, one.name) for one in facts.controllers]
    assert [one.patients for one in facts.controllers] == [2, 1]
    assert not set(parts[0]) & set(parts[1])
    assert {**parts[0], **parts[1]} == listed(clinic, facts)
    (clinic.home / FILE_NAME).write_text(lines[0] + lines[0], encoding="utf-8")
    with pytest.raises(ScopeWrong):
        ask(clinic)


def test_a_kept_list_is_found_again_and_what_came_since_is_told(clinic: Clinic) -> None:
    weeks = Weeks(clinic)
    first, second = weeks.arrive(), weeks.arrive()
    weeks.open("helmi", first)
    facts = ask(clinic, until=clinic.clock())
    keep_scope(clinic.session("pia"), facts.scope, name="What we told the authority")
    clinic.install.scopes = type(clinic.install.scopes)()
    page = list_scope(clinic.session("pia"), facts.scope, start=0, count=9)
    assert (page.facts.list_hash, page.facts.words) == (facts.list_hash, facts.words)
    [known] = list_scopes(clinic.session("pia"))
    assert (known.kept, known.by, known.reason) == ("What we told the authority", "Pia Puro", WHY)
    weeks.open("helmi", second)
    same = compare_scope(clinic.session("pia"), facts.scope)
    assert (same.came, same.gone, same.changed, same.is_repeatable) == ((), (), (), True)
    wide = ask(clinic, Loss.COPY_OF_BOTH)
    weeks.pass_time(HOUR)
    third = weeks.arrive()
    since = compare_scope(clinic.session("pia"), wide.scope)
    assert since.is_repeatable
    assert third not in listed(clinic, since.facts)


def test_the_evidence_can_be_checked_with_the_logs_key_alone(clinic: Clinic) -> None:
    weeks = Weeks(clinic)
    weeks.arrive()
    facts = ask(clinic, Loss.COPY_OF_BOTH)
    bundle = json.loads(prove_scope(clinic.session("pia"), facts.scope).evidence)
    assert bundle["list"] == facts.list_hash.hex()
    key, acts = log_key(clinic.install), []
    for one in bundle["entries"]:
        leaf = base64.b64decode(one["leaf"])
        stated = Inclusion.read(one["proof"]).check(leaf, key)
        assert stated.size > facts.scope
        salt = bytes.fromhex(one["salt"])
        assert commitment(salt, canonical_json(one["detail"])) == leaf[-32:]
        acts.append(leaf[1])
    assert acts == [Act.SCOPE_ASKED, Act.SCOPE_FOUND, Act.STARTED]
    found, started = (one["detail"] for one in bundle["entries"][1:])
    assert (found["list"], found["policy"]) == (bundle["list"], bundle["policy"])
    assert started["trust"] == bundle["policy"]
    # One changed figure, and the entry commits to something else.
    found["patients"] += 1
    salt, leaf = bundle["entries"][1]["salt"], base64.b64decode(bundle["entries"][1]["leaf"])
    assert commitment(bytes.fromhex(salt), canonical_json(found)) != leaf[-32:]
    taken = [entry for entry in queries.entries_from(0) if entry.leaf.act is Act.SCOPE_TAKEN]
    assert len(taken) == 1


def test_two_with_one_code_are_told_apart_by_nothing_and_said_so(clinic: Clinic) -> None:
    weeks = Weeks(clinic)
    twice, once = [weeks.arrive(), weeks.arrive()], weeks.arrive()
    for patient in twice:
        client.put_hetu(clinic.session("aino"), weeks.identities[patient], "010190-999W")
    facts = ask(clinic, Loss.COPY_OF_BOTH)
    page = list_scope(clinic.session("pia"), facts.scope, start=0, count=9)
    assert {one.patient for one in page.patients if one.perhaps_twice} == set(twice)
    assert once in {one.patient for one in page.patients}
    assert (facts.perhaps_twice, facts.by_chance) == (2, 0)
    assert Says.TWICE in facts.says
