"""Copies what a thief would copy from an installation, into a private folder of its own.

It reads and never writes outside that folder. What could not be had is said, not passed over.
"""

import os
import shutil
import sqlite3
import stat
import tarfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from vaitiolo.ops.synthetic.crib import CRIB
from vaitiolo.ops.thief.cells import is_sqlite
from vaitiolo.ops.thief.unpacking import Piece

COPIES_ON_DISK = 4


class NoRoom(Exception):
    """The copies would fill the disk, so nothing was taken."""


@dataclass(slots=True)
class Loot:
    """What was taken, each piece with a label `<kind>: <name>`, and what could not be had."""

    folder: Path
    pieces: list[Piece] = field(default_factory=list)
    databases: dict[str, Path] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)

    def take(self, file: Path, kind: str, name: str) -> Path | None:
        """Copy a file; tell where the copy is."""
        copy = self.place(kind, name)
        try:
            shutil.copyfile(file, copy)
        except OSError as problem:
            self.remarks.append(f"{kind}: {name} could not be copied ({problem.strerror})")
            return None
        self.pieces.append(Piece(copy, f"{kind}: {name}"))
        return copy

    def place(self, kind: str, name: str) -> Path:
        """Make a place for a copy, beside the others of its kind and under its own name."""
        place = self.folder / kind.replace(" ", "-") / name
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        return place


def check_room(home: Path, folder: Path) -> None:
    """Raise when the copies of an installation would not fit."""
    need = COPIES_ON_DISK * sum(file.stat().st_size for file in files_in(home))
    free = shutil.disk_usage(folder).free
    if need > free:
        reason = f"needs {need >> 20:,} MiB in {folder}, and {free >> 20:,} MiB are free"
        raise NoRoom(f"the thief {reason}; point TMPDIR to a larger disk")


def files_in(
    folder: Path, closed: Callable[[OSError], None] = lambda _problem: None
) -> Iterator[Path]:
    """List the files of a folder and all below; `closed` hears of each that cannot be opened."""
    for root, _folders, names in os.walk(folder, onerror=closed):
        for name in sorted(names):
            file = Path(root, name)
            if _is_plain(file):
                yield file


def _is_plain(file: Path) -> bool:
    try:
        return stat.S_ISREG(file.lstat().st_mode)
    except FileNotFoundError:
        # Programs that run replace their files: what was listed may be gone already.
        return False


def take_home(home: Path, loot: Loot) -> None:
    """Copy the whole folder of an installation, as somebody who copies its disk would.

    All but the note that says which people were invented: it is how the thief knows whom to seek.
    """

    def closed(problem: OSError) -> None:
        loot.remarks.append(f"disk: {problem.filename} is closed to this user")

    for file in files_in(home, closed):
        name = str(file.relative_to(home))
        copy = loot.take(file, "disk", name) if name != CRIB else None
        if copy and is_sqlite(copy):
            loot.databases[name] = copy


def take_backup(home: Path, loot: Loot) -> None:
    """Make a backup as an operator would who copies databases by SQLite's own means, and pack it.

    Whatever else lies in the folder is packed too.
    """
    whole = loot.place("backup", "backup.tar.gz")
    with tarfile.open(whole, "w:gz", compresslevel=1) as archive:
        for file in files_in(home):
            name = str(file.relative_to(home))
            if name != CRIB and not name.endswith(("-wal", "-shm")):
                try:
                    pack(archive, file, name=name, snapshot=whole.with_name("snapshot"))
                except (OSError, sqlite3.Error) as problem:
                    loot.remarks.append(f"backup: {name} could not be packed ({problem})")
    loot.pieces.append(Piece(whole, "backup: backup.tar.gz"))


def pack(archive: tarfile.TarFile, file: Path, *, name: str, snapshot: Path) -> None:
    if not is_sqlite(file):
        archive.add(file, name)
        return
    source = sqlite3.connect(file.as_uri() + "?mode=ro", uri=True)
    with closing(source), closing(sqlite3.connect(snapshot)) as copy:
        source.backup(copy)
    archive.add(snapshot, name)
    snapshot.unlink()
