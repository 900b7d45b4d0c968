"""Checks a copy of the published log, with or without its entries, as an auditor takes it away.

Needs no database, no installation and no secret: the files, the log's key, and checkpoints that
were kept elsewhere.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

from vaitiolo.ledger.acts import FIRST_SPECIAL, Act
from vaitiolo.ledger.entries import Fields
from vaitiolo.ledger.verify import checkpoints, specials
from vaitiolo.ledger.verify.chains import FaultKind, Findings, HeadsMark, Mark, Replay
from vaitiolo.ledger.verify.checkpoints import Checkpoint, CheckpointBroken, LogKey
from vaitiolo.ledger.verify.tiles import ENTRIES, WIDTH, Fetch, Growth, Tiles, TilesBroken, path_of
from vaitiolo.ledger.verify.tree import leaf_hash

CHECKPOINT = "checkpoint"
_NOT_SEEN = (
    "Details, which are not in the copy: `vaitiolo ledger verify` on site says if one is missing.",
    "What was done without an entry: reconciliation compares deeds and entries.",
)

Progress = Callable[[int, int], None]


def audit_folder(
    fetch: Fetch,
    key: LogKey,
    *,
    earlier: Sequence[str] = (),
    progress: Progress = lambda _done, _all: None,
) -> Findings:
    """Replay a copy of the log and return everything that does not fit, each with its index.

    Checks the checkpoint by `key`; that every tile is the one the leaves give; with entries also
    chains, HEADS and the values of special entries. `earlier` are checkpoints kept elsewhere.
    Raises CheckpointBroken when there is no checkpoint of this log, here or among those.
    """
    note = fetch(CHECKPOINT)
    if note is None:
        raise CheckpointBroken
    stated = checkpoints.read(note.decode("utf-8", "replace"), key)
    marks = [Mark(stated.size, stated.root, "The checkpoint")]
    marks += [_kept(one, key) for one in earlier]
    reader = _Reader(fetch, stated, sorted(marks, key=lambda mark: mark.size))
    try:
        reader.read(progress)
    except TilesBroken:
        says = "A tile or a bundle is missing or cut from here on."
        reader.findings.add(FaultKind.TILE, reader.growth.size, says)
    findings = reader.replay.finish()
    findings.unseen += reader.unseen(len(earlier))
    return findings


def heads_mark(index: int, detail: bytes) -> HeadsMark | None:
    """Return what a HEADS states, or nothing where these are not its values."""
    try:
        values = specials.parse(Act.HEADS, detail)
    except specials.SpecialBroken:
        return None
    root = bytes.fromhex(str(values["root"]))
    return HeadsMark(index, int(values["covered"]), int(values["size"]), root)


def special_path(number: int) -> str:
    """Return where the public values of a bundle's special entries stand."""
    return path_of(ENTRIES, number).replace("tile/entries/", "special/")


def special_line(index: int, salt: bytes, detail: bytes) -> str:
    """Return the public values of a special entry as such a file holds them, a JSON line."""
    return json.dumps({"index": index, "salt": salt.hex(), "detail": detail.decode()}) + "\n"


class _Reader:
    """Reads a copy once, from the first entry to the last."""

    def __init__(self, fetch: Fetch, stated: Checkpoint, marks: list[Mark]) -> None:
        self._fetch = fetch
        self._size = stated.size
        self._tiles = Tiles(fetch, stated.size)
        first = path_of(ENTRIES, 0, min(WIDTH, stated.size))
        self.has_entries = fetch(first) is not None or fetch(path_of(ENTRIES, 0)) is not None
        self.growth = Growth()
        self.replay = Replay(marks, self._heads() if self.has_entries else ())
        self.findings = self.replay.findings

    def read(self, progress: Progress) -> None:
        """Take everything, and compare each finished tile with the one in the copy."""
        for index in range(0, self._size, WIDTH):
            width = min(WIDTH, self._size - index)
            if self.has_entries:
                self._take_leaves(index, self._tiles.bundle(index // WIDTH, width))
            else:
                for hashed in self._tiles.hashes(0, index // WIDTH):
                    self.replay.take_hash(hashed)
                    self.growth.append_hash(hashed)
            self._compare(self.growth.take_finished())
            progress(index + width, self._size)
        self._compare(self.growth.partial())

    def unseen(self, earlier: int) -> list[str]:
        """Say what such a check cannot see."""
        alone = "No checkpoint from elsewhere was given: whoever holds the database and the log's"
        alone += " key may have rewritten or cut everything."
        hidden = "The entries themselves: this copy holds their hashes alone."
        return [
            *([] if earlier else [alone]),
            *([] if self.has_entries else [hidden]),
            *_NOT_SEEN,
        ]

    def _take_leaves(self, index: int, leaves: list[bytes]) -> None:
        values = dict(self._values(index // WIDTH))
        for place, leaf in enumerate(leaves, start=index):
            fields = self.replay.take(place, leaf)
            self.growth.append_hash(leaf_hash(leaf))
            if fields and fields[1] >= FIRST_SPECIAL:
                self._check_special(place, fields, values.get(place))

    def _check_special(self, index: int, fields: Fields, told: tuple[bytes, bytes] | None) -> None:
        act, commit = Act(fields[1]), fields[7]
        if told is None:
            self.findings.add(FaultKind.DETAIL, index, "Its public detail is missing.")
            return
        salt, detail = told
        try:
            specials.read(act, detail, salt=salt, commit=commit)
        except specials.SpecialBroken:
            says = "Its public detail is not what its leaf commits to."
            self.findings.add(FaultKind.DETAIL, index, says)

    def _heads(self) -> Iterator[HeadsMark]:
        """Yield every HEADS; it is read ahead of the entries that it covers."""
        for number in range(-(-self._size // WIDTH)):
            for index, (_salt, detail) in self._values(number):
                mark = heads_mark(index, detail)
                if mark and index < self._size:
                    yield mark

    def _values(self, number: int) -> Iterator[tuple[int, tuple[bytes, bytes]]]:
        """Yield what is told of a bundle's special entries; a line that is none tells nothing."""
        for line in (self._fetch(special_path(number)) or b"").splitlines():
            with suppress(ValueError, TypeError, KeyError):
                told = json.loads(line)
                index, salt, detail = told["index"], told["salt"], told["detail"]
                yield int(index), (bytes.fromhex(salt), str(detail).encode())

    def _compare(self, files: list[tuple[str, bytes]]) -> None:
        for path, content in files:
            if path.startswith(f"tile/{ENTRIES}/"):
                continue
            found = self._fetch(path)
            if found is None and ".p/" in path:
                # A full tile stands for its partial ones.
                found = (self._fetch(path.partition(".p/")[0]) or b"")[: len(content)]
            if found != content:
                says = f"The tile {path} is not the one that the entries below it give."
                self.findings.add(FaultKind.TILE, self.growth.size, says)


def _kept(note: str, key: LogKey) -> Mark:
    stated = checkpoints.read(note, key)
    return Mark(stated.size, stated.root, "A checkpoint kept elsewhere")
