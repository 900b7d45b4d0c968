"""What is read: patients, the phone book, the own desk, the staff. Plain values, never rows."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.utils.translation import gettext_lazy as _

from vaitiolo.kit.dates import day_since
from vaitiolo.kit.errors import Refusal
from vaitiolo.kit.ids import ChartId, CompartmentId, HolderId, PatientId, UnitId
from vaitiolo.people import access, desks, folding, places, records
from vaitiolo.people.access import OpenDesk, OpenIdentity, Read, Sealed
from vaitiolo.people.actor import ROLE_WORDS, Actor
from vaitiolo.people.models import Drop, IdentityVersion, Patient, Unit
from vaitiolo.people.records import FoundPatient, IdentityRecord
from vaitiolo.people.staff import ColleagueRow
from vaitiolo.warden.kinds import Role


class NoSuchColleague(Refusal):
    """Nobody on the staff has this id."""

    status = HTTPStatus.NOT_FOUND
    message = _("There is no such colleague. Nothing was changed.")


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit and its compartments."""

    id: UnitId
    name: str
    phonebook: CompartmentId
    diary: CompartmentId


@dataclass(frozen=True, slots=True)
class Compartments:
    """Which compartments are a patient's; the last two are none before a therapist is assigned."""

    patient_id: PatientId
    unit_id: UnitId
    identity: CompartmentId
    chart: ChartId | None
    shared: CompartmentId | None


@dataclass(frozen=True, slots=True)
class Found:
    """A patient that was found."""

    id: PatientId
    patient: FoundPatient


