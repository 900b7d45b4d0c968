"""Help lines are open by clocks in Helsinki: through changes of the clock and on days off."""

from datetime import UTC, date, datetime

import pytest

from vaitiolo.notices import hours
from vaitiolo.notices.hours import HoursWrong, easter, is_day_off, is_open

WEEKDAYS = ("mon-fri 09:00-20:00",)
# The same are asked in a browser.
MOMENTS = [
    ("2026-11-24T07:00:00Z", True),  # nine o'clock in winter
    ("2026-11-24T06:59:59Z", False),
    ("2026-11-24T17:59:59Z", True),
    ("2026-11-24T18:00:00Z", False),
    ("2026-07-14T06:00:00Z", True),  # nine o'clock in summer
    ("2026-07-14T05:59:59Z", False),
    ("2026-03-27T07:00:00Z", True),  # the Friday before the clocks go forward
    ("2026-03-30T06:00:00Z", True),  # the Monday after
    ("2026-10-23T06:00:00Z", True),  # the Friday before they go back
    ("2026-10-26T06:30:00Z", False),  # the Monday after: half past eight
    ("2026-11-28T10:00:00Z", False),  # a Saturday
    ("2026-12-24T10:00:00Z", False),  # an eve on which everything is closed
    ("2027-01-06T10:00:00Z", False),  # Epiphany
    ("2026-04-03T09:00:00Z", False),  # Good Friday
    ("2026-06-19T09:00:00Z", False),  # Midsummer Eve
    ("2026-05-14T09:00:00Z", False),  # Ascension Day
]


@pytest.mark.parametrize(("moment", "answer"), MOMENTS)
def test_a_line_is_open_by_the_clock_in_helsinki(moment: str, *, answer: bool) -> None:
    assert is_open(WEEKDAYS, datetime.fromisoformat(moment)) is answer
    assert is_open(("always",), datetime.fromisoformat(moment))
    assert not is_open((), datetime.fromisoformat(moment))


def test_easter_is_where_calendars_have_it() -> None:
    found = [easter(year) for year in (2024, 2025, 2026, 2027, 2038)]
    assert found == [
        date(2024, 3, 31),
        date(2025, 4, 20),
        date(2026, 4, 5),
        date(2027, 3, 28),
        date(2038, 4, 25),
    ]


def test_days_off_that_move_are_known() -> None:
    assert is_day_off(date(2026, 10, 31))
    assert is_day_off(date(2027, 6, 25))
    assert not is_day_off(date(2026, 6, 26))


@pytest.mark.parametrize("span", ["mon-fri 9-20", "may 09:00-10:00", "fri-mon 09:00-10:00", ""])
def test_hours_in_another_form_are_refused(span: str) -> None:
    with pytest.raises(HoursWrong):
        hours.check(span)


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        is_open(WEEKDAYS, datetime.now(UTC).replace(tzinfo=None))
