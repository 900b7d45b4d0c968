"""The table of adversaries names a program in each row, and each program runs against both."""

import ast
import importlib
import re
from pathlib import Path

from tests.house.reading import REPO
from tests.promises.adversaries.here import Here
from tests.promises.adversaries.hetu_index import Index
from tests.promises.careful import Careful

FOLDER = Path(__file__).parent
ROW = re.compile(r"^\| (A\d+\u2032?) \|.*\|([^|]*)\|$", re.MULTILINE)
ADVERSARIES = {"A1", "A2", "A3", "A4", "A5", "A5\u2032", "A6", "A7", "A8", "A9", "A10"}


def table() -> dict[str, str]:
    text = (REPO / "docs" / "threat-model.md").read_text(encoding="utf-8")
    return {name: cell.strip().strip("`") for name, cell in ROW.findall(text)}


def let_loose() -> list[str]:
    """List the programs that the tests let loose on both, as they are written there."""
    tree = ast.parse((FOLDER / "test_adversaries.py").read_text(encoding="utf-8"))
    return [
        ast.unparse(node.args[0])
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "both" and len(node.args) == 3
    ]


def test_every_adversary_has_a_program_of_its_own() -> None:
    rows = table()
    assert set(rows) == ADVERSARIES
    assert len(set(rows.values())) == len(rows)
    assert all((FOLDER / f"{program}.py").is_file() for program in rows.values())


def test_every_program_is_let_loose_on_both() -> None:
    assert sorted(let_loose()) == sorted(table().values())


def test_every_program_knows_what_runs_and_what_a_careful_team_has() -> None:
    for program in table().values():
        module = importlib.import_module(f"tests.promises.adversaries.{program}")
        known = set(module.attack.registry)
        assert Here in known, program
        # Of the index only the bits differ.
        assert {Careful, Index} & known, program
