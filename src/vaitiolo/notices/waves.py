"""In which waves people are told, so that whoever answers the phone can answer. Pure reckoning.

It sends nothing and asks no clock: out of a number of people come moments, and how many calls are
to be expected in each hour in which somebody answers.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from vaitiolo.kit.dates import HELSINKI

# Twenty people first, and a pause in which somebody still can press "stop".
FIRST: Final = 20
PAUSE: Final = timedelta(minutes=10)
HOUR: Final = timedelta(hours=1)
# Beyond that many waves no telling is "without undue delay": more people have to answer.
MOST_WAVES: Final = 200
# The help lines of October 2020 are the only figures there are. RIKU had about 1,800 contacts in
# nine days (22 to 30 October) about some 36,000 people: five of a hundred. MIELI had about 1,300
# attempts on the Sunday and 250 in its worst hour, a fifth of them.
CALLS_OF_A_HUNDRED: Final = 5
PEAK: Final = 250 / 1_300


class TooSlow(ValueError):
    """With so few calls an hour the last would be told after too many waves."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Who answers: calls an hour, from which hour of the day to which, and how many will call.

    ``peak`` is the share of a wave's calls in its first hour; each later hour has as much less.
    All calls of nine days are laid into the first day or two, which is the careful side.
    """

    an_hour: int
    opens: int = 8
    closes: int = 20
    of_a_hundred: int = CALLS_OF_A_HUNDRED
    peak: float = PEAK

    @property
    def at_once(self) -> float:
        """How many calls one notice brings in the hour in which it comes."""
        return self.of_a_hundred / 100 * self.peak

    def answer(self, at: datetime) -> bool:
        return self.opens <= at.astimezone(HELSINKI).hour < self.closes


@dataclass(frozen=True, slots=True)
class Wave:
    """So many people, told from a moment on."""

    number: int
    at: datetime
    people: int


@dataclass(frozen=True, slots=True)
class Hour:
    """An hour in which somebody answers, how many are told in it, and the calls expected."""

    at: datetime
    people: int
    calls: float


def plan(count: int, *, lines: Lines, first_at: datetime) -> tuple[Wave, ...]:
    """Return the waves for so many people. Raises TooSlow.

    The first has twenty. In no hour more calls are expected than can be answered, and nobody is
    told while nobody answers: a notice in the night would leave people alone with it.
    """
    waves: list[Wave] = []
    left, waiting = count, 0.0
    for hour in _hours(lines, first_at):
        room = int((lines.an_hour - waiting) / lines.at_once) if lines.at_once else left
        for at, people in _of_hour(hour, min(left, max(room, 0)), is_first=not waves):
            waves.append(Wave(len(waves) + 1, at, people))
            left -= people
            waiting += people * lines.at_once
        if not left:
            break
        if len(waves) >= MOST_WAVES:
            raise TooSlow
        waiting *= 1 - lines.peak
    return tuple(waves)


def expect(waves: Sequence[Wave], *, lines: Lines) -> tuple[Hour, ...]:
    """Return the calls to expect, hour by hour, until fewer than one is left."""
    if not waves:
        return ()
    found: list[Hour] = []
    waiting = 0.0
    for hour in _hours(lines, waves[0].at):
        people = sum(one.people for one in waves if hour <= one.at < hour + HOUR)
        waiting += people * lines.at_once
        if hour > waves[-1].at and waiting < 1:
            break
        found.append(Hour(hour, people, waiting))
        waiting *= 1 - lines.peak
    return tuple(found)


def dues(waves: Sequence[Wave]) -> tuple[tuple[int, datetime], ...]:
    """Return, for each person in the order of the list, in which wave they are and when."""
    return tuple((one.number, one.at) for one in waves for _person in range(one.people))


def _hours(lines: Lines, first_at: datetime) -> Iterator[datetime]:
    """Yield the beginnings of hours in which somebody answers; the first as it was asked for."""
    if not 0 <= lines.opens < lines.closes <= 24 or lines.an_hour < 1:  # noqa: PLR2004 - of a day
        raise ValueError("lines that answer nobody")
    at = first_at
    while True:
        if lines.answer(at):
            yield at
        at += HOUR


def _of_hour(hour: datetime, people: int, *, is_first: bool) -> Iterator[tuple[datetime, int]]:
    first = min(people, FIRST) if is_first else 0
    if first:
        yield hour, first
    if people > first:
        yield (hour + PAUSE if is_first else hour), people - first
