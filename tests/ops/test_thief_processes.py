"""What running programs leave: said plainly of each, and taken where it can be had."""

import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ops.prey import SECRETS
from vaitiolo.ops.thief import processes
from vaitiolo.ops.thief.loot import Loot
from vaitiolo.ops.thief.processes import find_processes, outlook, take_processes

# Pretends to be the web, as far as its command line and its installation go.
WAITS = """
import ctypes, os, resource, sys, tempfile
resource.setrlimit(resource.RLIMIT_CORE, (int(sys.argv[2]), resource.RLIM_INFINITY))
held = tempfile.TemporaryFile(dir=sys.argv[3])
held.write(sys.argv[4].encode())
held.flush()
print("ready", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def web(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[subprocess.Popen[bytes]]:
    limit = getattr(request, "param", 0)
    if resource.getrlimit(resource.RLIMIT_CORE)[1] != resource.RLIM_INFINITY:
        pytest.skip("this machine caps crash dumps for everybody")
    arguments = ["vaitiolo.config.web.main", str(limit), str(tmp_path), SECRETS["name"]]
    program = subprocess.Popen(
        [sys.executable, "-c", WAITS, *arguments],
        env={"VAITIOLO_HOME": str(tmp_path), "PATH": os.environ["PATH"]},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=tmp_path,
    )  # fmt: skip
    assert program.stdout
    assert program.stdout.readline() == b"ready\n"
    yield program
    program.kill()
    program.communicate()


def test_a_running_program_is_found_by_its_installation(web, tmp_path) -> None:
    found = [process for process in find_processes(tmp_path) if process.pid == web.pid]
    assert [process.program for process in found] == ["web"]
    elsewhere = find_processes(tmp_path / "elsewhere")
    assert web.pid not in {process.pid for process in elsewhere}


@pytest.mark.parametrize("web", [0, 1 << 20], indirect=True, ids=["no dump", "a dump"])
def test_it_is_said_whether_a_dump_could_be_had(web, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(processes, "CORE_PATTERN", tmp_path / "core_pattern")
    (tmp_path / "core_pattern").write_text("core\n")
    process = next(p for p in find_processes(tmp_path) if p.pid == web.pid)
    limit = resource.prlimit(web.pid, resource.RLIMIT_CORE)[0]
    wanted = "none would be left" if limit == 0 else "would leave one"
    assert wanted in outlook(process)
    (tmp_path / "core_pattern").write_text("|/usr/lib/catcher %p\n")
    assert "/usr/lib/catcher" in outlook(process)


def test_a_file_without_a_name_is_copied_from_the_program_that_holds_it(web, tmp_path) -> None:
    loot = Loot(tmp_path / "loot")
    take_processes(tmp_path, loot, crash=False)
    texts = [piece.file.read_bytes() for piece in loot.pieces]
    assert SECRETS["name"].encode() in texts
    assert web.poll() is None


def test_a_program_is_crashed_only_when_asked(web, tmp_path) -> None:
    loot = Loot(tmp_path / "loot")
    take_processes(tmp_path, loot, crash=True)
    assert web.wait(10) < 0
    assert any("was crashed and left" in remark for remark in loot.remarks)