@dataclass(frozen=True, slots=True)
class Findings:
    """The best few patients for what was typed, and how many there are."""

    found: tuple[Found, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Therapist:
    """Somebody who can open who a patient is, as a member of the care team."""

    id: HolderId
    name: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a patient is, in one version, and who wrote it when."""

    record: IdentityRecord = field(repr=False)
    version: int
    changed_at: datetime
    changed_by: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Change:
    """A version and how it differs from the one before: field, before, after."""

    identity: Identity
    differs: tuple[tuple[str, Any, Any], ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Alike:
    """Whether somebody who is to be registered is known."""

    here: PatientId | None
    is_same_code: bool
    is_perhaps_elsewhere: bool


# --- units and ids ----------------------------------------------------------------


def find_unit(unit_id: UnitId) -> UnitRow | None:
    row = Unit.objects.filter(id=unit_id).first()
    if row is None:
        return None
    return UnitRow(UnitId(row.id), row.name, CompartmentId(row.phonebook), CompartmentId(row.diary))


def name_of_unit(unit_id: UnitId | None) -> str:
    if unit_id is None:
        return ""
    return Unit.objects.filter(id=unit_id).values_list("name", flat=True).first() or ""


def find_compartments(patient_id: PatientId) -> Compartments | None:
    """Return which compartments are a patient's. Holding an id opens nothing."""
    return _compartments(Patient.objects.filter(id=patient_id).first())


def find_patient_of_chart(chart_id: ChartId) -> Compartments | None:
    """Return whose chart an id is."""
    return _compartments(Patient.objects.filter(chart=chart_id).first())


def _compartments(row: Patient | None) -> Compartments | None:
    if row is None:
        return None
    return Compartments(
        PatientId(row.id),
        UnitId(row.unit_id),
        CompartmentId(row.identity),
        None if row.chart is None else ChartId(row.chart),
        None if row.shared is None else CompartmentId(row.shared),
    )


# --- patients ---------------------------------------------------------------------


def find_patients(actor: Actor, text: str) -> Findings:
    """Find by name, part of a name, phone, e-mail, birth date or identity code."""
    rows = access.find_in_phonebook(actor, text)
    found = (Found(row.patient_id, records.read_found(row.body)) for row in rows.rows)
    return Findings(tuple(found), rows.total)


def find_alike(actor: Actor, record: IdentityRecord) -> Alike:
    """Look whether somebody is known already: by the code, or by name and birth date."""
    where, here = access.find_hetu(actor, record.hetu) if record.hetu else ("none", None)
    if here is not None:
        return Alike(here, is_same_code=True, is_perhaps_elsewhere=False)
    same = (
        one.id
        for one in find_patients(actor, record.name).found
        if one.patient.born_on == record.born_on
        and one.patient.name.casefold() == record.name.casefold()
    )
    return Alike(
        next(same, None), is_same_code=False, is_perhaps_elsewhere=where == "perhaps-elsewhere"
    )


def read_identity(identity: OpenIdentity) -> Identity:
    """Return who a patient is now."""
    return _read_versions(identity, newest=1)[0]


def list_changes(identity: OpenIdentity) -> tuple[Change, ...]:
    """Return every version, the newest first, and how each differs from the one before."""
    versions = _read_versions(identity)
    before = [*versions[1:], None]
    return tuple(
        Change(one, () if old is None else tuple(records.changes(old.record, one.record)))
        for one, old in zip(versions, before, strict=True)
    )


def list_care_team(identity: OpenIdentity) -> tuple[Therapist, ...]:
    """Return the therapists who can open who this is, computed from grants."""
    return tuple(
        Therapist(HolderId(reader.person), reader.name)
        for reader in identity.compartment.readers
        if reader.person is not None and reader.role == Role.THERAPIST
    )


def _read_versions(identity: OpenIdentity, *, newest: int | None = None) -> list[Identity]:
    rows = list(
        IdentityVersion.objects.filter(patient_id=identity.patient_id)
        .order_by("-version")
        .values_list("version", "sealed_body")[:newest]
    )
    if not rows:
        raise access.PatientNotFound
    sealed = [
        Sealed(places.of_identity(identity.patient_id, version), bytes(body))
        for version, body in rows
    ]
    reads = identity.compartment.unseal(sealed)
    return [_identity(version, read) for (version, _), read in zip(rows, reads, strict=True)]


def _identity(version: int, read: Read) -> Identity:
    record, changed_at = records.read_identity(read.body)
    return Identity(record, version, changed_at, read.author_name)


# --- the own desk and the staff -----------------------------------------------------


def read_desk(desk: OpenDesk) -> desks.Desk:
    """Return the own desk: the document with what was laid beside it. Nothing is stored."""
    lying = folding.read_all(desk)
    aside = Drop.objects.filter(holder=desk.actor.id, is_set_aside=True).count()
    return replace(lying.desk, unread=aside + len(lying.refused))


def list_colleagues(actor: Actor) -> tuple[ColleagueRow, ...]:
    """Return everyone on the staff by name, those who have left last."""
    names = dict(Unit.objects.values_list("id", "name"))
    rows = (
        ColleagueRow(
            HolderId(one.person),
            one.name,
            ROLE_WORDS[Role(one.role)] if one.role in set(Role) else "",
            names.get(one.unit, "") if one.unit else "",
            one.is_active,
            one.person == actor.id,
            day_since(one.since),
            day_since(one.card_until),
        )
        for one in access.list_colleagues(actor)
    )
    return tuple(sorted(rows, key=lambda row: (not row.is_active, row.name)))


def get_colleague(actor: Actor, person: HolderId) -> ColleagueRow:
    """Return one colleague. Raises NoSuchColleague."""
    for row in list_colleagues(actor):
        if row.id == person:
            return row
    raise NoSuchColleague


def list_therapists(actor: Actor) -> tuple[Therapist, ...]:
    """Return the therapists of the actor's unit who work here now, by name."""
    found = (
        Therapist(HolderId(one.person), one.name)
        for one in access.list_colleagues(actor)
        if one.is_active and one.role == Role.THERAPIST and one.unit == actor.unit
    )
    return tuple(sorted(found, key=lambda one: one.name))
