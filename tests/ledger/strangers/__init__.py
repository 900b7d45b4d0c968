"""Verifiers written by others, asked many questions at once. None of them knows our code.

tlog-scales and tamperlog check inclusion and growth, sigstore checks inclusion; where Go is
installed, its sumdb checks both, and notes.
"""

import base64
import json
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from types import SimpleNamespace

import tamperlog.merkle
from sigstore._internal.merkle import verify_merkle_inclusion
from tlog_scales.tiles import leaf_hash
from tlog_scales.tlog import ConsistencyProof, InclusionProof

GO_SOURCES = Path("/usr/share/gocode")


@dataclass(frozen=True)
class Included:
    """Is this leaf at this index of that tree?"""

    leaf: bytes
    index: int
    size: int
    root: bytes
    path: tuple[bytes, ...]


@dataclass(frozen=True)
class Grown:
    """Does that tree begin with this one?"""

    old: int
    old_root: bytes
    size: int
    root: bytes
    path: tuple[bytes, ...]


Question = Included | Grown


def ask(questions: Sequence[Question]) -> dict[str, dict[Question, bool]]:
    """Return what each of them says to each question that it understands."""
    only = [one for one in questions if isinstance(one, Included)]
    said = {
        "tlog-scales": {one: holds(_scales, one) for one in questions},
        "tamperlog": {one: holds(_tamperlog, one) for one in questions},
        "sigstore": {one: holds(_sigstore, one) for one in only},
    }
    if has_go():
        said["go sumdb"] = dict(zip(questions, go([_line(one) for one in questions]), strict=True))
    return said


def holds(check: Callable[[Question], None], question: Question) -> bool:
    try:
        check(question)
    except Exception:  # noqa: BLE001 - each of them refuses in words of its own
        return False
    return True


def _scales(asked: Question) -> None:
    if isinstance(asked, Included):
        proof = InclusionProof(asked.index, asked.size, list(asked.path))
        proof.check(leaf_hash(asked.leaf), asked.root)
    else:
        proof = ConsistencyProof(asked.old, asked.size, list(asked.path))
        proof.check(asked.old_root, asked.root)


def _tamperlog(asked: Question) -> None:
    path = list(asked.path)
    if isinstance(asked, Included):
        hashed = tamperlog.merkle.hash_leaf(asked.leaf)
        tamperlog.merkle.verify_inclusion(asked.index, asked.size, hashed, path, asked.root)
    else:
        old, new = (asked.old, asked.old_root), (asked.size, asked.root)
        tamperlog.merkle.verify_consistency(*old, *new, path)


def _sigstore(asked: Included) -> None:
    proof = SimpleNamespace(
        log_index=asked.index, tree_size=asked.size, hashes=list(asked.path), root_hash=asked.root
    )
    inner = SimpleNamespace(inclusion_proof=proof, canonicalized_body=asked.leaf)
    verify_merkle_inclusion(SimpleNamespace(_inner=inner))


def has_go() -> bool:
    return shutil.which("go") is not None and GO_SOURCES.joinpath("src/golang.org/x/mod").exists()


def go(lines: Sequence[dict]) -> list[bool]:
    """Ask Go's sumdb, all in one process."""
    asked = "\n".join(json.dumps(line) for line in lines)
    said = subprocess.run(
        [_built()], input=asked, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert len(said) == len(lines)
    return [line == "ok" for line in said]


@cache
def _built() -> str:
    folder = Path(mkdtemp(prefix="vaitiolo-strangers-"))
    program = folder / "strangers"
    subprocess.run(
        ["go", "build", "-o", program, Path(__file__).with_name("main.go")],
        env={
            "GO111MODULE": "off",
            "GOPATH": str(GO_SOURCES),
            "GOCACHE": str(folder / "cache"),
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "CGO_ENABLED": "0",
        },
        check=True,
        capture_output=True,
    )
    shutil.rmtree(folder / "cache")
    return str(program)


def _line(asked: Question) -> dict:
    told = {"Size": asked.size, "Root": _text(asked.root), "Path": list(map(_text, asked.path))}
    if isinstance(asked, Included):
        return told | {"Leaf": _text(asked.leaf), "Index": asked.index}
    return told | {"Old": asked.old, "OldRoot": _text(asked.old_root)}


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()
