"""Opens what is packed: gz, bz2, xz, tar, zip, one inside the other, into a private folder.

It trusts nothing it opens: members land under names of ours, and sizes have caps.
"""

import bz2
import gzip
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

DEEPEST = 4
MOST_UNPACKED = 64 << 30
STEP = 1 << 20
TAR_MAGIC = (257, b"ustar")
# Reading may stop at any point of a damaged archive; what came before it counts.
DAMAGED = (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError)
DAMAGED_ARCHIVE = (*DAMAGED, tarfile.TarError, zipfile.BadZipFile, RuntimeError, KeyError)


class Readable(Protocol):
    """What every kind of archive gives for a member."""

    def read(self, size: int = -1, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Piece:
    """A file to look through, and what to call it. `layers`: how many packings it came out of."""

    file: Path
    label: str
    layers: int = 0


def is_packed(file: Path) -> bool:
    return opener_of(file) is not None


def unpack(piece: Piece, folder: Path, remark: Callable[[str], None]) -> Iterator[Piece]:
    """Unpack a file into a folder, member by member; each is gone when the next is asked for."""
    opener = opener_of(piece.file)
    if opener is None:
        return
    if piece.layers == DEEPEST:
        remark(f"{piece.label}: packed more than {DEEPEST} times, not opened further")
        return
    target = folder / f"unpacked-{piece.layers}"
    try:
        for name, source in opener(piece.file):
            label = f"{piece.label} > {name}"
            if not pour(source, target):
                remark(f"{label}: only the first {MOST_UNPACKED >> 30} GiB were unpacked")
            yield Piece(target, label, piece.layers + 1)
    except DAMAGED_ARCHIVE as problem:
        remark(f"{piece.label}: damaged from some point on ({type(problem).__name__})")
    finally:
        target.unlink(missing_ok=True)


def opener_of(file: Path) -> "Opener | None":
    with file.open("rb") as opened:
        beginning = opened.read(512)
    for magic, opener in OPENERS.items():
        if beginning.startswith(magic):
            return opener
    offset, magic = TAR_MAGIC
    return tar_members if beginning[offset:].startswith(magic) else None


def pour(source: Readable, target: Path) -> bool:
    """Write a member to a file, up to the cap and to the first damage; tell whether all fitted."""
    with target.open("wb") as poured:
        try:
            while step := source.read(STEP):
                poured.write(step)
                if poured.tell() >= MOST_UNPACKED:
                    return False
        except DAMAGED:
            pass
    return True


Opener = Callable[[Path], Iterator[tuple[str, Readable]]]


def gz_member(file: Path) -> Iterator[tuple[str, Readable]]:
    with gzip.open(file) as opened:
        yield "gz", opened


def bz2_member(file: Path) -> Iterator[tuple[str, Readable]]:
    with bz2.open(file) as opened:
        yield "bz2", opened


def xz_member(file: Path) -> Iterator[tuple[str, Readable]]:
    with lzma.open(file) as opened:
        yield "xz", opened


def zip_members(file: Path) -> Iterator[tuple[str, Readable]]:
    with zipfile.ZipFile(file) as archive:
        for member in archive.infolist():
            if not member.is_dir():
                with archive.open(member) as opened:
                    yield member.filename, opened


def tar_members(file: Path) -> Iterator[tuple[str, Readable]]:
    # Never extracted by tarfile itself: names and links of an archive are not to be trusted.
    with tarfile.open(file, "r:") as archive:
        for member in archive:
            opened = archive.extractfile(member) if member.isreg() else None
            if opened:
                yield member.name, opened


OPENERS: dict[bytes, Opener] = {
    b"\x1f\x8b\x08": gz_member,
    b"BZh": bz2_member,
    b"\xfd7zXZ\x00": xz_member,
    b"PK\x03\x04": zip_members,
}
