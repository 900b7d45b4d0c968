"""What a plan comes to: its waves, the calls they bring, the times of telling again. Plain values.

It asks nobody. Everybody who needs the waves of a plan gets the same ones from here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Final

from vaitiolo.notices import waves
from vaitiolo.notices.waves import Hour, Lines, TooSlow, Wave

# A telling may be told again four times; each round's waves have numbers of their own.
A_ROUND: Final = 1_000
AGAIN_AFTER: Final = (
    timedelta(days=7),
    timedelta(days=30),
    timedelta(days=182),
    timedelta(days=730),
)
HELPERS_BEFORE: Final = timedelta(hours=2)
# A bar is ten wide; the drawing is a hundred high, and the line has room above it.
BAR: Final = 10
HIGH: Final = 100
MOST_BARS: Final = 120


@dataclass(frozen=True, slots=True)
class Bar:
    """One hour of the drawing."""

    x: int
    y: int
    height: int


@dataclass(frozen=True, slots=True)
class Chart:
    """Calls to expect hour by hour against what can be answered, as a drawing and as numbers."""

    bars: tuple[Bar, ...]
    width: int
    capacity_y: int
    capacity: int
    worst: int
    first_at: datetime
    last_at: datetime
    ends_at: datetime
    waves: tuple[Wave, ...]
    is_too_slow: bool = False


@dataclass(frozen=True, slots=True)
class Again:
    """When people are told again: by now, later, or done."""

    number: int
    due_at: datetime
    is_done: bool
    is_due: bool
    is_next: bool


def chart_of(people: int, *, an_hour: int, first_at: datetime) -> Chart | None:
    """Return the drawing of a plan; none where too few answer, or there is nobody to tell."""
    lines = Lines(an_hour=an_hour)
    try:
        made = waves.plan(people, lines=lines, first_at=first_at)
    except TooSlow:
        return None
    if not made:
        return None
    hours = waves.expect(made, lines=lines)
    shown, top = hours[:MOST_BARS], max(an_hour, *(one.calls for one in hours)) * 1.15
    return Chart(
        bars=tuple(_bars(shown, top)),
        width=BAR * len(shown),
        capacity_y=HIGH - round(an_hour / top * HIGH),
        capacity=an_hour,
        worst=ceil(max(one.calls for one in hours)),
        first_at=made[0].at,
        last_at=made[-1].at,
        ends_at=shown[-1].at + waves.HOUR,
        waves=made,
    )


def dues_of(
    people: int, *, an_hour: int, first_at: datetime, again: int
) -> tuple[tuple[int, int], ...]:
    """Return, for each place in the list, the number of the wave and its time in seconds.

    Raises TooSlow.
    """
    made = waves.plan(people, lines=Lines(an_hour=an_hour), first_at=first_at)
    found = waves.dues(made)
    return tuple((again * A_ROUND + number, int(at.timestamp())) for number, at in found)


def again_of(first_at: datetime, round_now: int, *, is_told: bool, at: datetime) -> list[Again]:
    """Return the four times of telling again; of one that was told, the next one may be due."""
    made = []
    for number, after in enumerate(AGAIN_AFTER, 1):
        due_at, is_next = first_at + after, is_told and number == round_now + 1
        is_due = is_next and at >= due_at
        made.append(Again(number, due_at, number <= round_now, is_due, is_next))
    return made


def round_of(wave: int) -> int:
    """Return in which round a wave is: 0 for the first telling."""
    return wave // A_ROUND


def moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, tz=UTC)


def _bars(hours: Sequence[Hour], top: float) -> Iterator[Bar]:
    for place, hour in enumerate(hours):
        height = max(round(hour.calls / top * HIGH), 1 if hour.calls else 0)
        yield Bar(place * BAR + 1, HIGH - height, height)
