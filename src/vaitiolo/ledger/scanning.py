"""Reads the whole log in one go and proves what it read: for answers that must leave nobody out.

Believes the leaves alone, never the columns beside them. Until the end nothing is proved, so
whoever counts answers only when the walk has ended without raising.
"""

from collections.abc import Collection, Iterator
from typing import TypeAlias

from django.db import connections

from vaitiolo.ledger.entries import LAYOUT, LEAF_BYTES, NO_PREVIOUS, VERSION
from vaitiolo.ledger.verify.tree import hashes_of, subtree_root

# A full subtree, so that the roots of pieces are nodes of one level.
PIECE = 1 << 14
_LEAVES = 'SELECT leaf FROM ledger_entry WHERE "index" >= %s AND "index" < %s ORDER BY "index"'
_NONE = (0, NO_PREVIOUS)


class LogBroken(Exception):
    """Entries are missing, so many as ``missing`` says, or are not those that were signed."""

    def __init__(self, missing: int = 0) -> None:
        """Say how many entries of a piece were not there; none where they were others."""
        super().__init__("The log is not whole.")
        self.missing = missing


# An entry as its leaf has it: place, act, time in microseconds, tag, and the actor's tag. Plain,
# because a million of them are made.
Seen: TypeAlias = tuple[int, int, int, bytes, bytes]


class Walk:
    """One walk over a committed size of the log, with the head of every chain at its end."""

    def __init__(self, size: int, root: bytes, *, alias: str = "vault") -> None:
        """Take what a signed checkpoint states."""
        self.size = size
        self.heads: dict[bytes, tuple[int, bytes]] = {}
        self._root = root
        self._alias = alias

    def entries(self, wanted: Collection[int]) -> Iterator[Seen]:
        """Yield the entries of some acts in their order; check every entry of every act.

        Raises LogBroken for a missing entry, a number or link that does not follow, and at the end
        for a tree that has not the root that was signed.
        """
        roots: list[bytes] = []
        acts = frozenset(int(act) for act in wanted)
        for first in range(0, self.size, PIECE):
            leaves = self._read(first, min(first + PIECE, self.size))
            hashes = hashes_of(leaves, length=LEAF_BYTES)
            yield from self._follow(first, leaves, hashes, acts=acts)
            roots.append(subtree_root(hashes))
        if subtree_root(roots) != self._root:
            raise LogBroken

    def _read(self, first: int, past: int) -> bytes:
        with connections[self._alias].cursor() as cursor:
            cursor.execute(_LEAVES, (first, past))
            found = [leaf for (leaf,) in cursor.fetchall()]
        if len(found) != past - first:
            raise LogBroken(past - first - len(found))
        leaves = b"".join(found)
        if len(leaves) != len(found) * LEAF_BYTES:
            raise LogBroken
        return leaves

    def _follow(
        self, first: int, leaves: bytes, hashes: list[bytes], *, acts: frozenset[int]
    ) -> Iterator[Seen]:
        heads = self.heads
        unpacked = zip(LAYOUT.iter_unpack(leaves), hashes, strict=True)
        for index, ((version, act, time_us, tag, actor, seq, prev, _), hashed) in enumerate(
            unpacked, first
        ):
            before = heads.get(tag, _NONE)
            if version != VERSION or seq != before[0] + 1 or prev != before[1]:
                raise LogBroken
            heads[tag] = seq, hashed
            if act in acts:
                yield index, act, time_us, tag, actor
