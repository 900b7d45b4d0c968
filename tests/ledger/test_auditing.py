import pytest

from tests.ledger.logs import (
    AINO,
    HELMI,
    KEY,
    ORIGIN,
    PUBLIC,
    SYSTEM,
    VEIKKO,
    chained,
    pending,
    sign,
)
from tests.ledger.tampering import ask, cut, past_the_guards, tamper
from vaitiolo.ledger import auditing, heading
from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.auditing import audit
from vaitiolo.ledger.recorder import Recorder
from vaitiolo.ledger.verify import checkpoints, specials
from vaitiolo.ledger.verify.chains import FaultKind
from vaitiolo.ledger.verify.checkpoints import Checkpoint, CheckpointBroken

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])


def erase_leaf(tag: bytes, details: int) -> specials.Pending:
    values = {"basis": "GDPR 17(1)", "details": details, "tag": tag.hex()}
    return specials.prepare(Act.ERASE, values, subject_tag=SYSTEM, actor_tag=HELMI, salt=b"s" * 32)


def write(recorder: Recorder) -> str:
    """Write twelve entries in six batches, with a checkpoint at 6 and at 12."""
    for _ in range(3):
        recorder.record([pending(AINO), pending(VEIKKO)])
    note = recorder.checkpoint_now()
    for _ in range(3):
        recorder.record([pending(AINO), pending(VEIKKO)])
    recorder.stop()
    return note


def faults(*earlier: str) -> set[tuple[FaultKind, int]]:
    return {(fault.kind, fault.index) for fault in audit(KEY, earlier=earlier).faults}


def test_an_empty_ledger_is_sound() -> None:
    findings = audit(KEY)
    assert (findings.is_sound, findings.size) == (True, 0)


def test_an_honest_ledger_is_sound_and_says_what_it_cannot_show(recorder: Recorder) -> None:
    note = write(recorder)
    alone, held = audit(KEY), audit(KEY, earlier=[note])
    assert alone.is_sound
    assert held.is_sound
    assert alone.size == held.size == 12
    assert alone.unseen[0].startswith("No checkpoint from elsewhere")
    assert held.unseen[0].startswith("Entries from 6 on")


def test_it_says_how_far_it_is(recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auditing, "CHUNK", 5)
    write(recorder)
    steps: list[tuple[int, int]] = []
    assert audit(KEY, progress=lambda done, end: steps.append((done, end))).is_sound
    assert steps == [(0, 12), (5, 12), (10, 12), (12, 12)]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("act", 3),
        ("time_us", 1),
        ("actor_tag", VEIKKO),
        ("patient_tag", HELMI),
        ("patient_seq", 77),
    ],
)
def test_a_column_that_differs_from_its_leaf_is_seen(
    recorder: Recorder, column: str, value: object
) -> None:
    write(recorder)
    tamper(f'UPDATE ledger_entry SET {column} = %s WHERE "index" = 4', value)
    assert faults() == {(FaultKind.COLUMN, 4)}


def test_a_changed_leaf_is_seen(recorder: Recorder) -> None:
    write(recorder)
    leaf = bytearray(ask('SELECT leaf FROM ledger_entry WHERE "index" = 4')[0][0])
    leaf[-1] ^= 1
    tamper('UPDATE ledger_entry SET leaf = %s WHERE "index" = 4', bytes(leaf))
    assert faults() == {(FaultKind.ROOT, 6), (FaultKind.PREVIOUS, 6)}


def test_what_is_no_leaf_is_seen(recorder: Recorder) -> None:
    write(recorder)
    tamper('UPDATE ledger_entry SET leaf = salt FROM ledger_detail WHERE ledger_entry."index" = 11')
    assert faults() == {(FaultKind.LEAF, 11), (FaultKind.ROOT, 12)}


def test_other_entries_about_the_ledger_itself_are_checked_too(recorder: Recorder) -> None:
    beat = {"subject_tag": SYSTEM, "actor_tag": SYSTEM, "salt": b"s" * 32}
    recorder.record([specials.prepare(Act.HEARTBEAT, {"every": 60}, **beat)])
    assert faults() == set()


def test_a_deleted_entry_is_seen(recorder: Recorder) -> None:
    write(recorder)
    tamper('DELETE FROM ledger_entry WHERE "index" = 4')
    assert {(FaultKind.GAP, 5), (FaultKind.SEQUENCE, 6)} <= faults()


def test_a_root_an_edge_and_a_checkpoint_of_their_own_are_seen(recorder: Recorder) -> None:
    write(recorder)
    with past_the_guards():
        ask("UPDATE ledger_batch SET edge = root WHERE size = 4")
        ask("UPDATE ledger_checkpoint SET note = 'no note' WHERE size = 6")
        ask("UPDATE ledger_batch SET root = %s WHERE size = 8", bytes(32))
    assert faults() == {(FaultKind.EDGE, 4), (FaultKind.CHECKPOINT, 6), (FaultKind.ROOT, 8)}


