"""Patients on somebody's list, by their random ids: who is known, and what is kept sealed of them.

It opens nothing. What it returns opens only for an asker to whom the warden gives the compartment.
"""

from collections.abc import Iterator, Sequence
from typing import Final
from uuid import UUID

from django.db.models import F, Max

from vaitiolo.people import places
from vaitiolo.people.access import Sealed
from vaitiolo.people.models import IdentityVersion, Patient

# What one question to a database may name; SQLite is the one that counts.
AT_ONCE: Final = 500


def known_patients(ids: Sequence[UUID]) -> frozenset[UUID]:
    """Return which of these are patients here."""
    return frozenset(
        patient
        for some in _parts(ids)
        for patient in Patient.objects.filter(id__in=some).values_list("id", flat=True)
    )


def sealed_identities(ids: Sequence[UUID]) -> dict[UUID, Sealed]:
    """Return the newest identity record of each, sealed as it is kept."""
    return dict(pair for some in _parts(ids) for pair in _newest(some))


def _parts(ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))


def _newest(some: Sequence[UUID]) -> Iterator[tuple[UUID, Sealed]]:
    rows = (
        IdentityVersion.objects.filter(patient_id__in=some)
        .annotate(newest=Max("patient__identityversion__version"))
        .filter(version=F("newest"))
        .values_list("patient_id", "version", "sealed_body")
    )
    for patient, version, body in rows:
        yield patient, Sealed(places.of_identity(patient, version), bytes(body))
