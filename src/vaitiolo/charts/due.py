"""Whose hand-over is due: pure, from a desk. The page and the deed count alike."""

from collections.abc import Iterable
from datetime import date

from vaitiolo.kit.ids import HolderId, PatientId
from vaitiolo.people.desk_handing import HandingOver
from vaitiolo.people.desks import Desk


def due_for(desk: Desk, to: HolderId, today: date) -> dict[PatientId, HandingOver]:
    """Return who is to be handed over to a colleague by today, and is still on the desk."""
    return {
        PatientId(patient_id): way
        for patient_id, way in desk.handing.items()
        if way.to == to and way.is_due(today) and patient_id in desk.caseload
    }


def due_ids(due: Iterable[PatientId]) -> list[PatientId]:
    """Return patients in the order in which a touch is bound to them."""
    return sorted(due)
