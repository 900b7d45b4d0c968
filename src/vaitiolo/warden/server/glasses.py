"""What the ledger says of records that were opened in an emergency, and of the answers to it.

A chain of its own, read as far as it goes at each question. Nothing of it is a row that a page, or
whoever writes to a database, could leave out. The reason stands on the patient's chain alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any, Final
from uuid import UUID

from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.queries import Recorded
from vaitiolo.warden.server.evidence import Chain
from vaitiolo.warden.server.recording import Recording

GLASSES: Final = UUID(int=19)


@dataclass(frozen=True, slots=True)
class Opening:
    """One opening: where its entries stand, who, whose record by tag, who is to answer for it.

    ``told`` is how the patient is told, ``right`` the answer of whoever reviewed it, ``by``.
    """

    index: int
    entry: int
    at: int
    opener: UUID
    patient: bytes
    unit: UUID
    until: int
    team: tuple[UUID, ...] = field(repr=False)
    told: str = ""
    is_right: bool | None = None
    by: UUID | None = None
    answer: int | None = None
    incident: UUID | None = None


class Glasses:
    """All openings, by the index of their entry on the chain of openings."""

    def __init__(self, recording: Recording) -> None:
        self._chain = Chain(recording, GLASSES)
        self._lock = Lock()
        self._known: dict[int, Opening] = {}

    def everyones(self) -> dict[int, Opening]:
        """Return all openings, oldest first. Raises Refused where one was altered or is gone."""
        with self._lock:
            for entry, said in self._chain.newer():
                self._take_in(entry, said)
            return dict(self._known)

    def _take_in(self, entry: Recorded, said: Mapping[str, Any]) -> None:
        act = entry.leaf.act
        if act == Act.BREAK_GLASS:
            self._known[entry.index] = _opening(entry, said)
        opening = self._known.get(int(said.get("opening", -1)))
        if opening is None:
            return
        if act == Act.BREAK_GLASS_TOLD:
            self._known[opening.index] = replace(opening, told=str(said["way"]))
        elif act == Act.BREAK_GLASS_ENDED:
            ended = min(opening.until, entry.leaf.time_us)
            self._known[opening.index] = replace(opening, until=ended)
        elif act == Act.REVIEWED:
            self._known[opening.index] = replace(opening, **_answer(said))


def _answer(said: Mapping[str, Any]) -> dict[str, Any]:
    incident = str(said["incident"])
    return {
        "is_right": bool(said["right"]),
        "by": UUID(hex=str(said["by"])),
        "answer": int(said["entry"]),
        "incident": UUID(hex=incident) if incident else None,
    }


def _opening(entry: Recorded, said: Mapping[str, Any]) -> Opening:
    return Opening(
        index=entry.index,
        entry=int(said["entry"]),
        at=entry.leaf.time_us,
        opener=UUID(hex=said["opener"]),
        patient=bytes.fromhex(said["patient"]),
        unit=UUID(hex=said["unit"]),
        until=int(said["until"]),
        team=tuple(UUID(hex=one) for one in said["team"]),
    )
