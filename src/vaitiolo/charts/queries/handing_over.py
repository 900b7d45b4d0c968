"""What the page of handing over shows: the caseload by name, what is planned, what lies open."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from vaitiolo.charts.access import OpenDesk
from vaitiolo.charts.due import due_for, due_ids
from vaitiolo.kit.dates import day_of
from vaitiolo.kit.ids import HolderId, PatientId
from vaitiolo.people import own_keys
from vaitiolo.people import queries as people
from vaitiolo.people.actor import ROLE_WORDS
from vaitiolo.people.desk_handing import Handing, HandingOver
from vaitiolo.people.desks import Client, Desk, State
from vaitiolo.warden.kinds import Role


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands on the desk for a patient: sessions to come, and notes that are not signed."""

    booked: int
    unwritten: int


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A patient in a plan. A refusal or a rest is what the patient said."""

    patient_id: PatientId
    client: Client = field(repr=False)
    way: HandingOver
    standing: Standing

    @property
    def unwritten(self) -> int:
        """How many notes could not be written any more: the own access ends with the hand-over."""
        stays = self.is_refused or self.way.until or self.way.keep
        return 0 if stays else self.standing.unwritten

    @property
    def is_refused(self) -> bool:
        return self.way.state is Handing.REFUSED

    @property
    def is_resting(self) -> bool:
        return self.way.state is Handing.RESTS


@dataclass(frozen=True, slots=True)
class Successor:
    """A colleague to whom something is planned to be handed over. ``over`` is what a key signs."""

    id: HolderId
    name: str = field(repr=False)
    due: tuple[PlannedRow, ...]
    later: tuple[PlannedRow, ...]
    over: str

    @property
    def has_begun(self) -> bool:
        return any(row.way.state is Handing.CONFIRMED for row in self.due)

    @property
    def confirmed(self) -> int:
        return sum(row.way.state is Handing.CONFIRMED for row in self.due)

    @property
    def booked(self) -> int:
        return sum(row.standing.booked for row in self.due)

    @property
    def unwritten(self) -> int:
        return sum(row.unwritten for row in self.due)


@dataclass(frozen=True, slots=True)
class HandingPage:
    """The own caseload: who stays, who is planned for whom, and which colleagues there are."""

    successors: tuple[Successor, ...]
    caseload: tuple[tuple[PatientId, Client], ...] = field(repr=False)
    colleagues: tuple[tuple[HolderId, str], ...] = field(repr=False)
    standing: Mapping[PatientId, Standing]


def read_handing_page(desk: OpenDesk, *, at: datetime) -> HandingPage:
    """Read the page from the own desk. No chart is opened for it."""
    on_desk = people.read_desk(desk)
    names = _therapists(desk)
    ended = {patient for patient, day in on_desk.ended.items() if day <= day_of(at)}
    free = set(on_desk.caseload) - set(on_desk.handing) - ended
    to = sorted({way.to for way in on_desk.handing.values()})
    standing = _standing(on_desk, at=at)
    return HandingPage(
        successors=tuple(
            _successor(on_desk, one, names=names, standing=standing, today=day_of(at)) for one in to
        ),
        caseload=_by_name(on_desk, free),
        colleagues=tuple(sorted(names.items(), key=lambda one: one[1])),
        standing=standing,
    )


def _standing(desk: Desk, *, at: datetime) -> dict[PatientId, Standing]:
    """Count for each patient what is booked, and what was held or begun and is not signed."""
    open_ones = {key: one for key, one in desk.sessions.items() if one.state is State.BOOKED}
    past = {key: one for key, one in open_ones.items() if one.starts_at <= at}
    booked = Counter(one.patient_id for key, one in open_ones.items() if key not in past)
    unwritten = Counter(one.patient_id for one in past.values())
    # A draft of a session that is counted already is the same note.
    drafts = (one for one in desk.drafts.values() if one.appointment_id not in past)
    unwritten.update(one.patient_id for one in drafts)
    return {PatientId(one): Standing(booked[one], unwritten[one]) for one in desk.caseload}


def _therapists(desk: OpenDesk) -> dict[HolderId, str]:
    return {
        one.id: f"{one.name}, {one.unit_name}" if one.unit_name else one.name
        for one in people.list_colleagues(desk.actor)
        if one.is_active and one.role == ROLE_WORDS[Role.THERAPIST] and one.id != desk.actor.id
    }


def _successor(
    desk: Desk,
    to: UUID,
    *,
    names: Mapping[HolderId, str],
    standing: Mapping[PatientId, Standing],
    today: date,
) -> Successor:
    holder = HolderId(to)
    due = due_for(desk, holder, today)
    waiting = {
        PatientId(patient_id): way
        for patient_id, way in desk.handing.items()
        if way.to == to and patient_id not in due and patient_id in desk.caseload
    }
    # In the same order and words as the question that follows the touch.
    over = own_keys.request_text("hand-over", holder, *due_ids(due))
    now, later = (_rows(desk, ways, standing) for ways in (due, waiting))
    return Successor(holder, names.get(holder, ""), now, later, over)


def _rows(
    desk: Desk, ways: Mapping[PatientId, HandingOver], standing: Mapping[PatientId, Standing]
) -> tuple[PlannedRow, ...]:
    rows = [PlannedRow(one, desk.caseload[one], way, standing[one]) for one, way in ways.items()]
    return tuple(sorted(rows, key=lambda row: row.client.name))


def _by_name(desk: Desk, patients: set[UUID]) -> tuple[tuple[PatientId, Client], ...]:
    rows = [(PatientId(one), desk.caseload[one]) for one in patients]
    return tuple(sorted(rows, key=lambda row: row[1].name))
