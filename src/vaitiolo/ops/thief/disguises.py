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
# What looks like a word or a name of columns is taken for one. The base64 of a name looks so once
# in some ten thousand times; that of a number, or of anything longer, never does.
WORD = re.compile(rb"[A-Z]?[a-z]+(?:[-_/][A-Z]?[a-z]+)*")
LONGEST_WORD = 24
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


def mapping(letters: Iterable[int]) -> bytes:
    """Write the table that turns an alphabet's bytes into TEXT and all others into NOISE."""
    table = bytearray(NOISE * 256)
    for letter in letters:
        table[letter] = TEXT[0]
    return bytes(table)


HEX_TABLE = mapping(b"0123456789ABCDEFabcdef")
BASE64_TABLE = mapping(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_")


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


def hex_runs(region: bytes) -> list[tuple[int, int]]:
    return list(regions(region, HEX_TABLE, SHORTEST_HEX))


def hex_stretches(region: bytes, runs: Iterable[tuple[int, int]]) -> Iterator[Stretch]:
    for start, end in runs:
        # After this sign PostgreSQL writes whole bytes; elsewhere the run may begin within one.
        sign = region[max(start - 2, 0) : start] == rb"\x"
        whole = sign and end - start >= LONG_HEX and (end - start) % 2 == 0
        for odd in (0,) if whole else (0, 1):
            digits = region[start + odd : end - (end - start - odd) % 2]
            yield Stretch("hex", binascii.unhexlify(digits), start + odd, 2)


def base64_stretches(region: bytes, begin: int, end: int) -> Iterator[Stretch]:
    """Decode at each of the four alignments; three of them give noise."""
    for run in base64_runs(region, begin, end):
        written = run.group()
        letters = LINE_BREAKS.sub(b"", written).translate(URL_TO_STANDARD)
        ratio = len(written) / len(letters) * 4 / 3
        for offset in range(4):
            # One letter over is half a byte; two or three are the end, its padding left out.
            usable = len(letters) - ((len(letters) - offset) % 4 == 1)
            text = binascii.a2b_base64(letters[offset:usable] + b"==")
            yield Stretch("base64", text, run.start() + offset, ratio)


def base64_runs(region: bytes, begin: int, end: int) -> Iterator[re.Match[bytes]]:
    """Find what may be base64, with the lines that follow, and leave out what is a mere word."""
    after = begin
    for start, _end in regions(region, BASE64_TABLE, SHORTEST_BASE64, begin=begin, end=end):
        run = BASE64_RUN.match(region, start, end) if start >= after else None
        if run is None:
            continue
        after = run.end()
        if run.end() - start > LONGEST_WORD or not WORD.fullmatch(run.group()):
            yield run


def escape_stretches(region: bytes, begin: int, end: int) -> Iterator[Stretch]:
    for name, mark, sign, undo in ESCAPES:
        if region.find(mark, begin, end) >= 0 and sign.search(region, begin, end):
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


ESCAPES: tuple[tuple[str, bytes, re.Pattern[bytes], Callable[[bytes], bytes]], ...] = (
    ("JSON escapes", b"\\", ESCAPE, unescape),
    ("quoted-printable", b"=", re.compile(rb"=(?:[0-9A-F]{2}|\r?\n)"), unquote_printable),
    ("percent escapes", b"%", PERCENT, unquote_address),
    ("HTML entities", b"&", ENTITY, unescape_html),
)


def regions(
    window: bytes, table: bytes, shortest: int, *, begin: int = 0, end: int | None = None
) -> Iterator[tuple[int, int]]:
    """Find the stretches between two places that consist of an alphabet's bytes only."""
    mapped = window[begin:end].translate(table)
    run, start = TEXT * shortest, 0
    while (start := mapped.find(run, start)) >= 0:
        stop = mapped.find(NOISE, start)
        stop = len(mapped) if stop < 0 else stop
        yield begin + start, begin + stop
        start = stop


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
