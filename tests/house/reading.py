"""How the house tests read our own source: each file once."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

REPO = Path(__file__).parents[2]
HOUSE = REPO / "src" / "vaitiolo"


@dataclass(frozen=True)
class Source:
    """One file of ours, as text and as a tree."""

    path: Path

    def __str__(self) -> str:
        return str(self.path.relative_to(HOUSE))

    @property
    def room(self) -> str:
        return self.path.relative_to(HOUSE).parts[0]

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def nodes(self) -> list[ast.AST]:
        return list(ast.walk(self.tree))

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def imports(self) -> list[str]:
        return list(self._imports())

    def _imports(self) -> Iterator[str]:
        for node in self.nodes:
            if isinstance(node, ast.ImportFrom):
                yield from (f"{node.module}.{name.name}" for name in node.names)
            elif isinstance(node, ast.Import):
                yield from (name.name for name in node.names)

    @cached_property
    def functions(self) -> list[tuple[str, int]]:
        return [
            (node.name, (node.end_lineno or node.lineno) - node.lineno + 1)
            for node in self.nodes
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        ]


EVERY_SOURCE = [Source(path) for path in sorted(HOUSE.rglob("*.py"))]
MIGRATIONS = [source for source in EVERY_SOURCE if "migrations" in source.path.parts]
SOURCES = [source for source in EVERY_SOURCE if source not in MIGRATIONS]
TEMPLATES = sorted(HOUSE.glob("*/templates/**/*.*"))
