"""Peels files: archives within archives down to plain bytes, as streams, within limits.

What cannot be read is handed out with the reason, never passed over. No name or path that stands
in a file is used or repeated: members are numbered in the order in which they lie.
"""

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final, cast

from vaitiolo.leak import mail, pdf, tar
from vaitiolo.leak.limits import IN_MEMORY, Budget, Stopped, Total
from vaitiolo.leak.streams import Counted, Readable, Recoded, peeked

Number = tuple[int, ...]
# What reading a broken, locked or hostile archive raises; none of its words are repeated.
BROKEN: Final = (
    Stopped, OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, RuntimeError,
    NotImplementedError, ValueError, KeyError, OverflowError, MemoryError,
)  # fmt: skip
_PACKED: Final[dict[bytes, Callable[[io.BufferedReader], Readable]]] = {
    b"\x1f\x8b": lambda stream: gzip.GzipFile(fileobj=stream),
    b"BZh": bz2.BZ2File,
    b"\xfd7zXZ": lzma.LZMAFile,
}
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_NOT_OPENED: Final = {
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"Rar!": "a RAR archive",
    b"\x28\xb5\x2f\xfd": "packed with zstd",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"II*\0": "a picture",
    b"MM\0*": "a picture",
}
_HALF: Final = 0.4


@dataclass(frozen=True, slots=True)
class Member:
    """Bytes to be searched: the number of the file and of each member down to it."""

    number: Number
    stream: Readable = field(repr=False)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What was not searched, or not to its end, and why."""

    number: Number
    reason: str


Peeled = Iterator[Member | LeftOut]


@dataclass(frozen=True, slots=True)
class _Layer:
    number: Number
    budget: Budget
    total: Total

    def inner(self, place: int) -> "_Layer":
        return _Layer((*self.number, place), self.budget, self.total)

    def archive(self, size: int) -> "_Layer":
        return _Layer(self.number, Budget(size, self.budget), self.total)


def peel(file: io.BufferedReader, number: int, size: int) -> Peeled:
    """Give everything in one file. Each member is to be read before the next is asked for."""
    # A file that is no archive unpacks to itself.
    layer = _Layer((number,), Budget(size), Total())
    yield from _peel(file, layer)


def reason(problem: BaseException) -> str:
    """Return why a member could not be read, in words of ours."""
    if isinstance(problem, Stopped):
        return str(problem)
    if isinstance(problem, EOFError):
        return "is cut off"
    if isinstance(problem, RuntimeError | NotImplementedError):
        return "is locked, or packed in a way that is not known here"
    return "is broken"


def _peel(source: Readable, layer: _Layer) -> Peeled:
    try:
        layer.total.enter(len(layer.number) - 1)
        start, stream = (
            (source.peek(512)[:2048], source)
            if isinstance(source, io.BufferedReader)
            else peeked(source)
        )
    except BROKEN as problem:
        yield LeftOut(layer.number, reason(problem))
        return
    yield from _opened(start, stream, layer)


def _opened(start: bytes, stream: io.BufferedReader, layer: _Layer) -> Peeled:
    for magic, open_packed in _PACKED.items():
        if start.startswith(magic):
            yield from _packed(open_packed(stream), layer)
            return
    for magic, what in _NOT_OPENED.items():
        if start.startswith(magic):
            yield LeftOut(layer.number, f"is {what}")
            return
    yield from _parted(start, stream, layer)


def _parted(start: bytes, stream: io.BufferedReader, layer: _Layer) -> Peeled:
    if start.startswith(_ZIP):
        yield from _zip(stream, layer)
    elif tar.is_tar(start):
        yield from _tar(stream, layer)
    elif start.startswith(b"%PDF-"):
        yield from _pdf(stream, layer)
    else:
        yield from _plain(start, stream, layer)


def _packed(unpacked: Readable, layer: _Layer) -> Peeled:
    # The size of what is packed is not known beforehand; the archive around it has a budget.
    yield from _peel(Counted(unpacked, layer.budget), layer.inner(1))


def _zip(stream: io.BufferedReader, layer: _Layer) -> Peeled:
    try:
        # Its list of members stands at its end, so a stream has to be held.
        whole = stream if stream.seekable() else _held(stream)
        archive = zipfile.ZipFile(whole)
    except BROKEN as problem:
        yield LeftOut(layer.number, reason(problem))
        return
    for place, info in enumerate(archive.infolist(), start=1):
        inner = layer.archive(info.compress_size).inner(place)
        # Not by `is_dir`, which fails for a member without a name.
        if info.filename.endswith("/"):
            continue
        try:
            opened = cast(Readable, archive.open(info))
        except BROKEN as problem:
            yield LeftOut(inner.number, reason(problem))
            continue
        yield from _peel(Counted(opened, inner.budget), inner)


def _tar(stream: io.BufferedReader, layer: _Layer) -> Peeled:
    try:
        for place, part in enumerate(tar.members(stream), start=1):
            yield from _peel(part, layer.inner(place))
    except BROKEN as problem:
        yield LeftOut(layer.number, reason(problem))


def _pdf(stream: io.BufferedReader, layer: _Layer) -> Peeled:
    try:
        text = pdf.text_of(_held(stream))
    except BROKEN as problem:
        yield LeftOut(layer.number, reason(problem))
        return
    yield Member(layer.number, text)


def _plain(start: bytes, stream: io.BufferedReader, layer: _Layer) -> Peeled:
    encoding = _wide(start)
    if encoding:
        start, stream = peeked(Recoded(stream, encoding))
    if not mail.is_mail(start):
        yield Member(layer.number, stream)
        return
    unfolded = mail.Unfolded(stream, _is_archive)
    yield Member(layer.number, unfolded)
    if unfolded.too_long:
        yield LeftOut(layer.number, "has an attachment of more than 64 MB")
    for place, attached in enumerate(unfolded.attached, start=1):
        yield from _peel(io.BytesIO(attached), layer.archive(len(attached)).inner(place))


def _held(stream: io.BufferedReader) -> io.BytesIO:
    held = stream.read(IN_MEMORY + 1)
    if len(held) > IN_MEMORY:
        raise Stopped(f"has more than {IN_MEMORY >> 20} MB and lies in another archive")
    return io.BytesIO(held)


def _is_archive(start: bytes) -> bool:
    return start.startswith((*_PACKED, *_ZIP, b"%PDF-", *_NOT_OPENED)) or tar.is_tar(start[:512])


def _wide(start: bytes) -> str:
    # UTF-16 says so at its start, or shows it by the zeros between its letters.
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if start.startswith(mark):
            return encoding
    even, odd = start[::2].count(0), start[1::2].count(0)
    least = _HALF * (len(start) // 2)
    if least and odd > least and not even:
        return "utf-16-le"
    return "utf-16-be" if least and even > least and not odd else ""
