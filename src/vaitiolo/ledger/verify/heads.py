"""The tree of heads: the last entry of every tag, sorted, so that a report is provably complete.

A neighbour's head shows its tag and nothing else: not how many entries it has, nor when.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping

from vaitiolo.ledger.entries import LEAF_BYTES, TAG_BYTES
from vaitiolo.ledger.verify.tree import (
    EMPTY_ROOT,
    HASH_BYTES,
    digest,
    hash_pairs,
    hash_places,
    leaf_hash,
    root_of,
)

HEAD_BYTES = TAG_BYTES + HASH_BYTES
# RFC 6962 hashes leaves with 0x00 and nodes with 0x01. The leaf's own hash stands in public tiles,
# and so must not be what hides it here.
_HEAD = b"\x02"
_TAG_AT = 10
# Beyond so many new tags at once, sorting all is quicker than making room for each.
_FEW = 100


class HeadsUnsorted(Exception):
    """A tag stands twice or out of order."""


def head_of(last_index: int, last_leaf: bytes) -> bytes:
    """Return the 48 bytes of a head: tag ‖ SHA-256(0x02 ‖ index ‖ leaf), of the tag's last entry.

    The count is the leaf's own `patient_seq`. Whoever has not seen the leaf cannot guess it,
    because its commitment was made with a random salt. Raises ValueError for no leaf.
    """
    if len(last_leaf) != LEAF_BYTES:
        raise ValueError("A leaf has 114 bytes.")
    tag = last_leaf[_TAG_AT : _TAG_AT + TAG_BYTES]
    return tag + digest(_HEAD, last_index.to_bytes(8, "big"), last_leaf)


def sorted_heads(lasts: Mapping[bytes, tuple[int, bytes]]) -> list[bytes]:
    """Return the heads of all tags in order, from each tag's last index and leaf."""
    return [head_of(*lasts[tag]) for tag in sorted(lasts)]


def root_of_heads(heads: Iterable[bytes]) -> bytes:
    """Return the RFC 6962 root over heads; raises HeadsUnsorted unless strictly ascending."""
    hashes: list[bytes] = []
    before = b""
    for head in heads:
        if len(head) != HEAD_BYTES or head[:TAG_BYTES] <= before:
            raise HeadsUnsorted
        before = head[:TAG_BYTES]
        hashes.append(leaf_hash(head))
    return root_of(hashes)


class HeadTree:
    """The tree of heads as it grows: changes cost what they touch, and proofs are at hand.

    Some 250 bytes for each tag; a new tag has everything behind it hashed again.
    """

    def __init__(self) -> None:
        """Begin without a tag."""
        self._tags: list[bytes] = []
        self._levels: list[list[bytes]] = [[]]

    @property
    def size(self) -> int:
        """How many tags there are."""
        return len(self._tags)

    def put(self, lasts: Mapping[bytes, tuple[int, bytes]]) -> None:
        """Take the last index and leaf of some tags, new or known."""
        changed: set[int] = set()
        fresh: dict[bytes, bytes] = {}
        for tag, last in lasts.items():
            hashed = leaf_hash(head_of(*last))
            place = bisect_left(self._tags, tag)
            if place < len(self._tags) and self._tags[place] == tag:
                self._levels[0][place] = hashed
                changed.add(place)
            else:
                fresh[tag] = hashed
        # A new tag moves only places behind it, and there everything is hashed again.
        self._hash_again(changed, self._insert(fresh))

    def root(self) -> bytes:
        """Return the root over all heads."""
        return self._levels[-1][0] if self._tags else EMPTY_ROOT

    def prove(self, tag: bytes) -> tuple[int, list[bytes]] | None:
        """Return the place of a tag's head and its audit path, or nothing where it has none."""
        place = self._place(tag)
        return None if place is None else (place, self.path(place))

    def neighbours(self, tag: bytes) -> tuple[bytes | None, bytes | None]:
        """Return the tags that stand before and behind a tag, whether or not it is here itself."""
        place = bisect_left(self._tags, tag)
        behind = place + 1 if self._place(tag) is not None else place
        before = self._tags[place - 1] if place else None
        return before, self._tags[behind] if behind < len(self._tags) else None

    def path(self, place: int) -> list[bytes]:
        """Return the audit path of the head at a place."""
        path = []
        for hashes in self._levels[:-1]:
            # The last one of an odd row goes up as it is.
            if place ^ 1 < len(hashes):
                path.append(hashes[place ^ 1])
            place >>= 1
        return path

    def _place(self, tag: bytes) -> int | None:
        place = bisect_left(self._tags, tag)
        return place if place < len(self._tags) and self._tags[place] == tag else None

    def _insert(self, fresh: dict[bytes, bytes]) -> int:
        """Make room for new tags; return from which place on everything has moved."""
        if not fresh:
            return len(self._tags)
        if len(fresh) > _FEW:
            self._merge(fresh)
        else:
            for tag, hashed in fresh.items():
                place = bisect_left(self._tags, tag)
                self._tags.insert(place, tag)
                self._levels[0].insert(place, hashed)
        return bisect_left(self._tags, min(fresh))

    def _merge(self, fresh: dict[bytes, bytes]) -> None:
        merged = dict(zip(self._tags, self._levels[0], strict=True)) | fresh
        self._tags = sorted(merged)
        self._levels[0] = [merged[tag] for tag in self._tags]

    def _hash_again(self, changed: set[int], first: int) -> None:
        level = 0
        while len(row := self._levels[level]) > 1:
            level += 1
            if level == len(self._levels):
                self._levels.append([])
            above, first = self._levels[level], first >> 1
            changed = {place >> 1 for place in changed if place >> 1 < first}
            hash_places(above, row, changed)
            above[first:] = hash_pairs(row[2 * first :])
            if len(row) % 2:
                # The last one of an odd row goes up as it is.
                above.append(row[-1])
