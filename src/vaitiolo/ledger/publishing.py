"""Publishes the log as files: tiles first, the signed checkpoint last and whole.

Hash tiles and checkpoint hold nothing of anybody and may go to mirrors; entries, which are for
auditors on site, stand in a folder of their own. Everything can be made anew from the database.
"""

import logging
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any

from django.db import DatabaseError, InterfaceError, connections

from vaitiolo.ledger import queries
from vaitiolo.ledger.verify import checkpoints
from vaitiolo.ledger.verify.checkpoints import Checkpoint, LogKey
from vaitiolo.ledger.verify.folder import CHECKPOINT, special_line, special_path
from vaitiolo.ledger.verify.tiles import HEIGHT, WIDTH, Fetch, Growth, Tiles, TilesBroken
from vaitiolo.ledger.verify.tree import Edge, HistoryRewritten, leaf_hash

__all__ = ["CHECKPOINT", "Folders", "Progress", "Publisher", "read_leaves"]

CHUNK = 8_192
# So many entries at a time are written ahead of their checkpoint.
AHEAD = 2_048

_LEAVES = (
    'SELECT "index", leaf FROM ledger_entry WHERE "index" >= %s AND "index" < %s ORDER BY "index"'
)
_PUBLIC = (
    'SELECT "index", salt, detail FROM ledger_publicdetail'
    ' WHERE "index" >= %s AND "index" < %s ORDER BY "index"'
)

log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]


def _silent(_done: int, _all: int) -> None:
    """Say nothing of how far it is."""


class Folders:
    """Where the files of one log stand: what anybody may have, and what auditors see on site."""

    def __init__(self, public: Path, inside: Path | None) -> None:
        """Take both folders; without the second no entries are written."""
        self._public = public
        self._inside = inside

    def write(self, path: str, content: bytes, *, firmly: bool = True, draft: str = "") -> None:
        """Put a file in its place, whole or not at all; firmly means that it survives a crash.

        Who writes beside the ledger's lock has a name of its own for drafts.
        """
        place = self._place(path)
        if place is None:
            return
        place.parent.mkdir(parents=True, exist_ok=True)
        unfinished = place.with_name(f".{place.name}{draft}")
        with unfinished.open("wb") as file:
            file.write(content)
            if firmly:
                file.flush()
                os.fsync(file.fileno())
        unfinished.replace(place)

    def read(self, path: str) -> bytes | None:
        """Return a file, or nothing where there is none."""
        place = self._place(path)
        try:
            return place.read_bytes() if place else None
        except FileNotFoundError:
            return None

    def drop_partial(self, path: str) -> None:
        """Remove the partial tiles of one that is full now."""
        place = self._place(path)
        if place:
            shutil.rmtree(place.with_name(f"{place.name}.p"), ignore_errors=True)

    def _place(self, path: str) -> Path | None:
        inside = path.startswith(("tile/entries/", "special/"))
        folder = self._inside if inside else self._public
        return folder / path if folder else None


