"""When the ledger cannot be written it says so, and afterwards it goes on without a fault."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import connections, transaction
from django.db.backends.signals import connection_created

from tests.ledger.conftest import Clock, Notices
from tests.ledger.logs import KEY, ORIGIN, PUBLIC, pending, sign
from tests.ledger.tampering import ask, cut, past_the_guards, tamper
from vaitiolo.ledger import queries
from vaitiolo.ledger.auditing import audit
from vaitiolo.ledger.recorder import InsideTransaction, LedgerSilent, Recorder, _Question
from vaitiolo.ledger.verify import checkpoints
from vaitiolo.ledger.verify.checkpoints import CheckpointBroken

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])

FULL = """
CREATE FUNCTION disk_is_full() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$;
CREATE TRIGGER no_room BEFORE INSERT ON ledger_detail EXECUTE FUNCTION disk_is_full()
"""


def is_postgresql() -> bool:
    return connections["vault"].vendor == "postgresql"


@contextmanager
def full_disk() -> Iterator[None]:
    """PostgreSQL is told so by a trigger; SQLite really has no page left."""
    if is_postgresql():
        connections["vault"].cursor().execute(FULL)
        yield
        ask("DROP TRIGGER no_room ON ledger_detail; DROP FUNCTION disk_is_full")
        return

    def limit(*, connection, **_rest: object) -> None:
        connection.cursor().execute(f"PRAGMA max_page_count = {pages}")

    ask("VACUUM")  # pages that earlier tests left free would be room
    pages = ask("PRAGMA page_count")[0][0]
    connection_created.connect(limit)
    yield
    connection_created.disconnect(limit)


def fill(recorder: Recorder) -> None:
    for _ in range(100):
        recorder.record([pending()] * 10)


def test_a_full_disk_is_a_refusal_and_later_nothing_is_missing(
    new_recorder: Callable[[], Recorder],
) -> None:
    recorder, after = new_recorder(), new_recorder()
    with full_disk():
        recorder.start()
        with pytest.raises(LedgerSilent):
            fill(recorder)
        recorder.stop()
    written = (queries.last_batch() or (0, b""))[0]
    after.start()
    assert after.record([pending()]) == [written]
    assert audit(KEY).is_sound


def test_the_same_recorder_goes_on_when_there_is_room_again(recorder: Recorder) -> None:
    recorder.record([pending()])
    ask("ALTER TABLE ledger_detail RENAME TO ledger_elsewhere")
    with pytest.raises(LedgerSilent):
        recorder.record([pending()])
    ask("ALTER TABLE ledger_elsewhere RENAME TO ledger_detail")
    assert recorder.record([pending()]) == [1]
    assert audit(KEY).is_sound


@contextmanager
def somebody_locks_it() -> Iterator[None]:
    # The number is the ASCII of "vaitiolo"; SQLite's lock is any transaction that writes.
    lock = "SELECT pg_advisory_xact_lock(x'76616974696f6c6f'::bigint)"
    with transaction.atomic(using="vault"):
        ask(lock if is_postgresql() else "SELECT 1")
        yield


def test_a_ledger_that_somebody_else_locks_refuses(
    new_recorder: Callable[[], Recorder], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vaitiolo.ledger.rows.LOCK_WAIT_MS", 100)
    recorder = new_recorder()
    recorder.start()
    with somebody_locks_it(), pytest.raises(LedgerSilent):
        recorder._ask(_Question([pending()]), 10)
    assert recorder.record([pending()]) == [0]


def test_who_waits_too_long_is_refused_and_nothing_is_written_later(recorder: Recorder) -> None:
    with somebody_locks_it():
        first, second = _Question([pending()]), _Question([pending()])
        with pytest.raises(LedgerSilent):
            recorder._ask(first, 0.05)
        with pytest.raises(LedgerSilent):
            recorder._ask(second, 0.05)
    # The first was being written when it was given up and may stand; the second was not begun.
    (index,) = recorder.record([pending()])
    assert index <= 1
    assert audit(KEY).is_sound


def test_recording_inside_a_transaction_of_the_vault_is_a_mistake(recorder: Recorder) -> None:
    with transaction.atomic(using="vault"), pytest.raises(InsideTransaction):
        recorder.record([pending()])


def test_a_recorder_that_does_not_run_refuses(new_recorder: Callable[[], Recorder]) -> None:
    recorder = new_recorder()
    with pytest.raises(LedgerSilent):
        recorder.record([pending()])
    recorder.start()
    recorder.stop()
    with pytest.raises(LedgerSilent):
        recorder.checkpoint_now()


def test_a_lost_connection_is_opened_again(recorder: Recorder) -> None:
    if not is_postgresql():
        pytest.skip("a file has no connection to lose")
    recorder.record([pending()])
    ask(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    assert recorder.record([pending()]) == [1]


def test_a_log_that_was_cut_back_is_never_continued(recorder: Recorder) -> None:
    for _ in range(3):
        recorder.record([pending()])
    cut(2)
    for _ in range(2):
        with pytest.raises(LedgerSilent, match="before"):
            recorder.record([pending()])
        with pytest.raises(LedgerSilent):
            recorder.checkpoint_now()
    assert queries.last_batch() == (2, queries.last_batch()[1])


def test_nor_one_that_no_longer_holds_its_published_checkpoint(
    new_recorder: Callable[[], Recorder],
) -> None:
    first, second = new_recorder(), new_recorder()
    first.start()
    first.record([pending()])
    first.record([pending()])
    note = first.checkpoint_now()
    first.stop()
    cut(1)
    second.start(published=note)
    with pytest.raises(LedgerSilent, match="before"):
        second.record([pending()])


def test_nor_one_whose_checkpoints_state_more_than_it_holds(
    new_recorder: Callable[[], Recorder],
) -> None:
    first, second = new_recorder(), new_recorder()
    first.start()
    first.record([pending()])
    first.record([pending()])
    first.stop()
    with past_the_guards():
        for table, key in [("entry", '"index"'), ("batch", "size - 1")]:
            ask(f"DELETE FROM ledger_{table} WHERE {key} >= 1")
    second.start()
    with pytest.raises(LedgerSilent, match="before"):
        second.checkpoint_now()


def test_nor_one_whose_rows_were_changed_under_it(new_recorder: Callable[[], Recorder]) -> None:
    first, second = new_recorder(), new_recorder()
    first.start()
    first.record([pending()] * 3)
    first.stop()
    leaf = bytearray(ask('SELECT leaf FROM ledger_entry WHERE "index" = 1')[0][0])
    leaf[-1] ^= 1
    tamper('UPDATE ledger_entry SET leaf = %s WHERE "index" = 1', bytes(leaf))
    second.start()
    with pytest.raises(LedgerSilent, match="before"):
        second.record([pending()])


def test_a_longer_log_that_holds_its_published_checkpoint_is_continued(
    new_recorder: Callable[[], Recorder],
) -> None:
    first, second = new_recorder(), new_recorder()
    first.start()
    first.record([pending()])
    note = first.checkpoint_now()
    first.record([pending()])
    first.stop()
    second.start(published=note)
    assert second.record([pending()]) == [2]


def test_a_checkpoint_of_another_log_is_no_start(new_recorder: Callable[[], Recorder]) -> None:
    with pytest.raises(CheckpointBroken):
        new_recorder().start(published="nothing of ours")


class Unwilling:
    """A publisher, or a signer, that fails until it is told not to."""

    fails = True

    def __call__(self, said: object) -> bytes:
        if self.fails:
            raise OSError
        return sign(said) if isinstance(said, bytes) else b""


@pytest.mark.parametrize("part", ["sign", "on_checkpoint"])
def test_a_checkpoint_that_cannot_be_signed_or_published_is_not_kept(
    part: str, clock: Clock, notices: Notices
) -> None:
    unwilling = Unwilling()
    parts = {"sign": sign, "on_checkpoint": notices, "clock": clock, part: unwilling}
    recorder = Recorder(origin=ORIGIN, public=PUBLIC, **parts)
    recorder.start()
    assert recorder.record([pending()]) == [0]
    with pytest.raises(LedgerSilent):
        recorder.checkpoint_now()
    assert queries.newest_checkpoint() is None
    unwilling.fails = False
    assert checkpoints.read(recorder.checkpoint_now(), KEY).size == 1
    recorder.stop()
