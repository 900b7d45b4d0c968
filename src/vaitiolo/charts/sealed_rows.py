"""Which rows hold sealed documents, of this room and the rooms below.

A column left out would be lost with its key; a promise walks every table to see that none is.
"""

from typing import Final
from uuid import UUID

from vaitiolo.charts.models import CopiedNote, Draft, NoteVersion
from vaitiolo.people import sealed_rows as people
from vaitiolo.people.access import Place
from vaitiolo.people.resealing import SealedRows
from vaitiolo.schedule import sealed_rows as schedule
from vaitiolo.warden.kinds import CompartmentClass, Kind


def _note(note_id: UUID, version: int) -> Place:
    return Place(Kind.NOTE, note_id, version)


def _copy(row_id: UUID) -> Place:
    return Place(Kind.NOTE, row_id, 1)


def _draft(draft_id: UUID, version: int) -> Place:
    return Place(Kind.DRAFT, draft_id, version)


SEALED_ROWS: Final = (
    SealedRows(
        NoteVersion,
        CompartmentClass.CHART,
        "note__chart_id",
        ("note_id", "version"),
        _note,
    ),
    SealedRows(CopiedNote, CompartmentClass.COPY, "copy_id", ("id",), _copy),
    SealedRows(Draft, CompartmentClass.CHART, "chart_id", ("id", "version"), _draft),
)
EVERYWHERE: Final = (*people.SEALED_ROWS, *schedule.SEALED_ROWS, *SEALED_ROWS)
