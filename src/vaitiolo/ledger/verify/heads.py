"""The tree of heads: the last entry of every tag, sorted, so that a report is provably complete.

A neighbour's head shows its tag and nothing else: not how many entries it has, nor when.
"""

from collections.abc import Iterable, Mapping

from vaitiolo.ledger.entries import LEAF_BYTES, TAG_BYTES
from vaitiolo.ledger.verify.tree import HASH_BYTES, digest, leaf_hash, root_of

HEAD_BYTES = TAG_BYTES + HASH_BYTES
# RFC 6962 hashes leaves with 0x00 and nodes with 0x01. The leaf's own hash stands in public tiles,
# and so must not be what hides it here.
_HEAD = b"\x02"
_TAG_AT = 10


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
