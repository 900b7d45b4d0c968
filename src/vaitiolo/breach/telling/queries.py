"""What the pages of telling people show: plans, waves, how far each notice is. Plain values.

A row says which way and how far; no page of these shows whose it is, but the list by hand.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Count, Min

from vaitiolo.breach.models import Notice, Telling
from vaitiolo.breach.scope import queries as scopes
from vaitiolo.breach.scope.queries import Count as ScopeCount
from vaitiolo.breach.scope.queries import Known as KnownScope
from vaitiolo.breach.states import FAILED, NoticeState
from vaitiolo.breach.telling import access, folding
from vaitiolo.breach.telling.access import Channel, KnownTelling, TellingNotFound
from vaitiolo.breach.telling.folding import A_ROUND, Again, Chart
from vaitiolo.breach.telling.reading import (
    MAY_PLAN,
    asked_in,
    of_round,
    starts_at,
    written,
)
from vaitiolo.breach.telling.words import CHANNELS, STATES, Words
from vaitiolo.people.actor import Actor

BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class State:
    """How many notices of one way are how far."""

    channel: Words
    state: Words
    number: int
    is_bad: bool


@dataclass(frozen=True, slots=True)
class WaveRow:
    """A wave: how many are in it, when it goes, and how many of them have been told."""

    number: int
    at: datetime
    people: int
    told: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Letters that were printed together, or that are next; the number is its place."""

    number: int
    letters: int
    printed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Shown:
    """A telling as its page shows it."""

    known: KnownTelling
    round: int
    planned_at: datetime
    approved_at: datetime | None
    stopped_at: datetime | None
    first_at: datetime
    happened_from: datetime
    happened_to: datetime
    known_since: datetime
    chart: Chart | None
    is_mine: bool
    held_until: datetime | None
    written: int
    waves: tuple[WaveRow, ...]
    states: tuple[State, ...]
    told: int
    failed: int
    calls_open: int
    calls_late: int
    by_hand: int
    letters: int
    again: tuple[Again, ...]

    @property
    def id(self) -> UUID:
        return self.known.telling

    @property
    def is_approved(self) -> bool:
        return self.known.state == "approved"

    @property
    def is_stopped(self) -> bool:
        return self.known.state == "stopped"

    @property
    def left(self) -> int:
        """How many on the list have no notice in this round yet."""
        return max(self.known.patients - self.written, 0)

    @property
    def due_again(self) -> Again | None:
        return next((one for one in self.again if one.is_due), None)


@dataclass(frozen=True, slots=True)
class Task:
    """Somebody to be reached by a person: by the own therapist, or by an officer."""

    row: UUID
    patient: UUID
    channel: str
    until: datetime
    tries: int
    state: Words
    is_open: bool
    is_late: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """What a plan would come to, before anything is planned."""

    scope: int
    name: str
    patients: int
    erased: int
    refused: int
    counts: tuple[ScopeCount, ...]
    chart: Chart | None = field(default=None)


def list_kept(actor: Actor, incident: UUID) -> tuple[KnownScope, ...]:
    """Return the lists that count, from which a telling can be planned: the incident's first."""
    if actor.role not in MAY_PLAN:
        return ()
    known = (*scopes.list_known(actor, incident=incident), *scopes.list_known(actor))
    return tuple(one for one in known if one.kept)


def preview(actor: Actor, incident: UUID, scope: int) -> Preview:
    """Return what is known of a kept list. Raises ScopeNotFound."""
    within = asked_in(actor, incident, scope)
    read = scopes.read(actor, scope, start=0, controller="", incident=within)
    name = next((one.kept for one in list_kept(actor, incident) if one.number == scope), "")
    facts = read.facts
    return Preview(scope, name, facts.patients, facts.erased, facts.refused, read.counts)


def list_shown(actor: Actor, incident: UUID, *, at: datetime) -> tuple[Shown, ...]:
    """Return the tellings of an incident, the newest first. Raises TellingNotFound."""
    return tuple(_shown(actor, one, at=at) for one in access.list_all(actor, incident))


def find(actor: Actor, incident: UUID, telling: UUID) -> KnownTelling:
    """Return one telling. Raises TellingNotFound."""
    for one in access.list_all(actor, incident):
        if one.telling == telling:
            return one
    raise TellingNotFound


def show(actor: Actor, incident: UUID, telling: UUID, *, at: datetime) -> Shown:
    """Return one telling as its page shows it. Raises TellingNotFound."""
    return _shown(actor, find(actor, incident, telling), at=at)


def tasks(telling: UUID, channel: str, *, at: datetime) -> tuple[Task, ...]:
    """Return whom people reach by themselves, the open and late ones first."""
    rows = Notice.objects.filter(telling=telling, channel=channel, patient__isnull=False)
    found = [_task(one, at=at) for one in rows.order_by("due_at")]
    return tuple(sorted(found, key=lambda one: (not one.is_open, not one.is_late)))


def find_task(telling: UUID, row: UUID, *, at: datetime) -> Task | None:
    """Return one task; none where there is no such row."""
    found = Notice.objects.filter(id=row, telling=telling, patient__isnull=False).first()
    return None if found is None else _task(found, at=at)


