from pathlib import Path

import pytest

from tests.witness.growing import Clock, Growing, make_witness
from vaitiolo.witness.answering import Witness
from vaitiolo.witness.keeping import Memory


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    return Memory(tmp_path / "witness.sqlite3")


@pytest.fixture
def witness(memory: Memory, clock: Clock) -> Witness:
    return make_witness(memory, clock)


@pytest.fixture(scope="module")
def growing() -> Growing:
    return Growing()
