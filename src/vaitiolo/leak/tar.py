"""The members of a tar archive as streams: sizes alone are believed, names are never looked at.

The standard library's reader ends quietly at a broken header; here that is said.
"""

import re
from collections.abc import Iterator
from typing import Final

from vaitiolo.leak.limits import Stopped
from vaitiolo.leak.streams import STEP, Part, Readable

BLOCK: Final = 512
_SIZE, _CHECK, _TYPE = slice(124, 136), slice(148, 156), 156
_FILES: Final = frozenset(b"\x0007S")
_EXTENDED: Final = frozenset(b"xX")
_NAMES: Final = frozenset(b"gLK")
_PAX_SIZE: Final = re.compile(rb"\d+ size=(\d{1,15})\n")
_MOST_EXTENDED: Final = 1 << 20


def members(source: Readable) -> Iterator[Part]:
    """Give every file in the archive; each is to be read before the next is asked for.

    Raises Stopped at a header that is none, EOFError where the archive is cut off.
    """
    size_said = 0
    while (header := _exactly(source, BLOCK)).strip(b"\0"):
        if not _is_header(header):
            raise Stopped("has a broken header; what follows it was not searched")
        size = size_said or _number(header[_SIZE])
        part = Part(source, size)
        size_said = 0
        if header[_TYPE] in _EXTENDED:
            found = _PAX_SIZE.search(_all(part))
            size_said = int(found[1]) if found else 0
        elif header[_TYPE] in _FILES:
            yield part
        elif header[_TYPE] not in _NAMES:
            # Links, folders and devices have no bytes of their own, whatever they say.
            part = Part(source, 0)
            size = 0
        _skip(part)
        _exactly(source, -size % BLOCK)


def is_tar(start: bytes) -> bool:
    """Tell whether bytes are the beginning of a tar archive."""
    return len(start) >= BLOCK and start[257:262] == b"ustar" and _is_header(start[:BLOCK])


def _is_header(header: bytes) -> bool:
    blank = header[: _CHECK.start] + b" " * 8 + header[_CHECK.stop :]
    try:
        return sum(blank) == _number(header[_CHECK])
    except Stopped:
        return False


def _number(field: bytes) -> int:
    if field[:1] == b"\x80":
        return int.from_bytes(field[1:], "big")
    try:
        return int(field.strip(b" \0") or b"0", 8)
    except ValueError:
        raise Stopped("has a broken header; what follows it was not searched") from None


def _exactly(source: Readable, count: int) -> bytes:
    got = b""
    while len(got) < count:
        more = source.read(count - len(got))
        if not more:
            raise EOFError
        got += more
    return got


def _all(part: Part) -> bytes:
    if part.left > _MOST_EXTENDED:
        raise Stopped("has a header of more than a megabyte")
    return part.read()


def _skip(part: Part) -> None:
    while part.read(STEP):
        pass
