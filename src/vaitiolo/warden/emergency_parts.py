"""What messages about emergencies are made of: rosters, openings, sealed identities to compare."""

from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Roster:
    """Who is on call for a unit, and to whom of them the seed of its duty card is sealed by now."""

    unit: UUID
    persons: tuple[UUID, ...]
    ready: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class LivingGlass:
    """A patient whose record is open in an emergency, until when in seconds since 1970."""

    opening: int
    patient: UUID
    until: int


@dataclass(frozen=True, slots=True)
class DutyDocument:
    """A sealed identity document that is compared with an identity code, and not shown."""

    compartment: UUID
    version: int
    sealed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class GlassOpening:
    """A record that was opened in an emergency, to one of those whom it concerns.

    Times are in seconds since 1970. ``state`` is one of ``waits``, ``right``, ``wrong`` and
    ``no-answer``; ``is_askers`` says that the asker is who is to answer now. ``told`` is how the
    patient is told, empty where nobody said it yet.
    """

    opening: int
    at: int
    until: int
    opener: UUID
    opener_name: str = field(repr=False)
    patient: UUID | None
    unit: UUID
    reason: str = field(repr=False)
    team: tuple[str, ...] = field(repr=False)
    state: str
    by_name: str = field(repr=False)
    words: str = field(repr=False)
    incident: UUID | None
    told: str
    is_askers: bool
    is_own: bool
