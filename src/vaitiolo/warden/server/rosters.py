"""Who is on call for which unit, as entries of the ledger say: a row could be altered.

Read from the ledger as far as it goes at each question. Being on a roster opens nothing: the seed
of the unit's duty card must be sealed to whoever is, and only `breaking` uses it.
"""

from threading import Lock
from typing import Final
from uuid import UUID

from vaitiolo.ledger.acts import Act
from vaitiolo.warden.server.evidence import Chain
from vaitiolo.warden.server.recording import Recording

ROSTERS: Final = UUID(int=18)


class Rosters:
    """The newest roster of each unit."""

    def __init__(self, recording: Recording) -> None:
        self._chain = Chain(recording, ROSTERS)
        self._lock = Lock()
        self._known: dict[UUID, frozenset[UUID]] = {}

    def of(self, unit: UUID) -> frozenset[UUID]:
        """Return who is on call for a unit. Raises Refused for an entry that was altered."""
        return self.everyones().get(unit, frozenset())

    def everyones(self) -> dict[UUID, frozenset[UUID]]:
        """Return the rosters of all units that ever had one."""
        with self._lock:
            for entry, said in self._chain.newer():
                if entry.leaf.act == Act.ROSTER:
                    persons = said["persons"] if isinstance(said["persons"], list) else []
                    self._known[UUID(hex=str(said["unit"]))] = frozenset(
                        UUID(hex=person) for person in persons
                    )
            return dict(self._known)
