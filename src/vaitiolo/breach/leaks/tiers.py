"""Three tiers for each person and part, never merged: taken, found published, not found so far.

What the ledger says and what a search found stand beside each other: neither takes the other away.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final
from uuid import UUID

from vaitiolo.breach.leaks.found import FoundPatient, Result, together
from vaitiolo.breach.scope.access import ScopePatient, Tier
from vaitiolo.warden.kinds import CompartmentClass

TAKEN, COULD, PUBLISHED, NOT_FOUND = "taken", "could", "published", "not-found"
SECOND: Final = 1_000_000
PARTS: Final = {
    CompartmentClass.IDENTITY: "identity",
    CompartmentClass.CHART: "chart",
    CompartmentClass.COPY: "chart",
    CompartmentClass.WORKING: "working",
    CompartmentClass.SHARED: "shared",
}
_OF_SCOPE: Final = {Tier.READ: TAKEN, Tier.COULD: COULD}
# As a page for the person calls them.
KINDS: Final = {"code": "identity-code", "mail": "email", "phone": "phone"}


@dataclass(frozen=True, slots=True)
class Tiered:
    """One part of a person's record in one tier: of which kinds, how often, between which days."""

    part: str
    kinds: tuple[str, ...]
    tier: str
    count: int
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Person:
    """A person's rows. What was not found was not found as of ``as_of`` in ``files`` files."""

    patient: UUID
    rows: tuple[Tiered, ...]
    as_of: datetime | None
    files: int


def tiers(scope: Iterable[ScopePatient], results: Sequence[Result]) -> tuple[Person, ...]:
    """Return everybody on a scope's list or in a leak with their tiers, by their random ids.

    A part that was taken and found has two rows. Without results nothing is said of finding. Who
    was erased, and who was found only in a way that is for a reviewer, is left out.
    """
    found = {one.patient: one for one in together(results) if one.is_told}
    listed = {one.patient: one for one in scope if one.patient is not None}
    files = len(frozenset[str]().union(*(one.files for one in results)))
    as_of = max((one.at for one in results), default=None)
    people = []
    for patient in sorted({*listed, *found}):
        taken = [] if patient not in listed else list(_taken(listed[patient]))
        out = [] if patient not in found else list(_published(found[patient]))
        missing = _missing(taken, out) if results else ()
        people.append(Person(patient, (*taken, *out, *missing), as_of, files))
    return tuple(one for one in people if one.rows)


def out(person: Person) -> list[str]:
    """Return the parts of somebody's record that were found published."""
    return [one.part for one in person.rows if one.tier == PUBLISHED]


def _taken(one: ScopePatient) -> Iterator[Tiered]:
    for kind in one.kinds:
        tier, part = _OF_SCOPE.get(Tier(kind.tier)), PARTS.get(CompartmentClass(kind.klass or 1))
        if tier and part and kind.klass:
            yield Tiered(part, (), tier, kind.count, _day(kind.first), _day(kind.last))


def _published(one: FoundPatient) -> Iterator[Tiered]:
    if one.kinds:
        kinds = tuple(sorted(KINDS.get(kind, kind) for kind in one.kinds))
        yield Tiered("identity", kinds, PUBLISHED, len(kinds), None, None)
    if one.is_sure and one.notes:
        first, last = (date.fromisoformat(one.days[at]) for at in (0, -1))
        notes = len({note.note for note in one.notes})
        yield Tiered("chart", ("notes",), PUBLISHED, notes, first, last)


def _missing(taken: Sequence[Tiered], out: Sequence[Tiered]) -> tuple[Tiered, ...]:
    there = {one.part for one in out}
    searched = dict.fromkeys(["identity", "chart", *(one.part for one in taken)])
    # A search knows texts of notes and identifiers alone: of the rest it says nothing.
    wanted = [one for one in searched if one in {"identity", "chart"} and one not in there]
    return tuple(Tiered(part, (), NOT_FOUND, 0, None, None) for part in wanted)


def _day(time_us: int) -> date | None:
    return datetime.fromtimestamp(time_us / SECOND, tz=UTC).date() if time_us else None
