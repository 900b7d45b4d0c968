"""Supervision: named notes copied for a named reader until a day. The chart stays closed to them.

The reader is told on no desk whose notes they are: a copy has no name, and neither has its list.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from vaitiolo.charts import access
from vaitiolo.charts.access import CannotBeWithdrawn, NoSuchCopy, OpenChart, Sealed
from vaitiolo.charts.actions.pens import NoteNotFound
from vaitiolo.charts.models import CopiedNote, NoteVersion, SupervisionCopy
from vaitiolo.kit.dates import day_of
from vaitiolo.kit.ids import HolderId, NoteId
from vaitiolo.people.actor import Actor


@dataclass(frozen=True, slots=True)
class Supervision:
    """Which notes are for whom, and until when."""

    reader: HolderId
    notes: Sequence[NoteId]
    until: date


def copy_for(chart: OpenChart, wanted: Supervision, *, at: datetime) -> UUID:
    """Copy notes of one's own for a reader. Each is recorded before there is a copy.

    Raises NotForSupervision, NoteNotFound.
    """
    documents = _newest(chart, wanted.notes)
    copy_id, copies = access.copy_notes(chart, documents, wanted.reader, until=wanted.until)
    with transaction.atomic():
        SupervisionCopy.objects.create(
            id=copy_id,
            chart_id=chart.id,
            author=chart.actor.id,
            reader=wanted.reader,
            made_on=day_of(at),
            until=wanted.until,
        )
        CopiedNote.objects.bulk_create(
            CopiedNote(id=one.place.row, copy_id=copy_id, sealed_body=one.sealed) for one in copies
        )
    return copy_id


def end_copy(actor: Actor, copy_id: UUID, *, at: datetime) -> UUID:
    """End a copy: the reader's access, and then the copied notes. Returns whose chart they were of.

    Raises NoSuchCopy.
    """
    copy = SupervisionCopy.objects.filter(id=copy_id, author=actor.id).first()
    if copy is None:
        raise NoSuchCopy
    try:
        access.withdraw_from(actor, [copy_id], HolderId(copy.reader))
    except CannotBeWithdrawn:
        # Already over for the reader: by its day, or by this very deed when it was cut short.
        if copy.until >= day_of(at) and access.reads_copy(actor, copy_id, HolderId(copy.reader)):
            raise
    copy.delete()
    return copy.chart_id


def _newest(chart: OpenChart, note_ids: Sequence[NoteId]) -> list[Sealed]:
    """Return notes of this chart as they stand now, still sealed. Raises NoteNotFound."""
    rows = NoteVersion.objects.filter(
        note__chart_id=chart.id, note_id__in=note_ids, version=F("note__version")
    ).values_list("note_id", "version", "sealed_body")
    if {note_id for note_id, _version, _sealed in rows} != set(note_ids):
        raise NoteNotFound
    return [
        access.sealed_note(NoteId(note_id), version=version, sealed=bytes(sealed))
        for note_id, version, sealed in rows
    ]