def batches(telling: UUID) -> tuple[Batch, ...]:
    """Return the batches that were printed, and at the end the next one if there is one."""
    letters = Notice.objects.filter(telling=telling, channel=Channel.LETTER)
    printed = (
        letters.filter(taken_at__isnull=False)
        .values_list("taken_at")
        .annotate(number=Count("id"))
        .order_by("taken_at")
    )
    made = [Batch(place, number, at) for place, (at, number) in enumerate(printed, 1)]
    waiting = letters.filter(state=NoticeState.TASK, taken_at=None).count()
    return (*made, Batch(len(made) + 1, min(waiting, BATCH), None)) if waiting else tuple(made)


def letters_in(telling: UUID, batch: Batch) -> tuple[Notice, ...]:
    """Return the letters of a batch."""
    letters = Notice.objects.filter(telling=telling, channel=Channel.LETTER)
    if batch.printed_at is not None:
        return tuple(letters.filter(taken_at=batch.printed_at))
    waiting = letters.filter(state=NoticeState.TASK, taken_at=None)
    return tuple(waiting.order_by("due_at", "id")[:BATCH])


def _shown(actor: Actor, known: KnownTelling, *, at: datetime) -> Shown:
    row = Telling.objects.filter(id=known.telling).first()
    first_at, plan = starts_at(known, at=at), known.plan
    told = written(known)
    held = row.not_before if row is not None and row.not_before else None
    counted = _counted(known)
    return Shown(
        known=known,
        round=plan.followup,
        planned_at=folding.moment(known.planned),
        approved_at=folding.moment(known.approved) if known.approved else None,
        stopped_at=folding.moment(known.stopped) if known.stopped else None,
        first_at=first_at,
        happened_from=folding.moment(plan.happened_from),
        happened_to=folding.moment(plan.happened_to),
        known_since=folding.moment(plan.known_since),
        chart=folding.chart_of(known.patients, an_hour=plan.calls_an_hour, first_at=first_at),
        is_mine=known.planned_by == actor.id,
        held_until=held if held is not None and held > at else None,
        written=told,
        waves=_waves(known),
        states=_states(counted),
        told=_told(known),
        failed=sum(number for (_, state), number in counted.items() if state in FAILED),
        calls_open=counted[Channel.BY_CALL, NoticeState.TASK],
        calls_late=_late_calls(known, at=at),
        by_hand=counted[Channel.BY_HAND, NoticeState.TASK],
        letters=counted[Channel.LETTER, NoticeState.TASK],
        again=_again(known, told, at=at),
    )


def _counted(known: KnownTelling) -> Counter[tuple[str, int]]:
    rows = of_round(known).values_list("channel", "state").annotate(number=Count("id"))
    return Counter({(channel, state): number for channel, state, number in rows})


def _states(counted: Counter[tuple[str, int]]) -> tuple[State, ...]:
    hidden = {NoticeState.SPARE}
    order = {name: place for place, name in enumerate(CHANNELS)}
    found = sorted(counted.items(), key=lambda one: (order.get(one[0][0], 99), one[0][1]))
    return tuple(
        State(CHANNELS.get(channel, channel), STATES[NoticeState(state)], number, state in FAILED)
        for (channel, state), number in found
        if state not in hidden
    )


def _told(known: KnownTelling) -> int:
    done = of_round(known).filter(state__in=(NoticeState.SENT, NoticeState.DONE))
    people: int = done.aggregate(people=Count("patient", distinct=True))["people"] or 0
    return people


def _waves(known: KnownTelling) -> tuple[WaveRow, ...]:
    base = known.plan.followup * A_ROUND
    rows = of_round(known).filter(rank=1).values_list("wave")
    made = rows.annotate(at=Min("due_at"), people=Count("patient", distinct=True)).order_by("wave")
    done = of_round(known).filter(state__in=(NoticeState.SENT, NoticeState.DONE))
    told = dict(done.values_list("wave").annotate(people=Count("patient", distinct=True)))
    return tuple(WaveRow(wave - base, at, people, told.get(wave, 0)) for wave, at, people in made)


def _late_calls(known: KnownTelling, *, at: datetime) -> int:
    calls = of_round(known).filter(channel=Channel.BY_CALL)
    late = calls.filter(state=NoticeState.TASK, due_at__lt=at).count()
    return late + calls.filter(state=NoticeState.NOT_REACHED).count()


def _again(known: KnownTelling, told: int, *, at: datetime) -> tuple[Again, ...]:
    """Return when to tell again, reckoned from the first notice of all."""
    first = Notice.objects.filter(telling=known.telling, patient__isnull=False).aggregate(
        first=Min("due_at")
    )["first"]
    if first is None:
        return ()
    is_told = told > 0 and known.state == "approved"
    return tuple(folding.again_of(first, known.plan.followup, is_told=is_told, at=at))


def _task(row: Notice, *, at: datetime) -> Task:
    patient = row.patient_id
    assert patient is not None  # noqa: S101 - rows without one were left out
    is_open = row.state == NoticeState.TASK
    return Task(
        row=row.id,
        patient=patient,
        channel=row.channel,
        until=row.due_at,
        tries=row.tries,
        state=STATES[NoticeState(row.state)],
        is_open=is_open,
        is_late=row.state == NoticeState.NOT_REACHED or (is_open and row.due_at < at),
    )
