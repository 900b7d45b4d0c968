"""What a desk says of patients who are handed over: planned by its holder, or come from another.

Pure values and their form in a desk. Raises ValueError, TypeError for what it cannot read.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID


class Handing(StrEnum):
    """How far a hand-over has come. What is done stands on no desk any more."""

    WAITS = "waits"
    CONFIRMED = "confirmed"
    RESTS = "rests"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class HandingOver:
    """A patient to be handed over: to whom, from which day, and until when one reads on.

    With ``until`` the colleague is a substitute, whose access ends by itself; the own one stays.
    """

    to: UUID
    day: date
    state: Handing
    keep: date | None = None
    words: str = field(default="", repr=False)
    until: date | None = None

    def is_due(self, today: date) -> bool:
        """Tell whether it is time: of one who asked for a rest, when the rest is over."""
        return self.state is not Handing.REFUSED and self.day <= today

    def write(self) -> list[Any]:
        ends = [None if day is None else day.isoformat() for day in (self.keep, self.until)]
        return [self.to.hex, self.day.isoformat(), self.state, self.words, *ends]


@dataclass(frozen=True, slots=True)
class Come:
    """A patient who was handed over to the holder: by whom, on which day, with which words."""

    giver: str = field(repr=False)
    day: date
    words: str = field(repr=False)

    def write(self) -> list[Any]:
        return [self.giver, self.day.isoformat(), self.words]


def read_handing(said: list[Any]) -> HandingOver:
    to, day, state, words, *ends = said
    keep, until = (None if end is None else date.fromisoformat(end) for end in ends)
    return HandingOver(
        UUID(to), date.fromisoformat(day), Handing(state), keep, str(words), until=until
    )


def read_come(said: list[Any]) -> Come:
    giver, day, words = said
    return Come(str(giver), date.fromisoformat(day), str(words))
