"""Fingerprints and identifiers of large blocks, compiled by numba: bit by bit what `bulk` gives.

Reads a criminal's file, so every loop is bounded by the length it was given, and what it writes
into is as long as what it reads. Only the scan loads this.
"""

from collections.abc import Callable
from typing import Any, Final, NamedTuple, TypeVar, cast

import numba
import numpy as np

from vaitiolo.fingerprints import canonical
from vaitiolo.fingerprints.bulk import UNIT, Bytes, Keys, Places, Sampled, Words
from vaitiolo.fingerprints.marks import MARK_MASK, SAMPLED, WINDOW

Loop = TypeVar("Loop", bound=Callable[..., Any])


def compiled(loop: Loop) -> Loop:
    """Compile a loop at its first call; the interpreter's lock is left to others meanwhile.

    What was compiled lies beside the source, like Python's own; where nothing can be written, it is
    made anew each time.
    """
    try:
        return cast(Loop, numba.njit(loop, nogil=True, cache=True))
    except RuntimeError:
        return cast(Loop, numba.njit(loop, nogil=True))


def inlined(loop: Loop) -> Loop:
    """Put a piece into the loops that call it, where several of its calls are then done at once."""
    return cast(Loop, numba.njit(loop, nogil=True, inline="always"))


_SYMBOLS: Final = np.frombuffer(canonical.SYMBOLS, dtype=np.uint8)
_DROPPED: Final = np.uint8(canonical.DROPPED)
_ESCAPE: Final = np.uint8(canonical.ESCAPE)
_CHUNK: Final = 1 << 14  # stays in the nearest cache
_IN_STRIPE: Final = (1 << UNIT) - 1
_STRIPES: Final = (_CHUNK >> UNIT) + 2
_WINDOW: Final = WINDOW
_EDGE: Final = WINDOW - 1
_SAMPLED: Final = np.uint64(SAMPLED)
_MARK_MASK: Final = np.uint64(MARK_MASK)
_TAG: Final = canonical.LONGEST_TAG - 1
_SLASHES: Final = canonical.SLASHES
_ZERO: Final = np.uint64(0)
_64: Final = np.uint64(64)
_FF: Final = np.uint64(0xFF)


class Scratch(NamedTuple):
    """Room that is used again for every block."""

    kept: Bytes
    firsts: Places
    units: Places
    chosen: Places
    hashes: Words
    places: Places
    head: Bytes


def scratch(longest: int) -> Scratch:
    """Make room for blocks up to a length."""
    return Scratch(
        np.zeros(_CHUNK + WINDOW + 1, dtype=np.uint8),
        np.zeros(_STRIPES, dtype=np.uint32),
        np.zeros(_STRIPES, dtype=np.uint32),
        np.zeros(_CHUNK + 1, dtype=np.uint32),
        np.empty(longest + 1, dtype=np.uint64),
        np.empty(longest + 1, dtype=np.uint32),
        np.zeros(_EDGE, dtype=np.uint8),
    )


def sample(block: Bytes, keys: Keys, room: Scratch) -> Sampled:
    """Return the sampled windows that lie within a block; valid until the room is used again."""
    # One more word stands for symbols that are not there yet.
    table = np.zeros(canonical.DROPPED + 1, dtype=np.uint64)
    table[: len(keys.table)] = keys.table
    found, seen = _sample(block, _SYMBOLS, table, room)
    edge = min(seen, _EDGE)
    tail = room.kept[WINDOW - edge : WINDOW].copy()
    return Sampled(room.hashes[:found], room.places[:found], room.head[:edge].copy(), tail)


def mark(hashes: Words, keys: Keys, out: Words) -> Words:
    """Write the fingerprints of windows' hashes into `out` and return that part of it."""
    mark_all(hashes, keys.marks, out)
    return out[: len(hashes)]


@compiled
def _sample(block: Bytes, symbols: Bytes, table: Words, room: Scratch) -> tuple[int, int]:
    kept = room.kept
    leaving = np.zeros_like(table)
    for symbol in range(len(table)):
        leaving[symbol] = turned(table[symbol], _WINDOW)
    found = seen = at = 0
    rolled = _ZERO
    kept[:_WINDOW] = _DROPPED
    while at < len(block):
        at, new, stripes = _gather(block, at, symbols, room)
        for place in range(min(new, _EDGE - seen)):
            room.head[seen + place] = kept[_WINDOW + place]
        early = min(new, max(0, _EDGE - seen))
        rolled, chosen = _roll(rolled, (early, new, found), (table, leaving), room)
        _place(found, chosen, stripes, room)
        found += chosen
        seen += new
        for place in range(_WINDOW):
            kept[place] = kept[new + place]
    return found, seen