def test_a_checkpoint_of_another_size_is_seen(recorder: Recorder) -> None:
    write(recorder)
    tamper(
        "UPDATE ledger_checkpoint SET note = (SELECT note FROM ledger_checkpoint WHERE size = 6)"
    )
    assert faults() == {(FaultKind.CHECKPOINT, 12)}


def test_a_second_checkpoint_for_one_size_is_seen(recorder: Recorder) -> None:
    write(recorder)
    other = checkpoints.sign(KEY, Checkpoint(6, bytes(32)), signer=sign)
    tamper("UPDATE ledger_checkpoint SET note = %s WHERE size = 6", other)
    assert faults() == {(FaultKind.ROOT, 6)}


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        ("batch", {(FaultKind.CUT, 12)}),
        ("checkpoint", {(FaultKind.CUT, 11)}),
        ("detail", {(FaultKind.CUT, 11)}),
    ],
)
def test_a_cut_that_forgets_a_table_is_seen(
    recorder: Recorder, left: str, expected: set[tuple[FaultKind, int]]
) -> None:
    write(recorder)
    kept = ask(f"SELECT * FROM ledger_{left} ORDER BY 1")
    cut(8)
    more = [row for row in kept if row not in ask(f"SELECT * FROM ledger_{left}")]
    for row in more:
        ask(f"INSERT INTO ledger_{left} VALUES ({', '.join(['%s'] * len(row))})", *row)
    assert more
    assert faults() == expected


def test_entries_that_no_batch_committed_are_seen(recorder: Recorder) -> None:
    write(recorder)
    tamper("DELETE FROM ledger_batch WHERE size = 12")
    assert (FaultKind.CUT, 10) in faults()


def test_a_whole_cut_is_seen_by_a_checkpoint_held_elsewhere_and_by_nothing_else(
    recorder: Recorder,
) -> None:
    write(recorder)
    newest = ask("SELECT note FROM ledger_checkpoint WHERE size = 12")[0][0]
    cut(6)
    assert faults() == set()
    assert faults(newest) == {(FaultKind.CUT, 12)}


def test_what_the_house_shows_itself_is_compared_and_is_not_called_elsewhere(
    recorder: Recorder,
) -> None:
    write(recorder)
    newest = ask("SELECT note FROM ledger_checkpoint WHERE size = 12")[0][0]
    cut(6)
    findings = audit(KEY, published=newest)
    assert [(fault.kind, fault.index) for fault in findings.faults] == [(FaultKind.CUT, 12)]
    assert findings.unseen[0].startswith("No checkpoint from elsewhere")


def test_a_ledger_made_anew_with_the_log_key_is_seen_only_from_elsewhere(
    recorder: Recorder,
) -> None:
    note = write(recorder)
    log = chained([AINO, AINO, VEIKKO, VEIKKO, AINO, VEIKKO])
    root = log.root()
    cut(6)
    with past_the_guards():
        ask("DELETE FROM ledger_batch")
        ask("DELETE FROM ledger_checkpoint")
        ask("DELETE FROM ledger_entry")
        for index, leaf in enumerate(log.leaves):
            seq, when = int.from_bytes(leaf[42:50], "big"), int.from_bytes(leaf[2:10], "big")
            values = (index, leaf, leaf[10:26], seq, HELMI, 2, when)
            ask(
                'INSERT INTO ledger_entry ("index", leaf, patient_tag, patient_seq, actor_tag, act,'
                " time_us) VALUES (%s, %s, %s, %s, %s, %s, %s)",
                *values,
            )
        ask("INSERT INTO ledger_batch (size, root, edge) VALUES (6, %s, %s)", root, b"")
        forged = checkpoints.sign(KEY, Checkpoint(6, root), signer=sign)
        ask("INSERT INTO ledger_checkpoint (size, note) VALUES (6, %s)", forged)
    # Whoever holds database and log key passes every check of the signature.
    assert faults() == set()
    assert faults(note) == {(FaultKind.ROOT, 6)}


def test_a_note_that_is_no_checkpoint_of_this_log_is_refused() -> None:
    with pytest.raises(CheckpointBroken):
        audit(KEY, earlier=[f"{ORIGIN}\nnothing"])


def test_a_detail_that_is_gone_without_an_erase_is_seen(recorder: Recorder) -> None:
    write(recorder)
    ask('DELETE FROM ledger_detail WHERE "index" IN (2, 5)')
    assert faults() == {(FaultKind.DETAIL, 2), (FaultKind.DETAIL, 5)}


def test_an_erase_accounts_for_what_is_gone(recorder: Recorder) -> None:
    recorder.record([pending(AINO), pending(VEIKKO), pending(AINO)])
    ask('DELETE FROM ledger_detail WHERE "index" IN (0, 2)')
    recorder.record([erase_leaf(AINO, details=2)])
    assert faults() == set()


@pytest.mark.parametrize(("gone", "stated"), [("(9)", 2), ("(0)", 2), ("(0)", 1), ("(0, 2)", 1)])
def test_an_erase_that_lies_is_seen(recorder: Recorder, gone: str, stated: int) -> None:
    recorder.record([pending(AINO), pending(VEIKKO), pending(AINO)])
    ask(f'DELETE FROM ledger_detail WHERE "index" IN {gone}')
    recorder.record([erase_leaf(AINO, details=stated)])
    assert (FaultKind.ERASE, 3) in faults()


