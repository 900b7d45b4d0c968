"""Says whether a list of one tag's entries is whole, up to a size that a HEADS covers.

Needs the entries' leaves and a proof out of the tree of heads; knows nobody and reads no table.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from vaitiolo.ledger.entries import NO_PREVIOUS, TAG_BYTES, Leaf, LeafBroken
from vaitiolo.ledger.verify.heads import HEAD_BYTES, head_of
from vaitiolo.ledger.verify.tree import NotIncluded, check_inclusion, leaf_hash


class NotWhole(Exception):
    """An entry is missing, altered, out of order or another tag's, or the proof is no proof."""


@dataclass(frozen=True, slots=True)
class PlacedHead:
    """A head of 48 bytes, its place in the tree of heads, and its audit path."""

    head: bytes
    place: int
    path: list[bytes]

    def check(self, size: int, root: bytes) -> None:
        """Check the head against the tree that a HEADS states; raises NotWhole."""
        hashed = leaf_hash(self.head)
        try:
            check_inclusion(hashed, self.place, size=size, root=root, path=self.path)
        except NotIncluded:
            raise NotWhole from None
        if len(self.head) != HEAD_BYTES:
            raise NotWhole

    @property
    def tag(self) -> bytes:
        """Whose head it is."""
        return self.head[:TAG_BYTES]


def check_whole(
    tag: bytes, entries: Sequence[tuple[int, bytes]], *, last: PlacedHead, heads: tuple[int, bytes]
) -> None:
    """Check that these are all entries of a tag below what a HEADS covers, in their order.

    `entries` are (index, leaf); `heads` is size and root as HEADS states them. Raises NotWhole.
    """
    prev, before = NO_PREVIOUS, -1
    for seq, (index, encoded) in enumerate(entries, start=1):
        try:
            leaf = Leaf.parse(encoded)
        except LeafBroken:
            raise NotWhole from None
        if (leaf.patient_tag, leaf.patient_seq, leaf.patient_prev) != (tag, seq, prev):
            raise NotWhole
        if index <= before:
            raise NotWhole
        prev, before = leaf.hash, index
    if not entries or head_of(*entries[-1]) != last.head:
        raise NotWhole
    last.check(*heads)


def check_none(
    tag: bytes,
    *,
    below: PlacedHead | None,
    above: PlacedHead | None,
    heads: tuple[int, bytes],
) -> None:
    """Check that a tag has no entry below what a HEADS covers; raises NotWhole.

    `below` and `above` are the heads between which it would stand; one is missing at an edge.
    """
    size, root = heads
    for one in (below, above):
        if one is not None:
            one.check(size, root)
    after = -1 if below is None else below.place
    before = size if above is None else above.place
    if before != after + 1:
        raise NotWhole
    if (below is not None and below.tag >= tag) or (above is not None and above.tag <= tag):
        raise NotWhole
