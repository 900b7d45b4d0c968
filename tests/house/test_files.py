"""House rules no off-the-shelf linter knows. Each failure says what to do instead."""

import ast
import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.house.reading import HOUSE, MIGRATIONS, REPO, SOURCES

VAGUE = {"base", "common", "core", "handlers", "helpers", "managers", "misc", "services", "utils"}
PRIVATE = ("models", "views", "forms")
PAGES = ("django.http", "django.shortcuts", "django.template", "django.urls", "django.views")
# A cache, a signal or a table of Django's own would be a way around a door that nobody sees.
HIDDEN = ("django.core.cache", "django.dispatch", "django.contrib.auth", "django.contrib.sessions")
# Where somebody's machine shows through: folders that no installation has to have.
SOMEBODYS = re.compile(r"(?<![\w.~/-])/(root|work|home/\w+|Users/\w+|tmp)/")
# What tests and the bench make for themselves.
MADE = {"__pycache__", "out"}
TEXTS = {".py", ".md", ".toml", ".html", ".js", ".css", ".yml", ".txt", ".sh", ""}


def test_a_module_says_what_it_is_for() -> None:
    silent = [str(source) for source in SOURCES if not ast.get_docstring(source.tree)]
    assert not silent, "one sentence at the top"


def test_sizes_stay_inside_the_fence() -> None:
    # Far outside the norm on purpose: the norm is for people, the fence for accidents.
    long = [str(source) for source in SOURCES if len(source.text.splitlines()) > 400]
    assert not long, "split it by noun: notes.py, signatures.py"
    long = [f"{s}: {name}" for s in SOURCES for name, length in s.functions if length > 50]
    assert not long, "what is the second thing it does?"


def test_tables_pages_and_forms_are_private_to_their_room() -> None:
    seen = []
    for source in SOURCES:
        for name in source.imports:
            house, there, part = (*name.split("."), "", "")[:3]
            if house == "vaitiolo" and there != source.room and part in PRIVATE:
                seen.append(f"{source}: {name}")
    assert not seen, "ask its access, actions or queries"


def test_only_access_builds_what_is_open() -> None:
    seen = []
    for source in SOURCES:
        name = source.path.name == "access.py" or source.path.parent.name == "access"
        if not name and source.path.parent != HOUSE / "warden" / "client":
            calls = (node for node in source.nodes if isinstance(node, ast.Call))
            built = [call for call in calls if re.match(r"Open[A-Z]", ast.unparse(call.func))]
            seen += [f"{source}, line {call.lineno}: {ast.unparse(call.func)}" for call in built]
    assert not seen, "call open_… instead"


def test_no_vague_name_and_nothing_left_to_do() -> None:
    vague = [str(s) for s in SOURCES if VAGUE & {s.path.stem, s.path.parent.name}]
    assert not vague, "name it after what it does"
    left = [str(source) for source in SOURCES if "TODO" in source.text]
    assert not left, "finish it or open an issue"


def test_what_cannot_be_seen_is_not_used() -> None:
    seen = [f"{s}: {name}" for s in SOURCES for name in s.imports if name.startswith(HIDDEN)]
    assert not seen, "the reader of a function must see what it does"


@pytest.mark.parametrize("room", ["keys", "ledger", "warden"])
def test_what_holds_keys_knows_nothing_of_pages_and_keys_log_nothing(room: str) -> None:
    strangers = (*PAGES, "logging") if room == "keys" else PAGES
    for source in SOURCES:
        if source.room == room:
            assert not [name for name in source.imports if name.startswith(strangers)], source


def test_views_are_short_and_never_reach_for_the_database() -> None:
    pages = [s for s in SOURCES if {"views", "forms"} & {s.path.stem, s.path.parent.name}]
    assert pages
    reach = [str(source) for source in pages if ".objects" in source.text]
    assert not reach, "ask queries or access instead"
    long = [f"{s}: {name}" for s in pages for name, length in s.functions if length > 15]
    assert not long, "work is for actions"


def test_migrations_never_import_our_code() -> None:
    for source in MIGRATIONS:
        assert not [name for name in source.imports if name.startswith("vaitiolo")], source


def test_cryptography_is_imported_by_one_file() -> None:
    users = [s for s in SOURCES if "cryptography" in {name.split(".")[0] for name in s.imports}]
    assert [str(source) for source in users] == ["keys/primitives.py"]


def test_nobodys_machine_shows_in_a_text() -> None:
    rooms = ("src", "tests", "tools", "docs", "bench", ".ci", ".github")
    files = [file for room in rooms for file in (REPO / room).rglob("*")]
    files += [file for file in REPO.iterdir() if not file.name.startswith(".")]
    for file in files:
        if file.is_file() and file.suffix in TEXTS and not MADE & set(file.parts):
            found = SOMEBODYS.search(file.read_text(encoding="utf-8", errors="replace"))
            assert not found, f"{file} names {found and found.group()}"


def test_every_promise_has_a_test_and_every_test_a_promise() -> None:
    written = re.findall(r"^- P(\d+) ", (REPO / "docs/threat-model.md").read_text(), re.MULTILINE)
    tests = "".join(file.read_text() for file in (REPO / "tests/promises").rglob("*.py"))
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
