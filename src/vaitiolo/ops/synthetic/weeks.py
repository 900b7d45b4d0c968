"""Lays out a therapist's weeks: which patient comes when, who came and what is still to be written.

Everything follows from numbers and dates, so that notes and diary agree without knowing each other.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Literal

State = Literal["booked", "held", "cancelled", "missed"]

HOURS = tuple(time(hour, minute) for hour, minute in (
    (8, 0), (9, 0), (10, 0), (11, 0), (12, 30), (13, 30), (14, 30), (15, 30),
))  # fmt: skip
WORKING_DAYS = 5
FEWEST_A_DAY = 6
WEEKS_BACK = 6
WEEKS_AHEAD = 6
HOLIDAYS = frozenset({(1, 1), (1, 6), (5, 1), (12, 6), (12, 24), (12, 25), (12, 26)})
OUTCOMES: tuple[State, ...] = ("cancelled", "cancelled", "missed", "held")
A_DAY, A_WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in a therapist's week. `turn` counts within the day, `left` the slots after it."""

    weekday: int
    turn: int
    left: int
    at: time


def is_working_day(day: date) -> bool:
    return day.weekday() < WORKING_DAYS and (day.month, day.day) not in HOLIDAYS


def last_working_day(today: date) -> date:
    day = today - A_DAY
    while not is_working_day(day):
        day -= A_DAY
    return day


def slots_of(therapist: int) -> tuple[Slot, ...]:
    """List the six to eight sessions of each weekday of a therapist."""
    found = []
    for weekday in range(WORKING_DAYS):
        count = FEWEST_A_DAY + (therapist + 2 * weekday) % 3
        found += [
            Slot(weekday, turn, count - 1 - turn, HOURS[turn + (8 - count) * (weekday % 2)])
            for turn in range(count)
        ]
    return tuple(found)


def uncharted_slots(therapist: int) -> int:
    """Count the sessions at the end of the last working day that are still to be written up."""
    return 2 if therapist == 0 else int(therapist % 3 == 0)


@dataclass(frozen=True, slots=True)
class Week:
    """The standing week of one therapist: its places, and which places each patient has."""

    therapist: int
    today: date
    written_until: date
    places: tuple[Slot, ...]
    own: tuple[tuple[Slot, ...], ...]

    def holder(self, place: int) -> int:
        """Tell whose turn in the caseload a place in the week is."""
        return place % len(self.own)

    def own_slots(self, turn: int) -> tuple[Slot, ...]:
        """List the places of a patient; one who no longer comes has none."""
        return self.own[turn] if turn < len(self.own) else ()

    def is_uncharted(self, slot: Slot, day: date) -> bool:
        return day == self.written_until and slot.left < uncharted_slots(self.therapist)

    def state(self, slot: Slot, day: date, *, patient: int) -> State:
        """Tell what became of a session; of a hundred, four were cancelled and two missed."""
        if day >= self.today:
            return "booked"
        if self.is_uncharted(slot, day):
            return "held"
        lot = (patient * 7_919 + day.toordinal() * 104_729 + slot.turn) % 100
        return OUTCOMES[min(lot // 2, 3)]

    def charted_days(self, turn: int, *, patient: int, count: int) -> list[date]:
        """List the newest days with a note of a patient who still comes, newest first.

        As many as asked for, or as many as the diary shows sessions, if that is more.
        """
        slots, monday, days = self.own_slots(turn), self.monday(), list[date]()
        while len(days) < count or monday >= self.diary_begins():
            for slot in reversed(slots):
                day = monday + slot.weekday * A_DAY
                if self.has_note(slot, day, patient=patient) and day not in days[-1:]:
                    days.append(day)
            monday -= A_WEEK
        return days

    def has_note(self, slot: Slot, day: date, *, patient: int) -> bool:
        if day >= self.today or not is_working_day(day) or self.is_uncharted(slot, day):
            return False
        return self.state(slot, day, patient=patient) == "held"

    def monday(self) -> date:
        return self.today - self.today.weekday() * A_DAY

    def diary_begins(self) -> date:
        return self.monday() - WEEKS_BACK * A_WEEK

    def days(self) -> Iterator[date]:
        """List the working days of the diary; the first therapist works today in any case."""
        day = self.diary_begins()
        while day < self.monday() + (WEEKS_AHEAD + 1) * A_WEEK:
            if is_working_day(day) or (day == self.today and self.therapist == 0):
                yield day
            day += A_DAY

    def places_on(self, day: date) -> list[tuple[int, Slot]]:
        weekday = day.weekday() % WORKING_DAYS
        return [(p, s) for p, s in enumerate(self.places) if s.weekday == weekday]


def lay_out(therapist: int, *, caseload: int, today: date) -> Week:
    """Lay out a therapist's week. Nobody comes more than twice; who finds no place has left."""
    places = slots_of(therapist)[: 2 * caseload]
    holders = min(caseload, len(places))
    own = tuple(places[turn::holders] for turn in range(holders))
    return Week(therapist, today, last_working_day(today), places, own)
