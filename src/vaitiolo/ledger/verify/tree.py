"""The Merkle tree of RFC 6962: hashes, roots, the right edge, proofs and their checks.

SHA-256 from hashlib and nothing else; knows neither leaves' contents nor any database.
"""

from collections.abc import Iterable, MutableSequence, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Self

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()


class EdgeBroken(Exception):
    """These bytes are not the right edge of any tree."""


class NotIncluded(Exception):
    """The proof does not lead from this leaf to this root."""


class HistoryRewritten(Exception):
    """The larger tree does not begin with the smaller one."""


def digest(*parts: bytes) -> bytes:
    """Hash parts set one behind the other with SHA-256, for formats that are not the tree's."""
    return sha256(b"".join(parts)).digest()


def leaf_hash(leaf: bytes) -> bytes:
    """Hash a leaf: SHA-256(0x00 ‖ leaf), RFC 6962 section 2.1."""
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash an inner node: SHA-256(0x01 ‖ left ‖ right), RFC 6962 section 2.1."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(slots=True)
class Edge:
    """The right edge of a growing tree: the roots of its full subtrees, the largest first.

    It is all one needs to append and to know the root; it cannot make proofs.
    """

    size: int
    peaks: list[bytes]

    @classmethod
    def empty(cls) -> Self:
        """Return the edge of the tree without leaves."""
        return cls(0, [])

    @classmethod
    def decode(cls, encoded: bytes) -> Self:
        """Read `encode`'s form back; raises EdgeBroken for every other byte string."""
        size = int.from_bytes(encoded[:8], "big")
        peaks = [encoded[at : at + HASH_BYTES] for at in range(8, len(encoded), HASH_BYTES)]
        if len(encoded) != 8 + HASH_BYTES * size.bit_count():
            raise EdgeBroken
        return cls(size, peaks)

    def encode(self) -> bytes:
        """Return size as 8 bytes, big-endian, then the peaks, the largest subtree first."""
        return self.size.to_bytes(8, "big") + b"".join(self.peaks)

    def copy(self) -> "Edge":
        """Return an edge that can grow without this one changing."""
        return Edge(self.size, list(self.peaks))

    def append(self, hashed: bytes) -> None:
        """Add one leaf by its hash."""
        # Every 1 at the end of the size is a full subtree that the new leaf completes.
        size = self.size
        while size & 1:
            hashed = sha256(b"\x01" + self.peaks.pop() + hashed).digest()
            size >>= 1
        self.peaks.append(hashed)
        self.size += 1

    def root(self) -> bytes:
        """Return the root of the tree as it stands."""
        if not self.peaks:
            return EMPTY_ROOT
        # `node_hash` written out, as in `append`: a log of millions has a root for each entry.
        root = self.peaks[-1]
        for peak in self.peaks[-2::-1]:
            root = sha256(b"\x01" + peak + root).digest()
        return root


def root_of(hashes: Iterable[bytes]) -> bytes:
    """Return the root over leaf hashes."""
    edge = Edge.empty()
    for hashed in hashes:
        edge.append(hashed)
    return edge.root()


def hashes_of(leaves: bytes, *, length: int) -> list[bytes]:
    """Return the leaf hashes of leaves of one length, set one behind the other: for millions."""
    ends = range(0, len(leaves), length)
    return [sha256(b"\x00" + leaves[at : at + length]).digest() for at in ends]


def subtree_root(hashes: list[bytes]) -> bytes:
    """Return the root over nodes of one level, as `root_of` does, level by level: for millions.

    The nodes are leaf hashes, or the roots of equally large full subtrees and, last, of the rest.
    """
    while len(hashes) > 1:
        paired = hash_pairs(hashes)
        # A node without a sibling goes up as it is.
        hashes = paired + hashes[len(paired) * 2 :]
    return hashes[0] if hashes else EMPTY_ROOT


def hash_pairs(row: Sequence[bytes]) -> list[bytes]:
    """Return the nodes above a row, two by two; the last of an odd row has none and is left out."""
    pairs = zip(row[::2], row[1::2], strict=False)
    return [sha256(b"\x01" + left + right).digest() for left, right in pairs]


def hash_places(above: MutableSequence[bytes], row: Sequence[bytes], places: Iterable[int]) -> None:
    """Hash the nodes at some places of the row above again."""
    for place in places:
        at = place << 1
        above[place] = sha256(b"\x01" + row[at] + row[at + 1]).digest()


