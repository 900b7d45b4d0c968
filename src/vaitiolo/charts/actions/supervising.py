"""Supervision: named notes copied for a named reader until a day. The chart stays closed to them.

The reader is told on no desk whose notes they are: a copy has no name, and neither has its list.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from http import HTTPStatus
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vaitiolo.charts import access
from vaitiolo.charts.access import CannotBeWithdrawn, OpenChart
from vaitiolo.charts.models import CopiedNote, SupervisionCopy
from vaitiolo.charts.queries import notes
from vaitiolo.kit.dates import day_of
from vaitiolo.kit.errors import Refusal
from vaitiolo.kit.ids import HolderId, NoteId
from vaitiolo.people.actor import Actor


class NoSuchCopy(Refusal):
    """There is no such copy, it has ended, or it is not the actor's: all look alike."""

    status = HTTPStatus.NOT_FOUND
    message = _("There is no such copy, or it has ended. The attempt was recorded.")


@dataclass(frozen=True, slots=True)
class Supervision:
    """Which notes are for whom, and until when."""

    reader: HolderId
    notes: Sequence[NoteId]
    until: date


def copy_for(chart: OpenChart, wanted: Supervision, *, at: datetime) -> UUID:
    """Copy notes of one's own for a reader. Each is recorded before there is a copy.

    Raises NotForSupervision.
    """
    documents = notes.newest_documents(chart, wanted.notes)
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
