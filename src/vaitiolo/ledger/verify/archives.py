"""Reads the files of a bundle out of a zip that anybody may have made, and trusts nothing in it.

Files are stored and never packed, so that none can grow when it is read. Writes nothing to disk.
"""

import re
import struct
import zipfile
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

LARGEST = 512 * 1024 * 1024
LARGEST_FILE = 32 * 1024 * 1024
MOST_FILES = 400_000
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,60}(/[A-Za-z0-9][A-Za-z0-9._-]{0,60})?", re.ASCII)
# One moment for all files: when a report was made stands in the report.
_MOMENT = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_MODE = 0o100600 << 16
_ENCRYPTED = 0x1


class ArchiveBroken(Exception):
    """This is not a zip as a bundle is one; the message is a short word for what is wrong."""


def read(place: Path) -> dict[str, bytes]:
    """Return the files of a bundle by their names. Raises ArchiveBroken, OSError."""
    if place.stat().st_size > LARGEST:
        raise ArchiveBroken("too-large")
    return unpack(place.read_bytes())


def unpack(content: bytes) -> dict[str, bytes]:
    """Return the files in a zip by their names; raises ArchiveBroken for every other one."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return _files(archive, len(content))
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError):
        raise ArchiveBroken("no-zip") from None
    except (ValueError, OverflowError, IndexError, struct.error):
        raise ArchiveBroken("no-zip") from None


def pack(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Return files as a zip: the same files in the same order give the same bytes."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files:
            about = zipfile.ZipInfo(name, _MOMENT)
            about.create_system, about.external_attr = _UNIX, _MODE
            archive.writestr(about, content)
    return made.getvalue()


def _files(archive: zipfile.ZipFile, most: int) -> dict[str, bytes]:
    entries = archive.infolist()
    if len(entries) > MOST_FILES:
        raise ArchiveBroken("too-large")
    for one in entries:
        _check(one)
    # Files that lie over each other in the zip would be larger together than the zip is.
    if sum(one.file_size for one in entries) > most:
        raise ArchiveBroken("packed")
    names = [one.filename for one in entries]
    if len(set(names)) != len(names):
        raise ArchiveBroken("twice")
    return {one.filename: archive.read(one) for one in entries}


def _check(one: zipfile.ZipInfo) -> None:
    if not _NAME.fullmatch(one.filename):
        raise ArchiveBroken("name")
    is_packed = one.compress_type != zipfile.ZIP_STORED or one.file_size != one.compress_size
    if is_packed or one.flag_bits & _ENCRYPTED:
        raise ArchiveBroken("packed")
    if one.file_size > LARGEST_FILE:
        raise ArchiveBroken("too-large")
