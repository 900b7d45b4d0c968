"""What answers about exercises of the breach desk are made of. Nobody is named in it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KnownDrill:
    """An exercise of the breach desk: how it stands, since when, and its score as JSON."""

    drill: int
    state: str
    asked_at: int
    at: int
    score: str
