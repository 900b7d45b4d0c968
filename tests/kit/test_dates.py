"""Days as a practice in Finland knows them, summer time included."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from vaitiolo.kit import dates


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 11, 23, 21, 59, tzinfo=UTC), date(2026, 11, 23)),
        (datetime(2026, 11, 23, 22, 0, tzinfo=UTC), date(2026, 11, 24)),
        (datetime(2026, 7, 1, 21, 0, tzinfo=UTC), date(2026, 7, 2)),
    ],
)
def test_a_moment_falls_on_the_day_that_is_here(moment: datetime, day: date) -> None:
    assert dates.day_of(moment) == day


def test_a_moment_without_its_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        dates.day_of(datetime(2026, 11, 24, 12, 0))  # noqa: DTZ001 - that is what is refused


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 11, 24), 24)],
)
def test_a_day_is_as_long_as_its_clock_says(day: date, hours: int) -> None:
    begins, ends = dates.span_of(day)
    assert ends.astimezone(UTC) - begins.astimezone(UTC) == timedelta(hours=hours)


def test_a_week_begins_on_monday() -> None:
    week = dates.week_of(date(2026, 11, 29))
    assert week[0] == date(2026, 11, 23)
    assert week[-1] == date(2026, 11, 29)


def test_a_time_on_a_day_is_a_moment_here() -> None:
    moment = dates.at(date(2026, 7, 1), time(9, 30))
    assert moment.astimezone(UTC) == datetime(2026, 7, 1, 6, 30, tzinfo=UTC)
