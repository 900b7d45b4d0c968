"""Undoes what merely hides a text: base64, hex, UTF-16, escapes, compression. No key is needed.

Nothing here knows what is looked for.
"""

import binascii
import html
import re
import zlib
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from mmap import mmap
from urllib.parse import unquote_to_bytes

SHORTEST_BASE64 = 12
SHORTEST_HEX = 16
# A run of hexadecimal digits as long as this holds nothing but what it decodes to.
LONG_HEX = 64
SHORTEST_WIDE = 6

BASE64_RUN = re.compile(rb"[A-Za-z0-9+/_-]{12,}(?:(?:\\r)?(?:\\n|\r?\n)[A-Za-z0-9+/_-]+)*")
HEX_RUN = re.compile(rb"[0-9A-Fa-f]{16,}")
LINE_BREAKS = re.compile(rb"[\r\n]+|\\[rn]")
URL_TO_STANDARD = bytes.maketrans(b"-_", b"+/")
ESCAPE = re.compile(rb"\\+(?:u00|x)([0-9A-Fa-f]{2})(?![0-9A-Fa-f]{6})")
QUOTED = re.compile(rb"=([0-9A-F]{2})")
SOFT_BREAK = re.compile(rb"=\r?\n")
PERCENT = re.compile(rb"%[0-9A-Fa-f]{2}")
ENTITY = re.compile(rb"&(?:#x?[0-9A-Fa-f]{1,6}|[A-Za-z]{2,8});")

Bytes = bytes | mmap

# The beginnings of a compressed stream, and how zlib calls its kind.
STREAMS = {
    b"\x78\x01": zlib.MAX_WBITS,
    b"\x78\x5e": zlib.MAX_WBITS,
    b"\x78\x9c": zlib.MAX_WBITS,
    b"\x78\xda": zlib.MAX_WBITS,
    b"\x1f\x8b\x08": zlib.MAX_WBITS | 16,
    b"PK\x03\x04": -zlib.MAX_WBITS,
}
ZIP_HEADER = 30
# Small steps at first: nearly all that looks like a beginning is none, and breaks at once.
FIRST_STEP, LARGEST_STEP = 128, 64 << 10
MOST_INFLATED = 64 << 20
# Begins and ends with what belongs to no alphabet, so that a text begins where its piece does.
BETWEEN = b"\x00\x01\x00\x01"
TEXT, NOISE, ZERO = b"x", b".", b"0"
PAIRS = re.compile(rb"(?:x0)+x?")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of text that came out of a disguise, and where the disguise stood."""

    disguise: str
    text: bytes
    start: int
    # How many bytes of the disguise one byte of the text took.
    ratio: float = 0.0

    def locate(self, at: int) -> int:
        return self.start + int(at * self.ratio)


@dataclass(frozen=True, slots=True)
class Bundle:
    """Many pieces out of one kind of disguise, looked through together because each is short."""

    disguise: str
    text: bytes
    begins: list[int]
    pieces: list[Stretch]

    def locate(self, at: int) -> int:
        found = max(bisect_right(self.begins, at) - 1, 0)
        return self.pieces[found].locate(at - self.begins[found])


def bundles(stretches: Iterable[Stretch]) -> Iterator[Bundle]:
    """Put the pieces of each disguise together, with something between them that is no text."""
    sorted_out: dict[str, list[Stretch]] = {}
    for stretch in stretches:
        sorted_out.setdefault(stretch.disguise, []).append(stretch)
    for disguise, pieces in sorted_out.items():
        sizes = (len(piece.text) + len(BETWEEN) for piece in pieces)
        begins = list(accumulate(sizes, initial=0))[:-1]
        yield Bundle(disguise, BETWEEN.join(piece.text for piece in pieces), begins, pieces)


def hex_stretches(region: bytes) -> Iterator[Stretch]:
    for run in HEX_RUN.finditer(region):
        written = run.group()
        # After this sign PostgreSQL writes whole bytes; elsewhere the run may begin within one.
        sign = region[max(run.start() - 2, 0) : run.start()] == rb"\x"
        whole = sign and len(written) >= LONG_HEX and len(written) % 2 == 0
        for odd in (0,) if whole else (0, 1):
            digits = written[odd:]
            text = binascii.unhexlify(digits[: len(digits) // 2 * 2])
            yield Stretch("hex", text, run.start() + odd, 2)


def base64_stretches(region: bytes, begin: int, end: int) -> Iterator[Stretch]:
    """Decode at each of the four alignments; three of them give noise."""
    for run in BASE64_RUN.finditer(region, begin, end):
        written = run.group()
        letters = LINE_BREAKS.sub(b"", written)
        letters = letters.translate(URL_TO_STANDARD)
        name, ratio = "base64", len(written) / len(letters) * 4 / 3
        for offset in range(4):
            # One letter over is half a byte; two or three are the end, its padding left out.
            usable = len(letters) - ((len(letters) - offset) % 4 == 1)
            text = binascii.a2b_base64(letters[offset:usable] + b"==")
            yield Stretch(name, text, run.start() + offset, ratio)


def escape_stretches(region: bytes, begin: int, end: int) -> Iterator[Stretch]:
    for name, sign, undo in ESCAPES:
        if sign.search(region, begin, end):
            text = undo(region[begin:end])
            yield Stretch(name, text, begin, (end - begin) / max(len(text), 1))


def unescape(region: bytes) -> bytes:
    return ESCAPE.sub(lambda found: binascii.unhexlify(found.group(1)), region)


def unquote_printable(region: bytes) -> bytes:
    joined = SOFT_BREAK.sub(b"", region)
    return QUOTED.sub(lambda found: binascii.unhexlify(found.group(1)), joined)


def unquote_address(region: bytes) -> bytes:
    return unquote_to_bytes(region.replace(b"+", b" "))


def unescape_html(region: bytes) -> bytes:
    return html.unescape(region.decode("latin-1")).encode("latin-1", "replace")


ESCAPES: tuple[tuple[str, re.Pattern[bytes], Callable[[bytes], bytes]], ...] = (
    ("JSON escapes", ESCAPE, unescape),
    ("quoted-printable", re.compile(rb"=(?:[0-9A-F]{2}|\r?\n)"), unquote_printable),
    ("percent escapes", PERCENT, unquote_address),
    ("HTML entities", ENTITY, unescape_html),
)


def regions(window: bytes, table: bytes, shortest: int) -> Iterator[tuple[int, int]]:
    """Find the stretches of a window that consist of an alphabet's bytes only."""
    mapped = window.translate(table)
    run, start = TEXT * shortest, 0
    while (start := mapped.find(run, start)) >= 0:
        end = mapped.find(NOISE, start)
        end = len(mapped) if end < 0 else end
        yield start, end
        start = end


