"""The ledger's pulse: each minute an entry about the ledger itself, so that silence is noticed.

HEADS where anything came since the last one, HEARTBEAT where nothing did. It opens nothing.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

from django.db import DatabaseError, InterfaceError, connections

from vaitiolo.keys.kms import KmsAway
from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.heading import Heads
from vaitiolo.ledger.recorder import LedgerSilent
from vaitiolo.ledger.verify.specials import Values
from vaitiolo.warden.server.recording import Recording

EVERY: Final = 60  # seconds

log = logging.getLogger(__name__)


class Pulse:
    """One warden's; several wardens of one ledger each have their own."""

    def __init__(self, recording: Recording, heads: Heads | None = None) -> None:
        self._recording = recording
        self._heads = heads or Heads()
        # Entries up to here were covered, or are beats themselves.
        self._seen = 0

    def beat(self) -> None:
        """Write one entry. Raises LedgerSilent, KmsAway."""
        found = self._heads.now()
        if found.covered > self._seen:
            values: Values = {
                "covered": found.covered,
                "root": found.root.hex(),
                "size": found.size,
            }
            index = self._recording.record_special(Act.HEADS, values)
        else:
            index = self._recording.record_special(Act.HEARTBEAT, {"every": EVERY})
        if index == found.covered:
            self._seen = index + 1


@contextmanager
def beating(
    recording: Recording, *, heads: Heads | None = None, every: float = EVERY
) -> Iterator[Pulse]:
    """Beat until the block ends. What keeps a beat from being written is said in the log.

    The heads are read at once, so that the first report need not wait for them.
    """
    heads = heads or Heads()
    pulse, over = Pulse(recording, heads), threading.Event()

    def go_on() -> None:
        with suppress(DatabaseError, InterfaceError):
            heads.now()
        while not over.wait(every):
            _try(pulse)
        connections.close_all()

    thread = threading.Thread(target=go_on, name="pulse", daemon=True)
    thread.start()
    try:
        yield pulse
    finally:
        over.set()
        thread.join()


def _try(pulse: Pulse) -> None:
    try:
        pulse.beat()
    except (LedgerSilent, KmsAway, DatabaseError, InterfaceError) as problem:
        # The type alone: a database's message may quote the values of a row.
        log.error("The ledger's pulse was missed: %s.", type(problem).__name__)  # noqa: TRY400