class Publisher:
    """Writes what a new checkpoint covers; to be called under the ledger's lock.

    What is full by then can be written before, outside that lock: see `following`.
    """

    def __init__(self, folders: Folders, key: LogKey, *, alias: str = "vault") -> None:
        """Take where the files stand, and the log's key to read checkpoints by."""
        self._folders = folders
        self._key = key
        self._alias = alias
        self._growth: Growth | None = None
        # Partial files of an earlier process may not have reached the disk.
        self._stands: set[str] = set()
        # Which tiles have partial files, by what was published last.
        self._edges: set[str] = set()
        # Held for a moment only, but for a checkpoint's own writing.
        self._own = Lock()

    def __call__(self, note: str) -> None:
        """Publish a checkpoint: every tile of its size first, then the note, whole.

        Raises OSError when there is no room, and HistoryRewritten when the entries do not give
        the root that it states; what was published before then stands as it was.
        """
        with self._own:
            self._publish(note)

    def _publish(self, note: str) -> None:
        stated = checkpoints.read(note, self._key)
        growth = self._begun().copy()
        self._grow(growth, stated.size)
        if (growth.size, growth.root()) != (stated.size, stated.root):
            # What was written ahead of a checkpoint may be what does not fit.
            self._growth = None
            raise HistoryRewritten
        stands = {path for path, _content in growth.partial()}
        for path, content in growth.partial():
            if path not in self._stands:
                self._folders.write(path, content, firmly=not path.startswith(_UNFIRM))
        self._folders.write(CHECKPOINT, note.encode())
        self._growth, self._stands = growth, stands
        edges = _edges_of(growth)
        for path in self._edges - edges:
            self._folders.drop_partial(path)
        self._edges = edges

    def catch_up(self, note: str, *, progress: Progress = _silent) -> None:
        """Write the tiles up to a checkpoint before the ledger opens, outside its lock.

        A log from before tiles were published may be long. Raises HistoryRewritten as a call does.
        """
        stated = checkpoints.read(note, self._key)
        growth = self._begun().copy()
        if growth.size < stated.size:
            self._grow(growth, stated.size, progress=progress)
            if growth.root() != stated.root:
                raise HistoryRewritten
        # What could not be written is tried again: only now is it taken as done.
        self._growth = growth

    @contextmanager
    def following(self, *, every: float = 0.1) -> Iterator[None]:
        """Write full tiles as the log grows, in a thread of its own, until the block ends.

        It only saves work under the ledger's lock: what it could not write is written there.
        """
        over = Event()

        def go_on() -> None:
            while not over.wait(every):
                # A failure shows at the next checkpoint, where somebody can be told.
                with suppress(OSError, DatabaseError, InterfaceError, HistoryRewritten):
                    while self.write_ahead() and not over.is_set():
                        pass
            connections[self._alias].close()

        thread = Thread(target=go_on, name="tiles", daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def write_ahead(self) -> bool:
        """Write some full tiles of committed entries; say whether there were any to write."""
        with self._own:
            growth = self._begun().copy()
        first = growth.size
        committed = (queries.last_batch(alias=self._alias) or (0, b""))[0]
        past = min(committed, first + AHEAD) // WIDTH * WIDTH
        if past <= first:
            return False
        self._grow(growth, past, draft=f".{os.getpid()}")
        with self._own:
            if self._growth and self._growth.size == first:
                self._growth = growth
        return True

    def _grow(
        self, growth: Growth, past: int, *, progress: Progress = _silent, draft: str = ""
    ) -> None:
        first = growth.size
        if past < first:
            raise HistoryRewritten
        for leaf in read_leaves(first, past, alias=self._alias):
            growth.append(leaf)
            if growth.size % CHUNK == 0:
                self._write_finished(growth, draft)
                progress(growth.size, past)
        self._write_finished(growth, draft)
        for number, content in read_specials(first, past, alias=self._alias):
            self._folders.write(special_path(number), content, draft=draft)

    def _write_finished(self, growth: Growth, draft: str) -> None:
        for path, content in growth.take_finished():
            self._folders.write(path, content, draft=draft)

    def _begun(self) -> Growth:
        """Return the unfinished tiles of what is published, or begin anew where that is broken."""
        if self._growth is None:
            self._growth = self._resumed() or Growth()
            self._edges = _edges_of(self._growth)
        return self._growth

    def _resumed(self) -> Growth | None:
        note = self._folders.read(CHECKPOINT)
        if not note:
            return None
        stated = checkpoints.read(note.decode(), self._key)
        with suppress(TilesBroken):
            growth = resumed(self._folders.read, stated.size, alias=self._alias)
            if growth.root() == stated.root:
                return growth
        self._demand_what_was_published(stated)
        log.warning("The published tiles are not whole and are made anew from the ledger.")
        return None

    def _demand_what_was_published(self, stated: Checkpoint) -> None:
        """Make sure that the database still holds what was published, before files are replaced."""
        edge = Edge.empty()
        for leaf in read_leaves(0, stated.size, alias=self._alias):
            edge.append(leaf_hash(leaf))
        if (edge.size, edge.root()) != (stated.size, stated.root):
            # The files may be the last witness of what stood here; nothing touches them.
            raise HistoryRewritten


_UNFIRM = ("tile/0/", "tile/entries/")


def _edges_of(growth: Growth) -> set[str]:
    """Return the tiles of which only a part is there yet."""
    return {path.partition(".p/")[0] for path, _content in growth.partial()}


def resumed(fetch: Fetch, size: int, *, alias: str = "vault") -> Growth:
    """Return the unfinished tiles of a size: the lowest from the database, the rest from files."""
    first = size // WIDTH * WIDTH
    leaves = list(read_leaves(first, size, alias=alias))
    if len(leaves) != size - first:
        raise TilesBroken
    levels, level = [[leaf_hash(leaf) for leaf in leaves]], 1
    tiles = Tiles(fetch, size)
    while size >> HEIGHT * level:
        width = (size >> HEIGHT * level) % WIDTH
        number = size >> HEIGHT * (level + 1)
        levels.append(tiles.hashes(level, number) if width else [])
        level += 1
    return Growth(size, levels, leaves)


def read_leaves(first: int, past: int, *, alias: str = "vault") -> Iterator[bytes]:
    """Yield leaves from the database by their order, a piece at a time; a gap raises."""
    while first < past:
        page = _ask(alias, _LEAVES, (first, min(past, first + CHUNK)))
        if [place for place, _leaf in page] != list(range(first, min(past, first + CHUNK))):
            raise HistoryRewritten
        for _place, leaf in page:
            yield bytes(leaf)
        first += len(page)


def read_specials(first: int, past: int, *, alias: str = "vault") -> Iterator[tuple[int, bytes]]:
    """Yield the public values of special entries, a JSON line each, bundle by bundle.

    A bundle is told whole as soon as anything in it is new.
    """
    at = first // WIDTH * WIDTH
    while at < past:
        # A piece ends where a bundle ends.
        upto = min(past, at // CHUNK * CHUNK + CHUNK)
        lines: dict[int, list[str]] = {}
        newest: dict[int, int] = {}
        for place, salt, detail in _ask(alias, _PUBLIC, (at, upto)):
            line = special_line(place, bytes(salt), bytes(detail))
            lines.setdefault(place // WIDTH, []).append(line)
            newest[place // WIDTH] = place
        for number, made in lines.items():
            if newest[number] >= first:
                yield number, "".join(made).encode()
        at = upto


def _ask(alias: str, sql: str, part: tuple[int, int]) -> list[tuple[Any, ...]]:
    with connections[alias].cursor() as cursor:
        cursor.execute(sql, part)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found
