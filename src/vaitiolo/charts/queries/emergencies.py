"""What the pages of emergencies show: an opened record to be read, and who opened whose."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from vaitiolo.charts.access import ChartNotFound, open_chart
from vaitiolo.charts.queries import notes
from vaitiolo.charts.queries.notes import ReadNote
from vaitiolo.kit.ids import HolderId, PatientId, UnitId
from vaitiolo.people import access as people_access
from vaitiolo.people import emergencies
from vaitiolo.people import queries as people
from vaitiolo.people.actor import ROLE_WORDS, Actor
from vaitiolo.people.emergencies import GlassOpening, Roster, moment_of
from vaitiolo.people.records import IdentityRecord
from vaitiolo.schedule.actions.telling import not_sent
from vaitiolo.warden.kinds import Purpose, Role


@dataclass(frozen=True, slots=True)
class OnCall:
    """What somebody could open in an emergency, as the page says it."""

    is_on: bool
    units: tuple[str, ...]
    minutes: int
    left: int
    witness: str
    open: tuple[tuple[UUID, datetime], ...]


@dataclass(frozen=True, slots=True)
class Record:
    """A record that is open in an emergency: who it is, what was written, until when."""

    patient_id: PatientId
    person: IdentityRecord = field(repr=False)
    notes: tuple[ReadNote, ...] = field(repr=False)
    until: datetime
    told: str
    team: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class OpeningRow:
    """An opening as a list shows it."""

    opening: GlassOpening
    at: datetime
    until: datetime
    unit: str
    is_unsent: bool


@dataclass(frozen=True, slots=True)
class RosterRow:
    """A unit with who is on call for it, and who of them cannot open anything yet."""

    unit_id: UnitId
    name: str
    persons: tuple[tuple[str, bool], ...] = field(repr=False)
    chosen: frozenset[UUID]


def on_call(actor: Actor) -> OnCall:
    """Return what the actor could open in an emergency."""
    duty = emergencies.ask_duty(actor)
    return OnCall(
        duty.is_on,
        tuple(people.name_of_unit(UnitId(unit)) for unit in duty.units),
        duty.minutes,
        duty.left,
        duty.witness,
        tuple((one.patient, moment_of(one.until)) for one in duty.open),
    )


def read_record(actor: Actor, patient_id: PatientId) -> Record | None:
    """Read a record that is open in an emergency now; none when it is not open, or not any more.

    Raises PatientNotFound, ChartNotFound, OverBudget.
    """
    open_now = {one.patient: one for one in emergencies.ask_duty(actor).open}
    glass = open_now.get(patient_id)
    if glass is None:
        return None
    identity = people_access.open_identity(actor, patient_id, purpose=Purpose.CARE)
    listed = emergencies.list_openings(actor)
    own = next((one for one in listed if one.opening == glass.opening), None)
    return Record(
        patient_id,
        people.read_identity(identity).record,
        _notes(actor, patient_id),
        moment_of(glass.until),
        "" if own is None else own.told,
        () if own is None else own.team,
    )


def _notes(actor: Actor, patient_id: PatientId) -> tuple[ReadNote, ...]:
    """Return the notes; of somebody without a chart, or one that is not reached, there are none."""
    ids = people.find_compartments(patient_id)
    if ids is None or ids.chart is None:
        return ()
    try:
        chart = open_chart(actor, ids.chart)
    except ChartNotFound:
        return ()
    return notes.read_notes(chart).notes


def list_openings(actor: Actor) -> tuple[OpeningRow, ...]:
    """Return the openings that concern the actor, those that wait for the actor first."""
    found = emergencies.list_openings(actor)
    unsent = not_sent([emergencies.notice_of(one.opening) for one in found])
    rows = [
        OpeningRow(
            one,
            moment_of(one.at),
            moment_of(one.until),
            people.name_of_unit(UnitId(one.unit)),
            emergencies.notice_of(one.opening) in unsent,
        )
        for one in found
    ]
    return tuple(sorted(rows, key=lambda row: not row.opening.is_askers))


def list_rosters(actor: Actor) -> tuple[bool, tuple[RosterRow, ...]]:
    """Return whether break-glass is on, and who is on call for each unit."""
    is_on, known = emergencies.ask_rosters(actor)
    names = {one.id: one.name for one in people.list_colleagues(actor) if one.is_active}
    rows = tuple(
        RosterRow(unit, name, *_on_roster(known.get(unit), names))
        for unit, name in emergencies.list_units()
    )
    return is_on, rows


def _on_roster(
    roster: Roster | None, names: dict[HolderId, str]
) -> tuple[tuple[tuple[str, bool], ...], frozenset[UUID]]:
    if roster is None:
        return (), frozenset()
    here = [HolderId(one) for one in roster.persons if one in names]
    shown = sorted((names[one], one in roster.ready) for one in here)
    return tuple(shown), frozenset(here)


def list_therapists(actor: Actor) -> tuple[tuple[HolderId, str], ...]:
    """Return whoever can be on call: the therapists of the whole house."""
    return tuple(
        (one.id, f"{one.name}, {one.unit_name}" if one.unit_name else one.name)
        for one in people.list_colleagues(actor)
        if one.is_active and one.role == ROLE_WORDS[Role.THERAPIST]
    )
