"""Identity codes, mail addresses and phone numbers in any bytes, and their keyed hashes.

The definition; `fast` must find the same ones. A value is hashed as soon as it is found, and no
list of values exists anywhere.
"""

import re
from collections.abc import Iterator
from enum import IntEnum
from typing import Final, NamedTuple

from vaitiolo.fingerprints.secret import FingerprintKey
from vaitiolo.fingerprints.siphash import siphash

CHECK: Final = b"0123456789ABCDEFHJKLMNPRSTUVWXY"
LEAST_DIGITS, MOST_DIGITS = 10, 13  # of a number, with the country's
LONGEST_LOCAL, LONGEST_DOMAIN = 64, 190
# No identifier is longer, so blocks that overlap by this hold each of them whole once.
OVERLAP: Final = 320
MOST_DAYS, MOST_MONTHS = 31, 12
HOME: Final = b"358"

_CODE: Final = re.compile(
    rb"(?<![0-9])(?=([0-9]{6}[-+A-FU-Y][0-9]{3}[0-9A-Z])(?![0-9A-Za-z]))", re.IGNORECASE
)
_AT: Final = re.compile(rb"@")
_LOCAL: Final = re.compile(rb"[A-Za-z0-9._+-]{0,64}\Z")
_DOMAIN: Final = re.compile(rb"[A-Za-z0-9.-]{1,190}")
_NUMBER: Final = re.compile(rb"(?<![0-9+])(?=(\+|00?)([1-9](?:[ -]?[0-9]){0,16}))")


class Kind(IntEnum):
    """What an identifier is."""

    CODE = 1
    MAIL = 2
    PHONE = 3


class Found(NamedTuple):
    """An identifier in its normal form, and where it begins."""

    kind: Kind
    place: int
    value: bytes


def find(data: bytes) -> Iterator[Found]:
    """Give every identifier in the data; a phone number once for each end that it may have."""
    yield from _codes(data)
    yield from _mails(data)
    yield from _numbers(data)


def hashed(found: Found, key: FingerprintKey) -> int:
    """Return the keyed hash of kind and value: SipHash-2-4, 64 bits."""
    return siphash(key.identifiers, bytes([found.kind]) + found.value)


def hashes_of(text: str, kind: Kind, key: FingerprintKey) -> list[int]:
    """Return the hash of what a register holds as one identifier; nothing when it is none."""
    whole = [found for found in find(text.encode()) if found.kind is kind]
    # A phone number ends where it is longest.
    return [hashed(max(whole, key=lambda found: len(found.value)), key)] if whole else []


def _codes(data: bytes) -> Iterator[Found]:
    for match in _CODE.finditer(data):
        code = match[1].upper()
        day, month = int(code[:2]), int(code[2:4])
        checked = CHECK[int(code[:6] + code[7:10]) % len(CHECK)] == code[10]
        if 1 <= day <= MOST_DAYS and 1 <= month <= MOST_MONTHS and checked:
            yield Found(Kind.CODE, match.start(), code)


def _mails(data: bytes) -> Iterator[Found]:
    for match in _AT.finditer(data):
        at = match.start()
        left, right = (
            _LOCAL.search(data[max(0, at - LONGEST_LOCAL) : at]),
            _DOMAIN.match(data, at + 1),
        )
        if left is None or right is None:
            continue
        start = at - len(left[0])
        # The letter of an escaped line break belongs to no address.
        if start > 0 and data[start - 1 : start] == b"\\" and left[0][:1] in b"nrt":
            start += 1
        local, domain = data[start:at], right[0].rstrip(b".-")
        if local and b"." in domain:
            yield Found(Kind.MAIL, start, (local + b"@" + domain).lower())


def _numbers(data: bytes) -> Iterator[Found]:
    for match in _NUMBER.finditer(data):
        home = HOME if match[1] == b"0" else b""
        for ending in re.finditer(rb"[0-9](?![0-9])", match[2]):
            end = ending.end()
            if end == len(match[2]) and data[match.end(2) : match.end(2) + 1].isdigit():
                continue  # longer than any number
            digits = home + match[2][:end].replace(b" ", b"").replace(b"-", b"")
            if LEAST_DIGITS <= len(digits) <= MOST_DIGITS:
                yield Found(Kind.PHONE, match.start(), digits)
