"""What the rows of this room claim was signed, for setting the ledger beside it. Opens nothing."""

from collections.abc import Iterator
from uuid import UUID

from vaitiolo.charts.models import NoteVersion
from vaitiolo.warden.kinds import Kind

CHUNK = 5_000


def list_signed() -> Iterator[tuple[int, UUID, int]]:
    """Yield kind, row and version of every signed note and amendment."""
    found = NoteVersion.objects.values_list("note_id", "version")
    for note, version in found.iterator(chunk_size=CHUNK):
        yield int(Kind.NOTE), note, version
