"""`add-checkpoint` as C2SP tlog-witness describes it, and what a naive witness lets through."""

import base64
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature

from tests.ledger.logs import KEY, chained, make_log, sign
from tests.witness.growing import NAME, NOON, Clock, Growing, make_witness, verify_by_hand
from vaitiolo.config.worker import courier
from vaitiolo.ledger.verify import checkpoints, cosignatures
from vaitiolo.ledger.verify.checkpoints import Checkpoint, CheckpointBroken, LogKey
from vaitiolo.ledger.verify.proofs import Growth
from vaitiolo.witness import alarms, command
from vaitiolo.witness.answering import SIZE_TYPE, Answer, Witness
from vaitiolo.witness.keeping import Memory


def seen(witness: Witness) -> int:
    with witness.memory.deciding() as decision:
        return decision.latest(KEY.origin).size


def test_growth_is_cosigned_and_verifies_by_hand(witness: Witness, growing: Growing) -> None:
    for old, size in ((0, 1), (1, 7), (7, 64), (64, 64), (64, 80)):
        answer = witness.add_checkpoint(growing.body(old, size))
        assert answer.status == HTTPStatus.OK
        public = witness.cosigner.key.public
        assert verify_by_hand(public, answer.body, growing.note(size)) == NOON
        assert seen(witness) == size


def resigned(note: str, *lines: str) -> str:
    """The note of a log of somebody else's, which says more than ours."""
    text = note.partition("\n\n")[0] + "\n" + "".join(f"{line}\n" for line in lines)
    signature = base64.b64encode(KEY.id + sign(text.encode())).decode()
    return f"{text}\n— {KEY.origin} {signature}\n"


def test_extension_lines_are_cosigned_as_they_stand(witness: Witness, growing: Growing) -> None:
    """C2SP lets a log say more below its root; a witness signs it and gives it no meaning."""
    more = resigned(growing.note(5), "time 1800000000", "ääkkösiä — too")
    answer = witness.add_checkpoint(Growth(0, [], more).write())
    assert answer.status == HTTPStatus.OK
    assert verify_by_hand(witness.cosigner.key.public, answer.body, more) == NOON
    with pytest.raises(InvalidSignature):
        verify_by_hand(witness.cosigner.key.public, answer.body, growing.note(5))
    assert witness.add_checkpoint(growing.body(5, 9)).status == HTTPStatus.OK
    with pytest.raises(CheckpointBroken):
        checkpoints.read(more, KEY)


@pytest.mark.parametrize("line", ["", "a\tb", "\x7f"])
def test_what_no_note_may_hold_is_not_cosigned(
    witness: Witness, growing: Growing, line: str
) -> None:
    body = Growth(0, [], resigned(growing.note(5), "fine", line, "fine")).write()
    assert witness.add_checkpoint(body).status == HTTPStatus.FORBIDDEN
    assert seen(witness) == 0


def test_an_empty_log_is_cosigned_too(witness: Witness, growing: Growing) -> None:
    assert witness.add_checkpoint(growing.body(0, 0)).status == HTTPStatus.OK
    assert witness.add_checkpoint(growing.body(0, 5)).status == HTTPStatus.OK


@pytest.mark.parametrize(
    "body",
    [
        "",
        "old 0\n",
        "old 01\n\n{note}",
        "old -1\n\n{note}",
        "new 0\n\n{note}",
        "old 0\nAAAA\n\n{note}",
    ],
)
def test_what_is_no_request_is_400(witness: Witness, growing: Growing, body: str) -> None:
    answer = witness.add_checkpoint(body.format(note=growing.note(5)))
    assert answer.status == HTTPStatus.BAD_REQUEST
    assert seen(witness) == 0


def test_more_than_63_hashes_are_400(witness: Witness, growing: Growing) -> None:
    body = Growth(3, [bytes(32)] * 64, growing.note(5)).write()
    assert witness.add_checkpoint(body).status == HTTPStatus.BAD_REQUEST


