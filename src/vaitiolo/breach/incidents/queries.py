"""What the pages of incidents show. Reading one is recorded; a list shows numbers and times."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from django.utils.functional import Promise

from vaitiolo.breach.duties import queries as duties
from vaitiolo.breach.duties.queries import Duties
from vaitiolo.breach.incidents import access, clocks, folding, words
from vaitiolo.breach.incidents.access import IncidentNotFound, KnownIncident, Line
from vaitiolo.breach.incidents.clocks import Clock
from vaitiolo.breach.incidents.folding import Decision, Event, Evidence, Task
from vaitiolo.people import queries as people
from vaitiolo.people.actor import Actor

MAY_BE_LET_IN: Final = frozenset({"officer", "manager", "registrar", "operator"})


@dataclass(frozen=True, slots=True)
class Listed:
    """An incident in a list: number and times; what kind of thing only where one is in it."""

    id: UUID
    number: int
    cause: str | Promise
    began_at: datetime
    opened_at: datetime
    opened_by: str = field(repr=False)
    officers: tuple[str, ...] = field(repr=False)
    state: str
    is_held: bool
    is_own: bool
    is_seen: bool
    is_decided: bool
    patient: UUID | None

    @property
    def is_open(self) -> bool:
        return self.state in {"open", "asked"}


@dataclass(frozen=True, slots=True)
class Wrong:
    """An entry that the ledger has and that is not stored, or is not what was signed."""

    line: Line
    what: str | Promise


@dataclass(frozen=True, slots=True)
class Recorded:
    """One line of everything that was recorded."""

    line: Line
    what: str


@dataclass(frozen=True, slots=True)
class Incident:
    """An incident as its officers see it."""

    head: Listed
    events: tuple[Event, ...]
    tasks: tuple[Task, ...]
    roles: tuple[tuple[str | Promise, str], ...]
    evidence: tuple[Evidence, ...]
    decisions: tuple[Decision, ...]
    notify: Line | None
    clocks: tuple[Clock, ...]
    duties: Duties
    links: tuple[Line, ...]
    wrong: tuple[Wrong, ...]
    strays: int
    recorded: tuple[Recorded, ...]
    asked_by: str = field(repr=False)
    is_asked_by_me: bool

    @property
    def running(self) -> tuple[Clock, ...]:
        """The clocks on which something is still to be done, the nearest first."""
        far = datetime.max.replace(tzinfo=UTC)
        open_ones = [one for one in self.clocks if one.is_open and one.state != "judge"]
        return tuple(sorted(open_ones, key=lambda one: one.ends or far))

    @property
    def to_judge(self) -> tuple[Clock, ...]:
        """The clocks of which nobody has said whether they concern this incident."""
        return tuple(one for one in self.clocks if one.state == "judge")

    @property
    def settled(self) -> tuple[Clock, ...]:
        return tuple(one for one in self.clocks if not one.is_open)

    @property
    def open_tasks(self) -> tuple[Task, ...]:
        return tuple(one for one in self.tasks if one.done_at is None)

    @property
    def ransom(self) -> Decision | None:
        """What was last decided about contact and payment; none: the default stands."""
        return next((one for one in self.decisions if one.topic == "ransom"), None)


def list_incidents(actor: Actor) -> tuple[Listed, ...]:
    """Return what the actor may know of, the newest first."""
    return tuple(map(_listed, access.list_incidents(actor)))


def incident_key(actor: Actor) -> access.IncidentKey | None:
    """Return for an officer whether the house keeps what a leak is searched with."""
    return access.incident_key(actor)


def get_receipt(actor: Actor, incident: UUID) -> Listed:
    """Return an incident as its reporter is told of it. Raises IncidentNotFound."""
    for one in list_incidents(actor):
        if one.id == incident:
            return one
    raise IncidentNotFound


def read_incident(actor: Actor, incident: UUID, *, at: datetime) -> Incident:
    """Read an incident at a moment; recorded first. Raises IncidentNotFound."""
    opened = access.open_incident(actor, incident)
    lines, head = opened.lines, _listed(opened.known)
    asked = next((one for one in reversed(lines) if one.step == "ask-close"), None)
    return Incident(
        head=head,
        events=folding.events(lines),
        tasks=folding.tasks(lines, at=at),
        roles=folding.roles(lines),
        evidence=folding.evidence(lines),
        decisions=folding.decisions(lines),
        notify=folding.notify(lines),
        clocks=clocks.run(head.began_at, folding.clocks_said(lines), at=at),
        duties=duties.of_opened(actor, opened, at=at),
        links=folding.links(lines),
        wrong=tuple(_wrong(one) for one in lines if one.state in {"missing", "broken"}),
        strays=opened.strays,
        recorded=tuple(Recorded(one, _what(one)) for one in reversed(lines)),
        asked_by=asked.name if asked and head.state == "asked" else "",
        is_asked_by_me=bool(asked and asked.person == actor.id),
    )


def list_people(actor: Actor) -> tuple[tuple[str, str], ...]:
    """Return who works here, as a form offers them."""
    return tuple((str(one.id), one.name) for one in people.list_colleagues(actor) if one.is_active)


def list_who_may_be_let_in(actor: Actor, head: Listed) -> tuple[tuple[str, str], ...]:
    """Return the officers and operators who are not in an incident."""
    return tuple(
        (str(one.id), one.name)
        for one in people.list_colleagues(actor)
        if one.is_active and one.role in MAY_BE_LET_IN and one.name not in head.officers
    )


def _listed(one: KnownIncident) -> Listed:
    return Listed(
        id=one.incident,
        number=one.number,
        cause=words.CAUSES.get(one.cause, one.cause),
        began_at=datetime.fromtimestamp(one.began, tz=UTC),
        opened_at=datetime.fromtimestamp(one.opened, tz=UTC),
        opened_by=one.opened_by,
        officers=one.officers,
        state=one.state,
        is_held=one.is_held,
        is_own=one.is_own,
        is_seen=one.seen > 0,
        is_decided=one.decided > 0,
        patient=one.patient,
    )


def _wrong(line: Line) -> Wrong:
    return Wrong(line, words.STEPS.get(line.step, line.step))


def _what(line: Line) -> str:
    return str(words.STEPS.get(line.step, line.step)) % {"other": line.other_name}
