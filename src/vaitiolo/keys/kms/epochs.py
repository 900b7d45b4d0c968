"""Which epoch of a family of keys is current: a small file outside every database.

Whoever writes in a database cannot bring an old key back into use. The file holds no secret, and
this module never makes or ends a key.
"""

import os
import stat
import tomllib
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Final

from vaitiolo.keys.kms import KmsMisset

# The others stay at one number for ever: tags and commitments that were made with them are kept.
FAMILIES: Final = ("slot", "outbox")
FIRST: Final = 1
MOST: Final = 999_999_999
FILE_NAME: Final = "epochs.toml"
HEADING: Final = (
    "# The current epoch of each family of keys in the key service. Written by `vaitiolo kms`.\n"
)

Say = Callable[[str], None]


class Epochs:
    """The numbers, read again when the file changes: the console writes it while wardens run."""

    def __init__(self, path: Path, say: Say) -> None:
        """Read the file; without one every epoch is the first. Raises KmsMisset.

        ``say`` hears of a file that cannot be read later on.
        """
        self._path = path
        self._say = say
        # Rewrapping takes turns, so that two sign-ins at once do not both replace one slot.
        self.turn = Lock()
        self._seen = _mark(path)
        self._numbers = read(path)

    def current(self, family: str) -> int:
        """Return the current number of a family."""
        self._look()
        return self._numbers.get(family, FIRST)

    def switch(self, family: str, number: int) -> None:
        """Make a number the current one, whole or not at all; it never goes back."""
        if family not in FAMILIES or not self.current(family) < number <= MOST:
            raise KmsMisset(f"Epoch {number} cannot follow. Nothing was changed.")
        write(self._path, {**self._numbers, family: number})

    def _look(self) -> None:
        seen = _mark(self._path)
        if seen == self._seen:
            return
        self._seen = seen
        try:
            self._numbers = read(self._path)
        except KmsMisset as misset:
            # What was current a moment ago is no worse now; the operator is told.
            self._say(f"{misset} The numbers read before stay in use.")


def read(path: Path) -> dict[str, int]:
    """Return the numbers in a file, none when there is no file. Raises KmsMisset."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        return {}
    except OSError:
        raise KmsMisset(f"{path} cannot be read.") from None
    with os.fdopen(descriptor, "rb") as file:
        _check_private(path, os.fstat(file.fileno()))
        return _numbers(path, file.read(4096))


def write(path: Path, numbers: dict[str, int]) -> None:
    """Replace the file, for its owner alone, durably."""
    draft = path.with_name(f".{path.name}")
    text = HEADING + "".join(f"{family} = {number}\n" for family, number in sorted(numbers.items()))
    draft.unlink(missing_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    with os.fdopen(os.open(draft, flags, stat.S_IRUSR | stat.S_IWUSR), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _numbers(path: Path, content: bytes) -> dict[str, int]:
    try:
        found = tomllib.loads(content.decode("ascii"))
    except ValueError:
        raise KmsMisset(f"{path} is not TOML.") from None
    if not all(family in FAMILIES and _is_number(value) for family, value in found.items()):
        raise KmsMisset(f"{path} holds something that is not an epoch.")
    return found


def _is_number(value: object) -> bool:
    return type(value) is int and FIRST <= value <= MOST


def _check_private(path: Path, status: os.stat_result) -> None:
    is_ours = stat.S_ISREG(status.st_mode) and status.st_uid == os.geteuid()
    if not is_ours or status.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise KmsMisset(f"{path} is not a file that its owner alone can reach.")


def _mark(path: Path) -> tuple[int, int, int] | None:
    try:
        status = path.lstat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size