def test_an_unknown_log_is_404_and_a_stranger_s_signature_403(
    witness: Witness, growing: Growing
) -> None:
    stranger = LogKey("ledger.elsewhere/1", KEY.public)
    note = checkpoints.sign(stranger, growing.stated(5), signer=sign)
    assert witness.add_checkpoint(Growth(0, [], note).write()).status == HTTPStatus.NOT_FOUND
    forged = checkpoints.sign(KEY, growing.stated(5), signer=lambda _message: bytes(64))
    assert witness.add_checkpoint(Growth(0, [], forged).write()).status == HTTPStatus.FORBIDDEN
    assert seen(witness) == 0


def test_an_old_size_above_the_new_one_is_400(witness: Witness, growing: Growing) -> None:
    witness.add_checkpoint(growing.body(0, 20))
    body = Growth(20, [], growing.note(9)).write()
    assert witness.add_checkpoint(body).status == HTTPStatus.BAD_REQUEST
    assert seen(witness) == 20


def test_another_old_size_is_409_and_learns_the_right_one(
    witness: Witness, growing: Growing
) -> None:
    witness.add_checkpoint(growing.body(0, 20))
    for old in (0, 19, 21):
        answer = witness.add_checkpoint(growing.body(old, 40))
        assert answer == Answer(HTTPStatus.CONFLICT, "20\n", SIZE_TYPE)
    assert witness.add_checkpoint(growing.body(20, 40)).status == HTTPStatus.OK


def test_another_root_of_the_same_size_is_409(witness: Witness, growing: Growing) -> None:
    witness.add_checkpoint(growing.body(0, 20))
    other = Growing(make_log(80, seed=9))
    assert witness.add_checkpoint(other.body(20, 20)).status == HTTPStatus.CONFLICT


def test_a_rewritten_history_is_422_and_is_not_remembered(
    witness: Witness, growing: Growing
) -> None:
    witness.add_checkpoint(growing.body(0, 20))
    forged = Growing(chained([leaf[10:26] for leaf in make_log(80, seed=9).leaves]))
    answer = witness.add_checkpoint(forged.body(20, 40))
    assert answer.status == HTTPStatus.UNPROCESSABLE_ENTITY
    assert seen(witness) == 20
    # A witness that looked at signatures alone would have taken it.
    assert checkpoints.read(forged.note(40), KEY) == forged.stated(40)


def test_a_proof_for_size_zero_must_be_empty(witness: Witness, growing: Growing) -> None:
    body = Growth(0, [bytes(32)], growing.note(5)).write()
    assert witness.add_checkpoint(body).status == HTTPStatus.UNPROCESSABLE_ENTITY


def test_of_many_at_once_the_largest_stands_and_none_steps_back(
    witness: Witness, growing: Growing
) -> None:
    """The race of the specification: A is checked, B is checked and stored, A is stored."""
    sizes = list(range(1, 41))
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda size: witness.add_checkpoint(growing.body(0, size)), sizes))
    cosigned = [s for s, answer in zip(sizes, answers, strict=True) if answer.status == 200]
    assert len(cosigned) == 1
    assert seen(witness) == cosigned[0]


def test_a_witness_that_looks_and_stores_in_two_steps_steps_back(
    witness: Witness, growing: Growing
) -> None:
    """The same race against the naive one: it has cosigned 40 and remembers 20."""

    def look(old: int) -> bool:
        return seen(witness) == old

    checked_a, checked_b = look(0), look(0)
    for is_checked, size in ((checked_b, 40), (checked_a, 20)):
        assert is_checked
        with witness.memory.deciding() as decision:
            decision.store(KEY.origin, growing.stated(size), note="", at=NOON)
    assert seen(witness) == 20


