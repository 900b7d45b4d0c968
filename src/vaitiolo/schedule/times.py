"""When appointments are: weekly series, and when a reminder is due. Pure; it never asks the time.

A series follows the clock on the wall: Thursdays at 14.00 stay at 14.00 when summer time ends.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from vaitiolo.kit.dates import at, day_of
from vaitiolo.kit.ids import HolderId

A_WEEK: Final = timedelta(weeks=1)
REMINDED_AT: Final = time(10)


@dataclass(frozen=True, slots=True)
class Slot:
    """With whom, where and when. Without a room it is held by video."""

    therapist: HolderId
    room: UUID | None
    starts_at: datetime
    ends_at: datetime


def weekly(day: date, clock: time, count: int) -> Sequence[datetime]:
    """Return the moments of a weekly series, the first of them on a day."""
    return [moment(day + turn * A_WEEK, clock) for turn in range(count)]


def moment(day: date, clock: time) -> datetime:
    """Return the moment when clocks here show this time, in the one time zone of the tables."""
    return at(day, clock).astimezone(UTC)


def reminder_due(starts_at: datetime) -> datetime:
    """Return when a reminder goes out: on the day before, in the morning."""
    return moment(day_of(starts_at) - timedelta(days=1), REMINDED_AT)
