"""What the page of leaks shows: verdicts, counts, and everybody's tiers. Plain values."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from vaitiolo.breach.incidents import access as incidents
from vaitiolo.breach.incidents.access import KnownIncident, Line
from vaitiolo.breach.incidents.folding import moment
from vaitiolo.breach.leaks import access, found, words
from vaitiolo.breach.leaks.access import Account, ConsistentFacts, DecoyExport
from vaitiolo.breach.leaks.found import FoundPatient, Result
from vaitiolo.breach.leaks.tiers import Person, out, tiers
from vaitiolo.breach.leaks.words import Words
from vaitiolo.breach.scope import access as scopes
from vaitiolo.people import joining
from vaitiolo.people.actor import Actor
from vaitiolo.warden.kinds import Role

STEP: Final = "leak"
PAGE: Final = 50
MICROSECONDS: Final = 1_000_000
MAY_ASK: Final = frozenset({Role.PRIVACY_OFFICER, Role.MANAGER})


@dataclass(frozen=True, slots=True)
class Verdict:
    """A result on the whole, in words."""

    row: UUID
    at: datetime
    by: str = field(repr=False)
    words: Words
    sure: Words
    said: Any = field(repr=False)
    counts: tuple[tuple[Words, int], ...]
    not_before: datetime | None
    not_after: datetime | None
    left_out: tuple[tuple[str, str], ...]
    two_snapshots: bool
    new: int


@dataclass(frozen=True, slots=True)
class Row:
    """One part of somebody's record in one tier, in words."""

    part: Words
    tier: Words
    is_out: bool
    kinds: tuple[Words, ...]
    count: int
    days: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A person on the page."""

    number: int
    patient: UUID
    klass: Words
    is_new: bool
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Leaks:
    """All that is known of an incident's leaks."""

    head: KnownIncident
    results: tuple[Result, ...] = field(repr=False)
    verdicts: tuple[Verdict, ...]
    everybody: tuple[FoundPatient, ...] = field(repr=False)
    people: tuple[Person, ...] = field(repr=False)
    counts: tuple[tuple[Words, int], ...]
    shown: tuple[Shown, ...]
    scopes: tuple[tuple[int, str], ...] = field(repr=False)
    scope: int
    start: int
    files: int
    broken: int

    @property
    def total(self) -> int:
        return len(self.people)

    @property
    def told(self) -> tuple[UUID, ...]:
        """Who was found so that they are told."""
        return tuple(one.patient for one in self.everybody if one.is_told)

    @property
    def following(self) -> int:
        return self.start + PAGE if self.start + PAGE < self.total else 0

    @property
    def earlier(self) -> int:
        return max(self.start - PAGE, 0)


def read(actor: Actor, incident: UUID, *, scope: int = 0, start: int = 0) -> Leaks:
    """Read an incident's results; each look is recorded. Raises IncidentNotFound, SealBroken."""
    opened = incidents.open_incident(actor, incident)
    lines = [one for one in opened.lines if one.step == STEP]
    rows = {one.row: one for one in lines if one.row and one.is_readable}
    results = _results(actor, incident, rows)
    everybody, kept = found.together(results), _kept(actor, incident)
    chosen = scope if scope in dict(kept) else 0
    people = tiers(_listed(actor, incident, chosen) if chosen else (), results)
    return Leaks(
        head=opened.known,
        results=results,
        verdicts=tuple(_verdict(results[: at + 1], rows) for at in range(len(results))),
        everybody=everybody,
        people=people,
        counts=_counts(everybody),
        shown=_shown(people[start : start + PAGE], results, start=start),
        scopes=kept,
        scope=chosen,
        start=start,
        files=len(frozenset[str]().union(*(one.files for one in results))),
        broken=len(lines) - len(results),
    )


@dataclass(frozen=True, slots=True)
class FoundParts:
    """Which parts of whose record searches found, for whoever tells people of theirs."""

    is_searched: bool
    parts: Mapping[UUID, tuple[str, ...]]

    def of(self, patient: UUID) -> str:
        """Return the parts that were found, ``none``, or nothing where nothing was searched."""
        return (" ".join(self.parts.get(patient, ())) or "none") if self.is_searched else ""


def found_parts(actor: Actor, incident: UUID) -> FoundParts:
    """Return what an incident's results found of each person. Raises IncidentNotFound."""
    lines = incidents.open_incident(actor, incident).lines
    rows = {one.row: one for one in lines if one.step == STEP and one.row and one.is_readable}
    results = _results(actor, incident, rows) if rows else ()
    people = tiers((), results)
    parts = {one.patient: tuple(dict.fromkeys(out(one))) for one in people}
    return FoundParts(bool(results), parts)


