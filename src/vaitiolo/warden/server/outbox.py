"""What the worker may do with a key: open one row of the outbox that the warden has recorded.

Run in the worker's process. By contract it reaches no grant, no slot, no holder and no ledger.
"""

import logging
import os
from pathlib import Path
from typing import Final
from uuid import UUID

from vaitiolo.keys import outboxes
from vaitiolo.keys.kms import WORKER_MAY, KmsAway, KmsMisset, choosing
from vaitiolo.keys.refused import Refused

_NOTHING: Final = bytes(64)

log = logging.getLogger(__name__)


class CannotOpen(Exception):
    """The key service is not set up as it must be; the message is for the operator."""


class Outbox:
    """The worker's key to the outbox, which stays in the KMS."""

    def __init__(self, home: Path, *, org: UUID, demo: bool) -> None:
        """Take what the warden says of the signed policy. Raises CannotOpen."""
        self._org = org
        try:
            self._kms = choosing.choose(
                home, demo=demo, may=WORKER_MAY, environ=os.environ, say=log.warning
            )
        except KmsMisset as misset:
            raise CannotOpen(str(misset)) from None

    def answers(self) -> bool:
        """Say whether the key service is there: what waits must not be given up while it is not."""
        try:
            self._kms.open("outbox-1", b"", _NOTHING)
        except KmsAway:
            return False
        except Refused:
            return True
        return True

    def open(self, row: UUID, sealed: bytes) -> bytearray:
        """Return what a row says. Raises Refused for another row, and for anything altered.

        Raises KmsAway when the key service does not answer.
        """
        return outboxes.unseal(outboxes.parse(sealed), org=self._org, row=row, kms=self._kms)
