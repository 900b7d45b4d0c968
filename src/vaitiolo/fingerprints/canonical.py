"""The canonical form of a text: what encodings, markup, escapes, case and wrapping leave alone.

This is the definition, and docs/leak.md says it in words; `bulk` and `fast` must do the same, byte
by byte. Keeps nothing and decodes nothing.
"""

import re
from typing import Final

VERSION: Final = 1

# What is kept, in the order of its numbers. `a` and `o` are not: ä, å and ö turn into them.
KEPT: Final = b"bcdefghijklmnpqrstuvwxyz0123456789"
DROPPED: Final = 64
ESCAPE: Final = 128  # a byte that may begin a token
LONGEST_TAG: Final = 4096
LONGEST_ESCAPE: Final = 16
SLASHES: Final = 8  # as many of them make one escape, as in JSON within SQL

_ESCAPES: Final = b"<&\\=%"
_BEGINNING: Final = re.compile(rb"[<&\\=%]")
_ESCAPE_BYTE: Final = re.compile(rb"[&\\=%]")
_TOKEN: Final = re.compile(
    rb"<[a-z/!?][^<>]{0,4093}>"
    rb"|&(?:[a-z][a-z0-9]{1,7}|\#[0-9]{1,7}|\#x[0-9a-f]{1,6});"
    rb"|\\{1,8}(?:u[0-9a-f]{4}|x[0-9a-f]{2}|[nrt])?"
    rb"|[=%][0-9a-f]{2}",
    re.IGNORECASE,
)
_ASCII: Final = 128


def _symbol(byte: int) -> int:
    if byte in _ESCAPES:
        return ESCAPE
    at = KEPT.find(bytes([byte]).lower())
    return DROPPED if at < 0 else at


# For each byte its number in KEPT, or DROPPED, or ESCAPE.
SYMBOLS: Final = bytes(_symbol(byte) for byte in range(256))
_DROP: Final = bytes(byte for byte in range(256) if SYMBOLS[byte] >= DROPPED)
_LOWER: Final = bytes(range(256)).lower()


def flat(data: bytes) -> bytes:
    """Return data of the same length, in which each token is the byte it stands for, and zeros."""
    whole, end = bytearray(data), 0
    # One set of bytes is looked for much faster than all that may follow it.
    for begins in _BEGINNING.finditer(data):
        token = _TOKEN.match(data, begins.start()) if begins.start() >= end else None
        if token is not None:
            end = token.end()
            whole[token.start() : end] = _resolved(token)
    return bytes(whole)


def canonical(data: bytes) -> bytes:
    """Return the canonical form: nothing but the bytes of KEPT."""
    return flat(data).translate(_LOWER, _DROP)


def safe_cut(data: bytes | bytearray | memoryview) -> int:
    """Return where a block may end so that no token lies across the border; 0 if nowhere.

    Only the end is looked at, so that a file without a single line break costs no more.
    """
    last = bytes(data[max(0, len(data) - LONGEST_TAG) :])
    start = len(data) - len(last)
    opened, closed = last.rfind(b"<"), last.rfind(b">")
    if opened > closed:
        return start + opened
    for at in range(len(last), max(closed, LONGEST_ESCAPE), -1):
        if _ESCAPE_BYTE.search(last, at - LONGEST_ESCAPE, at) is None:
            return start + at
    return start + closed + 1


def _resolved(token: re.Match[bytes]) -> bytes:
    text = token[0]
    byte = _byte_of(text)
    kept = byte >= 0 and SYMBOLS[byte] < DROPPED
    return (bytes([byte]) if kept else b"\0").ljust(len(text), b"\0")


def _byte_of(text: bytes) -> int:
    # The ASCII byte that a token stands for, or -1: everything else is dropped anyway.
    first = text[:1]
    if first in b"=%":
        value = int(text[1:], 16)
    elif first == b"\\":
        value = _after_slashes(text.lstrip(b"\\"))
    elif text[:2] == b"&#":
        value = int(text[3:-1], 16) if text[2:3] in b"xX" else int(text[2:-1])
    else:
        value = -1
    return value if value < _ASCII else -1


def _after_slashes(rest: bytes) -> int:
    return int(rest[1:], 16) if len(rest) > 1 else -1
