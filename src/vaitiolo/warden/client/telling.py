"""Telling people: plan, approve, stop; notices made sealed; what became of each."""

from collections.abc import Sequence
from uuid import UUID

from vaitiolo.warden import protocol
from vaitiolo.warden.client.asking import ask
from vaitiolo.warden.parts import CasePatient
from vaitiolo.warden.protocol import ToTellListed
from vaitiolo.warden.session import Session
from vaitiolo.warden.telling_parts import (
    MOST_AT_ONCE,
    Became,
    Channel,
    KnownTelling,
    MadeNotice,
    NoticeBecame,
    Outcome,
    SealedPage,
    TellingContact,
    TellingHelper,
    TellingLetter,
    TellingPlan,
    ToldOne,
    ToTell,
)
from vaitiolo.warden.transport import Transport

__all__ = [
    "MOST_AT_ONCE",
    "Became",
    "CasePatient",
    "Channel",
    "KnownTelling",
    "MadeNotice",
    "NoticeBecame",
    "Outcome",
    "SealedPage",
    "TellingContact",
    "TellingHelper",
    "TellingLetter",
    "TellingPlan",
    "ToTell",
    "ToTellListed",
    "ToldOne",
    "approve_telling",
    "go_on_telling",
    "letters_of",
    "list_tellings",
    "mark_notices",
    "next_to_tell",
    "notices_became",
    "plan_telling",
    "stop_telling",
    "take_notices",
    "tell_some",
]


def plan_telling(
    session: Session, incident: UUID, plan: TellingPlan, *, telling: UUID | None = None
) -> KnownTelling:
    """Plan a telling, or the next plan of one. Raises NotAllowed, NotGranted, TellingWrong."""
    question = protocol.PlanTelling(session.cookie, incident, telling, plan)
    return ask(session.transport, question, protocol.TellingPlanned).telling


def approve_telling(session: Session, telling: UUID, *, plan_hash: bytes) -> tuple[MadeNotice, ...]:
    """Approve another officer's plan; return the helpers' messages, sealed.

    Raises TellingNeedsSecond for one's own, TellingChanged when it is another plan by now.
    """
    question = protocol.ApproveTelling(session.cookie, telling, plan_hash)
    return ask(session.transport, question, protocol.TellingApproved).helpers


def stop_telling(session: Session, telling: UUID, *, reason: str) -> None:
    """Stop a telling at once. Raises NotAllowed, NotGranted."""
    ask(session.transport, protocol.StopTelling(session.cookie, telling, reason), protocol.Done)


def go_on_telling(session: Session, telling: UUID, *, reason: str) -> None:
    """Let a stopped telling go on. Raises NotAllowed, NotGranted, TellingChanged."""
    ask(session.transport, protocol.GoOnTelling(session.cookie, telling, reason), protocol.Done)


def list_tellings(session: Session, incident: UUID) -> tuple[KnownTelling, ...]:
    """Return the tellings of an incident, the newest first. Raises NotAllowed, NotGranted."""
    question = protocol.ListTellings(session.cookie, incident)
    return ask(session.transport, question, protocol.TellingsListed).tellings


def next_to_tell(session: Session, telling: UUID, *, start: int, count: int) -> ToTellListed:
    """Return whose records the next step needs; nothing is opened. Raises as `tell_some`."""
    question = protocol.NextToTell(session.cookie, telling, start, count)
    return ask(session.transport, question, ToTellListed)


def tell_some(session: Session, telling: UUID, people: Sequence[ToTell]) -> tuple[ToldOne, ...]:
    """Make the notices of some people, each opening recorded; return what to store.

    Raises TellingUnapproved, TellingStopped, NotAllowed (the case does not run for the asker),
    NotGranted (somebody on the list is not on both of the telling's).
    """
    question = protocol.TellSome(session.cookie, telling, tuple(people))
    return ask(session.transport, question, protocol.ToldSome).people


def letters_of(
    session: Session, telling: UUID, rows: Sequence[tuple[UUID, ToTell]], *, reason: str = ""
) -> tuple[TellingLetter, ...]:
    """Return letters to be printed; that they leave is recorded. Raises as `tell_some`.

    Raises LettersPrinted without a reason when one of them was printed before.
    """
    ids, people = tuple(row for row, _ in rows), tuple(person for _, person in rows)
    question = protocol.LettersOf(session.cookie, telling, ids, people, reason)
    return ask(session.transport, question, protocol.Letters).letters


def mark_notices(session: Session, telling: UUID, became: Sequence[NoticeBecame]) -> None:
    """Record what became of letters, calls and tasks. Raises NotAllowed, NotGranted."""
    question = protocol.MarkNotices(session.cookie, telling, tuple(became))
    ask(session.transport, question, protocol.Done)


def take_notices(transport: Transport, telling: UUID, rows: Sequence[UUID]) -> None:
    """Record that the worker is about to open rows. Raises TellingStopped, TellingUnapproved."""
    ask(transport, protocol.TakeNotices(telling, tuple(rows)), protocol.Done)


def notices_became(transport: Transport, telling: UUID, became: Sequence[NoticeBecame]) -> None:
    """Record what became of rows that the worker took."""
    ask(transport, protocol.NoticesBecame(telling, tuple(became)), protocol.Done)
