"""How the diary lies on a page: columns of therapists or of days, a few side by side. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Final

from vaitiolo.kit.dates import HELSINKI, day_of
from vaitiolo.kit.ids import HolderId
from vaitiolo.people.queries import Therapist
from vaitiolo.schedule.queries import Visit

SIDE_BY_SIDE: Final = 6
FIRST_HOUR: Final = 7
LAST_HOUR: Final = 20
WORKING_DAYS: Final = 5


@dataclass(frozen=True, slots=True)
class Column:
    """What stands under one another: a therapist's day."""

    day: date
    visits: tuple[Visit, ...]
    therapist: HolderId | None = None
    name: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Columns side by side, what was cancelled, and how much could not be verified."""

    rows: tuple[tuple[Column, ...], ...]
    cancelled: tuple[Visit, ...]
    unverified: int
    hours: tuple[int, ...]

    @property
    def begins_early(self) -> bool:
        return self.hours[0] < FIRST_HOUR


def lay_out_day(
    visits: Sequence[Visit], therapists: Sequence[Therapist], *, day: date, gone: str
) -> Sheet:
    """Give each therapist a column; colleagues who have left have one while somebody is in it."""
    known = {one.id: one.name for one in therapists}
    there = list(known) + sorted({visit.therapist for visit in visits} - known.keys())
    columns = [
        Column(day, _shown(visits, therapist=one), one, known.get(one, gone)) for one in there
    ]
    return _sheet(columns, visits)


def lay_out_week(visits: Sequence[Visit], days: Sequence[date]) -> Sheet:
    """Give each day a column; a weekend only when somebody comes on it."""
    columns = [Column(day, _shown(visits, day=day)) for day in days]
    working = columns[:WORKING_DAYS]
    weekend = columns[WORKING_DAYS:]
    return _sheet(columns if any(one.visits for one in weekend) else working, visits)


def _shown(
    visits: Sequence[Visit], *, therapist: HolderId | None = None, day: date | None = None
) -> tuple[Visit, ...]:
    return tuple(
        visit
        for visit in visits
        if not visit.is_cancelled
        and therapist in {None, visit.therapist}
        and day in {None, day_of(visit.starts_at)}
    )


def _sheet(columns: Sequence[Column], visits: Sequence[Visit]) -> Sheet:
    left, rows = iter(columns), []
    while row := tuple(islice(left, SIDE_BY_SIDE if len(columns) > SIDE_BY_SIDE + 1 else None)):
        rows.append(row)
    hours = {visit.starts_at.astimezone(HELSINKI).hour for visit in visits}
    first = FIRST_HOUR - 1 if hours and min(hours) < FIRST_HOUR else FIRST_HOUR
    return Sheet(
        tuple(rows),
        tuple(visit for visit in visits if visit.is_cancelled),
        sum(visit.entry is None for visit in visits),
        tuple(range(first, LAST_HOUR)),
    )