def test_an_entry_under_an_erased_tag_is_seen(recorder: Recorder) -> None:
    recorder.record([pending(AINO), erase_leaf(VEIKKO, details=0), pending(VEIKKO)])
    assert faults() == {(FaultKind.ERASE, 2)}


def test_an_erase_while_it_reads_is_no_fault(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder.record([pending(AINO), pending(AINO)])

    def erase(_done: int, _end: int) -> None:
        if ask('SELECT 1 FROM ledger_detail WHERE "index" = 1'):
            ask("DELETE FROM ledger_detail")
            recorder.record([erase_leaf(AINO, details=2)])

    monkeypatch.setattr(auditing, "CHUNK", 1)
    assert audit(KEY, progress=erase).faults == []


def test_public_values_that_were_exchanged_or_lost_are_seen(recorder: Recorder) -> None:
    recorder.record([erase_leaf(AINO, 0), erase_leaf(VEIKKO, 0), erase_leaf(HELMI, 0)])
    with past_the_guards():
        other = specials.canonical(Act.ERASE, {"basis": "x", "details": 0, "tag": AINO.hex()})
        ask('UPDATE ledger_publicdetail SET detail = %s WHERE "index" = 0', other)
        ask('DELETE FROM ledger_publicdetail WHERE "index" = 2')
    assert faults() == {(FaultKind.DETAIL, 0), (FaultKind.DETAIL, 2)}


def test_a_missing_trigger_is_seen(recorder: Recorder) -> None:
    write(recorder)
    with past_the_guards():
        # Inside here every guard is down, as it would be while somebody is at work.
        kinds = {fault.kind for fault in audit(KEY).faults}
    assert kinds == {FaultKind.GUARD}


def test_it_can_read_while_the_ledger_grows(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auditing, "CHUNK", 2)
    recorder.record([pending()] * 9)

    def grow(_done: int, _end: int) -> None:
        recorder.record([pending(), pending(VEIKKO)])
        recorder.checkpoint_now()

    findings = audit(KEY, progress=grow)
    assert findings.is_sound
    assert findings.size == 9


def state_heads(recorder: Recorder, **changed: object) -> None:
    found = heading.Heads().now()
    values = {"covered": found.covered, "root": found.root.hex(), "size": found.size} | changed
    told = {"subject_tag": SYSTEM, "actor_tag": SYSTEM, "salt": b"s" * 32}
    recorder.record([specials.prepare(Act.HEADS, values, **told)])


def test_each_tree_of_heads_is_made_again(recorder: Recorder) -> None:
    write(recorder)
    recorder = restarted(recorder)
    for _ in range(3):
        state_heads(recorder)
        recorder.record([pending(AINO), pending(HELMI)])
    findings = audit(KEY)
    recorder.stop()
    assert findings.is_sound
    assert (findings.heads, findings.covered) == (3, 18)


@pytest.mark.parametrize(
    "lie",
    [{"root": "00" * 32}, {"size": 4}, {"covered": 4}, {"covered": 99}, {"covered": 7}],
)
def test_a_tree_of_heads_that_is_not_the_entries_is_seen(recorder: Recorder, lie: dict) -> None:
    for _ in range(3):
        recorder.record([pending(AINO), pending(VEIKKO)])
    state_heads(recorder)
    recorder.record([pending(AINO)])
    state_heads(recorder, **lie)
    recorder.record([pending(AINO)])
    assert faults() == {(FaultKind.HEADS, 8)}


def test_the_slower_of_two_wardens_states_the_smaller_tree_later(recorder: Recorder) -> None:
    recorder.record([pending(AINO), pending(VEIKKO)])
    slow = heading.Heads().now()
    recorder.record([pending(AINO), pending(HELMI)])
    state_heads(recorder)
    state_heads(recorder, covered=slow.covered, root=slow.root.hex(), size=slow.size)
    assert audit(KEY).heads == 2
    assert faults() == set()
    state_heads(recorder, covered=0, size=0)
    assert faults() == {(FaultKind.HEADS, 6)}


def test_an_old_tree_of_heads_stated_again_is_seen(recorder: Recorder) -> None:
    recorder.record([pending(AINO), pending(VEIKKO)])
    old = heading.Heads().now()
    recorder.record([pending(AINO), pending(VEIKKO)])
    state_heads(recorder, root=old.root.hex(), size=old.size)
    assert faults() == {(FaultKind.HEADS, 4)}
    tamper("UPDATE ledger_publicdetail SET detail = salt")
    assert faults() == {(FaultKind.DETAIL, 4)}


def restarted(recorder: Recorder) -> Recorder:
    again = Recorder(
        origin=ORIGIN, public=PUBLIC, sign=sign, clock=recorder._clock, on_checkpoint=[].append
    )
    again.start()
    return again