KILLED = """
import os, signal, sys
from pathlib import Path
from tests.witness.growing import Clock, Growing, make_witness
from vaitiolo.witness.keeping import Decision, Memory

def dies(self, *args, **named):
    if sys.argv[2] == "after":
        stored(self, *args, **named)
    os.kill(os.getpid(), signal.SIGKILL)

stored, Decision.store = Decision.store, dies
make_witness(Memory(Path(sys.argv[1])), Clock()).add_checkpoint(Growing().body(20, 40))
"""


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_witness_killed_between_check_and_answer_has_answered_nothing(
    memory: Memory, clock: Clock, growing: Growing, tmp_path: Path, moment: str
) -> None:
    witness = make_witness(memory, clock)
    witness.add_checkpoint(growing.body(0, 20))
    path = str(tmp_path / "witness.sqlite3")
    done = subprocess.run(
        [sys.executable, "-c", KILLED, path, moment],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    # What it did not answer for, it does not remember; and it goes on from there.
    assert seen(make_witness(Memory(Path(path)), clock)) == 20
    assert witness.add_checkpoint(growing.body(20, 40)).status == HTTPStatus.OK


def test_what_cannot_be_stored_is_not_answered(
    witness: Witness, growing: Growing, tmp_path: Path
) -> None:
    with sqlite3.connect(tmp_path / "witness.sqlite3") as broken:
        broken.execute("DROP TABLE cosigned")
    broken.close()
    with pytest.raises(sqlite3.Error):
        witness.add_checkpoint(growing.body(0, 20))


def test_a_cosignature_is_bound_to_key_checkpoint_and_time(
    witness: Witness, growing: Growing
) -> None:
    key, stated = witness.cosigner.key, growing.stated(20)
    line = witness.cosigner.cosign(KEY.origin, stated, at=NOON)
    assert cosignatures.find(line, key, origin=KEY.origin, stated=stated) == (NOON, line)
    others: list[tuple[str, Checkpoint]] = [
        ("ledger.elsewhere/1", stated),
        (KEY.origin, growing.stated(21)),
        (KEY.origin, replace(stated, root=bytes(32))),
    ]
    for origin, other in others:
        with pytest.raises(CheckpointBroken):
            cosignatures.find(line, key, origin=origin, stated=other)
    stranger = cosignatures.Cosigner("another.example/1", bytes(32)).key
    assert cosignatures.find(line, stranger, origin=KEY.origin, stated=stated) is None


def test_a_key_is_read_in_the_one_way_it_is_written(witness: Witness) -> None:
    written = witness.cosigner.key.verifier
    assert written.startswith(f"{NAME}+")
    assert cosignatures.read_key(written) == witness.cosigner.key
    for wrong in (KEY.verifier, written[:-1], written.replace(NAME, "other/1"), "", "a+b+c"):
        with pytest.raises(cosignatures.NotAKey):
            cosignatures.read_key(wrong)


def test_a_rollback_is_told_within_a_minute_by_design() -> None:
    assert alarms.GRACE + courier.EVERY + 2 * command.EVERY <= 60


ALONE = """
import json, sys
before = set(sys.modules)
from vaitiolo.config import witness
print(json.dumps(sorted(set(sys.modules) - before)))
"""


def test_it_loads_the_ledger_s_checks_and_one_package_of_others() -> None:
    env = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO")}
    path = os.pathsep.join(sys.path)
    words = [sys.executable, "-c", ALONE]
    loaded = json.loads(subprocess.check_output(words, env={**env, "PYTHONPATH": path}))
    ours = [name for name in loaded if name.startswith("vaitiolo.")]
    ledger = r"ledger(\.verify\b.*|\.acts|\.entries)?"
    keys = r"keys(\.(signatures|primitives|refused))?"
    allowed = rf"vaitiolo\.(config|witness|kit)\b|vaitiolo\.({ledger}|{keys})$"
    assert not [name for name in ours if not re.match(allowed, name)]
    others = {name.partition(".")[0] for name in loaded} - set(sys.stdlib_module_names)
    named = {one for one in others if not one.startswith("_")}
    assert named <= {"vaitiolo", "cryptography", "cffi"}
