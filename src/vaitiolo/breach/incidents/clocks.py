"""The clocks that run beside an incident: data with a source and a date, and plain arithmetic.

Nothing here asks what time it is. Hours are elapsed hours, whatever the clocks on the wall do.
"""

import calendar
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from django.utils.translation import get_language

from vaitiolo.kit.dates import HELSINKI

DATA: Final = Path(__file__).parent / "data" / "clocks.toml"
DONE, NOT_NEEDED, ASIDE, RUNNING = "done", "not-needed", "aside", "running"
_YEAR: Final = 12


@dataclass(frozen=True, slots=True)
class Rule:
    """A clock as the law or the house sets it."""

    key: str
    applies: str
    hours: int
    months: int
    target: int
    after: str
    addressee: Mapping[str, str]
    step: Mapping[str, str]
    source: str
    dated: str

    @property
    def name(self) -> str:
        """Say in one line what the clock is for."""
        return f"{_spoken(self.addressee)}: {_spoken(self.step)}"


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said of a clock: how it stands, when that was so, and why."""

    state: str
    at: datetime
    reason: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock at a moment. ``due`` is none where the law only says: without delay."""

    rule: Rule
    due: datetime | None
    target: datetime | None
    state: str
    said: Said | None
    now: datetime

    @property
    def addressee(self) -> str:
        return _spoken(self.rule.addressee)

    @property
    def step(self) -> str:
        return _spoken(self.rule.step)

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done: to put it aside stops no clock of the law."""
        return self.state in {RUNNING, ASIDE, "judge"}

    @property
    def ends(self) -> datetime | None:
        """What it is measured against: the law's time, or else the house's own aim."""
        return self.due or self.target

    @property
    def is_over(self) -> bool:
        return self.is_open and self.ends is not None and self.now > self.ends

    @property
    def hours_left(self) -> int:
        """Whole hours to go, or gone by."""
        if self.ends is None:
            return 0
        return int(abs((self.ends - self.now).total_seconds()) // 3600)


def read_rules() -> tuple[Rule, ...]:
    """Return the clocks of the data file, as they stand there."""
    read = tomllib.loads(DATA.read_text(encoding="utf-8"))
    return tuple(_rule(one) for one in read["clock"])


def run(began: datetime, said: Mapping[str, Said], *, at: datetime) -> tuple[Clock, ...]:
    """Return every clock of an incident that began at T0, as it stands at a moment."""
    ends: dict[str, datetime] = {}
    clocks = []
    for rule in RULES:
        start = _start(rule, began, ends=ends, said=said)
        due = end_of(rule, start)
        if due is not None:
            ends[rule.key] = due
        told = said.get(rule.key)
        state = told.state if told else _untold(rule)
        target = start + timedelta(hours=rule.target) if rule.target else None
        clocks.append(Clock(rule, due, target, state, told, at))
    return tuple(clocks)


def end_of(rule: Rule, start: datetime) -> datetime | None:
    """Return when a period ends: elapsed hours, or the same hour of the day months later."""
    if rule.hours:
        return start.astimezone(UTC) + timedelta(hours=rule.hours)
    return _months_on(start, rule.months) if rule.months else None


def _start(
    rule: Rule, began: datetime, *, ends: Mapping[str, datetime], said: Mapping[str, Said]
) -> datetime:
    earlier = said.get(rule.after)
    if earlier is not None and earlier.state == DONE:
        return earlier.at
    return ends.get(rule.after, began)


def _months_on(start: datetime, months: int) -> datetime:
    """Return the same time of day here, months later; the month's last day where it is shorter."""
    here = start.astimezone(HELSINKI)
    year, month = divmod(here.year * _YEAR + here.month - 1 + months, _YEAR)
    day = min(here.day, calendar.monthrange(year, month + 1)[1])
    return here.replace(year=year, month=month + 1, day=day).astimezone(UTC)


def _untold(rule: Rule) -> str:
    return RUNNING if rule.applies == "always" else "judge"


def _rule(read: Mapping[str, Any]) -> Rule:
    return Rule(
        key=str(read["key"]),
        applies=str(read["applies"]),
        hours=int(read.get("hours", 0)),
        months=int(read.get("months", 0)),
        target=int(read.get("target", 0)),
        after=str(read.get("after", "")),
        addressee=dict(read["addressee"]),
        step=dict(read["step"]),
        source=str(read["source"]),
        dated=str(read["dated"]),
    )


def _spoken(words: Mapping[str, str]) -> str:
    return words.get((get_language() or "en")[:2], words["en"])


RULES: Final = read_rules()
