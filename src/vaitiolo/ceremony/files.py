"""Writes a file whole or not at all, for its owner alone, and never over another."""

import os
from pathlib import Path
from typing import Final

_OWNER_ALONE: Final = 0o600


class FileThere(Exception):
    """A file of this name is there already; nothing was written."""


def write_whole(path: Path, content: bytes) -> None:
    """Write a new file that is durable when this returns. Raises FileThere, OSError.

    Killed at any moment, the name holds nothing or everything. What is left of a draft has a name
    of its own and is written over by the next try.
    """
    draft = path.with_name(f".{path.name}.draft")
    draft.unlink(missing_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    with os.fdopen(os.open(draft, flags, _OWNER_ALONE), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        # A link, unlike a rename, takes nobody's place.
        os.link(draft, path)
    except FileExistsError:
        raise FileThere(f"{path.name} is there already; nothing was written.") from None
    finally:
        draft.unlink()
    _make_durable(path.parent)


def _make_durable(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