def _results(actor: Actor, incident: UUID, rows: Mapping[UUID, Line]) -> tuple[Result, ...]:
    raw = access.read(actor, incident, list(rows))
    return tuple(
        found.read(raw[row], row=row, at=line.at) for row, line in rows.items() if row in raw
    )


@dataclass(frozen=True, slots=True)
class Fitting:
    """An account that fits, with the name of its unit, and how many of all it opened."""

    account: Account
    unit: str
    first: datetime
    last: datetime
    sessions: tuple[tuple[str, str, int, datetime, datetime], ...] = field(repr=False)


def fitting(facts: ConsistentFacts) -> tuple[Fitting, ...]:
    """Return the accounts as the page shows them."""
    units = {UUID(int=one.int): name for one, name in joining.list_units()}
    return tuple(
        Fitting(
            one,
            units.get(one.unit, "") if one.unit else "",
            _moment(one.first),
            _moment(one.last),
            tuple(
                (s.session[:8], s.network, s.patients, _moment(s.first), _moment(s.last))
                for s in one.sessions
            ),
        )
        for one in facts.accounts
    )


def list_exports(actor: Actor) -> tuple[tuple[DecoyExport, datetime], ...]:
    """Return which exports have decoys, the newest first."""
    return tuple((one, _moment(one.at)) for one in access.list_decoys(actor))


def take(actor: Actor, incident: UUID, row: UUID) -> bytes:
    """Return a result as it was put in. Raises IncidentNotFound."""
    raw = access.read(actor, incident, [row])
    if row not in raw:
        raise incidents.IncidentNotFound
    return raw[row]


def _kept(actor: Actor, incident: UUID) -> tuple[tuple[int, str], ...]:
    if actor.role not in MAY_ASK:
        return ()
    # Those of the house come after the incident's own.
    listed = [
        *scopes.list_asked(actor, incident=incident),
        *scopes.list_asked(actor, incident=None),
    ]
    return tuple((one.scope, one.kept) for one in listed if one.kept)


def _listed(actor: Actor, incident: UUID, scope: int) -> tuple[scopes.ScopePatient, ...]:
    own = {one.scope for one in scopes.list_asked(actor, incident=incident)}
    chain = incident if scope in own else None
    return tuple(scopes.list_everybody(actor, scope, controller="", incident=chain))


def _verdict(results: tuple[Result, ...], rows: dict[UUID, Line]) -> Verdict:
    last = results[-1]
    line, said = rows[last.row], last.said
    named, taken = str(said["verdict"]["authenticity"]), said["taken"]
    return Verdict(
        row=last.row,
        at=last.at,
        by=line.name,
        words=words.AUTHENTICITY.get(named, named),
        sure=words.SURENESS.get(named, ""),
        said=line.said,
        counts=_counts(last.patients),
        not_before=moment(taken["not_before"]),
        not_after=moment(taken["not_after"]),
        left_out=last.left_out,
        two_snapshots=bool(taken["two_snapshots"]),
        new=len(found.newly(results)),
    )


def _counts(patients: tuple[FoundPatient, ...]) -> tuple[tuple[Words, int], ...]:
    counted = Counter(one.klass for one in patients)
    return tuple((words.CLASSES[one], counted[one]) for one in found.CLASSES if counted[one])


def _shown(
    people: tuple[Person, ...], results: tuple[Result, ...], *, start: int
) -> tuple[Shown, ...]:
    classes = {one.patient: one.klass for one in found.together(results)}
    new = {one.patient for one in found.newly(results)} if len(results) > 1 else set()
    return tuple(
        Shown(
            number,
            one.patient,
            words.CLASSES.get(classes.get(one.patient, ""), ""),
            one.patient in new,
            tuple(
                Row(
                    words.PARTS[row.part],
                    words.TIERS[row.tier],
                    row.tier == "published",
                    tuple(words.KINDS.get(kind, kind) for kind in row.kinds),
                    row.count,
                    tuple(dict.fromkeys(day for day in (row.first, row.last) if day)),
                )
                for row in one.rows
            ),
        )
        for number, one in enumerate(people, start + 1)
    )


def _moment(time_us: int) -> datetime:
    return datetime.fromtimestamp(time_us / MICROSECONDS, tz=UTC)
