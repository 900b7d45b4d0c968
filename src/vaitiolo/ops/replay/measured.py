"""What a replay measures: acts, and figures side by side. Values only."""

from dataclasses import asdict, dataclass, field
from typing import Any, Final

OPEN: Final = "-"


class ProvesNothing(Exception):
    """An attack that has to succeed against the stand-in did not: nothing here would mean much."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing that was measured: in 2017 to 2020, at the stand-in, and here. With units."""

    name: str
    stand_in: str
    ours: str
    history: str = OPEN


@dataclass(frozen=True, slots=True)
class Bar:
    """Two shares of one whole, to be drawn."""

    name: str
    of: int
    stand_in: int
    ours: int


@dataclass(frozen=True, slots=True)
class Act:
    """One act of the play. ``holds`` says whether it ended here as it should."""

    key: str
    title: str
    story: tuple[str, ...]
    figures: tuple[Figure, ...]
    holds: bool
    seconds: float
    bars: tuple[Bar, ...] = ()


@dataclass(frozen=True, slots=True)
class Missing:
    """An act that cannot be played yet, and why."""

    title: str
    history: str
    why: str


@dataclass(slots=True)
class Score:
    """All that a replay found out."""

    patients: int
    notes: int
    seed: str
    today: str
    acts: list[Act] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)
    # Minutes from the first sign, by what was reached.
    minutes: dict[str, float] = field(default_factory=dict)
    machine: dict[str, str] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        return all(act.holds for act in self.acts)

    def plain(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return {"form": "vaitiolo-replay-1", "holds": self.holds, **asdict(self)}


def demand(is_so: bool, what: str) -> None:  # noqa: FBT001 - a condition, as in an assertion
    """Go on only if an attack did what it has to do. Raises ProvesNothing."""
    if not is_so:
        raise ProvesNothing(f"The attack on the stand-in failed: {what}. Nothing was proved.")


def said(seconds: float) -> str:
    """Say how long something took."""
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 90:  # noqa: PLR2004 - from here on minutes read better
        return f"{seconds:.1f} s"
    return f"{seconds / 60:.1f} min"
