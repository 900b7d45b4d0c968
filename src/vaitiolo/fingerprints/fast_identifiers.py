"""Finds and hashes identifiers in large blocks, compiled: what `identifiers` finds, in one pass.

A value is hashed where it stands and is never copied out of its block.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np

from vaitiolo.fingerprints import identifiers
from vaitiolo.fingerprints.bulk import Bytes, Keys, Places, Words
from vaitiolo.fingerprints.fast import (
    compiled,
    inlined,
    is_digit,
    is_letter,
    sip_begin,
    sip_end,
    sip_word,
)

_CHECK: Final = np.frombuffer(identifiers.CHECK, dtype=np.uint8)
_LOCAL, _DOMAIN = identifiers.LONGEST_LOCAL, identifiers.LONGEST_DOMAIN
_LEAST, _MOST = identifiers.LEAST_DIGITS, identifiers.MOST_DIGITS
_HOME: Final = np.frombuffer(identifiers.HOME, dtype=np.uint8)
_MOST_ENDS: Final = 17


def _classes() -> Bytes:
    # What a byte may be the middle or the beginning of.
    kinds = np.zeros(256, dtype=np.uint8)
    kinds[[*b"-+ABCDEFUVWXYabcdefuvwxy"]] = 1
    kinds[ord("@")] = 2
    kinds[[*b"+0"]] |= 4
    return kinds


def _after() -> Bytes:
    # What may come after a byte: most letters and hyphens stand in words, most zeros in numbers.
    kinds = np.full(256, 2 | 4, dtype=np.uint8)
    kinds[[*b"0123456789"]] = 1 | 2
    return kinds


_CLASSES: Final = _classes()
_AFTER: Final = _after()


# The key and room for a value; that and its length; where hits go and how many there are.
Ours = tuple[Words, Bytes]
Message = tuple[Words, Bytes, int]


class Hits(NamedTuple):
    """Room for what is found: hashes, where each begins, its kind."""

    hashes: Words
    places: Places
    kinds: Bytes


Into = tuple[Hits, int]


def room(longest: int) -> Hits:
    """Make room for what a block of this length can hold."""
    # At most one code or mail address a byte; a number may end in several places.
    most = longest + _MOST_ENDS
    return Hits(
        np.empty(most, dtype=np.uint64),
        np.empty(most, dtype=np.uint32),
        np.empty(most, dtype=np.uint8),
    )


def scan(block: Bytes, keys: Keys, hits: Hits) -> Iterator[Hits]:
    """Give what is found, in portions that are valid until the next one."""
    at = 0
    while at < len(block):
        at, count = _scan(block, at, keys.identifiers, hits)
        yield Hits(hits.hashes[:count], hits.places[:count], hits.kinds[:count])


@compiled
def _scan(block: Bytes, start: int, key: Words, hits: Hits) -> tuple[int, int]:
    count = 0
    most = len(hits.hashes) - _MOST_ENDS
    value = np.zeros(320, dtype=np.uint8)
    before = block[start - 1] if start > 0 else np.uint8(32)
    for at in range(start, len(block)):
        byte = block[at]
        may_be = _CLASSES[byte] & _AFTER[before]
        before = byte
        if may_be and _may_be(block, at, may_be):
            if count >= most:
                return at, count
            count = _look(block, at, (key, value), (hits, count))
    return len(block), count


@inlined
def _may_be(block: Bytes, at: int, kind: int) -> bool:
    # A glance at what stands beside it: dates and times are full of what could be a sign.
    if at + 2 >= len(block):
        return at + 1 < len(block)
    after = block[at + 1]
    if kind & 2:
        return at > 0 and _in_local(block[at - 1]) and _in_domain(after)
    if kind & 1 and at >= 6 and is_digit(block[at - 6]) and is_digit(block[at - 3]):
        return is_digit(after)
    return bool(kind & 4 and 49 <= (block[at + 2] if after == 48 else after) <= 57)


@compiled
def _look(block: Bytes, at: int, ours: Ours, found: Into) -> int:
    hits, count = found
    kind = _CLASSES[block[at]]
    if kind & 1:
        count = _code(block, at, ours, (hits, count))
    if kind & 2:
        count = _mail(block, at, ours, (hits, count))
    if kind & 4:
        count = _number(block, at, ours, (hits, count))
    return count


@compiled
def _code(block: Bytes, sign: int, ours: Ours, found: Into) -> int:
    hits, count = found
    key, value = ours
    if not _shaped(block, sign):
        return count
    nine = 0
    for place in range(6):
        nine = nine * 10 + int(block[sign - 6 + place]) - 48
        value[1 + place] = block[sign - 6 + place]
    day, month = nine // 10000, nine // 100 % 100
    for place in range(3):
        nine = nine * 10 + int(block[sign + 1 + place]) - 48
        value[8 + place] = block[sign + 1 + place]
    check = upper(block[sign + 4])
    if day < 1 or day > 31 or month < 1 or month > 12 or _CHECK[nine % 31] != check:
        return count
    value[0], value[7], value[11] = 1, upper(block[sign]), check
    return _keep(hits, count, sign - 6, (key, value, 12))


@compiled
def _shaped(block: Bytes, sign: int) -> bool:
    # The digit before the sign is looked at first: most signs are hyphens and letters.
    if sign < 6 or sign + 4 >= len(block) or not is_digit(block[sign - 1]):
        return False
    for place in range(sign - 6, sign + 4):
        if place != sign and not is_digit(block[place]):
            return False
    return not _touched(block, sign)


@compiled
def _touched(block: Bytes, sign: int) -> bool:
    # Whether what stands before or after belongs to something longer.
    last = block[sign + 4]
    if not (is_digit(last) or is_letter(last)):
        return True
    if sign > 6 and is_digit(block[sign - 7]):
        return True
    after = sign + 5
    return after < len(block) and (is_digit(block[after]) or is_letter(block[after]))


@compiled
def _mail(block: Bytes, at: int, ours: Ours, found: Into) -> int:
    hits, count = found
    key, value = ours
    start, end = _left_of(block, at), _right_of(block, at)
    dots = 0
    for place in range(at + 1, end):
        dots += block[place] == 46
    if start == at or dots == 0:
        return count
    value[0] = 2
    for place in range(start, end):
        value[1 + place - start] = _lower(block[place])
    return _keep(hits, count, start, (key, value, 1 + end - start))


@compiled
def _left_of(block: Bytes, at: int) -> int:
    start = at
    while start > 0 and at - start < _LOCAL and _in_local(block[start - 1]):
        start -= 1
    if start > 0 and start < at and block[start - 1] == 92 and _breaks(block[start]):
        start += 1
    return start


@compiled
def _right_of(block: Bytes, at: int) -> int:
    end = at + 1
    while end < len(block) and end - at - 1 < _DOMAIN and _in_domain(block[end]):
        end += 1
    while end > at + 1 and not (is_digit(block[end - 1]) or is_letter(block[end - 1])):
        end -= 1
    return end


@compiled
def _in_local(byte: int) -> bool:
    return _in_domain(byte) or byte == 95 or byte == 43


@compiled
def _in_domain(byte: int) -> bool:
    return is_letter(byte) or is_digit(byte) or byte == 46 or byte == 45


@compiled
def _breaks(byte: int) -> bool:
    return byte == 110 or byte == 114 or byte == 116


@compiled
def _number(block: Bytes, at: int, ours: Ours, found: Into) -> int:
    hits, count = found
    key, value = ours
    start, written = _opening(block, at, value)
    if start < 0:
        return count
    place, digits = start, 0
    while digits < _MOST_ENDS and place < len(block):
        if not is_digit(block[place]):
            # One space or hyphen may stand between two digits.
            if not _joins(block, place):
                break
            place += 1
        value[1 + written + digits] = block[place]
        digits += 1
        place += 1
        ends = place >= len(block) or not is_digit(block[place])
        if ends and _LEAST <= written + digits <= _MOST:
            value[0] = 3
            count = _keep(hits, count, at, (key, value, 1 + written + digits))
    return count


@compiled
def _opening(block: Bytes, at: int, value: Bytes) -> tuple[int, int]:
    # Where the digits begin that are written down, and how many of the country's are before them.
    if at > 0 and (is_digit(block[at - 1]) or block[at - 1] == 43):
        return -1, 0
    start = at + 1
    doubled = block[at] == 48 and start < len(block) and block[start] == 48
    start += doubled
    if start >= len(block) or not 49 <= block[start] <= 57:
        return -1, 0
    if block[at] == 43 or doubled:
        return start, 0
    for place in range(3):
        value[1 + place] = _HOME[place]
    return start, 3


@compiled
def _joins(block: Bytes, place: int) -> bool:
    between = block[place] == 32 or block[place] == 45
    return between and place + 1 < len(block) and is_digit(block[place + 1])


@compiled
def _keep(hits: Hits, count: int, place: int, message: Message) -> int:
    hits.hashes[count] = _hash(message)
    hits.places[count] = place
    hits.kinds[count] = message[1][0]
    return count + 1


@compiled
def _hash(message: Message) -> np.uint64:
    key, value, length = message
    v = sip_begin(key[0], key[1])
    word = np.uint64(0)
    for place in range(length):
        word |= np.uint64(value[place]) << np.uint64(8 * (place & 7))
        if place & 7 == 7:
            v = sip_word(v, word)
            word = np.uint64(0)
    return np.uint64(sip_end(sip_word(v, word | np.uint64(length & 255) << np.uint64(56))))


@compiled
def upper(byte: int) -> int:
    """Return an ASCII letter as a capital."""
    return int(byte) - 32 if 97 <= byte <= 122 else int(byte)


@compiled
def _lower(byte: int) -> int:
    return int(byte) + 32 if 65 <= byte <= 90 else int(byte)
