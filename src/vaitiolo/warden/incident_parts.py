"""What messages about incidents are made of: numbers, times, and words that were unsealed."""

from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True)
class AddedEntry:
    """An entry of an incident: where it stands in the ledger, its row, what is to be stored."""

    index: int
    row: UUID
    sealed: bytes = field(repr=False)
    chunks: tuple[bytes, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class KnownIncident:
    """An incident as the ledger has it. Times are in seconds since 1970, 0 for never.

    ``began`` is T0: the moment of the first alert or report, set by the machine. ``state`` is
    ``open``, ``asked`` (to be closed), ``closed`` or ``cut-off``. Of one that the asker does not
    hold, only number, times, state and officers are told; ``patient`` where it came from a review.
    """

    incident: UUID
    number: int
    compartment: UUID | None
    cause: str
    began: int
    opened: int
    opened_by: str = field(repr=False)
    is_own: bool
    is_held: bool
    state: str
    officers: tuple[str, ...] = field(repr=False)
    seen: int
    decided: int
    closing: UUID | None
    patient: UUID | None
    alerts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class IncidentLine:
    """One deed in an incident, as the ledger has it, and the words of its entry.

    ``state`` is ``whole``, ``none`` where there are no words, ``missing`` where the entry is not
    stored, ``broken`` where what is stored is not what was signed. ``other`` was let in.
    """

    index: int
    time: int
    step: str
    row: UUID | None
    person: UUID | None
    name: str = field(repr=False)
    other: UUID | None
    other_name: str = field(repr=False)
    state: str
    body: bytes = field(repr=False)
