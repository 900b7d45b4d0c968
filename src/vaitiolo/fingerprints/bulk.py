"""Fingerprints of large blocks with NumPy: where nothing faster can be loaded.

Gives the same windows and marks as `marks`, with places, and what is needed to join two blocks.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from vaitiolo.fingerprints import canonical
from vaitiolo.fingerprints.canonical import DROPPED, KEPT
from vaitiolo.fingerprints.marks import MARK_MASK, SAMPLED, WINDOW
from vaitiolo.fingerprints.secret import FingerprintKey

Bytes = NDArray[np.uint8]
Words = NDArray[np.uint64]
Places = NDArray[np.uint32]

UNIT: Final = 6  # places are told apart by 64 bytes

_SYMBOLS: Final = np.frombuffer(canonical.SYMBOLS, dtype=np.uint8)
_START: Final = (0x736F6D6570736575, 0x646F72616E646F6D, 0x6C7967656E657261, 0x7465646279746573)


class Sampled(NamedTuple):
    """The sampled windows of a block, and the symbols at both ends.

    Of each its hash, and where it ends, in units of 64 bytes.
    """

    hashes: Words
    places: Places
    head: Bytes
    tail: Bytes


class Keys(NamedTuple):
    """A fingerprint key as the loops want it."""

    table: Words
    marks: Words
    identifiers: Words


def unfolded(key: FingerprintKey) -> Keys:
    """Return the key as arrays."""
    return Keys(
        np.array(key.table(), dtype=np.uint64),
        np.frombuffer(key.marks, dtype="<u8").astype(np.uint64),
        np.frombuffer(key.identifiers, dtype="<u8").astype(np.uint64),
    )


def sample(block: bytes, keys: Keys) -> Sampled:
    """Return the sampled windows that lie within a block, whose borders no token crosses."""
    symbols = _SYMBOLS[np.frombuffer(canonical.flat(block), dtype=np.uint8)]
    places = np.flatnonzero(symbols < DROPPED)
    kept = symbols[places]
    hashes, ends = _windows(kept, keys.table)
    edge = WINDOW - 1
    return Sampled(
        hashes, (places[ends] >> UNIT).astype(np.uint32), kept[:edge].copy(), kept[-edge:].copy()
    )


def joined(tail: Bytes, head: Bytes, keys: Keys) -> Words:
    """Return the sampled windows that lie across a border, from the symbols on both sides."""
    hashes, _ = _windows(np.concatenate((tail, head)), keys.table)
    return hashes


def next_tail(tail: Bytes, block: Sampled) -> Bytes:
    """Return the last symbols after a block, which may itself be shorter than a window."""
    return np.concatenate((tail, block.tail))[-(WINDOW - 1) :]


def marked(hashes: Words, keys: Keys) -> Words:
    """Return the 40-bit fingerprints of windows' hashes."""
    k0, k1 = keys.marks
    v = [np.full(hashes.shape, word, dtype=np.uint64) for word in _START]
    for at, word in enumerate((k0, k1, k0, k1)):
        v[at] ^= word
    for message in (hashes, np.uint64(8 << 56)):
        v[3] ^= message
        _rounds(v, 2)
        v[0] ^= message
    v[2] ^= np.uint64(0xFF)
    _rounds(v, 4)
    return (v[0] ^ v[1] ^ v[2] ^ v[3]) & np.uint64(MARK_MASK)


def _windows(kept: Bytes, table: Words) -> tuple[Words, NDArray[np.intp]]:
    # Turned back by its number, each symbol adds to one running sum; a window is a difference of
    # two sums, turned forward again.
    turned = _turns(table)
    number = np.arange(len(kept), dtype=np.intp) & 63
    sums = np.bitwise_xor.accumulate(turned[number * len(KEPT) + kept])
    before = np.concatenate((np.zeros(1, dtype=np.uint64), sums))
    ends = np.arange(WINDOW - 1, len(kept))
    hashes = _turned(sums[ends] ^ before[ends - (WINDOW - 1)], (ends & 63).astype(np.uint64))
    chosen = hashes & np.uint64(SAMPLED) == 0
    return hashes[chosen], ends[chosen]


def _turns(table: Words) -> Words:
    backwards = (64 - np.arange(64, dtype=np.uint64)) & np.uint64(63)
    return _turned(table[None, :], backwards[:, None]).ravel()


def _turned(words: Words, by: Words) -> Words:
    return (words << by) | (words >> ((np.uint64(64) - by) & np.uint64(63)))


def _rounds(v: list[Words], count: int) -> None:
    for _ in range(count):
        v[0] += v[1]
        v[2] += v[3]
        v[1] = _turn(v[1], 13) ^ v[0]
        v[3] = _turn(v[3], 16) ^ v[2]
        v[0] = _turn(v[0], 32) + v[3]
        v[2] += v[1]
        v[1] = _turn(v[1], 17) ^ v[2]
        v[3] = _turn(v[3], 21) ^ v[0]
        v[2] = _turn(v[2], 32)


def _turn(words: Words, by: int) -> Words:
    return (words << np.uint64(by)) | (words >> np.uint64(64 - by))
