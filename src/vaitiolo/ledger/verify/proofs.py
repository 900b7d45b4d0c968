"""Proofs that travel: C2SP tlog-proof for one entry, and growth as C2SP tlog-witness carries it.

Both hold a checkpoint as it was published. Neither says who signed it: `check` takes the log's key.
"""

import base64
import binascii
import re
from dataclasses import dataclass

from vaitiolo.ledger.verify import checkpoints, tree
from vaitiolo.ledger.verify.checkpoints import Checkpoint, LogKey
from vaitiolo.ledger.verify.tree import HASH_BYTES

FIRST_LINE = "c2sp.org/tlog-proof@v1"
_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)
_MOST_HASHES = 63


class ProofBroken(ValueError):
    """This text is not a proof of this form."""


@dataclass(frozen=True, slots=True)
class Inclusion:
    """That an entry stands at an index of the tree that a checkpoint states."""

    index: int
    path: list[bytes]
    note: str

    def write(self) -> str:
        """Return the text of a `.tlog-proof` file."""
        return f"{FIRST_LINE}\nindex {self.index}\n{_lines(self.path)}\n{self.note}"

    @classmethod
    def read(cls, text: str) -> "Inclusion":
        """Read a `.tlog-proof`; raises ProofBroken. Its `extra` line proves nothing: left out."""
        head, divider, note = text.partition("\n\n")
        lines = head.split("\n")
        if not divider or lines.pop(0) != FIRST_LINE:
            raise ProofBroken
        if lines and lines[0].startswith("extra "):
            lines.pop(0)
        index = _number(lines.pop(0) if lines else "", "index ")
        return cls(index, _hashes(lines), note)

    def check(self, leaf: bytes, key: LogKey) -> Checkpoint:
        """Return the checkpoint that includes this leaf, 114 bytes, by the log's key.

        Raises CheckpointBroken or NotIncluded.
        """
        stated = checkpoints.read(self.note, key)
        hashed = tree.leaf_hash(leaf)
        tree.check_inclusion(hashed, self.index, size=stated.size, root=stated.root, path=self.path)
        return stated


@dataclass(frozen=True, slots=True)
class Growth:
    """That the tree a checkpoint states begins with a smaller one."""

    old_size: int
    path: list[bytes]
    note: str

    def write(self) -> str:
        """Return it as the body of a witness's `add-checkpoint`."""
        return f"old {self.old_size}\n{_lines(self.path)}\n{self.note}"

    @classmethod
    def read(cls, text: str) -> "Growth":
        """Read such a body; raises ProofBroken."""
        head, divider, note = text.partition("\n\n")
        lines = head.split("\n")
        if not divider:
            raise ProofBroken
        return cls(_number(lines[0], "old "), _hashes(lines[1:]), note)

    def check(self, old_root: bytes, key: LogKey) -> Checkpoint:
        """Return the checkpoint that continues an old root; raises HistoryRewritten."""
        stated = checkpoints.read(self.note, key)
        new = (stated.size, stated.root)
        tree.check_growth((self.old_size, old_root), new, proof=self.path)
        return stated


def _lines(path: list[bytes]) -> str:
    return "".join(f"{base64.b64encode(hashed).decode()}\n" for hashed in path)


def _number(line: str, word: str) -> int:
    stated = line.removeprefix(word)
    if not line.startswith(word) or not _NUMBER.fullmatch(stated):
        raise ProofBroken
    return int(stated)


def _hashes(lines: list[str]) -> list[bytes]:
    try:
        path = [base64.b64decode(line, validate=True) for line in lines]
    except (binascii.Error, ValueError):
        raise ProofBroken from None
    if len(path) > _MOST_HASHES or any(len(hashed) != HASH_BYTES for hashed in path):
        raise ProofBroken
    return path
