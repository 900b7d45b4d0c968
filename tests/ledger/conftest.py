from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.ledger.house import House
from tests.ledger.logs import ORIGIN, PUBLIC, sign
from vaitiolo.ledger.recorder import Recorder


@dataclass
class Clock:
    now: int = 1_800_000_000_000_000

    def __call__(self) -> int:
        return self.now


@dataclass
class Notices:
    """Where checkpoints are published, as a list."""

    notes: list[str] = field(default_factory=list)

    def __call__(self, note: str) -> None:
        self.notes.append(note)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def notices() -> Notices:
    return Notices()


@pytest.fixture
def new_recorder(clock: Clock, notices: Notices) -> Iterator[Callable[[], Recorder]]:
    made: list[Recorder] = []

    def new() -> Recorder:
        recorder = Recorder(
            origin=ORIGIN, public=PUBLIC, sign=sign, clock=clock, on_checkpoint=notices
        )
        made.append(recorder)
        return recorder

    yield new
    for recorder in made:
        recorder.stop()


@pytest.fixture
def recorder(new_recorder: Callable[[], Recorder]) -> Recorder:
    recorder = new_recorder()
    recorder.start()
    return recorder


@pytest.fixture
def house(tmp_path: Path, clock: Clock) -> Iterator[House]:
    house = House(tmp_path, clock)
    yield house
    for recorder in house.recorders:
        recorder.stop()
