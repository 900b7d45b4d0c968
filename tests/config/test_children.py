"""What `vaitiolo up` does for its programs: real processes that live, die and are started again."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from vaitiolo.config.children import ChildFailed, Family
from vaitiolo.config.up import WITHHELD

LIVES = "import time; print(__import__('os').getpid(), flush=True); time.sleep(600)"
PRINTS = "import os; print(sorted(name for name in os.environ if name.startswith('VAITIOLO')))"


@pytest.fixture
def family(tmp_path: Path) -> Iterator[Family]:
    made = Family(tmp_path, WITHHELD, print, lambda _name: [sys.executable, "-c", LIVES])
    yield made
    made.end()


def until(true, seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def lives(family: Family, name: str) -> int:
    log = family.logs / f"{name}.log"
    until(lambda: log.exists() and log.read_text().endswith("\n"))
    return int(log.read_text().split()[-1])


def test_what_dies_is_started_again(family: Family) -> None:
    family.start("web")
    first = lives(family, "web")
    os.kill(first, signal.SIGKILL)
    family.mend()
    until(lambda: lives(family, "web") != first)


def test_each_early_death_makes_the_pause_longer_and_none_is_longer_than_half_a_minute(
    family: Family,
) -> None:
    family.start("web")
    child = family.children["web"]
    pauses = []
    for deaths in range(12):
        child.deaths = deaths
        pauses.append(child.pause())
    assert pauses == sorted(pauses)
    assert pauses[-1] == 30.0


def test_the_end_is_the_end_of_all(family: Family) -> None:
    for name in ("warden", "web", "worker"):
        family.start(name)
    numbers = [lives(family, name) for name in ("warden", "web", "worker")]
    family.end()
    for number in numbers:
        with pytest.raises(ProcessLookupError):
            os.kill(number, 0)


def test_a_program_that_ends_at_once_is_reported_with_its_log(tmp_path: Path) -> None:
    family = Family(tmp_path, WITHHELD, print, lambda _name: [sys.executable, "-c", "1/0"])
    family.start("warden")
    with pytest.raises(ChildFailed, match=r"warden ended.*warden\.log"):
        family.wait("warden", lambda: False, 20.0)
    family.end()
    assert "ZeroDivisionError" in (tmp_path / "warden.log").read_text()


@pytest.mark.parametrize(
    ("name", "kept"), [("web", "VAITIOLO_DATABASE"), ("warden", "VAITIOLO_VAULT")]
)
def test_a_program_hears_of_its_own_database_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, kept: str
) -> None:
    for half in ("VAITIOLO_DATABASE", "VAITIOLO_VAULT"):
        for part in ("", "_OWNER", "_OWNER_PASSWORD_FILE"):
            monkeypatch.setenv(half + part, "somewhere")
    family = Family(tmp_path, WITHHELD, print, lambda _name: [sys.executable, "-c", PRINTS])
    family.start(name)
    family.children[name].process.wait()
    family.end()
    told = (tmp_path / f"{name}.log").read_text()
    assert f"'{kept}'" in told
    assert "OWNER" not in told
    assert told.count("VAITIOLO_DATABASE") + told.count("VAITIOLO_VAULT") == 1


@pytest.mark.parametrize(("name", "kept"), [("web", 0), ("warden", 2), ("worker", 2)])
def test_only_who_needs_the_key_service_hears_of_it_and_nobody_of_its_keepers_token(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, kept: int
) -> None:
    for part in ("", "_ADDRESS", "_KEEPER_TOKEN_FILE"):
        monkeypatch.setenv(f"VAITIOLO_KMS{part}", "somewhere")
    family = Family(tmp_path, WITHHELD, print, lambda _name: [sys.executable, "-c", PRINTS])
    family.start(name)
    family.children[name].process.wait()
    family.end()
    told = (tmp_path / f"{name}.log").read_text()
    assert told.count("VAITIOLO_KMS") == kept
    assert "KEEPER" not in told


def test_a_large_log_is_put_aside_at_the_start(family: Family) -> None:
    (family.logs / "web.log").write_bytes(b"." * (5 * 1024 * 1024 + 1))
    family.start("web")
    lives(family, "web")
    assert (family.logs / "web.log.1").stat().st_size > 5 * 1024 * 1024
