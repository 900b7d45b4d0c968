"""What the ledger says was withdrawn and turned: a row brought back by hand is not believed.

Read from the ledger as far as it goes at each question, so that another warden's entry counts at
once. Nothing secret is kept here, and nothing is opened.
"""

from collections import defaultdict
from dataclasses import dataclass
from threading import Lock
from typing import Final
from uuid import UUID

from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.warden.server.recording import Recording

TURNING: Final = frozenset({Act.REVOKE_GRANT, Act.ROTATE_COMMIT})


@dataclass(frozen=True, slots=True)
class Turned:
    """Of one compartment: the newest epoch that was committed, and the grants withdrawn."""

    epoch: int = 1
    withdrawn: frozenset[bytes] = frozenset()


UNTURNED: Final = Turned()


class Turnings:
    """Withdrawals and rotations of all compartments, by the chains they stand on."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._lock = Lock()
        self._next = 0
        self._waiting: defaultdict[bytes, list[int]] = defaultdict(list)
        self._known: dict[UUID, Turned] = {}

    def of(self, compartment: UUID, *, subject: UUID) -> Turned:
        """Return what became of a compartment of a subject, up to the ledger's last entry."""
        self.read_on()
        return self.known(compartment, subject=subject)

    def read_on(self) -> None:
        """Read the ledger as far as it goes now: once for many compartments of one question."""
        with self._lock:
            self._read_on()

    def known(self, compartment: UUID, *, subject: UUID) -> Turned:
        """Return what became of a compartment of a subject, as far as the ledger was read."""
        with self._lock:
            if self._waiting:
                tag = self._recording.tag(subject)
                for index in self._waiting.get(tag, ()):
                    self._take_in(index, subject)
                # Only now: what could not be read, for want of the key service, is read again.
                self._waiting.pop(tag, None)
            return self._known.get(compartment, UNTURNED)

    def _read_on(self) -> None:
        last = queries.last_batch()
        size = 0 if last is None else last[0]
        if size <= self._next:
            return
        for index, tag in queries.indices_of(TURNING, since=self._next, before=size):
            self._waiting[tag].append(index)
        self._next = size

    def _take_in(self, index: int, subject: UUID) -> None:
        entry = queries.entry(index)
        if entry is None or entry.salt is None or entry.detail is None:
            return
        said = self._recording.read(
            subject, commit=entry.leaf.detail_commit, salt=entry.salt, sealed=entry.detail
        )
        compartment = UUID(hex=str(said["compartment"]))
        known = self._known.get(compartment, UNTURNED)
        if entry.leaf.act == Act.ROTATE_COMMIT:
            self._known[compartment] = Turned(int(str(said["epoch"])), known.withdrawn)
            return
        grants = said["grants"] if isinstance(said["grants"], list) else []
        withdrawn = known.withdrawn | {bytes.fromhex(grant) for grant in grants}
        self._known[compartment] = Turned(known.epoch, withdrawn)
