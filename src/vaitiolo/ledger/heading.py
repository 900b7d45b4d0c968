"""The tree of heads of the ledger as it stands: kept as it grows, or looked up for one size.

Reads tags and leaves only. What it returns is true of one committed size. It remembers how every
chain ended, and so notices when rows behind that memory are gone.
"""

from collections.abc import Mapping
from threading import Lock
from typing import Any, NamedTuple

from django.db import connections

from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.verify import specials
from vaitiolo.ledger.verify.heads import HeadTree, head_of
from vaitiolo.ledger.verify.tree import leaf_hash
from vaitiolo.ledger.verify.whole import NotWhole, PlacedHead

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
_COUNT = 'SELECT count(*) FROM ledger_entry WHERE "index" < %s'
_LAST = (
    'SELECT "index", leaf FROM ledger_entry WHERE patient_tag = %s AND "index" < %s'
    " ORDER BY patient_seq DESC LIMIT 1"
)
_NEWEST = (
    'SELECT p.detail FROM ledger_publicdetail p JOIN ledger_entry e ON e."index" = p."index"'
    ' WHERE e.act = %s ORDER BY p."index" DESC LIMIT 1'
)
_TAG = slice(10, 26)
_PREVIOUS = slice(50, 82)
# Beyond so many new entries one look at each tag is quicker than reading them all.
_MOST_NEW = 100_000


class Covering(NamedTuple):
    """What a HEADS entry states."""

    covered: int
    size: int
    root: bytes


class ProvedHead(NamedTuple):
    """Where a tag's last entry stands among all heads, and the heads at its sides."""

    stated: Covering
    head: PlacedHead
    below: PlacedHead | None
    above: PlacedHead | None


class ChainCut(Exception):
    """Entries of a chain are gone that were there, or the ledger does not fit its own HEADS."""


class Heads:
    """The tree of heads, brought up to the last committed entry whenever it is asked for.

    One for all threads of a warden.
    """

    def __init__(self, *, alias: str = "vault") -> None:
        """Begin with nothing; the first question reads the last entry of every tag."""
        self._alias = alias
        self._tree = HeadTree()
        self._covered = 0
        self._door = Lock()
        self._is_begun = False
        # The hash of each tag's last leaf: whatever comes next must name it.
        self._lasts: dict[bytes, bytes] = {}
        self._cut: set[bytes] = set()
        self._fits = True

    def now(self) -> Covering:
        """Return the tree of heads of everything committed so far."""
        with self._door:
            return self._grow()

    def check(self, tag: bytes) -> None:
        """Return if a tag's chain still ends as it did. Raises ChainCut.

        Also when the ledger as a whole lacks an entry, or did not give its newest HEADS when this
        warden began: then nobody can tell whose chain it is.
        """
        with self._door:
            self._grow()
            self._check(tag)

    def prove(self, tag: bytes) -> ProvedHead:
        """Return the proof of how a tag's chain ends now. Raises ChainCut."""
        with self._door:
            stated = self._grow()
            self._check(tag)
            below, above = self._tree.neighbours(tag)
            head = self._placed(tag)
            if head is None:
                raise ChainCut
            beside = [None if one is None else self._placed(one) for one in (below, above)]
        try:
            for one in (head, *beside):
                if one is not None:
                    one.check(stated.size, stated.root)
        except NotWhole:
            raise ChainCut from None
        return ProvedHead(stated, head, *beside)

    def _grow(self) -> Covering:
        size = _ask(self._alias, _SIZE)[0][0]
        if not self._is_begun:
            self._begin(size)
        elif size - self._covered > _MOST_NEW:
            self._take_all(size)
        else:
            self._follow(size)
        self._covered = size
        return Covering(size, self._tree.size, self._tree.root())

    def _begin(self, size: int) -> None:
        """Read everybody's last entry, as far as the newest HEADS goes, and compare the two."""
        stated = newest_stated(alias=self._alias)
        if stated is not None and stated.covered <= size:
            self._take_all(stated.covered)
            self._covered = stated.covered
            is_so = (self._tree.size, self._tree.root()) == (stated.size, stated.root)
            self._fits = self._fits and is_so
            self._follow(size)
        else:
            self._take_all(size)
        self._is_begun = True

    def _take_all(self, size: int) -> None:
        """Read everybody's last entry below a size, and look whether any entry is gone."""
        lasts = _lasts(_ask(self._alias, _LASTS, size))
        self._lasts = {tag: leaf_hash(leaf) for tag, (_index, leaf) in lasts.items()}
        self._tree = HeadTree()
        self._tree.put(lasts)
        self._fits = self._fits and _ask(self._alias, _COUNT, size)[0][0] == size

    def _follow(self, size: int) -> None:
        """Take what is new, and look whether each entry names the one that was last."""
        rows = _ask(self._alias, _NEWER, self._covered, size)
        if len(rows) != size - self._covered:
            self._fits = False
        for _index, leaf in rows:
            tag, hashed = bytes(leaf[_TAG]), leaf_hash(bytes(leaf))
            known = self._lasts.get(tag, bytes(len(hashed)))
            if bytes(leaf[_PREVIOUS]) != known:
                self._cut.add(tag)
            self._lasts[tag] = hashed
        self._tree.put(_lasts(rows))

    def _check(self, tag: bytes) -> None:
        found = _ask(self._alias, _LAST, tag, self._covered)
        hashed = leaf_hash(bytes(found[0][1])) if found else None
        if not self._fits or tag in self._cut or hashed != self._lasts.get(tag):
            raise ChainCut

    def _placed(self, tag: bytes) -> PlacedHead | None:
        proof, found = self._tree.prove(tag), _ask(self._alias, _LAST, tag, self._covered)
        if proof is None or not found:
            return None
        index, leaf = found[0]
        return PlacedHead(head_of(index, bytes(leaf)), *proof)


def newest_stated(*, alias: str = "vault") -> Covering | None:
    """Return what the newest HEADS states, or nothing before the first one."""
    found = _ask(alias, _NEWEST, int(Act.HEADS))
    if not found:
        return None
    values = specials.parse(Act.HEADS, bytes(found[0][0]))
    return Covering(int(values["covered"]), int(values["size"]), bytes.fromhex(str(values["root"])))


def tree_of(covered: int, *, alias: str = "vault") -> HeadTree:
    """Return the tree of heads of all entries below an index, with its proofs."""
    tree = HeadTree()
    tree.put(_lasts(_ask(alias, _LASTS, covered)))
    return tree


def _lasts(rows: list[tuple[Any, ...]]) -> Mapping[bytes, tuple[int, bytes]]:
    return {bytes(leaf[_TAG]): (index, bytes(leaf)) for index, leaf in rows}


def _ask(alias: str, sql: str, *values: int | bytes) -> list[tuple[Any, ...]]:
    with connections[alias].cursor() as cursor:
        cursor.execute(sql, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found
