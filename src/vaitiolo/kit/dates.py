"""Days as a practice in Finland knows them. Nothing here asks what time it is."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

HELSINKI = ZoneInfo("Europe/Helsinki")


def day_of(moment: datetime) -> date:
    """Return the day a moment falls on here; a moment without a time zone is refused."""
    if moment.tzinfo is None:
        raise ValueError("a moment without its time zone")
    return moment.astimezone(HELSINKI).date()


def at(day: date, clock: time) -> datetime:
    """Return the moment when clocks here show this time on this day."""
    return datetime.combine(day, clock, HELSINKI)


def span_of(day: date) -> tuple[datetime, datetime]:
    """Return the beginning of a day and of the next: 23, 24 or 25 hours apart."""
    return at(day, time.min), at(day + timedelta(days=1), time.min)


def week_of(day: date) -> list[date]:
    """Return Monday to Sunday of the week a day is in."""
    monday = day - timedelta(days=day.weekday())
    return [monday + timedelta(days=ahead) for ahead in range(7)]


def day_since(number: int) -> date:
    """Return the day with this number, counted from 1970-01-01."""
    return date(1970, 1, 1) + timedelta(days=number)
