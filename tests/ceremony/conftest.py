import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.keys.asking import House
from tests.keys.clinic import named
from tests.keys.policy import policy, root_keys
from vaitiolo.ceremony import shares
from vaitiolo.keys import trust
from vaitiolo.keys.trust import RecoveryCards

MASTER = named("master")
ALONE = ("unshare", "--map-root-user", "--net")


@dataclass
class Typing:
    """A desk at which the lines lie ready."""

    lines: list[str]
    said: list[str] = field(default_factory=list)
    cleared: int = 0

    def say(self, text: str) -> None:
        self.said.append(text)

    def ask(self, text: str) -> str:
        self.said.append(text)
        if not self.lines:
            raise EOFError
        return self.lines.pop(0)

    def clear(self) -> None:
        self.cleared += 1


@pytest.fixture(scope="session")
def house() -> House:
    """A house whose recovery key `chart` is on paper."""
    return House(master=MASTER)


@pytest.fixture(scope="session")
def paper() -> list[str]:
    return shares.split(bytearray(MASTER))


@pytest.fixture
def pinned_folder(house: House, tmp_path: Path) -> Path:
    folder = tmp_path / "trust"
    folder.mkdir()
    recovery = RecoveryCards(house.contact.card.id, house.chart.card.id, named("incident"))
    trust.write(folder, policy(recovery=recovery), root=root_keys())
    return folder


@pytest.fixture(scope="session")
def alone() -> Callable[..., list[str]]:
    """What makes a command run where there is no network."""
    probe = [*ALONE, "true"]
    may = shutil.which("unshare") and not subprocess.call(probe, stderr=subprocess.DEVNULL)
    if not may:
        pytest.skip("this machine lets nobody leave its network")
    return lambda *command: [*ALONE, sys.executable, *command]
