"""Where each document of this room belongs. A document sealed for one place opens in no other."""

from uuid import UUID

from vaitiolo.people.access import Place
from vaitiolo.warden.kinds import Kind


def of_identity(patient_id: UUID, version: int) -> Place:
    return Place(Kind.IDENTITY, patient_id, version)


def of_consent(row_id: UUID) -> Place:
    return Place(Kind.CONSENT, row_id, 1)


def of_phonebook(patient_id: UUID, version: int) -> Place:
    return Place(Kind.PHONEBOOK, patient_id, version)


def of_desk(desk_id: UUID, version: int) -> Place:
    return Place(Kind.DESK, desk_id, version)
