"""House rules no off-the-shelf linter knows. Each failure says what to do instead."""

import ast
import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.house.reading import HOUSE, REPO, each_file, functions, imports, tree

VAGUE = {"base", "common", "core", "handlers", "helpers", "managers", "misc", "services", "utils"}
PRIVATE = ("models", "views", "forms")
PAGES = ("django.http", "django.shortcuts", "django.template", "django.urls", "django.views")
# Where somebody's machine shows through: folders that no installation has to have.
SOMEBODYS = re.compile(r"(?<![\w.~/-])/(root|work|home/\w+|Users/\w+|tmp)/")
TEXTS = {".py", ".md", ".toml", ".html", ".js", ".css", ".yml", ".txt", ".sh", ""}


@each_file
def test_a_module_says_what_it_is_for(file: Path) -> None:
    assert ast.get_docstring(tree(file)), "one sentence at the top"


@each_file
def test_sizes_stay_inside_the_fence(file: Path) -> None:
    # Far outside the norm on purpose: the norm is for people, the fence for accidents.
    assert len(file.read_text().splitlines()) <= 400, "split it by noun: notes.py, signatures.py"
    long = [name for name, length in functions(file) if length > 50]
    assert not long, "what is the second thing it does?"


@each_file
def test_tables_pages_and_forms_are_private_to_their_room(file: Path) -> None:
    room = file.relative_to(HOUSE).parts[0]
    for name in imports(file):
        house, there, part = (*name.split("."), "", "")[:3]
        stranger = house == "vaitiolo" and there != room and part in PRIVATE
        assert not stranger, f"{name}: ask its access, actions or queries"


@each_file
def test_only_access_builds_what_is_open(file: Path) -> None:
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Call) and re.fullmatch(r"Open[A-Z]\w*", ast.unparse(node.func)):
            opens = file.name == "access.py" or file.parts[-2:] == ("warden", "client.py")
            opens = opens or file.parent.name == "access" or "warden" in file.parts
            assert opens, f"line {node.lineno}: call open_… instead"


@each_file
def test_no_vague_name_and_nothing_left_to_do(file: Path) -> None:
    assert not VAGUE & {file.stem, file.parent.name}, "name it after what it does"
    assert "TODO" not in file.read_text(), "finish it or open an issue"


@each_file
def test_what_cannot_be_seen_is_not_used(file: Path) -> None:
    # A database cache, a signal or a field that decrypts itself would be a way around a door.
    for name in imports(file):
        hidden = name.startswith(("django.core.cache", "django.dispatch", "django.contrib.auth"))
        assert not hidden, f"{name}: the reader of a function must see what it does"


@pytest.mark.parametrize("room", ["keys", "ledger", "warden"])
def test_what_holds_keys_knows_nothing_of_pages_and_keys_log_nothing(room: str) -> None:
    strangers = (*PAGES, "logging") if room == "keys" else PAGES
    for file in (HOUSE / room).rglob("*.py"):
        assert not [name for name in imports(file) if name.startswith(strangers)], file


def test_views_are_short_and_never_reach_for_the_database() -> None:
    pages = [*HOUSE.glob("*/views.py"), *HOUSE.glob("*/views/*.py"), *HOUSE.glob("*/forms.py")]
    assert pages
    for file in pages:
        assert ".objects" not in file.read_text(), f"{file}: ask queries or access instead"
        long = [name for name, length in functions(file) if length > 15]
        assert not long, f"{file}: {long}: work is for actions"


def test_migrations_never_import_our_code() -> None:
    for file in HOUSE.glob("*/migrations/*.py"):
        assert not [name for name in imports(file) if name.startswith("vaitiolo")], file


def test_cryptography_is_imported_by_one_file() -> None:
    users = [
        file.relative_to(HOUSE)
        for file in HOUSE.rglob("*.py")
        if any(name.split(".")[0] == "cryptography" for name in imports(file))
    ]
    assert users == [Path("keys/primitives.py")]


def test_nobodys_machine_shows_in_a_text() -> None:
    rooms = ("src", "tests", "tools", "docs", "bench", ".ci", ".github")
    files = [file for room in rooms for file in (REPO / room).rglob("*")]
    files += [file for file in REPO.iterdir() if not file.name.startswith(".")]
    for file in files:
        if file.is_file() and file.suffix in TEXTS and "__pycache__" not in file.parts:
            found = SOMEBODYS.search(file.read_text(encoding="utf-8"))
            assert not found, f"{file} names {found and found.group()}"


def test_every_promise_has_a_test_and_every_test_a_promise() -> None:
    written = re.findall(r"^- P(\d+) ", (REPO / "docs/threat-model.md").read_text(), re.MULTILINE)
    tests = "".join(file.read_text() for file in (REPO / "tests/promises").glob("*.py"))
    assert written
    assert sorted(written) == sorted(re.findall(r"def test_p(\d+)_", tests))


def test_ci_runs_the_command_of_the_readme(tmp_path: Path) -> None:
    make = tmp_path / "make"
    make.write_text('#!/bin/sh\necho "make $@"\n')
    make.chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    told = subprocess.check_output(
        ["bash", str(REPO / ".ci" / "run")], env={**os.environ, "PATH": path}, text=True
    )
    assert told == "make test\n"
    assert "```sh\nmake demo\n```" in (REPO / "README.md").read_text()
