"""Taking in the units, members and patients of a register that is brought in: prepared rows.

Documents come sealed; nothing is opened here, and nobody's name is in a row.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID

from django.db import transaction

from vaitiolo.kit.ids import CompartmentId, HolderId, PatientId, UnitId
from vaitiolo.people.models import Desk, IdentityVersion, Member, Patient, PhonebookRow, Unit

AT_ONCE: Final = 1_000


@dataclass(frozen=True, slots=True)
class ReceivedUnit:
    """A unit of a register, with the compartments that its founding made."""

    id: UnitId
    name: str
    phonebook: CompartmentId
    diary: CompartmentId


@dataclass(frozen=True, slots=True)
class ReceivedMember:
    """Somebody who works here, and their desk."""

    id: HolderId
    unit: UnitId | None
    role: int
    desk: CompartmentId


@dataclass(frozen=True, slots=True)
class ReceivedPatient:
    """A patient of a register, sealed."""

    id: PatientId
    unit: UnitId
    identity: CompartmentId
    chart: UUID | None
    shared: UUID | None
    registered_on: date
    sealed_identity: bytes = field(repr=False)
    sealed_phonebook: bytes = field(repr=False)


@transaction.atomic
def receive_staff(units: Iterable[ReceivedUnit], members: Iterable[ReceivedMember]) -> None:
    """Write units, members and their empty desks, all or none."""
    Unit.objects.bulk_create(
        Unit(id=one.id, name=one.name, phonebook=one.phonebook, diary=one.diary) for one in units
    )
    people = list(members)
    Member.objects.bulk_create(Member(id=one.id, unit_id=one.unit, role=one.role) for one in people)
    Desk.objects.bulk_create(Desk(id=one.desk, holder=one.id) for one in people)


@transaction.atomic
def receive_founded_units(units: Iterable[ReceivedUnit]) -> None:
    """Write the units of a house that is being founded; what is there already is left as it is."""
    Unit.objects.bulk_create(
        (Unit(id=one.id, name=one.name, phonebook=one.phonebook, diary=one.diary) for one in units),
        ignore_conflicts=True,
    )


@transaction.atomic
def receive_patients(patients: Iterable[ReceivedPatient]) -> None:
    """Write patients, who they are, and their lines of the phone book, all or none."""
    arrived = list(patients)
    Patient.objects.bulk_create(
        [
            Patient(
                id=one.id,
                unit_id=one.unit,
                identity=one.identity,
                chart=one.chart,
                shared=one.shared,
                registered_on=one.registered_on,
            )
            for one in arrived
        ],
        batch_size=AT_ONCE,
    )
    IdentityVersion.objects.bulk_create(
        [
            IdentityVersion(patient_id=one.id, version=1, sealed_body=one.sealed_identity)
            for one in arrived
        ],
        batch_size=AT_ONCE,
    )
    PhonebookRow.objects.bulk_create(
        [
            PhonebookRow(
                patient_id=one.id, unit_id=one.unit, version=1, sealed_body=one.sealed_phonebook
            )
            for one in arrived
        ],
        batch_size=AT_ONCE,
    )
