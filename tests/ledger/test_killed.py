"""A warden that is killed loses nothing that it had acknowledged, and leaves no fault behind."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connections

from tests.ledger.house import House
from tests.ledger.logs import KEY, pending
from vaitiolo.ledger import queries
from vaitiolo.ledger.auditing import audit
from vaitiolo.ledger.recorder import Recorder

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])

REPO = Path(__file__).parents[2]


@contextmanager
def writing(home: Path, **more: int) -> Iterator[subprocess.Popen[str]]:
    address = {
        name: value
        for name, value in connections["vault"].settings_dict.items()
        if name in {"ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS"}
    }
    with subprocess.Popen(
        [sys.executable, "-m", "tests.ledger.writer"],
        cwd=REPO,
        env=os.environ | {"PYTHONPATH": f"{REPO / 'src'}:{REPO}"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as writer:
        writer.stdin.write(json.dumps({"vault": address, "home": str(home), **more}) + "\n")
        writer.stdin.flush()
        yield writer
        writer.kill()


def killed(writer: subprocess.Popen[str], after: int) -> dict[int, bytes]:
    """Kill it when it has said so many entries, and return everything it said until then."""
    said = [writer.stdout.readline() for _ in range(after)]
    writer.kill()
    return heard(said + writer.stdout.readlines())


def heard(said: list[str]) -> dict[int, bytes]:
    # The last line may have been cut in the middle: nobody has read it as an answer.
    whole = [line.split() for line in said if line.endswith("\n") and len(line.split()) == 2]
    return {int(index): bytes.fromhex(commit) for index, commit in whole}


@pytest.mark.parametrize("after", [1, 40, 900])
def test_what_was_acknowledged_survives_a_kill(
    after: int, new_recorder: Callable[[], Recorder], house: House
) -> None:
    with writing(house.public.parent) as writer:
        acknowledged = killed(writer, after)
    stored = {found.index: found.leaf.detail_commit for found in queries.entries_from(0)}
    assert len(acknowledged) >= after
    assert acknowledged.items() <= stored.items()
    assert audit(KEY).is_sound
    recorder = new_recorder()
    recorder.start()
    assert recorder.record([pending()]) == [len(stored)]
    assert audit(KEY).is_sound
    # Killed in the middle of publishing too: what is shown is whole, and the next warden goes on.
    shown = house.public / "checkpoint"
    published = house.check() if shown.exists() else 0
    after_it = house.warden()
    after_it.record([pending()])
    after_it.checkpoint_now()
    assert house.check() == len(stored) + 2 > published


def test_killed_between_the_commit_and_the_answer_it_wrote_too_much_and_never_too_little(
    new_recorder: Callable[[], Recorder], house: House
) -> None:
    with writing(house.public.parent, commits=7) as writer:
        acknowledged = heard(writer.stdout.readlines())
    stored = {found.index: found.leaf.detail_commit for found in queries.entries_from(0)}
    assert acknowledged.items() < stored.items(), "the seventh batch stands, and nobody heard of it"
    assert audit(KEY).is_sound
    recorder = new_recorder()
    recorder.start()
    assert recorder.record([pending()]) == [len(stored)]
    assert audit(KEY).is_sound


def test_one_of_two_wardens_is_killed_and_the_other_goes_on(house: House) -> None:
    home = house.public.parent
    with writing(home) as one, writing(home) as other:
        before = [other.stdout.readline() for _ in range(30)]
        acknowledged = killed(one, 100)
        after = [other.stdout.readline() for _ in range(300)]
        acknowledged |= killed(other, 1)
    last = max(int(line.split()[0]) for line in before + after)
    stored = {found.index: found.leaf.detail_commit for found in queries.entries_from(0)}
    assert acknowledged.items() <= stored.items()
    assert last > 300
    assert audit(KEY, published=(house.public / "checkpoint").read_text()).is_sound
    house.check()