@compiled
def _gather(block: Bytes, at: int, symbols: Bytes, room: Scratch) -> tuple[int, int, int]:
    # Stripe by stripe, and within one without a branch: whether a letter is an `a` cannot be
    # foreseen. Only where a stripe has an escape it is read again, byte by byte.
    kept, firsts, units = room.kept, room.firsts, room.units
    end = min(len(block), at + _CHUNK)
    stripes = 0
    new = np.uint64(_WINDOW)
    is_hard = False
    while at < end:
        stop = min(end, (at | _IN_STRIPE) + 1)
        firsts[stripes] = new - np.uint64(_WINDOW)
        units[stripes] = at >> UNIT
        stripes += 1
        begun = new
        if not is_hard:
            new, is_hard = _smooth(block, (at, stop, begun), symbols, kept)
        if is_hard:
            at, new, is_hard = _rough(block, (at, stop, begun), symbols, kept)
        else:
            at = stop
    return at, int(new) - _WINDOW, stripes


@compiled
def _smooth(
    block: Bytes, span: tuple[int, int, np.uint64], symbols: Bytes, kept: Bytes
) -> tuple[np.uint64, bool]:
    at, stop, new = span
    # Numbers without a sign: then no place is asked whether it counts from the end.
    all_of_them = np.uint8(0)
    for place in range(np.uint64(at), np.uint64(stop)):
        symbol = symbols[block[place]]
        kept[new] = symbol
        all_of_them |= symbol
        new += np.uint64(symbol < _DROPPED)
    return new, bool(all_of_them >= _ESCAPE)


@compiled
def _rough(
    block: Bytes, span: tuple[int, int, np.uint64], symbols: Bytes, kept: Bytes
) -> tuple[int, np.uint64, bool]:
    at, stop, new = span
    is_hard = False
    while at < stop:
        symbol = symbols[block[np.uint64(at)]]
        step = 1
        if symbol == _ESCAPE:
            both = _token(block, at, symbols)
            symbol, step, is_hard = np.uint8(both & 255), both >> 8, True
        kept[new] = symbol
        new += np.uint64(symbol < _DROPPED)
        at += step
    return at, new, is_hard


@compiled
def _roll(
    rolled: np.uint64, counts: tuple[int, int, int], tables: tuple[Words, Words], room: Scratch
) -> tuple[np.uint64, int]:
    early, new, found = counts
    table, leaving = tables
    kept, hashes, chosen = room.kept, room.hashes[found:], room.chosen
    window = np.uint64(_WINDOW)
    for place in range(np.uint64(early)):
        rolled = turned(rolled, 1) ^ leaving[kept[place]] ^ table[kept[place + window]]
    count = np.uint64(0)
    for place in range(np.uint64(early), np.uint64(new)):
        rolled = turned(rolled, 1) ^ leaving[kept[place]] ^ table[kept[place + window]]
        hashes[count] = rolled
        chosen[count] = place
        count += np.uint64(rolled & _SAMPLED == _ZERO)
    return rolled, int(count)


@compiled
def _place(found: int, count: int, stripes: int, room: Scratch) -> None:
    chosen, firsts, units, places = room.chosen, room.firsts, room.units, room.places
    stripe = 0
    for at in range(count):
        while stripe + 1 < stripes and firsts[stripe + 1] <= chosen[at]:
            stripe += 1
        places[found + at] = units[stripe]


@compiled
def _token(block: Bytes, at: int, symbols: Bytes) -> int:
    # What an escape stands for, and eight bits higher how long it is.
    first = block[at]
    if first == 60:
        return _tag(block, at)
    if first == 38:
        return _entity(block, at, symbols)
    if first == 92:
        return _slashes(block, at, symbols)
    value = _hex(block, at + 1, 2)
    return _plain(1) if value < 0 else _ascii(value, 3, symbols)


@compiled
def _plain(length: int) -> int:
    return (length << 8) | 64


@compiled
def _ascii(value: int, length: int, symbols: Bytes) -> int:
    symbol = 64
    if value < 128 and symbols[value] < _DROPPED:
        symbol = int(symbols[value])
    return (length << 8) | symbol


@compiled
def _tag(block: Bytes, at: int) -> int:
    end = min(len(block), at + _TAG + 1)
    if at + 1 >= end or not _begins_tag(block[at + 1]):
        return _plain(1)
    for place in range(at + 2, end):
        if block[place] == 62:
            return _plain(place + 1 - at)
        if block[place] == 60:
            break
    return _plain(1)


@compiled
def _begins_tag(byte: int) -> bool:
    return is_letter(byte) or byte == 47 or byte == 33 or byte == 63


