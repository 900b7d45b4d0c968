"""A key service in a folder of files, for demonstrations and tests; it never serves real patients.

Whoever copies the disk copies its keys, so it starts only under a trust policy that says ``demo``,
and then every page says so too. It never logs, and a key never leaves this file.
"""

import os
import re
import stat
from pathlib import Path
from typing import Final

from vaitiolo.keys import envelope, primitives
from vaitiolo.keys.kms import KmsMisset, May, Operation, demand, family_of, place
from vaitiolo.keys.primitives import Readable
from vaitiolo.keys.refused import Refused

_MAGIC: Final = b"VTK\x01"
_FILE_LENGTH: Final = len(_MAGIC) + primitives.KEY_LENGTH
_NO_SALT: Final = bytes(32)
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_TEMPORARY: Final = re.compile(r"\.new-[0-9a-f]{16}", re.ASCII)


class FileKmsRefused(KmsMisset):
    """The file provider may not be used here. The message is for the operator, without a secret."""


class FileKms:
    """A `Kms` over a folder. Keys are read for each operation: a destroyed one is gone at once."""

    __slots__ = ("_folder", "_may")

    def __init__(self, folder: Path, *, demo: bool, may: May) -> None:
        """Do only what ``may`` says, ever; raise `FileKmsRefused` unless the policy is a demo."""
        _check_demo(demo=demo)
        _check_private(folder, folder=True)
        self._folder = folder
        self._may = may

    def mac(self, name: str, data: Readable) -> bytes:
        """Return HMAC-SHA-256 (RFC 2104) under a key derived from the named one."""
        key = self._derived(name, Operation.MAC, b"vaitiolo/1/kms-mac")
        try:
            return primitives.hmac_sha256(key, data)
        finally:
            primitives.wipe(key)

    def seal(self, name: str, aad: Readable, data: Readable) -> bytes:
        """Return a SEALED (`docs/formats.md`) bound to the name and to ``aad``."""
        key = self._derived(name, Operation.SEAL, b"vaitiolo/1/kms-seal")
        try:
            return envelope.seal(
                key, place(name, aad), data, epoch=0, padding=envelope.Padding.NONE
            )
        finally:
            primitives.wipe(key)

    def open(self, name: str, aad: Readable, blob: Readable) -> bytearray:
        """Return what was sealed, or raise `Refused`."""
        key = self._derived(name, Operation.OPEN, b"vaitiolo/1/kms-seal")
        try:
            return envelope.unseal(
                key, place(name, aad), blob, epoch=0, padding=envelope.Padding.NONE
            )
        finally:
            primitives.wipe(key)

    def _derived(self, name: str, operation: Operation, label: bytes) -> bytearray:
        demand(self._may, name, operation)
        key = _read(self._folder / name)
        try:
            return primitives.hkdf(key, _NO_SALT, label)
        finally:
            primitives.wipe(key)


class FileKeeper:
    """Makes and ends the keys of a folder, for the operator of a demo."""

    def __init__(self, folder: Path, *, demo: bool) -> None:
        """Take the folder; it is made with its first key. Raises FileKmsRefused."""
        _check_demo(demo=demo)
        self._folder = folder
        self._demo = demo

    def names(self) -> tuple[str, ...]:
        """List the names of the keys there are, sorted."""
        return names(self._folder) if self._folder.exists() else ()

    def create(self, name: str) -> None:
        """Draw a new key. Raises FileExistsError, FileKmsRefused."""
        found(self._folder, demo=self._demo)
        create(self._folder, name, demo=self._demo)

    def destroy(self, name: str) -> None:
        """End a key for ever. Raises FileKmsRefused, FileNotFoundError."""
        destroy(self._folder, name)


def found(folder: Path, *, demo: bool) -> None:
    """Make the folder of a new service, for its owner alone; an existing one is only checked."""
    _check_demo(demo=demo)
    folder.mkdir(mode=stat.S_IRWXU, parents=True, exist_ok=True)
    _check_private(folder, folder=True)


def create(folder: Path, name: str, *, demo: bool) -> None:
    """Draw a new key; raise `FileExistsError` when the name is taken, and leave that key alone."""
    _check_demo(demo=demo)
    family_of(name)
    _check_private(folder, folder=True)
    with memoryview(primitives.random_bytes(_FILE_LENGTH)) as key:
        key[: len(_MAGIC)] = _MAGIC
        draft = folder / f".new-{primitives.random_bytes(8).hex()}"
        try:
            _write(draft, key)
            # A link, not a rename: it fails when the name is taken and shows no half a key.
            os.link(draft, folder / name)
        finally:
            key[:] = bytes(len(key))
            draft.unlink(missing_ok=True)
    _sync(folder)


def destroy(folder: Path, name: str) -> None:
    """Remove a key for ever: what it sealed, and each slot of its epoch, stays shut from now on."""
    family_of(name)
    path = folder / name
    _check_private(path, folder=False)
    path.unlink()
    _sync(folder)


def names(folder: Path) -> tuple[str, ...]:
    """List the names of the keys there are, sorted; a draft left by a crash is no key."""
    found_names = (entry.name for entry in folder.iterdir())
    return tuple(sorted(name for name in found_names if not _TEMPORARY.fullmatch(name)))


def _check_demo(*, demo: bool) -> None:
    if demo is not True:
        raise FileKmsRefused(
            "Keys in files are for demonstrations: the trust policy does not say demo = true, "
            "so choose another key service. Nothing was started."
        )


def _check_private(path: Path, *, folder: bool) -> None:
    if not _is_private(os.lstat(path), folder=folder):
        raise FileKmsRefused(
            f"{path} is not a {'folder' if folder else 'file'} that its owner alone can reach. "
            "Nothing was read or written."
        )


def _is_private(status: os.stat_result, *, folder: bool) -> bool:
    is_right_kind = stat.S_ISDIR if folder else stat.S_ISREG
    is_own = status.st_uid == os.geteuid()
    return is_right_kind(status.st_mode) and is_own and not status.st_mode & _OTHERS


def _read(path: Path) -> bytearray:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        raise Refused("kms.key") from None
    stored = bytearray(_FILE_LENGTH + 1)
    try:
        if not _is_private(os.fstat(descriptor), folder=False):
            raise Refused("kms.private")
        length = os.readv(descriptor, [stored])
        if length != _FILE_LENGTH or stored[: len(_MAGIC)] != _MAGIC:
            raise Refused("kms.key")
        return stored[len(_MAGIC) : _FILE_LENGTH]
    finally:
        os.close(descriptor)
        primitives.wipe(stored)


def _write(path: Path, content: memoryview) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(path, flags, stat.S_IRUSR | stat.S_IWUSR)
    try:
        os.write(descriptor, content)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
