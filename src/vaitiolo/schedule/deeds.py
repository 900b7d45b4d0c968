"""What the rows of this room claim was put for sending, for setting the ledger beside it."""

from collections.abc import Iterator
from uuid import UUID

from vaitiolo.schedule.models import OutboxRow

CHUNK = 5_000


def list_outbox() -> Iterator[UUID]:
    """Yield every reminder that waits, whatever became of it so far."""
    yield from OutboxRow.objects.values_list("id", flat=True).iterator(chunk_size=CHUNK)
