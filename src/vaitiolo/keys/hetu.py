"""The one index there is: a short keyed tag of an identity code, to find duplicates and the portal.

Sixteen bits are the choice: whoever steals the index and its key still has hundreds of candidates
for each tag. Never keeps a code, and never puts one into an error.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from vaitiolo.keys import primitives
from vaitiolo.keys.kms import Macs
from vaitiolo.keys.primitives import Readable

_SHAPE: Final = re.compile(
    r"(?P<day>\d{2})(?P<month>\d{2})(?P<year>\d{2})(?P<separator>[-+A-FU-Y])(?P<number>\d{3})"
    r"(?P<check>[0-9A-FHJ-NPR-Y])",
    re.ASCII,
)
# Given to nobody, so that invented people can have them.
RESERVED: Final = range(900, 1000)
_CHECK: Final = "0123456789ABCDEFHJKLMNPRSTUVWXY"
_CENTURY: Final = {
    **dict.fromkeys("+", 1800),
    **dict.fromkeys("-UVWXY", 1900),
    **dict.fromkeys("ABCDEF", 2000),
}
# A typed code often carries another dash than the one on the keyboard's number row.
_DASHES: Final = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-"))


class NotAnIdentityCode(ValueError):
    """What was typed has not the form of a Finnish identity code. It is not repeated here."""


@dataclass(frozen=True, slots=True)
class IndexKey:
    """Which index: the number of the key in the KMS, the organisation, the salt of the policy."""

    number: int
    org: UUID
    salt: bytes


def normalise(text: str) -> str:
    """Return a code without spaces and in capitals, its separator kept.

    Since 2023 codes that differ in nothing but the separator belong to different people. Raises
    `NotAnIdentityCode` for another shape, a day that does not exist or a wrong check character.
    """
    plain = unicodedata.normalize("NFKC", text).translate(_DASHES)
    code = "".join(plain.split()).upper()
    found = _SHAPE.fullmatch(code)
    if found is None or not _is_day(found) or not _is_checked(found):
        raise NotAnIdentityCode("This is not a Finnish identity code.")
    return code


def invented(day: date, number: int) -> str:
    """Return the code of nobody: a day, and one of the numbers 900 to 999 that are given to no one.

    Raises ValueError for a number that could be somebody's.
    """
    if number not in RESERVED:
        raise ValueError("Such a number could be somebody's.")
    separator = {18: "+", 19: "-", 20: "A"}[day.year // 100]
    check = _CHECK[int(f"{day:%d%m%y}{number:03d}") % len(_CHECK)]
    return f"{day:%d%m%y}{separator}{number:03d}{check}"


def tag(code: str, *, kms: Macs, key: IndexKey) -> int:
    """Return the 16-bit tag of a code as `normalise` gives it.

    KMS.mac("hetu-<n>", label, organisation, Argon2id(code; 19 MiB, t = 2, p = 1)), first 16 bits.
    Several people share a tag, so a match says *perhaps* and is settled by opening.
    """
    text = bytearray(normalise(code).encode("ascii"))
    stretched = _stretched(text, key.salt)
    try:
        label = b"vaitiolo/1/hetu" + key.org.bytes
        return int.from_bytes(kms.mac(f"hetu-{key.number}", label + stretched)[:2], "big")
    finally:
        primitives.wipe(text, stretched)


def _stretched(text: Readable, salt: bytes) -> bytearray:
    return primitives.argon2id(text, salt, memory_kib=19 * 1024, iterations=2, lanes=1)


def _is_day(found: re.Match[str]) -> bool:
    year = _CENTURY[found["separator"]] + int(found["year"])
    try:
        date(year, int(found["month"]), int(found["day"]))
    except ValueError:
        return False
    return True


def _is_checked(found: re.Match[str]) -> bool:
    digits = found["day"] + found["month"] + found["year"] + found["number"]
    return _CHECK[int(digits) % len(_CHECK)] == found["check"]
