"""The fingerprints of one text, in the order of the text: plain Python, for one note at a time.

`bulk` and `fast` make the same ones, many at once. A text leaves nothing but these numbers.
"""

from collections.abc import Iterator
from typing import Final

from vaitiolo.fingerprints import lanes
from vaitiolo.fingerprints.canonical import KEPT, canonical
from vaitiolo.fingerprints.secret import FingerprintKey
from vaitiolo.fingerprints.siphash import siphash

WINDOW: Final = 24  # canonical characters, about 38 of the text
SAMPLED: Final = 7  # a window counts when these bits of its hash are zero: one in eight
MARK_BITS: Final = 40
MARK_LENGTH: Final = MARK_BITS // 8
MARK_MASK: Final = (1 << MARK_BITS) - 1
_MASK: Final = (1 << 64) - 1


def fingerprints(text: bytes, key: FingerprintKey) -> list[int]:
    """Return the 40-bit fingerprints of a text, with repetitions, in its order.

    What `windows` and `mark_of` give one by one, made many at a time.
    """
    table = dict(zip(KEPT, key.table(), strict=True))
    words = [table.get(byte, 0).to_bytes(8, "little") for byte in range(256)]
    kept = canonical(text)
    found = [one for one in lanes.rolled(kept, words, window=WINDOW) if not one & SAMPLED]
    return [one & MARK_MASK for one in lanes.siphash_words(key.marks, found)]


def mark_of(window: int, key: FingerprintKey) -> int:
    """Return what is kept of a window's hash: SipHash-2-4, cut to its low 40 bits."""
    return siphash(key.marks, window.to_bytes(8, "little")) & MARK_MASK


def windows(kept: bytes, key: FingerprintKey) -> Iterator[int]:
    """Give the hashes of a canonical text's sampled windows (a cyclic polynomial, 64 bits)."""
    table = dict(zip(KEPT, key.table(), strict=True))
    rolled = 0
    for at, byte in enumerate(kept):
        rolled = _turned(rolled, 1) ^ table[byte]
        if at >= WINDOW:
            rolled ^= _turned(table[kept[at - WINDOW]], WINDOW)
        if at >= WINDOW - 1 and not rolled & SAMPLED:
            yield rolled


def _turned(word: int, by: int) -> int:
    return ((word << by) | (word >> (64 - by))) & _MASK
