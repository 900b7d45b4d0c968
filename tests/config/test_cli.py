"""The command `vaitiolo`, as an operator types it."""

import importlib.util
import subprocess
import sys

import pytest

from vaitiolo.config.cli import PROGRAMS, Program


def vaitiolo(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "vaitiolo.config.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_help_names_every_program_with_a_line_of_its_own() -> None:
    told = vaitiolo("--help").stdout
    assert all(f"  {program.name} " in told and program.help in told for program in PROGRAMS)


def test_without_a_word_it_explains_itself() -> None:
    assert vaitiolo().stdout == vaitiolo("--help").stdout


def test_an_unknown_program_is_refused_by_name() -> None:
    refused = vaitiolo("wardne")
    assert refused.returncode == 2
    assert "'wardne'" in refused.stderr


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_it_becomes_the_program_it_is_asked_for(program: Program) -> None:
    assert importlib.util.find_spec(program.module)
    told = vaitiolo(program.name, "--help")
    assert told.returncode == 0
    assert f"usage: vaitiolo {program.name}" in told.stdout


def test_it_imports_none_of_the_programs() -> None:
    code = "import sys, vaitiolo.config.cli; print(*sys.modules)"
    loaded = subprocess.check_output([sys.executable, "-c", code], text=True).split()
    assert not [name for name in loaded if name.startswith(("django", "cryptography"))]
