"""The score of a drill: minutes to each goal, of machines and of people, beside 2019 and 2020.

What programs need is measured in the run. What people need cannot be: it is stated here, generous
and the same in every drill, so that one drill can be compared with the next.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from vaitiolo.ops.replay import history

FORM: Final = "vaitiolo-drill-1"
DAY: Final = 1440.0


@dataclass(frozen=True, slots=True)
class Step:
    """Something that people do: how many minutes it is taken to last, and before which goal."""

    goal: str
    words: str
    minutes: float


# Each goal counts its own steps and those of all goals before it.
PEOPLE: Final[Sequence[Step]] = (
    Step("found", "somebody reads the mail and reports it", 5),
    Step("found", "an officer is reached, reads it and puts it under seal", 15),
    Step("found", "two officers take the kit and their shares to a computer without network", 25),
    Step("scoped", "an officer asks whom it reached and reads the answer", 10),
    Step("authority", "an officer goes through facts and severity, and sends the text", 20),
    Step("first notice", "two officers plan and approve who is told, and open the contacts", 30),
    Step("first notice", "help lines are told, two hours before anybody else", 120),
)
# Within how many minutes a goal is to be reached, and what history says of it.
GOALS: Final[Mapping[str, tuple[float, str]]] = {
    "found": (60.0, "a letter, after 563 days [TE]"),
    "scoped": (90.0, "never by the house itself [HS-L]"),
    "authority": (72 * 60.0, history.NOTE_TO_AUTHORITY),
    "first notice": (DAY, history.NOTE_TO_PEOPLE),
    "last notice": (DAY, "not known; some never [MTV5-23]"),
}


@dataclass(frozen=True, slots=True)
class Goal:
    """One goal: minutes from the mail's arrival, and how many of them machines took."""

    name: str
    minutes: float
    machine: float
    limit: float
    history: str

    @property
    def is_reached(self) -> bool:
        return self.minutes <= self.limit


@dataclass(slots=True)
class DrillScore:
    """What a drill came to. Everybody in it is invented."""

    patients: int
    reached: int
    seed: str
    today: str
    goals: list[Goal] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    machine: dict[str, str] = field(default_factory=dict)

    @property
    def is_passed(self) -> bool:
        """Whether every goal that could be tried was reached, and nothing went wrong."""
        return bool(self.goals) and not self.faults and all(one.is_reached for one in self.goals)

    def plain(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return {"form": FORM, "exercise": True, "passed": self.is_passed, **asdict(self)}


def goals_of(seconds: Mapping[str, float]) -> list[Goal]:
    """Return the goals that were reached, from machine seconds of each by itself."""
    made: list[Goal] = []
    machine = people = 0.0
    for name, (limit, past) in GOALS.items():
        if name not in seconds:
            break
        machine += seconds[name] / 60
        people += sum(one.minutes for one in PEOPLE if one.goal == name)
        total = round(machine + people, 2)
        made.append(Goal(name, total, round(machine, 3), limit, past))
    return made
