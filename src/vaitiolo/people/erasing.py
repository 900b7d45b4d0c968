"""The rows of a patient whom the warden has erased: sealed words without a key, and ids.

It decides nothing. What refers to a patient is found by the database's own references, so that a
room which adds a table need not be known here.
"""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models, transaction

from vaitiolo.kit.dates import day_of
from vaitiolo.kit.errors import Refusal
from vaitiolo.kit.ids import HolderId, PatientId
from vaitiolo.people import access, desks
from vaitiolo.people.actions import lay_on_desks
from vaitiolo.people.actor import Actor
from vaitiolo.people.models import ErasureBegun, Patient
from vaitiolo.warden.kinds import Role


def begin(patient_id: UUID) -> None:
    """Note that a patient is about to be erased. Nothing is noted of whoever is no patient."""
    if Patient.objects.filter(id=patient_id).exists():
        ErasureBegun.objects.get_or_create(patient_id=patient_id)


def leave(patient_id: UUID) -> None:
    """Note that a patient was not erased after all."""
    ErasureBegun.objects.filter(patient_id=patient_id).delete()


def list_begun() -> list[PatientId]:
    """Return whose rows may have been left behind."""
    return [PatientId(one) for one in ErasureBegun.objects.values_list("patient_id", flat=True)]


def remove_rows(patient_id: UUID) -> int:
    """Delete a patient's rows, and all rows that refer to them; return how many there were.

    Only for somebody whom the warden has erased: what these rows hold opens for nobody any more.
    """
    with transaction.atomic():
        return _remove(Patient.objects.filter(id=patient_id))


def take_off_desks(
    actor: Actor, patient_id: UUID, holders: Iterable[UUID], *, at: datetime
) -> None:
    """Lay on therapists' desks that a patient's chart is closed to them from today on.

    Only a desk's owner takes a patient off it: the next fold does, since the rows are gone.
    """
    here = {
        one.person
        for one in access.list_colleagues(actor)
        if one.is_active and one.role == Role.THERAPIST
    }
    for holder in here & set(holders):
        # A desk that cannot be reached keeps a line that leads to nothing; the others are told.
        with suppress(Refusal):
            event = desks.client_ended(patient_id, day_of(at), at=at)
            lay_on_desks(actor, [(HolderId(holder), event)])


def _remove(rows: models.QuerySet[Any]) -> int:
    if not rows.exists():
        return 0
    count = 0
    described = rows.model._meta  # noqa: SLF001 - documented: how a model is described
    for relation in described.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel):
            others: type[models.Model] = relation.related_model
            all_rows = others._base_manager  # noqa: SLF001 - documented: leaves no row out
            count += _remove(all_rows.filter(**{f"{relation.field.name}__in": rows}))
    return count + rows.delete()[0]
