"""The tree of heads of the ledger as it stands: kept as it grows, or looked up for one size.

Reads tags and leaves only. What it returns is true of one committed size.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.db import connections

from vaitiolo.ledger.verify.heads import HeadTree

# Tag by tag out of the index that numbers them: as many look-ups as there are tags.
_TAGS = (
    "WITH RECURSIVE tags(tag) AS ("
    " SELECT (SELECT patient_tag FROM ledger_entry ORDER BY patient_tag LIMIT 1)"
    " UNION ALL SELECT (SELECT patient_tag FROM ledger_entry WHERE patient_tag > tags.tag"
    " ORDER BY patient_tag LIMIT 1) FROM tags WHERE tags.tag IS NOT NULL)"
)
_LASTS = (
    f'{_TAGS} SELECT e."index", e.leaf FROM tags JOIN ledger_entry e ON e."index" = ('  # noqa: S608 - ours
    ' SELECT "index" FROM ledger_entry l WHERE l.patient_tag = tags.tag AND l."index" < %s'
    " ORDER BY l.patient_seq DESC LIMIT 1)"
)
_NEWER = 'SELECT "index", leaf FROM ledger_entry WHERE "index" >= %s AND "index" < %s ORDER BY 1'
_SIZE = "SELECT coalesce(max(size), 0) FROM ledger_batch"
_TAG = slice(10, 26)
# Beyond so many new entries one look at each tag is quicker than reading them all.
_MOST_NEW = 100_000


class Covering(NamedTuple):
    """What a HEADS entry states."""

    covered: int
    size: int
    root: bytes


class Heads:
    """The tree of heads, brought up to the last committed entry whenever it is asked for."""

    def __init__(self, *, alias: str = "vault") -> None:
        """Begin with nothing; the first question reads the last entry of every tag."""
        self._alias = alias
        self._tree = HeadTree()
        self._covered = 0

    def now(self) -> Covering:
        """Return the tree of heads of everything committed so far."""
        size = _ask(self._alias, _SIZE)[0][0]
        if size - self._covered > _MOST_NEW:
            self._tree = tree_of(size, alias=self._alias)
        else:
            self._tree.put(_lasts(_ask(self._alias, _NEWER, self._covered, size)))
        self._covered = size
        return Covering(size, self._tree.size, self._tree.root())


def tree_of(covered: int, *, alias: str = "vault") -> HeadTree:
    """Return the tree of heads of all entries below an index, with its proofs."""
    tree = HeadTree()
    tree.put(_lasts(_ask(alias, _LASTS, covered)))
    return tree


def _lasts(rows: list[tuple[Any, ...]]) -> Mapping[bytes, tuple[int, bytes]]:
    return {bytes(leaf[_TAG]): (index, bytes(leaf)) for index, leaf in rows}


def _ask(alias: str, sql: str, *values: int) -> list[tuple[Any, ...]]:
    with connections[alias].cursor() as cursor:
        cursor.execute(sql, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found
