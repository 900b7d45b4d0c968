"""Reads a PIN or a token out of a file that its owner alone can reach. It logs neither."""

import os
import stat
from pathlib import Path
from typing import Final

from vaitiolo.keys.kms import KmsMisset

_LONGEST: Final = 4096


def read_private(path: Path) -> str:
    """Return the one line of text in the file. Raises KmsMisset, which names the file alone."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        raise KmsMisset(f"{path} cannot be read. Nothing was asked of the key service.") from None
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(file.fileno())
        content = file.read(_LONGEST + 1)
    if not _is_private(status):
        raise KmsMisset(f"{path} is not a file that its owner alone can reach; it was not used.")
    return _line(path, content)


def _is_private(status: os.stat_result) -> bool:
    is_own = status.st_uid == os.geteuid()
    return stat.S_ISREG(status.st_mode) and is_own and not status.st_mode & 0o077


def _line(path: Path, content: bytes) -> str:
    try:
        text = content.decode("ascii").strip()
    except UnicodeDecodeError:
        text = ""
    if not text or len(content) > _LONGEST or not text.isprintable():
        raise KmsMisset(f"{path} does not hold one line of text; it was not used.")
    return text
