"""Many 64-bit words at once in plain Python: each in a lane of 128 bits of one large number.

For the warden, which has no NumPy: what it makes at signing must not be felt. Gives what `siphash`
and `marks.windows` give, one by one.
"""

import struct
from collections.abc import Iterator, Sequence
from typing import Final

from vaitiolo.fingerprints.siphash import START

_LANE: Final = 16  # bytes: a word, and room for what a sum or a shift carries out of it
_WORD: Final = (1 << 64) - 1
# Symbols at a time: numbers of a quarter of a megabyte, however long a text is.
_AT_ONCE: Final = 1 << 14
_Four = tuple[int, int, int, int]


def siphash_words(key: bytes, words: Sequence[int]) -> list[int]:
    """Return SipHash-2-4 of each word of 64 bits, little-endian, under 16 bytes of key."""
    if not words:
        return []
    ones = _repeated(1, len(words))
    mask = ones * _WORD
    k0, k1 = int.from_bytes(key[:8], "little"), int.from_bytes(key[8:], "little")
    keys = (k0, k1, k0, k1)
    a, b, c, d = ((part ^ of) * ones for part, of in zip(START, keys, strict=True))
    for word in (_packed(words), (8 << 56) * ones):
        a, b, c, d = _rounds((a, b, c, d ^ word), 2, mask)
        a ^= word
    a, b, c, d = _rounds((a, b, c ^ 0xFF * ones, d), 4, mask)
    return _unpacked(a ^ b ^ c ^ d, len(words))


def rolled(symbols: bytes, table: Sequence[bytes], *, window: int) -> Iterator[int]:
    """Give the cyclic polynomial of every window of symbols (24 of them), in order.

    ``table`` has a word of 8 bytes, little-endian, for every byte that may stand in the symbols.
    """
    for start in range(0, len(symbols) - window + 1, _AT_ONCE):
        some = symbols[start : start + _AT_ONCE + window - 1]
        yield from _rolled(some, table)[window - 1 :]


def _rolled(symbols: bytes, table: Sequence[bytes]) -> list[int]:
    # Doubled: of windows of 1, 2, 4, 8 and 16 symbols, and of 16 and 8 after each other.
    mask = _repeated(1, len(symbols)) * _WORD
    held = int.from_bytes(bytes(8).join([table[one] for one in symbols]), "little")
    for size in (1, 2, 4):
        held ^= _turned(_later(held, size), size, mask)
    eight = held
    held ^= _turned(_later(held, 8), 8, mask)
    held ^= _turned(_later(eight, 16), 16, mask)
    return _unpacked(held & mask, len(symbols))


def _later(lanes: int, by: int) -> int:
    return lanes << 8 * _LANE * by


def _rounds(v: _Four, count: int, mask: int) -> _Four:
    a, b, c, d = v
    for _ in range(count):
        a = a + b & mask
        c = c + d & mask
        b = _turned(b, 13, mask) ^ a
        d = _turned(d, 16, mask) ^ c
        a = _turned(a, 32, mask) + d & mask
        c = c + b & mask
        b = _turned(b, 17, mask) ^ c
        d = _turned(d, 21, mask) ^ a
        c = _turned(c, 32, mask)
    return a, b, c, d


def _turned(lanes: int, by: int, mask: int) -> int:
    # What the neighbour's low bits bring down lands above the word, and is masked away.
    return lanes << by & mask | lanes >> 64 - by & mask


def _repeated(word: int, count: int) -> int:
    return int.from_bytes(word.to_bytes(_LANE, "little") * count, "little")


def _packed(words: Sequence[int]) -> int:
    return int.from_bytes(b"".join(word.to_bytes(_LANE, "little") for word in words), "little")


def _unpacked(lanes: int, count: int) -> list[int]:
    raw = lanes.to_bytes(_LANE * count, "little")
    return list(struct.unpack(f"<{2 * count}Q", raw)[::2])
