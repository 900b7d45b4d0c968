"""So many different patients within a span of time: plain counting, no clock and no table."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Budget:
    """The most different patients in an hour and in a day; none means no such bound."""

    hour: int | None
    day: int | None


def allows(
    budget: Budget,
    *,
    wanted: frozenset[bytes],
    this_hour: frozenset[bytes],
    today: frozenset[bytes],
) -> bool:
    """Say whether the wanted may be opened on top of what was; what was counted is free."""
    within_hour = budget.hour is None or len(this_hour | wanted) <= budget.hour
    within_day = budget.day is None or len(today | wanted) <= budget.day
    return within_hour and within_day
