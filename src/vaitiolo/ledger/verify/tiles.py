"""The log as static files: C2SP tlog-tiles, their paths, how they grow, and proofs out of them.

Reads and writes no file itself: whoever calls fetches or stores. A tile is believed only as far
as the root that a checkpoint states.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from vaitiolo.ledger.verify.tree import (
    EMPTY_ROOT,
    HASH_BYTES,
    Edge,
    leaf_hash,
    node_hash,
    parts_of_growth,
    parts_of_inclusion,
    root_of,
    split,
    subtree_root,
)

WIDTH = 256
HEIGHT = 8
ENTRIES = "entries"
_LENGTH_BYTES = 2
_KEPT = 64

Fetch = Callable[[str], bytes | None]
File = tuple[str, bytes]


class TilesBroken(Exception):
    """A tile that this size needs is not there, is too short, or is not of its form."""


def path_of(level: int | str, number: int, width: int = WIDTH) -> str:
    """Return the path of a tile, or of a bundle of entries; a narrower one is partial."""
    groups = [f"{number % 1000:03d}"]
    while number := number // 1000:
        groups.insert(0, f"x{number % 1000:03d}")
    suffix = "" if width == WIDTH else f".p/{width}"
    return f"tile/{level}/{'/'.join(groups)}{suffix}"


def bundle_of(leaves: list[bytes]) -> bytes:
    """Return entries as a bundle holds them, each behind its length."""
    return b"".join(len(leaf).to_bytes(_LENGTH_BYTES, "big") + leaf for leaf in leaves)


def leaves_of(bundle: bytes) -> list[bytes]:
    """Return the entries of a bundle; raises TilesBroken where it is cut."""
    leaves, at = [], 0
    while at < len(bundle):
        start = at + _LENGTH_BYTES
        at = start + int.from_bytes(bundle[at:start], "big")
        leaves.append(bundle[start:at])
    if at != len(bundle):
        raise TilesBroken
    return leaves


@dataclass(slots=True)
class Growth:
    """The unfinished tiles of a growing tree, and those that were finished and not taken yet."""

    size: int = 0
    levels: list[list[bytes]] = field(default_factory=lambda: [[]])
    leaves: list[bytes] = field(default_factory=list)
    finished: list[File] = field(default_factory=list)

    def copy(self) -> "Growth":
        """Return one that can grow without this one changing."""
        levels = [list(hashes) for hashes in self.levels]
        return Growth(self.size, levels, list(self.leaves), list(self.finished))

    def append(self, leaf: bytes) -> None:
        """Add an entry."""
        self.leaves.append(leaf)
        if len(self.leaves) == WIDTH:
            path = path_of(ENTRIES, self.size // WIDTH)
            self.finished.append((path, bundle_of(self.leaves)))
            self.leaves = []
        self.append_hash(leaf_hash(leaf))

    def append_hash(self, hashed: bytes) -> None:
        """Add an entry of which only the hash is known."""
        for level, hashes in enumerate(self.levels):
            hashes.append(hashed)
            if len(hashes) < WIDTH:
                break
            number = self.size >> HEIGHT * (level + 1)
            self.finished.append((path_of(level, number), b"".join(hashes)))
            hashed = subtree_root(hashes)
            hashes.clear()
            if level + 1 == len(self.levels):
                self.levels.append([])
        self.size += 1

    def take_finished(self) -> list[File]:
        """Return the full tiles and bundles since the last call."""
        taken, self.finished = self.finished, []
        return taken

    def partial(self) -> list[File]:
        """Return the partial tiles and the partial bundle of the tree as it stands."""
        files = [
            (path_of(level, self.size >> HEIGHT * (level + 1), len(hashes)), b"".join(hashes))
            for level, hashes in enumerate(self.levels)
            if hashes
        ]
        if self.leaves:
            path = path_of(ENTRIES, self.size // WIDTH, len(self.leaves))
            files.append((path, bundle_of(self.leaves)))
        return files

    def root(self) -> bytes:
        """Return the root of the tree as it stands."""
        peaks = [peak for hashes in reversed(self.levels) for peak in _peaks(hashes)]
        return Edge(self.size, peaks).root()


class Tiles:
    """A tree of one size, read from tiles: hashes, proofs and entries."""

    def __init__(self, fetch: Fetch, size: int) -> None:
        """Take what returns a file by its path, or nothing where there is none."""
        self.size = size
        self._fetch = fetch
        self._kept: dict[tuple[int, int], bytes] = {}

    def root(self, size: int | None = None) -> bytes:
        """Return the root of this tree, or of a smaller one within it. Raises TilesBroken."""
        return self.root_between(0, self.size if size is None else size)

    def inclusion(self, index: int, *, size: int | None = None) -> list[bytes]:
        """Return the audit path of an entry in the tree of a size. Raises TilesBroken."""
        size = self.size if size is None else size
        return [self.root_between(*part) for part in parts_of_inclusion(index, size)]

    def growth(self, old_size: int, *, size: int | None = None) -> list[bytes]:
        """Return the proof that the tree of a size begins with a smaller one."""
        size = self.size if size is None else size
        return [self.root_between(*part) for part in parts_of_growth(old_size, size)]

    def hashes(self, level: int, number: int) -> list[bytes]:
        """Return the hashes of a tile. Raises TilesBroken."""
        tile = self._tile(level, number)
        return [tile[at : at + HASH_BYTES] for at in range(0, len(tile), HASH_BYTES)]

    def leaves(self) -> Iterator[bytes]:
        """Yield all entries in order, from their bundles. Raises TilesBroken."""
        for number in range(-(-self.size // WIDTH)):
            yield from self.bundle(number, min(WIDTH, self.size - number * WIDTH))

    def bundle(self, number: int, width: int) -> list[bytes]:
        """Return the entries of one bundle. Raises TilesBroken."""
        found = leaves_of(self._file(ENTRIES, number, width))
        if len(found) < width:
            raise TilesBroken
        return found[:width]

    def root_between(self, first: int, past: int) -> bytes:
        """Return the root over some entries alone, as proofs need it. Raises TilesBroken."""
        count = past - first
        if count == 0:
            return EMPTY_ROOT
        if count & (count - 1) == 0:
            return self._node(count.bit_length() - 1, first // count)
        middle = first + split(count)
        return node_hash(self.root_between(first, middle), self.root_between(middle, past))

    def _node(self, height: int, index: int) -> bytes:
        """Return the root of a whole subtree of 2 ** height entries."""
        level, above = divmod(height, HEIGHT)
        number, place = divmod(index << above, WIDTH)
        tile = self._tile(level, number)
        hashes = tile[place * HASH_BYTES : (place + (1 << above)) * HASH_BYTES]
        if len(hashes) < HASH_BYTES << above:
            raise TilesBroken
        return root_of(hashes[at : at + HASH_BYTES] for at in range(0, len(hashes), HASH_BYTES))

    def _tile(self, level: int, number: int) -> bytes:
        tile = self._kept.get((level, number))
        if tile is None:
            width = min(WIDTH, (self.size >> HEIGHT * level) - number * WIDTH)
            tile = self._file(level, number, width)[: width * HASH_BYTES]
            if len(tile) != width * HASH_BYTES:
                raise TilesBroken
            while len(self._kept) >= _KEPT:
                self._kept.pop(next(iter(self._kept)))
            self._kept[level, number] = tile
        return tile

    def _file(self, level: int | str, number: int, width: int) -> bytes:
        """Fetch a tile; a partial one may be gone since the full one is there."""
        if width < 1:
            raise TilesBroken
        found = self._fetch(path_of(level, number, width))
        if found is None and width < WIDTH:
            found = self._fetch(path_of(level, number))
        if found is None:
            raise TilesBroken
        return found


def _peaks(hashes: list[bytes]) -> list[bytes]:
    """Return the roots of the whole subtrees of an unfinished tile, the largest first."""
    peaks, at = [], 0
    for height in range(HEIGHT - 1, -1, -1):
        if len(hashes) >> height & 1:
            peaks.append(root_of(hashes[at : at + (1 << height)]))
            at += 1 << height
    return peaks
