"""When a help line is open, on clocks in Helsinki; browsers reckon the same way.

It knows hours that are written down, and the days off in Finland. What is not known is not open.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Final

from vaitiolo.kit.dates import HELSINKI

ALWAYS: Final = "always"
DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_SPAN: Final = re.compile(r"([a-z]{3})(?:-([a-z]{3}))? (\d\d:\d\d)-(\d\d:\d\d)")
_FIXED: Final = frozenset({(1, 1), (1, 6), (5, 1), (12, 6), (12, 24), (12, 25), (12, 26)})
_AFTER_EASTER: Final = frozenset({-2, 0, 1, 39, 49})


class HoursWrong(ValueError):
    """Hours are written as "mon-fri 09:00-20:00", or "always"."""


def is_open(spans: Iterable[str], at: datetime) -> bool:
    """Return whether a line is open; on a day off only one that always is. Raises HoursWrong."""
    if at.tzinfo is None:
        raise ValueError("a moment without its time zone")
    here = at.astimezone(HELSINKI)
    return any(_covers(span, here) for span in spans)


def is_day_off(day: date) -> bool:
    """Return whether this is a holiday in Finland, or an eve on which everything is closed."""
    if (day.month, day.day) in _FIXED or (day - easter(day.year)).days in _AFTER_EASTER:
        return True
    midsummer = date(day.year, 6, 20) + timedelta(days=(5 - date(day.year, 6, 20).weekday()) % 7)
    all_saints = date(day.year, 10, 31)
    all_saints += timedelta(days=(5 - all_saints.weekday()) % 7)
    return day in {midsummer - timedelta(days=1), midsummer, all_saints}


def easter(year: int) -> date:
    """Return Easter Sunday (the anonymous Gregorian reckoning, as in Meeus)."""
    golden, century, rest = year % 19, *divmod(year, 100)
    leap, left = divmod(century, 4)
    moon = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap - moon + 15) % 30
    quarter, fourth = divmod(rest, 4)
    week = (32 + 2 * left + 2 * quarter - epact - fourth) % 7
    late = (golden + 11 * epact + 22 * week) // 451
    month, day = divmod(epact + week - 7 * late + 114, 31)
    return date(year, month, day + 1)


def check(span: str) -> None:
    """Return quietly when hours are written as they should be. Raises HoursWrong."""
    if span != ALWAYS:
        _parsed(span)


def _covers(span: str, here: datetime) -> bool:
    if span == ALWAYS:
        return True
    days, start, end = _parsed(span)
    return here.weekday() in days and start <= here.time() < end and not is_day_off(here.date())


def _parsed(span: str) -> tuple[range, time, time]:
    found = _SPAN.fullmatch(span)
    if found is None or not set(found.group(1, 2)) - {None} <= set(DAYS):
        raise HoursWrong(span)
    first, last = DAYS.index(found[1]), DAYS.index(found[2] or found[1])
    start, end = time.fromisoformat(found[3]), time.fromisoformat(found[4])
    if last < first or end <= start:
        raise HoursWrong(span)
    return range(first, last + 1), start, end
