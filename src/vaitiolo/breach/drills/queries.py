"""What the pages of exercises show: when, how they stand, minutes to each goal."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vaitiolo.breach.drills import access
from vaitiolo.breach.drills.access import KnownDrill
from vaitiolo.people.actor import Actor
from vaitiolo.warden.kinds import Role

OFFICERS: Final = frozenset({Role.PRIVACY_OFFICER, Role.MANAGER, Role.REGISTRAR})
EACH: Final = timedelta(days=31)
GOALS: Final[dict[str, str | Promise]] = {
    "found": _("found"),
    "scoped": _("whom it reached"),
    "authority": _("authority told"),
    "first notice": _("first person told"),
    "last notice": _("last person told"),
}


@dataclass(frozen=True, slots=True)
class Goal:
    """One goal of an exercise, in whole minutes."""

    name: str | Promise
    minutes: int
    is_late: bool


@dataclass(frozen=True, slots=True)
class Exercise:
    """An exercise as its page shows it."""

    state: str
    asked_at: datetime
    ended_at: datetime
    goals: tuple[Goal, ...]
    untried: tuple[str | Promise, ...]
    is_passed: bool

    @property
    def is_open(self) -> bool:
        return self.state in {"asked", "begun"}


@dataclass(frozen=True, slots=True)
class Reminder:
    """How long ago the last exercise was; ``days`` is None where there was none."""

    days: int | None
    is_due: bool
    is_open: bool


def list_all(actor: Actor) -> tuple[Exercise, ...]:
    """Return every exercise, the newest first. Raises NotAllowed."""
    return tuple(map(_exercise, access.list_all(actor)))


def remind(actor: Actor, *, at: datetime) -> Reminder | None:
    """Return how the last exercise stands, for officers; nobody else is reminded."""
    if actor.role not in OFFICERS:
        return None
    known = list_all(actor)
    done = next((one for one in known if one.state == "done"), None)
    passed = None if done is None else at - done.ended_at
    return Reminder(
        days=None if passed is None else max(passed.days, 0),
        is_due=passed is None or passed > EACH,
        is_open=bool(known) and known[0].is_open,
    )


def _exercise(one: KnownDrill) -> Exercise:
    score = _score(one.score)
    goals = tuple(
        Goal(GOALS[goal["name"]], round(goal["minutes"]), goal["minutes"] > goal["limit"])
        for goal in score.get("goals", ())
        if goal.get("name") in GOALS
    )
    tried = {goal["name"] for goal in score.get("goals", ())}
    return Exercise(
        one.state,
        _moment(one.asked_at),
        _moment(one.at),
        goals,
        tuple(words for name, words in GOALS.items() if one.state == "done" and name not in tried),
        bool(score.get("passed")),
    )


def _score(text: str) -> dict[str, Any]:
    read = json.loads(text) if text else {}
    return read if isinstance(read, dict) else {}


def _moment(time_us: int) -> datetime:
    return datetime.fromtimestamp(time_us / 1_000_000, tz=UTC)
