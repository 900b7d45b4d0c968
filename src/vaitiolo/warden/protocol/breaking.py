"""Messages about emergencies: who is on call, an opening with its reason, the answer to it."""

from dataclasses import dataclass, field
from uuid import UUID

from vaitiolo.warden.emergency_parts import DutyDocument, GlassOpening, LivingGlass, Roster
from vaitiolo.warden.protocol.saying import Message, Question


@dataclass(frozen=True, slots=True)
class SetRoster(Question):
    """Say who is on call for a unit, with the touch of an own security key; nobody: no one is."""

    cookie: bytes = field(repr=False)
    unit: UUID
    persons: tuple[UUID, ...]
    assertion: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class AskRosters(Question):
    """Ask who is on call for which unit; for registrars and managers."""

    cookie: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Rosters(Message):
    """Whether break-glass is on in the signed policy, and the rosters there are."""

    is_on: bool
    rosters: tuple[Roster, ...]


@dataclass(frozen=True, slots=True)
class AskDuty(Question):
    """Ask what one could open in an emergency now."""

    cookie: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Duty(Message):
    """Whether it is on, for which units the asker is on call, and what the policy says.

    ``left`` is how many more patients the asker may open within 28 days, ``witness`` who outside
    the house must have seen the entry first.
    """

    is_on: bool
    units: tuple[UUID, ...]
    minutes: int
    left: int
    witness: str
    open: tuple[LivingGlass, ...]


@dataclass(frozen=True, slots=True)
class FindOnDuty(Question):
    """Ask which patient has an identity code, among those whom the asker is on call for.

    Without documents the answer names whose sealed identities to bring; with them, who it is.
    """

    cookie: bytes = field(repr=False)
    hetu: str = field(repr=False)
    documents: tuple[DutyDocument, ...]


@dataclass(frozen=True, slots=True)
class FoundOnDuty(Message):
    """The patient, or the compartments whose identity documents would tell."""

    patient: UUID | None
    candidates: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class BreakGlass(Question):
    """Open a patient's record in an emergency, with a reason and a touch over both."""

    cookie: bytes = field(repr=False)
    patient: UUID
    reason: str = field(repr=False)
    assertion: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class GlassBroken(Message):
    """The opening's entry, and until when it lasts, in seconds since 1970."""

    opening: int
    until: int


@dataclass(frozen=True, slots=True)
class EndGlass(Question):
    """End an opening of this session before its time."""

    cookie: bytes = field(repr=False)
    patient: UUID


@dataclass(frozen=True, slots=True)
class NoteTold(Question):
    """Say how the patient is told of an opening of one's own: e-mail, sms, or not yet."""

    cookie: bytes = field(repr=False)
    opening: int
    way: str


@dataclass(frozen=True, slots=True)
class ListGlasses(Question):
    """Ask for the openings that concern the asker: as opener, as care team, as privacy officer."""

    cookie: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class GlassesListed(Message):
    """Openings, the newest first."""

    openings: tuple[GlassOpening, ...]


@dataclass(frozen=True, slots=True)
class ReviewGlass(Question):
    """Say that an opening was all right, or not, and then why not."""

    cookie: bytes = field(repr=False)
    opening: int
    is_right: bool
    words: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class GlassReviewed(Message):
    """The incident that was opened, where it was not all right."""

    incident: UUID | None


@dataclass(frozen=True, slots=True)
class BarGlass(Question):
    """Bar a patient of one's own from being opened in an emergency, or allow it again."""

    cookie: bytes = field(repr=False)
    patient: UUID
    is_barred: bool
