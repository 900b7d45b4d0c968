import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.ledger.conftest import Clock, Notices
from tests.ledger.logs import AINO, HELMI, KEY, SYSTEM, VEIKKO, hash_leaf, pending, slow_root
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.auditing import audit
from vaitiolo.ledger.models import Batch, Entry
from vaitiolo.ledger.recorder import Recorder
from vaitiolo.ledger.verify import checkpoints, specials

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])


def test_entries_are_numbered_and_chained_for_each_tag(recorder: Recorder) -> None:
    assert recorder.record([pending(AINO), pending(VEIKKO), pending(AINO)]) == [0, 1, 2]
    assert recorder.record([pending(AINO)]) == [3]
    of_aino = [found.leaf for found in queries.entries_of(AINO)]
    assert [leaf.patient_seq for leaf in of_aino] == [1, 2, 3]
    assert [leaf.patient_prev for leaf in of_aino] == [bytes(32), of_aino[0].hash, of_aino[1].hash]


def test_an_entry_holds_what_was_handed_over(recorder: Recorder, clock: Clock) -> None:
    handed = pending(AINO, HELMI, Act.SIGN)
    (index,) = recorder.record([handed])
    found = queries.entry(index)
    assert found is not None
    assert (found.salt, found.detail) == (handed.salt, handed.sealed_detail)
    assert (found.leaf.act, found.leaf.patient_tag, found.leaf.actor_tag) == (Act.SIGN, AINO, HELMI)
    assert (found.leaf.detail_commit, found.leaf.time_us) == (handed.detail_commit, clock.now)


def test_nothing_asked_is_nothing_written(recorder: Recorder) -> None:
    assert recorder.record([]) == []
    assert queries.last_batch() is None


def test_values_about_the_ledger_itself_are_kept_in_clear(recorder: Recorder) -> None:
    values = {"every": 60}
    beat = specials.prepare(
        Act.HEARTBEAT, values, subject_tag=SYSTEM, actor_tag=SYSTEM, salt=b"s" * 32
    )
    recorder.record([pending(), beat])
    found = queries.entry(1)
    assert found is not None
    assert found.detail == b'{"every":60}'


def test_many_threads_share_commits_and_each_gets_its_own_number(recorder: Recorder) -> None:
    def ask(number: int) -> tuple[int, bytes]:
        handed = pending(bytes([number % 7]) * 16)
        (index,) = recorder.record([handed])
        return index, handed.detail_commit

    with ThreadPoolExecutor(16) as threads:
        answers = dict(threads.map(ask, range(400)))
    stored = {found.index: found.leaf.detail_commit for found in queries.entries_from(0)}
    assert stored == answers
    assert Batch.objects.count() < 400
    assert audit(KEY).is_sound


def test_what_one_caller_hands_over_together_stands_together(recorder: Recorder) -> None:
    def ask(number: int) -> list[int]:
        return recorder.record([pending(bytes([number]) * 16)] * 5)

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(ask, range(40)))
    assert all(indexes == list(range(indexes[0], indexes[0] + 5)) for indexes in answers)
    assert sorted(index for indexes in answers for index in indexes) == list(range(200))


def test_two_wardens_write_one_log(new_recorder: Callable[[], Recorder]) -> None:
    both = [new_recorder(), new_recorder()]
    for recorder in both:
        recorder.start()

    def ask(number: int) -> list[int]:
        return both[number % 2].record([pending(bytes([number % 5]) * 16)])

    with ThreadPoolExecutor(8) as threads:
        answers = sorted(index for indexes in threads.map(ask, range(300)) for index in indexes)
    notes = {recorder.checkpoint_now() for recorder in both}
    assert answers == list(range(300))
    assert len(notes) == 1
    assert audit(KEY, earlier=list(notes)).is_sound


def test_a_recorder_goes_on_where_another_ended(new_recorder: Callable[[], Recorder]) -> None:
    for size in (300, 301, 700):
        recorder = new_recorder()
        recorder.start()
        have = (queries.last_batch() or (0, b""))[0]
        recorder.record([pending(bytes([number % 9]) * 16) for number in range(size - have)])
        recorder.stop()
    hashes = [found.leaf.hash for found in queries.entries_from(0)]
    assert queries.last_batch() == (700, slow_root(hashes))
    assert audit(KEY).is_sound


def test_a_checkpoint_states_what_is_committed(recorder: Recorder, notices: Notices) -> None:
    recorder.record([pending(), pending()])
    note = recorder.checkpoint_now()
    stated = checkpoints.read(note, KEY)
    leaves = [found.leaf.encode() for found in queries.entries_from(0)]
    assert stated.size == 2
    assert stated.root == slow_root([hash_leaf(leaf) for leaf in leaves])
    assert notices.notes[-1] == queries.newest_checkpoint() == note


def test_nothing_new_gets_no_new_checkpoint(recorder: Recorder, notices: Notices) -> None:
    recorder.record([pending()])
    assert recorder.checkpoint_now() == recorder.checkpoint_now()
    assert len([note for note in notices.notes if checkpoints.read(note, KEY).size == 1]) == 1


def test_a_checkpoint_comes_by_itself(recorder: Recorder, notices: Notices) -> None:
    recorder.record([pending()])
    end = time.monotonic() + 30
    while not any(checkpoints.read(note, KEY).size == 1 for note in notices.notes):
        assert time.monotonic() < end, "no checkpoint came"
        time.sleep(0.05)


def test_stopping_signs_the_last_one(
    new_recorder: Callable[[], Recorder], notices: Notices
) -> None:
    recorder = new_recorder()
    recorder.start()
    recorder.record([pending(), pending(), pending()])
    recorder.stop()
    recorder.stop()
    assert checkpoints.read(notices.notes[-1], KEY).size == 3


def test_after_a_crash_the_newest_checkpoint_is_published_again(
    new_recorder: Callable[[], Recorder], notices: Notices
) -> None:
    first, second = new_recorder(), new_recorder()
    first.start()
    first.record([pending()])
    note = first.checkpoint_now()
    first.stop()
    notices.notes.clear()
    second.start()
    assert second.checkpoint_now() == note
    assert notices.notes == [note]


def test_a_clock_that_goes_back_changes_no_order(recorder: Recorder, clock: Clock) -> None:
    recorder.record([pending()])
    clock.now -= 1_000_000
    assert recorder.record([pending()]) == [1]
    times = [found.leaf.time_us for found in queries.entries_from(0)]
    assert times == [clock.now + 1_000_000, clock.now]
    findings = audit(KEY)
    assert findings.is_sound
    assert findings.remarks == ["The clock went back 1 times, first at entry 1."]


def test_more_tags_than_are_kept_in_memory(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vaitiolo.ledger.sequencing.HEADS_KEPT", 3)
    for _ in range(3):
        recorder.record([pending(bytes([number]) * 16) for number in range(8)])
    assert set(Entry.objects.values_list("patient_seq", flat=True)) == {1, 2, 3}
    assert audit(KEY).is_sound


def test_who_asks_while_it_stops_is_answered(recorder: Recorder) -> None:
    asked = threading.Thread(target=recorder.record, args=([pending()] * 50,))
    asked.start()
    asked.join()
    recorder.stop()
    assert queries.last_batch() is not None
