"""What people do for a telling and say of it: letters, calls, tasks by hand, and the next way.

Each outcome is in the ledger before its row says so. Said twice, it stands once.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from vaitiolo.breach import access as cases
from vaitiolo.breach.access import CaseNotRunning
from vaitiolo.breach.models import Notice
from vaitiolo.breach.states import FAILED, NoticeState
from vaitiolo.breach.telling import access, actions, queries, reading, sending, storing
from vaitiolo.breach.telling.access import (
    MOST_AT_ONCE,
    Became,
    Channel,
    KnownTelling,
    NotAllowed,
    NoticeBecame,
    TellingLetter,
    ToldOne,
)
from vaitiolo.breach.telling.folding import A_ROUND
from vaitiolo.breach.telling.queries import Batch
from vaitiolo.kit.errors import Refusal
from vaitiolo.notices import returning
from vaitiolo.people import actions as people
from vaitiolo.people import desks
from vaitiolo.people.actor import Actor
from vaitiolo.people.records import IdentityRecord, RecordUnknown, read_identity
from vaitiolo.watch import printing

DRAWER: Final = "vaitiolo.breach.telling.paper"
# What an outcome makes of the row it is about; a call that did not come through may be tried again.
BECOMES: Final[Mapping[Became, NoticeState]] = {
    Became.CALLED: NoticeState.DONE,
    Became.REACHED: NoticeState.DONE,
    Became.UNWANTED: NoticeState.UNWANTED,
    Became.NOT_REACHED: NoticeState.TASK,
    Became.RETURNED: NoticeState.RETURNED,
}


class TaskNotFound(Refusal):
    """There is no such task, or it is settled already."""

    status = HTTPStatus.NOT_FOUND
    message = _(
        "There is no such task here any more; somebody may have settled it. Nothing changed."
    )


class LettersUnknown(Refusal):
    """Some numbers are of no printed letter of this telling."""

    status = HTTPStatus.CONFLICT
    message = _(
        "At least one of these numbers is of no printed letter of this telling. Nothing was "
        "marked: compare the numbers, and mark the others."
    )


def print_batch(
    actor: Actor, known: KnownTelling, batch: Batch, *, reason: str, at: datetime
) -> bytes:
    """Return a batch of letters as PDF, by postal code. Raises LettersPrinted, CaseNotRunning."""
    rows = queries.letters_in(known.telling, batch)
    letters = [one for some in _parts(rows) for one in _letters(actor, known, some, reason=reason)]
    letters.sort(key=lambda one: (one.postal_code, one.lines))
    ids = [row.id for row in rows if row.taken_at is None]
    if ids:
        printed = {"state": NoticeState.DONE, "taken_at": at, "settled_at": at}
        Notice.objects.filter(id__in=ids).update(**printed)
    return _drawn(letters)


def mark_returned(
    actor: Actor, known: KnownTelling, numbers: Sequence[str], *, at: datetime
) -> int:
    """Say that the post brought letters back; the next way is taken. Raises LettersUnknown."""
    found = [_letter_of(known.telling, number) for number in numbers]
    rows = [one for one in found if one is not None]
    if len(rows) != len(found):
        raise LettersUnknown
    fresh = [one for one in rows if one.state == NoticeState.DONE]
    _settle(actor, known.telling, fresh, became=Became.RETURNED, at=at)
    for row in fresh:
        sending.take_next(row, at=at)
    return len(fresh)


def settle_by_hand(
    actor: Actor, known: KnownTelling, row: UUID, *, became: Became, at: datetime
) -> None:
    """Say what came of a task by hand. Raises TaskNotFound."""
    found = Notice.objects.filter(id=row, telling=known.telling, state=NoticeState.TASK).first()
    if found is None or found.channel not in {Channel.BY_HAND, Channel.BY_CALL}:
        raise TaskNotFound
    _settle(actor, known.telling, [found], became=became, at=at)
    if found.channel == Channel.BY_CALL:
        _after_call(found, became, at=at)


def settle_call(actor: Actor, row: UUID, *, became: Became, at: datetime) -> None:
    """Say what came of the own call to a patient. Raises TaskNotFound.

    Reached, and the notice goes out now; not wanted, and nothing goes out; else it stays to do.
    """
    open_ones = (NoticeState.TASK, NoticeState.NOT_REACHED)
    found = Notice.objects.filter(id=row, channel=Channel.BY_CALL, state__in=open_ones).first()
    if found is None:
        people.lay_on_desks(actor, [(actor.id, desks.call_done(row, at=at))])
        raise TaskNotFound
    _settle(actor, found.telling_id, [found], became=became, at=at)
    _after_call(found, became, at=at)
    if became != Became.NOT_REACHED:
        people.lay_on_desks(actor, [(actor.id, desks.call_done(row, at=at))])


def retry_failed(actor: Actor, known: KnownTelling, *, at: datetime) -> int:
    """Write for those whom no way has reached and for whom none is left; return how many.

    Only the ways that have not failed are tried. Raises CaseNotRunning.
    """
    failed = _stranded(known)
    told = 0
    ids = list(failed)
    for start in range(0, len(ids), MOST_AT_ONCE):
        some = ids[start : start + MOST_AT_ONCE]
        told += _retry(actor, known, {one: failed[one] for one in some}, at=at)
    return told


def open_for_task(actor: Actor, known: KnownTelling, patient: UUID) -> IdentityRecord | None:
    """Return how to reach somebody on the list by hand; recorded. Raises CaseNotRunning."""
    try:
        place = _place_of(actor, known, patient)
    except NotAllowed:
        raise CaseNotRunning from None
    opened = cases.open_listed(actor, known.plan.case, start=place, count=1) if place >= 0 else ()
    body = opened[0].body if opened and opened[0].patient_id == patient else None
    try:
        return None if body is None else read_identity(body)[0]
    except RecordUnknown:
        return None


def _place_of(actor: Actor, known: KnownTelling, patient: UUID) -> int:
    start, total = 0, known.patients
    while start < total:
        given = access.next_to_tell(actor, known.telling, start=start, count=MOST_AT_ONCE)
        ids = [one.patient for one in given.patients]
        if patient in ids:
            return start + ids.index(patient)
        start += len(ids) or total
    return -1


def _letters(
    actor: Actor, known: KnownTelling, rows: Sequence[Notice], *, reason: str
) -> Sequence[TellingLetter]:
    dues = {
        row.patient_id: (row.wave, int(row.due_at.timestamp()))
        for row in rows
        if row.patient_id is not None
    }
    people_of = {one.patient: one for one in actions.to_tell(known, dues, without={})}
    pairs = [(row.id, people_of[row.patient_id]) for row in rows if row.patient_id in people_of]
    try:
        return access.letters_of(actor, known.telling, pairs, reason=reason)
    except NotAllowed:
        raise CaseNotRunning from None


def _drawn(letters: Sequence[TellingLetter]) -> bytes:
    note = gettext("Some letters of a name or address cannot be printed, and stand without marks.")
    return printing.drawn_by(
        DRAWER,
        {
            "sender": getattr(settings, "NOTICE_SENDER", ""),
            "letters": [
                {
                    "number": returning.number_of(one.row),
                    "address": list(one.lines),
                    "subject": one.subject,
                    "body": one.body,
                    "note": note,
                }
                for one in letters
            ],
        },
    )


def _letter_of(telling: UUID, number: str) -> Notice | None:
    found = Notice.objects.filter(
        telling=telling, channel=Channel.LETTER, id__range=returning.span_of(number)
    )
    printed = [one for one in found if one.taken_at is not None]
    return printed[0] if len(printed) == 1 else None


def _settle(
    actor: Actor, telling: UUID, rows: Sequence[Notice], *, became: Became, at: datetime
) -> None:
    """Record an outcome, then let the rows say so."""
    for start in range(0, len(rows), MOST_AT_ONCE):
        some = rows[start : start + MOST_AT_ONCE]
        said = [NoticeBecame(one.id, one.patient_id, one.channel, became) for one in some]
        access.mark(actor, telling, said)
        state = BECOMES[became]
        changed = {"state": state, "settled_at": None if state == NoticeState.TASK else at}
        Notice.objects.filter(id__in=[one.id for one in some]).update(
            **changed, tries=F("tries") + 1
        )


def _after_call(call: Notice, became: Became, *, at: datetime) -> None:
    """Let the messages go that waited for a call, or let none of them go."""
    held = Notice.objects.filter(
        telling=call.telling_id, patient=call.patient_id, state=NoticeState.HELD
    ).order_by("rank")
    if became == Became.UNWANTED:
        held.update(state=NoticeState.UNWANTED, settled_at=at)
    if became not in {Became.CALLED, Became.REACHED}:
        return
    with transaction.atomic():
        first = held.first()
        if first is not None:
            begun = {"state": storing.state_of(first.channel), "due_at": at}
            Notice.objects.filter(id=first.id).update(**begun)
            held.exclude(id=first.id).update(state=NoticeState.SPARE)


def _stranded(known: KnownTelling) -> dict[UUID, tuple[str, ...]]:
    """Return whom nothing has reached and nothing more will, with the ways that have failed."""
    first = known.plan.followup * A_ROUND
    rows = Notice.objects.filter(
        telling=known.telling, patient__isnull=False, wave__range=(first, first + A_ROUND - 1)
    )
    failed: dict[UUID, list[str]] = {}
    alive: set[UUID] = set()
    for patient, channel, state in rows.values_list("patient_id", "channel", "state"):
        if state in FAILED:
            failed.setdefault(patient, []).append(channel)
        else:
            alive.add(patient)
    return {one: tuple(ways) for one, ways in failed.items() if one not in alive}


def _retry(
    actor: Actor, known: KnownTelling, without: Mapping[UUID, tuple[str, ...]], *, at: datetime
) -> int:
    # What is printed early can come back early: still, nobody is told before the first notice.
    due = int(max(at, reading.starts_at(known, at=at)).timestamp())
    wave = known.plan.followup * A_ROUND + A_ROUND - 1
    dues = dict.fromkeys(without, (wave, due))
    try:
        told: Sequence[ToldOne] = access.tell_some(
            actor, known.telling, actions.to_tell(known, dues, without=without)
        )
    except NotAllowed:
        raise CaseNotRunning from None
    is_kept = storing.keep(known.telling, told, waves=dict.fromkeys(without, wave))
    return len(told) if is_kept else 0


def _parts(rows: Sequence[Notice]) -> Iterable[Sequence[Notice]]:
    return (rows[start : start + MOST_AT_ONCE] for start in range(0, len(rows), MOST_AT_ONCE))
