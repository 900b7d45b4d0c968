"""What the rows of this room claim was signed, for setting the ledger beside it. Opens nothing."""

from collections.abc import Iterator
from uuid import UUID

from django.db.models import Count

from vaitiolo.charts.models import CopiedNote, NoteVersion, SupervisionCopy
from vaitiolo.warden.kinds import Kind

CHUNK = 5_000


def list_signed() -> Iterator[tuple[int, UUID, int]]:
    """Yield kind, row and version of every signed note and amendment."""
    found = NoteVersion.objects.values_list("note_id", "version")
    for note, version in found.iterator(chunk_size=CHUNK):
        yield int(Kind.NOTE), note, version


def list_copies() -> Iterator[tuple[UUID, int]]:
    """Yield every copy made for supervision, with how many notes are in it."""
    notes = dict(CopiedNote.objects.values_list("copy_id").annotate(Count("id")))
    for copy in SupervisionCopy.objects.values_list("id", flat=True):
        yield copy, notes.get(copy, 0)
