"""What the worker may do with a key: open one row of the outbox that the warden has recorded.

Run in the worker's process. By contract it reaches no grant, no slot, no holder and no ledger.
"""

from pathlib import Path
from uuid import UUID

from vaitiolo.keys import outboxes
from vaitiolo.keys.kms import WORKER_MAY
from vaitiolo.keys.kms.file import FileKms


class Outbox:
    """The worker's key to the outbox, which stays in the KMS."""

    def __init__(self, home: Path, *, org: UUID, demo: bool) -> None:
        """Take what the warden says of the signed policy. Raises FileKmsRefused."""
        self._org = org
        self._kms = FileKms(home / "kms", demo=demo, may=WORKER_MAY)

    def open(self, row: UUID, sealed: bytes) -> bytearray:
        """Return what a row says. Raises Refused for another row, and for anything altered."""
        return outboxes.unseal(outboxes.parse(sealed), org=self._org, row=row, kms=self._kms)
