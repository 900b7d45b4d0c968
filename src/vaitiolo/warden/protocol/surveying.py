"""Messages about who holds which keys: for the operator, at the console. None shows a patient."""

from dataclasses import dataclass
from uuid import UUID

from vaitiolo.warden.kinds import Caller
from vaitiolo.warden.parts import HeldCompartment, KeyEpoch, KeyHolder
from vaitiolo.warden.protocol.saying import Message, Question


@dataclass(frozen=True, slots=True)
class Survey(Question):
    """Ask who holds what, and how far each of them reaches."""

    callers = frozenset({Caller.CONSOLE})


@dataclass(frozen=True, slots=True)
class Surveyed(Message):
    """Everyone who has a card, the pinned keys by their ids, the key service's epochs."""

    org: UUID
    policy: bytes
    root: bytes
    contact: bytes
    chart: bytes
    incident: bytes
    patients: int
    holders: tuple[KeyHolder, ...]
    epochs: tuple[KeyEpoch, ...]


@dataclass(frozen=True, slots=True)
class SurveyOne(Question):
    """Ask who can open what belongs to one patient, unit or holder, by its random id."""

    callers = frozenset({Caller.CONSOLE})
    subject: UUID


@dataclass(frozen=True, slots=True)
class SurveyedOne(Message):
    """Its compartments, each with those whose grants were verified just now."""

    compartments: tuple[HeldCompartment, ...]
