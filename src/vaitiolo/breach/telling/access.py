"""The door to tellings: the warden plans with two officers, opens contact details, seals notices.

What comes back is sealed; a letter alone has words in it, and that it leaves was recorded.
"""

from collections.abc import Sequence
from http import HTTPStatus
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from vaitiolo.kit.errors import Refusal
from vaitiolo.people.actor import Actor
from vaitiolo.warden.client import LedgerSilent, NotAllowed, NotGranted, WardenSilent
from vaitiolo.warden.client import telling as asking
from vaitiolo.warden.client.telling import (
    MOST_AT_ONCE,
    Became,
    Channel,
    KnownTelling,
    MadeNotice,
    NoticeBecame,
    Outcome,
    TellingContact,
    TellingHelper,
    TellingLetter,
    TellingPlan,
    ToldOne,
    ToTell,
    ToTellListed,
)
from vaitiolo.warden.client.telling_refusals import (
    LettersPrinted,
    TellingChanged,
    TellingStopped,
    TellingUnapproved,
)
from vaitiolo.warden.transport import Transport

__all__ = [
    "MOST_AT_ONCE",
    "Became",
    "Channel",
    "KnownTelling",
    "LedgerSilent",
    "LettersPrinted",
    "MadeNotice",
    "NotAllowed",
    "NoticeBecame",
    "Outcome",
    "TellingChanged",
    "TellingContact",
    "TellingHelper",
    "TellingLetter",
    "TellingPlan",
    "TellingStopped",
    "TellingUnapproved",
    "ToTell",
    "ToTellListed",
    "ToldOne",
    "WardenSilent",
]


class TellingNotFound(Refusal):
    """There is no such telling, or it is none of the asker's: the two look alike."""

    status = HTTPStatus.NOT_FOUND
    message = _("There is no such telling here. Nothing was opened or sent.")


def plan(
    actor: Actor, incident: UUID, said: TellingPlan, *, telling: UUID | None = None
) -> KnownTelling:
    """Plan a telling, or the next plan of one. Raises TellingNotFound, NotAllowed, TellingWrong."""
    try:
        return asking.plan_telling(actor.session, incident, said, telling=telling)
    except NotGranted:
        raise TellingNotFound from None


def approve(actor: Actor, telling: UUID, *, plan_hash: bytes) -> tuple[MadeNotice, ...]:
    """Approve another officer's plan. Raises TellingNeedsSecond, TellingChanged."""
    try:
        return asking.approve_telling(actor.session, telling, plan_hash=plan_hash)
    except NotGranted:
        raise TellingNotFound from None


def stop(actor: Actor, telling: UUID, *, reason: str) -> None:
    """Stop a telling at once. Raises TellingNotFound."""
    try:
        asking.stop_telling(actor.session, telling, reason=reason)
    except NotGranted:
        raise TellingNotFound from None


def go_on(actor: Actor, telling: UUID, *, reason: str) -> None:
    """Let a stopped telling go on. Raises TellingNotFound, TellingChanged."""
    try:
        asking.go_on_telling(actor.session, telling, reason=reason)
    except NotGranted:
        raise TellingNotFound from None


def list_all(actor: Actor, incident: UUID) -> tuple[KnownTelling, ...]:
    """Return the tellings of an incident, the newest first. Raises TellingNotFound."""
    try:
        return asking.list_tellings(actor.session, incident)
    except NotGranted:
        raise TellingNotFound from None


def next_to_tell(actor: Actor, telling: UUID, *, start: int, count: int) -> ToTellListed:
    """Return whose records the next step needs. Raises as `tell_some`."""
    return asking.next_to_tell(actor.session, telling, start=start, count=count)


def tell_some(actor: Actor, telling: UUID, people: Sequence[ToTell]) -> tuple[ToldOne, ...]:
    """Have the notices of some people made; return what is to be stored, sealed."""
    return asking.tell_some(actor.session, telling, people)


def letters_of(
    actor: Actor, telling: UUID, rows: Sequence[tuple[UUID, ToTell]], *, reason: str = ""
) -> tuple[TellingLetter, ...]:
    """Return letters to be printed. Raises LettersPrinted without a reason the second time."""
    return asking.letters_of(actor.session, telling, rows, reason=reason)


def mark(actor: Actor, telling: UUID, became: Sequence[NoticeBecame]) -> None:
    """Record what became of letters, calls and tasks by hand. Raises NotGranted, NotAllowed."""
    asking.mark_notices(actor.session, telling, became)


def take(transport: Transport, telling: UUID, rows: Sequence[UUID]) -> None:
    """Record that rows are about to be opened. Raises TellingStopped, TellingUnapproved.

    TellingChanged where one of them went before, or has to wait for another.
    """
    asking.take_notices(transport, telling, rows)


def became(transport: Transport, telling: UUID, said: Sequence[NoticeBecame]) -> None:
    """Record what became of rows that were taken."""
    asking.notices_became(transport, telling, said)
