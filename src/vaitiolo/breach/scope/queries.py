"""What the pages of a scope show: counts, lines, and what they do not say. Plain values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from vaitiolo.breach.scope import access
from vaitiolo.breach.scope.access import (
    Done,
    KnownScope,
    Loss,
    ScopeFacts,
    ScopeKind,
    ScopePatient,
    ScopeQuery,
    Tier,
)
from vaitiolo.breach.scope.words import DONE, LOSSES, MEANS, PARTS, SILENT, TIERS, Words
from vaitiolo.people import joining
from vaitiolo.people import queries as people
from vaitiolo.people.actor import Actor
from vaitiolo.people.references import Reference

PAGE: Final = 50
MICROSECONDS: Final = 1_000_000
FORM: Final = "vaitiolo-scope-list-1"


@dataclass(frozen=True, slots=True)
class Choices:
    """Whom and which units a question can be about."""

    people: tuple[tuple[UUID, str], ...] = field(repr=False)
    units: tuple[tuple[UUID, str], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a patient's record on the list, in words."""

    name: Words
    tier: Words
    is_read: bool
    is_sealed: bool
    done: tuple[Words, ...]
    count: int
    first: datetime | None
    last: datetime | None


@dataclass(frozen=True, slots=True)
class Line:
    """A patient on the list; none for one who was erased."""

    number: int
    patient: UUID | None
    controllers: tuple[str, ...]
    perhaps_twice: bool
    refused: int
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """How many patients have a part of their record in a tier."""

    part: Words
    tier: Words
    patients: int
    is_read: bool
    is_sealed: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A question in words, as it was asked."""

    loss: Words
    since: datetime | None
    until: datetime
    person: str = field(repr=False)
    unit: str
    more: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Scope:
    """A scope as its page shows it."""

    number: int
    asked: Asked
    facts: ScopeFacts
    counts: tuple[Count, ...]
    means: tuple[Words, ...]
    silent: tuple[Words, ...]
    staff: tuple[str, ...] = field(repr=False)
    searches: int
    lines: tuple[Line, ...]
    controller: str
    total: int
    start: int

    @property
    def following(self) -> int:
        """Where the next page begins, or 0."""
        return self.start + PAGE if self.start + PAGE < self.total else 0

    @property
    def earlier(self) -> int:
        return max(self.start - PAGE, 0)


@dataclass(frozen=True, slots=True)
class Known:
    """A scope that was asked before."""

    number: int
    asked: Asked
    at: datetime
    by: str = field(repr=False)
    reason: str = field(repr=False)
    patients: int
    kept: str = field(repr=False)


def choices(actor: Actor) -> Choices:
    """Return the staff by name, those who have left last, and the units."""
    staff = tuple((UUID(int=one.id.int), one.name) for one in people.list_colleagues(actor))
    return Choices(staff, tuple((UUID(int=one.int), name) for one, name in joining.list_units()))


def list_known(actor: Actor, *, incident: UUID | None = None) -> tuple[Known, ...]:
    """Return what was asked before, the newest first."""
    told = choices(actor)
    return tuple(_known(one, told) for one in access.list_asked(actor, incident=incident))


def read(
    actor: Actor, number: int, *, start: int, controller: str, incident: UUID | None = None
) -> Scope:
    """Return a page of a scope. Raises ScopeNotFound."""
    listed = access.list_some(
        actor, number, start=start, count=PAGE, controller=controller, incident=incident
    )
    facts, told = listed.facts, choices(actor)
    names = dict(told.people)
    return Scope(
        number=number,
        asked=_asked(facts.query, told),
        facts=facts,
        counts=tuple(_count(one.klass, one.tier, one.patients) for one in facts.counts),
        means=_words(MEANS, facts.says),
        silent=_words(SILENT, facts.says),
        staff=tuple(sorted(names.get(one, str(one)) for one in facts.staff)),
        searches=sum(one.count for one in facts.others),
        lines=tuple(_line(one, at) for at, one in enumerate(listed.patients, start + 1)),
        controller=controller,
        total=listed.total,
        start=start,
    )


def as_file(
    actor: Actor, number: int, *, controller: str, at: datetime, incident: UUID | None = None
) -> dict[str, Any]:
    """Return a list with its evidence, for the officers to take away. Random ids, no name."""
    evidence, taken = access.prove(actor, number, incident=incident)
    everybody = access.list_everybody(actor, number, controller=controller, incident=incident)
    return {
        "controller": controller,
        "evidence": evidence,
        "form": FORM,
        "patients": [{**_as_json(one), "export": taken} for one in everybody],
        "reference": Reference(taken, actor.name, at).line(),
    }


def everybody(actor: Actor, number: int, *, incident: UUID | None = None) -> tuple[UUID, ...]:
    """Return the random ids of all patients of a scope of whom anything was reached."""
    listed = access.list_everybody(actor, number, controller="", incident=incident)
    return tuple(one.patient for one in listed if one.patient is not None and one.kinds)


def _known(one: KnownScope, told: Choices) -> Known:
    return Known(
        number=one.scope,
        asked=_asked(one.query, told),
        at=_moment(one.at) or datetime.fromtimestamp(0, tz=UTC),
        by=one.by,
        reason=one.reason,
        patients=one.patients,
        kept=one.kept,
    )


def _asked(query: ScopeQuery, told: Choices) -> Asked:
    more = (query.network, str(query.session or ""), query.card.hex())
    return Asked(
        loss=LOSSES[Loss(query.loss)],
        since=_moment(query.since),
        until=_moment(query.until) or datetime.fromtimestamp(0, tz=UTC),
        person=dict(told.people).get(query.person, "") if query.person else "",
        unit=dict(told.units).get(query.unit, "") if query.unit else "",
        more=tuple(filter(None, more)),
    )


def _count(klass: int, tier: int, patients: int) -> Count:
    part = PARTS.get(klass, PARTS[0])
    return Count(part, TIERS[Tier(tier)], patients, tier <= Tier.COULD, tier == Tier.SEALED)


def _line(one: ScopePatient, number: int) -> Line:
    return Line(
        number=number,
        patient=one.patient,
        controllers=one.controllers,
        perhaps_twice=one.perhaps_twice,
        refused=one.refused,
        parts=tuple(map(_part, one.kinds)),
    )


def _part(one: ScopeKind) -> Part:
    return Part(
        name=PARTS.get(one.klass, PARTS[0]),
        tier=TIERS[Tier(one.tier)],
        is_read=one.tier <= Tier.COULD,
        is_sealed=one.tier == Tier.SEALED,
        done=tuple(words for done, words in DONE.items() if Done(one.done) & done),
        count=one.count,
        first=_moment(one.first),
        last=_moment(one.last),
    )


def _as_json(one: ScopePatient) -> dict[str, Any]:
    return {
        "controllers": list(one.controllers),
        "mark": one.mark,
        "parts": [
            {
                "class": part.klass,
                "done": part.done,
                "first": part.first,
                "last": part.last,
                "tier": part.tier,
                "times": part.count,
            }
            for part in one.kinds
        ],
        "patient": str(one.patient) if one.patient else None,
        "perhaps_twice": one.perhaps_twice,
        "refused": one.refused,
    }


def _words(table: Mapping[str, Words], says: Iterable[str]) -> tuple[Words, ...]:
    return tuple(table[one] for one in says if one in table)


def _moment(time_us: int) -> datetime | None:
    return datetime.fromtimestamp(time_us / MICROSECONDS, tz=UTC) if time_us else None
