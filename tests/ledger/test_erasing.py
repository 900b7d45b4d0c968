"""An erasure is all or nothing, whoever is killed; and nothing of it is left in the files."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connections

from tests.ledger.erasures import TAGS, erasing
from tests.ledger.logs import AINO, KEY, VEIKKO, pending
from tests.ledger.tampering import ask
from vaitiolo.keys import store
from vaitiolo.keys.rows import AuditSecretRow
from vaitiolo.ledger import queries
from vaitiolo.ledger.auditing import audit
from vaitiolo.ledger.entries import Pending
from vaitiolo.ledger.recorder import LedgerSilent, Recorder, SubjectErased

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])

REPO = Path(__file__).parents[2]
ENTRIES = 25


def secret_of(tag: bytes) -> AuditSecretRow:
    return AuditSecretRow(UUID(bytes=tag), tag[::-1] * 2, tag)


def remember(*tags: bytes) -> None:
    store.put_audit_secrets([secret_of(tag) for tag in tags])


def left_of(tag: bytes) -> tuple[int, bool]:
    details = sum(one.detail is not None for one in queries.entries_of(tag))
    return details, store.subject_of(tag) is not None


def test_details_and_secret_go_and_the_leaves_stay(recorder: Recorder) -> None:
    remember(AINO, VEIKKO)
    recorder.record([pending(AINO), pending(VEIKKO), pending(AINO)])
    note = recorder.checkpoint_now()
    assert recorder.erase(erasing(AINO)) == (3, 2)
    assert left_of(AINO) == (0, False)
    assert left_of(VEIKKO) == (1, True)
    assert len(list(queries.entries_of(AINO))) == 2
    assert audit(KEY, earlier=[note]).faults == []
    [found] = queries.erasures(most=5)
    assert found.index == 3


def test_nothing_is_written_under_an_erased_tag(new_recorder: Callable[[], Recorder]) -> None:
    one, other = new_recorder(), new_recorder()
    one.start()
    other.start()
    remember(AINO)
    other.record([pending(AINO)])
    one.erase(erasing(AINO))
    for recorder in (one, other):
        with pytest.raises(SubjectErased):
            recorder.record([pending(VEIKKO), pending(AINO)])
        with pytest.raises(SubjectErased):
            recorder.erase(erasing(AINO))
        assert recorder.record([pending(VEIKKO)])
    assert [len(list(queries.entries_of(tag))) for tag in (AINO, VEIKKO)] == [1, 2]
    assert audit(KEY).faults == []


def test_another_warden_learns_of_it_even_when_it_lost_its_place(
    new_recorder: Callable[[], Recorder], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = new_recorder(), new_recorder()
    one.start()
    other.start()
    other.record([pending(AINO)])
    one.erase(erasing(AINO))
    # An edge is stored behind the erasure, so that whoever begins again does not read it.
    one.record([pending(VEIKKO)] * 300)
    monkeypatch.setattr(other._end, "_is_cached", False)
    with pytest.raises(SubjectErased):
        other.record([pending(AINO)])


def test_an_entry_that_cannot_be_made_leaves_everything(recorder: Recorder) -> None:
    remember(AINO)
    recorder.record([pending(AINO)])

    def fails(_details: int) -> Pending:
        raise ValueError

    handed = erasing(AINO)
    with pytest.raises(LedgerSilent):
        recorder.erase(type(handed)(AINO, fails, handed.beside))
    assert left_of(AINO) == (1, True)
    assert recorder.erase(handed) == (1, 1)
    assert audit(KEY).faults == []


def test_salt_and_secret_are_in_no_file_any_more(recorder: Recorder) -> None:
    if connections["vault"].vendor != "sqlite":
        pytest.skip("PostgreSQL drops dead rows with a vacuum, which its owner runs")
    remember(AINO, VEIKKO)
    recorder.record([pending(AINO), pending(VEIKKO)])
    gone = [*_bytes_of(AINO), secret_of(AINO).secret]
    kept = [*_bytes_of(VEIKKO), secret_of(VEIKKO).secret]
    assert all(one in _on_disk() for one in gone + kept)
    recorder.erase(erasing(AINO))
    on_disk = _on_disk()
    assert not any(one in on_disk for one in gone)
    assert all(one in on_disk for one in kept)


def _bytes_of(tag: bytes) -> list[bytes]:
    [entry] = queries.entries_of(tag)
    return [one for one in (entry.salt, entry.detail) if one is not None]


def _on_disk() -> bytes:
    # Whoever reads keeps the journal from being emptied.
    connections["vault"].close()
    path = Path(str(connections["vault"].settings_dict["NAME"]))
    return b"".join(one.read_bytes() for one in path.parent.glob(f"{path.name}*"))


@pytest.mark.parametrize("after", [1, 9])
def test_a_warden_killed_while_it_erases_leaves_all_or_nothing(
    after: int, new_recorder: Callable[[], Recorder]
) -> None:
    before = new_recorder()
    before.start()
    remember(*TAGS)
    before.record([pending(tag) for tag in TAGS for _ in range(ENTRIES)])
    before.stop()
    said = _killed(after)
    left = [left_of(tag) for tag in TAGS]
    # Each tag has everything or nothing, in the order of the asking; what was said is done.
    assert set(left) <= {(0, False), (ENTRIES, True)}
    done = left.count((0, False))
    assert left == sorted(left)
    assert len(said) <= done <= len(said) + 1
    assert {count for _tag, count in said} == {ENTRIES}
    assert len(queries.erasures(most=50)) == done
    assert audit(KEY).faults == []
    recorder = new_recorder()
    recorder.start()
    if done < len(TAGS):
        assert recorder.erase(erasing(TAGS[-1])).details == ENTRIES
    assert audit(KEY).faults == []


def _killed(after: int) -> list[tuple[bytes, int]]:
    address = {
        name: value
        for name, value in connections["vault"].settings_dict.items()
        if name in {"ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS"}
    }
    with subprocess.Popen(
        [sys.executable, "-m", "tests.ledger.eraser"],
        cwd=REPO,
        env=os.environ | {"PYTHONPATH": f"{REPO / 'src'}:{REPO}"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as eraser:
        eraser.stdin.write(json.dumps({"vault": address}) + "\n")
        eraser.stdin.flush()
        # Killed while it does the next one: the line of the one before has just been read.
        lines = [eraser.stdout.readline() for _ in range(after + 1)]
        eraser.kill()
        lines += eraser.stdout.readlines()
    whole = [line.split() for line in lines[1:] if line.endswith("\n")]
    return [(bytes.fromhex(tag), int(count)) for tag, count in whole]


def test_dead_rows_of_what_can_be_erased_go_with_the_next_vacuum() -> None:
    if connections["vault"].vendor != "postgresql":
        pytest.skip("SQLite writes zeros over what it deletes")
    asked = "SELECT relname FROM pg_class WHERE array_to_string(reloptions, ',') LIKE %s"
    told = ask(asked, "%autovacuum_vacuum_scale_factor=0%")
    assert {name for (name,) in told} >= {"ledger_detail", "keys_auditsecret"}
