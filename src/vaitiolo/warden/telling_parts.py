"""What messages about telling people are made of. Random ids, words and sealed bytes.

No name, address or text of a notice is among them, but in a `TellingLetter`, which is printed.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from uuid import UUID

from vaitiolo.warden.parts import Sealed

MOST_AT_ONCE: Final = 100


class Channel(StrEnum):
    """How somebody is reached. BY_CALL is the own therapist's call, BY_HAND an officer's task."""

    EMAIL = "email"
    SMS = "sms"
    LETTER = "letter"
    BY_CALL = "call"
    BY_HAND = "hand"
    HELPERS = "helpers"


class Became(StrEnum):
    """What became of a notice; the word stands in its entry."""

    SENT = "sent"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"
    BOUNCED = "bounced"
    RETURNED = "returned"
    OPENED = "opened"
    PRINTED = "printed"
    CALLED = "called"
    NOT_REACHED = "not-reached"
    REACHED = "reached"
    UNWANTED = "unwanted"


class Outcome(StrEnum):
    """What the warden decided for one person, and why."""

    MADE = "made"
    CALL_FIRST = "call-first"
    SAFE_BY_HAND = "safe-by-hand"
    MINOR_BY_HAND = "minor-by-hand"
    NO_WAY_BY_HAND = "no-way-by-hand"
    NO_RECORD = "no-record"
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class TellingHelper:
    """An organisation whose people will be called, to be told two hours before."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class TellingContact:
    """Who answers questions, in the words of the house."""

    phone: str
    hours: str
    address: str


@dataclass(frozen=True, slots=True)
class TellingPlan:
    """How the people of a kept scope are told. Times are in seconds since 1970.

    ``scope`` and ``list_hash`` are those of a kept scope, ``case`` is the contact case of its
    patients. ``texts`` is the day of the texts, ``texts_hash`` the hash of their file. ``address``
    is typed by people, so it is no link; ``contact`` says who answers, and when. ``untouched`` and
    ``audiences`` are words of the page. ``followup`` counts the times that they are told again.
    """

    scope: int
    list_hash: bytes
    case: UUID
    texts: str
    texts_hash: bytes
    address: str
    contact: TellingContact
    helpers: tuple[TellingHelper, ...]
    calls_an_hour: int
    first_at: int
    happened_from: int
    happened_to: int
    known_since: int
    untouched: tuple[str, ...]
    audiences: tuple[str, ...]
    followup: int


@dataclass(frozen=True, slots=True)
class KnownTelling:
    """A telling as the ledger has it: its newest plan, and who said what about it.

    ``state`` is ``planned``, ``approved`` or ``stopped``. ``patients`` are on the case's list,
    ``left_out`` are on the scope's and not on the case's. ``plan_hash`` is what is approved.
    """

    telling: UUID
    incident: UUID
    plan: TellingPlan
    plan_hash: bytes
    words: tuple[str, ...]
    state: str
    patients: int
    left_out: int
    planned: int
    planned_by: UUID
    planner: str = field(repr=False)
    approved: int
    approved_by: UUID | None
    approver: str = field(repr=False)
    stopped: int
    stopper: str = field(repr=False)
    reason: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ToTell:
    """One patient to be told: the newest identity record, when, in which wave.

    ``document`` is none where there is no record. ``state`` is what an earlier notice sealed, empty
    for the first: with it the code stays the same. ``found`` are the parts that a search of a
    leak found, ``none`` where it found none, empty where nothing was searched. ``without`` are
    channels that failed already.
    """

    patient: UUID
    document: Sealed | None
    wave: int
    due: int
    found: str
    state: bytes = field(repr=False)
    without: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MadeNotice:
    """A message that was made. ``sealed`` is the row of the outbox, empty for a letter.

    ``bucket`` is that of its code: there a reader finds the mark.

    The first of somebody's messages goes at its time; each later one only if the one before failed.
    """

    row: UUID
    channel: str
    due: int
    mark: bytes
    bucket: int
    sealed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class SealedPage:
    """A page that a code alone opens, and where it is looked up."""

    lookup: bytes
    sealed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ToldOne:
    """What was made for one patient, sealed. ``outcome`` says what is done with it.

    ``therapist`` is who calls first. ``state`` is sealed for the case's officers, and is brought
    back for a letter or a follow-up.
    """

    patient: UUID
    outcome: str
    therapist: UUID | None
    notices: tuple[MadeNotice, ...]
    pages: tuple[SealedPage, ...]
    state: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class TellingLetter:
    """A letter to be printed: it has an address on it, so its leaving was recorded."""

    row: UUID
    lines: tuple[str, ...] = field(repr=False)
    postal_code: str = field(repr=False)
    language: str
    subject: str = field(repr=False)
    body: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class NoticeBecame:
    """What became of one row: of a patient, or of none (helpers)."""

    row: UUID
    patient: UUID | None
    channel: str
    became: str