@compiled
def _entity(block: Bytes, at: int, symbols: Bytes) -> int:
    if at + 1 < len(block) and block[at + 1] == 35:
        if at + 2 < len(block) and block[at + 2] | 32 == 120:
            return _number(block, (at, at + 3, 6), 16, symbols)
        return _number(block, (at, at + 2, 7), 10, symbols)
    return _named(block, at)


@compiled
def _named(block: Bytes, at: int) -> int:
    end = min(len(block), at + 10)
    place = at + 1
    while place < end and (is_letter(block[place]) or (place > at + 1 and is_digit(block[place]))):
        place += 1
    ends = place < len(block) and place - at >= 3 and block[place] == 59
    return _plain(place + 1 - at if ends and place - at <= 9 else 1)


@compiled
def _number(block: Bytes, span: tuple[int, int, int], base: int, symbols: Bytes) -> int:
    at, start, most = span
    place, value = start, 0
    while place < len(block) and place - start < most:
        digit = _digit(block[place])
        if digit < 0 or digit >= base:
            break
        value = value * base + digit
        place += 1
    if place == start or place >= len(block) or block[place] != 59:
        return _plain(1)
    return _ascii(value, place + 1 - at, symbols)


@compiled
def _slashes(block: Bytes, at: int, symbols: Bytes) -> int:
    place = at
    while place < len(block) and place - at < _SLASHES and block[place] == 92:
        place += 1
    letter = block[place] | 32 if place < len(block) else 0
    if letter == 110 or letter == 114 or letter == 116:
        return _plain(place + 1 - at)
    digits = 4 * (letter == 117) + 2 * (letter == 120)
    value = _hex(block, place + 1, digits)
    return _plain(place - at) if value < 0 else _ascii(value, place + 1 + digits - at, symbols)


@compiled
def _hex(block: Bytes, start: int, digits: int) -> int:
    if digits == 0 or start + digits > len(block):
        return -1
    value = 0
    for place in range(start, start + digits):
        digit = _digit(block[place])
        if digit < 0:
            return -1
        value = value * 16 + digit
    return value


@compiled
def _digit(byte: int) -> int:
    if is_digit(byte):
        return int(byte) - 48
    low = byte | 32
    return int(low) - 87 if 97 <= low <= 102 else -1


@compiled
def is_letter(byte: int) -> bool:
    """Tell whether a byte is an ASCII letter."""
    return 97 <= (byte | 32) <= 122


@compiled
def is_digit(byte: int) -> bool:
    """Tell whether a byte is an ASCII digit."""
    return 48 <= byte <= 57


@inlined
def turned(word: np.uint64, by: int) -> np.uint64:
    """Turn 64 bits to the left."""
    return np.uint64((word << np.uint64(by)) | (word >> (_64 - np.uint64(by))))


@inlined
def sip_round(v: tuple[np.uint64, np.uint64, np.uint64, np.uint64]) -> Any:
    """Do one round of SipHash on four words."""
    a, b, c, d = v
    a += b
    c += d
    b = turned(b, 13) ^ a
    d = turned(d, 16) ^ c
    a = turned(a, 32) + d
    c += b
    b = turned(b, 17) ^ c
    d = turned(d, 21) ^ a
    return a, b, turned(c, 32), d


@inlined
def sip_begin(low: np.uint64, high: np.uint64) -> Any:
    """Return the four words that a hash begins with."""
    return (
        low ^ np.uint64(0x736F6D6570736575),
        high ^ np.uint64(0x646F72616E646F6D),
        low ^ np.uint64(0x6C7967656E657261),
        high ^ np.uint64(0x7465646279746573),
    )


@inlined
def sip_word(v: Any, word: np.uint64) -> Any:
    """Take in eight bytes of a message."""
    v = sip_round(sip_round((v[0], v[1], v[2], v[3] ^ word)))
    return v[0] ^ word, v[1], v[2], v[3]


@inlined
def sip_end(v: Any) -> np.uint64:
    """Return the hash."""
    v = sip_round(sip_round((v[0], v[1], v[2] ^ _FF, v[3])))
    v = sip_round(sip_round(v))
    return np.uint64(v[0] ^ v[1] ^ v[2] ^ v[3])


@inlined
def mark_one(window: np.uint64, low: np.uint64, high: np.uint64) -> np.uint64:
    """Return the fingerprint of one window's hash, under a key of two words."""
    v = sip_word(sip_word(sip_begin(low, high), window), np.uint64(8 << 56))
    return np.uint64(sip_end(v) & _MARK_MASK)


@compiled
def mark_all(hashes: Words, key: Words, out: Words) -> None:
    """Write the fingerprints of windows' hashes, under a key of two words."""
    low, high = key[0], key[1]
    for place in range(np.uint64(len(hashes))):
        out[place] = mark_one(hashes[place], low, high)