def wide_stretches(window: bytes, table: bytes) -> Iterator[Stretch]:
    """Find text of two bytes a letter, in either order: letters and zeros by turns."""
    mapped = window.translate(ZERO + table[1:])
    run, start = (TEXT + ZERO) * SHORTEST_WIDE, 0
    while (start := mapped.find(run, start)) >= 0:
        pairs = PAIRS.match(mapped, start)
        end = pairs.end() if pairs else start + len(run)
        name = "UTF-16BE" if mapped[max(start - 1, 0) : start] == ZERO else "UTF-16LE"
        yield Stretch(name, window[start:end:2], start, 2)
        start = end


def mapping(letters: Iterable[int]) -> bytes:
    """Write the table that turns an alphabet's bytes into TEXT and all others into NOISE."""
    table = bytearray(NOISE * 256)
    for letter in letters:
        table[letter] = TEXT[0]
    return bytes(table)


def inflated(data: Bytes, begin: int, end: int) -> Iterator[Stretch]:
    """Inflate every compressed stream that begins between two places."""
    for magic, kind in STREAMS.items():
        start = data.find(magic, begin, end)
        while start >= 0:
            header = zip_header(data, start) if kind < 0 else 0
            if text := inflate(data, start + header, kind):
                yield Stretch("deflate", text, start)
            start = data.find(magic, start + 1, end)


def zip_header(data: Bytes, start: int) -> int:
    lengths = data[start + 26 : start + ZIP_HEADER]
    return ZIP_HEADER + sum(int.from_bytes(lengths[at : at + 2], "little") for at in (0, 2))


def inflate(data: Bytes, start: int, kind: int) -> bytes:
    """Inflate as much as there is. What came before a broken byte is a find all the same."""
    stream, text, step = zlib.decompressobj(kind), bytearray(), FIRST_STEP
    try:
        while not stream.eof and start < len(data) and len(text) < MOST_INFLATED:
            text += stream.decompress(data[start : start + step])
            start, step = start + step, min(2 * step, LARGEST_STEP)
    except zlib.error:
        pass
    return bytes(text)
