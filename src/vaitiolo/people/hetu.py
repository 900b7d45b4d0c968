"""Finnish identity codes as they are typed: brought into one form, checked, read for the day.

A code is never kept here and never put into an error. The index of codes is the warden's.
"""

import re
import unicodedata
from datetime import date
from typing import Final

SHAPE: Final = re.compile(
    r"(?P<day>\d{2})(?P<month>\d{2})(?P<year>\d{2})(?P<sign>[-+A-FU-Y])(?P<number>\d{3})"
    r"(?P<check>[0-9A-FHJ-NPR-Y])",
    re.ASCII,
)
CHECK: Final = "0123456789ABCDEFHJKLMNPRSTUVWXY"
CENTURY: Final = {
    **dict.fromkeys("+", 1800),
    **dict.fromkeys("-UVWXY", 1900),
    **dict.fromkeys("ABCDEF", 2000),
}
# A typed code often carries another dash than the one on the keyboard's number row.
DASHES: Final = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-"))
# Individual numbers from here on are given to nobody: for tests and demonstrations.
INVENTED_FROM: Final = 900


class NotAnIdentityCode(ValueError):
    """What is wrong with a code: ``shape``, ``day`` or ``check``. The code is not repeated."""


def normalise(text: str) -> str:
    """Return a code without spaces and in capitals, its sign kept. Raises NotAnIdentityCode."""
    plain = unicodedata.normalize("NFKC", text).translate(DASHES)
    code = "".join(plain.split()).upper()
    found = SHAPE.fullmatch(code)
    if found is None:
        raise NotAnIdentityCode("shape")
    if _day(found) is None:
        raise NotAnIdentityCode("day")
    digits = found["day"] + found["month"] + found["year"] + found["number"]
    if CHECK[int(digits) % len(CHECK)] != found["check"]:
        raise NotAnIdentityCode("check")
    return code


def born_on(code: str) -> date:
    """Return the birth date that a code carries. Raises NotAnIdentityCode."""
    found = SHAPE.fullmatch(code)
    day = None if found is None else _day(found)
    if day is None:
        raise NotAnIdentityCode("day")
    return day


def is_invented(code: str) -> bool:
    """Tell whether a code is one that nobody has."""
    found = SHAPE.fullmatch(code)
    return found is not None and int(found["number"]) >= INVENTED_FROM


def masked(code: str) -> str:
    """Return a code with the part covered that is not the birth date."""
    return f"{code[:7]}••••" if code else ""


def _day(found: re.Match[str]) -> date | None:
    year = CENTURY[found["sign"]] + int(found["year"])
    try:
        return date(year, int(found["month"]), int(found["day"]))
    except ValueError:
        return None
