"""Which rows of this room hold sealed documents. A column left out would be lost with its key."""

from typing import Final
from uuid import UUID

from vaitiolo.people.access import Place
from vaitiolo.people.resealing import SealedRows
from vaitiolo.schedule.models import Appointment
from vaitiolo.warden.kinds import CompartmentClass, Kind


def _place(appointment_id: UUID, version: int) -> Place:
    return Place(Kind.DIARY, appointment_id, version)


SEALED_ROWS: Final = (
    SealedRows(
        Appointment,
        CompartmentClass.DIARY,
        "unit__diary",
        ("id", "version"),
        _place,
        column="sealed_entry",
    ),
)
