"""Messages about telling people: planned, approved by another, made sealed, sent, settled."""

from dataclasses import dataclass, field
from uuid import UUID

from vaitiolo.warden.kinds import Caller
from vaitiolo.warden.parts import CasePatient
from vaitiolo.warden.protocol.saying import Message, Question
from vaitiolo.warden.telling_parts import (
    KnownTelling,
    MadeNotice,
    NoticeBecame,
    TellingLetter,
    TellingPlan,
    ToldOne,
    ToTell,
)


@dataclass(frozen=True, slots=True)
class PlanTelling(Question):
    """An officer plans a telling; with ``telling`` given, its next plan."""

    cookie: bytes = field(repr=False)
    incident: UUID
    telling: UUID | None
    plan: TellingPlan


@dataclass(frozen=True, slots=True)
class TellingPlanned(Message):
    """The telling as it is planned now."""

    telling: KnownTelling


@dataclass(frozen=True, slots=True)
class ApproveTelling(Question):
    """Another officer approves the plan of that hash; no other."""

    cookie: bytes = field(repr=False)
    telling: UUID
    plan_hash: bytes


@dataclass(frozen=True, slots=True)
class TellingApproved(Message):
    """The messages to the helpers, sealed for the worker."""

    helpers: tuple[MadeNotice, ...]


@dataclass(frozen=True, slots=True)
class StopTelling(Question):
    """Any officer of the incident stops it, at once: what waits stays where it is."""

    cookie: bytes = field(repr=False)
    telling: UUID
    reason: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class GoOnTelling(Question):
    """Any officer of the incident lets a stopped telling go on."""

    cookie: bytes = field(repr=False)
    telling: UUID
    reason: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ListTellings(Question):
    """Every telling of an incident, for its officers."""

    cookie: bytes = field(repr=False)
    incident: UUID


@dataclass(frozen=True, slots=True)
class TellingsListed(Message):
    """The tellings, the newest first."""

    tellings: tuple[KnownTelling, ...]


@dataclass(frozen=True, slots=True)
class NextToTell(Question):
    """Whose records are to be brought for the next step; nothing is opened by it."""

    cookie: bytes = field(repr=False)
    telling: UUID
    start: int
    count: int


@dataclass(frozen=True, slots=True)
class ToTellListed(Message):
    """Some patients of the case's list, from a place in it on, and how many are on it."""

    patients: tuple[CasePatient, ...]
    total: int


@dataclass(frozen=True, slots=True)
class TellSome(Question):
    """Open some people's contact details by the running case and make their notices, sealed."""

    cookie: bytes = field(repr=False)
    telling: UUID
    people: tuple[ToTell, ...]


@dataclass(frozen=True, slots=True)
class ToldSome(Message):
    """What was made, in the order of the question. Nothing of it can be read by pages."""

    people: tuple[ToldOne, ...]


@dataclass(frozen=True, slots=True)
class LettersOf(Question):
    """Give letters out to be printed. ``reason`` is asked for when they were printed before."""

    cookie: bytes = field(repr=False)
    telling: UUID
    rows: tuple[UUID, ...]
    people: tuple[ToTell, ...]
    reason: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Letters(Message):
    """The letters, in the order of the question."""

    letters: tuple[TellingLetter, ...]


@dataclass(frozen=True, slots=True)
class TakeNotices(Question):
    """The worker is about to open some rows of a telling and to send them."""

    callers = frozenset({Caller.WORKER})
    telling: UUID
    rows: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class NoticesBecame(Question):
    """The worker says what became of rows that it took."""

    callers = frozenset({Caller.WORKER})
    telling: UUID
    became: tuple[NoticeBecame, ...]


@dataclass(frozen=True, slots=True)
class MarkNotices(Question):
    """Somebody on the staff says what became of a letter, a call or a task by hand."""

    cookie: bytes = field(repr=False)
    telling: UUID
    became: tuple[NoticeBecame, ...]