def parts_of_inclusion(index: int, size: int) -> list[tuple[int, int]]:
    """Return whose roots the audit path of a leaf holds, as stretches (first, past), in its order.

    RFC 6962 section 2.1.1; from the leaf's sibling upwards.
    """
    parts: list[tuple[int, int]] = []
    first, past = 0, size
    while past - first > 1:
        middle = first + split(past - first)
        if index < middle:
            parts.append((middle, past))
            past = middle
        else:
            parts.append((first, middle))
            first = middle
    return parts[::-1]


def parts_of_growth(old_size: int, size: int) -> list[tuple[int, int]]:
    """Return whose roots a consistency proof holds, as stretches in its order; RFC 6962 2.1.2."""
    if old_size in {0, size}:
        return []
    parts: list[tuple[int, int]] = []
    first, past = 0, size
    while past != old_size:
        middle = first + split(past - first)
        if old_size <= middle:
            parts.append((middle, past))
            past = middle
        else:
            parts.append((first, middle))
            first = middle
    # The verifier knows the old root; where the old tree is not one subtree it needs its last part.
    if first:
        parts.append((first, past))
    return parts[::-1]


def prove_inclusion(hashes: Sequence[bytes], index: int) -> list[bytes]:
    """Return the audit path of one leaf of a tree, RFC 6962 section 2.1.1."""
    return [root_of(hashes[first:past]) for first, past in parts_of_inclusion(index, len(hashes))]


def prove_growth(hashes: Sequence[bytes], old_size: int) -> list[bytes]:
    """Return the proof that a tree begins with its first `old_size` leaves, RFC 6962 2.1.2."""
    return [root_of(hashes[first:past]) for first, past in parts_of_growth(old_size, len(hashes))]


def check_inclusion(leaf: bytes, index: int, *, size: int, root: bytes, path: list[bytes]) -> None:
    """Check an audit path (RFC 9162 section 2.1.3.2); raises NotIncluded.

    `leaf` is the leaf's hash. Returns nothing: what must not be overlooked raises.
    """
    if not 0 <= index < size:
        raise NotIncluded
    inner, border = _lengths(index, size)
    if len(path) != inner + border:
        raise NotIncluded
    if _with_left(_with_both(leaf, path[:inner], index), path[inner:]) != root:
        raise NotIncluded


def check_growth(old: tuple[int, bytes], new: tuple[int, bytes], *, proof: list[bytes]) -> None:
    """Check a consistency proof (RFC 9162 section 2.1.4.2); raises HistoryRewritten.

    `old` and `new` are (size, root). Returns nothing: what must not be overlooked raises.
    """
    (old_size, old_root), (new_size, new_root) = old, new
    if not 0 < old_size < new_size:
        known = {0: EMPTY_ROOT, new_size: new_root}.get(old_size)
        if proof or old_root != known:
            raise HistoryRewritten
        return
    # Where the old tree is one whole subtree, its root is the proof's silent first hash.
    hashes = [old_root, *proof] if old_size.bit_count() == 1 else proof
    shift = (old_size & -old_size).bit_length() - 1
    inner, border = _lengths(old_size - 1, new_size)
    if len(hashes) != 1 + inner - shift + border:
        raise HistoryRewritten
    start, inside, outside = hashes[0], hashes[1 : 1 + inner - shift], hashes[1 + inner - shift :]
    place = (old_size - 1) >> shift
    lefts = [hashed for level, hashed in enumerate(inside) if place >> level & 1]
    if _with_left(start, lefts + outside) != old_root:
        raise HistoryRewritten
    if _with_left(_with_both(start, inside, place), outside) != new_root:
        raise HistoryRewritten


def _lengths(index: int, size: int) -> tuple[int, int]:
    """Return how many hashes of a path lie below and above the tree's right edge."""
    inner = (index ^ (size - 1)).bit_length()
    return inner, (index >> inner).bit_count()


def _with_both(hashed: bytes, siblings: list[bytes], place: int) -> bytes:
    """Climb among siblings that stand left where the place has a 1, right where it has a 0."""
    for level, sibling in enumerate(siblings):
        left = place >> level & 1
        hashed = node_hash(sibling, hashed) if left else node_hash(hashed, sibling)
    return hashed


def _with_left(hashed: bytes, siblings: list[bytes]) -> bytes:
    """Climb among siblings that all stand left."""
    for sibling in siblings:
        hashed = node_hash(sibling, hashed)
    return hashed


def split(size: int) -> int:
    """Return the largest power of two that is smaller than size."""
    return 1 << (size - 1).bit_length() - 1
