"""Stores what the warden made for people: all of a step or nothing, and nobody's twice.

What is stored is sealed. Killed before it was stored, nothing was stored and nothing is sent; the
step is made again.
"""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max

from vaitiolo.breach.models import MessageMark, Notice, PublishedPage, Telling
from vaitiolo.breach.states import NoticeState
from vaitiolo.breach.telling.access import Channel, MadeNotice, Outcome, ToldOne
from vaitiolo.breach.telling.folding import A_ROUND, moment

# What people do, and no mail server.
BY_PEOPLE: Final = frozenset({Channel.LETTER, Channel.BY_CALL, Channel.BY_HAND})


def state_of(channel: str) -> NoticeState:
    """Return how a notice begins whose turn it is."""
    return NoticeState.TASK if channel in BY_PEOPLE else NoticeState.WAITING


def already(telling: UUID, patients: Sequence[UUID], *, again: int) -> frozenset[UUID]:
    """Return which of these have their notices in a round of a telling."""
    first = again * A_ROUND
    rows = Notice.objects.filter(
        telling=telling, patient__in=patients, wave__range=(first, first + A_ROUND - 1)
    )
    return frozenset(rows.values_list("patient_id", flat=True))


def keep(telling: UUID, told: Sequence[ToldOne], *, waves: dict[UUID, int]) -> bool:
    """Store a step; tell whether it was stored. It is not where somebody else did meanwhile."""
    attempts = _attempts(telling, [one.patient for one in told])
    made = list(
        chain.from_iterable(
            _rows(telling, one, wave=waves[one.patient], attempts=attempts) for one in told
        )
    )
    pages = [
        PublishedPage(lookup=page.lookup, telling=telling, sealed=page.sealed)
        for one in told
        for page in one.pages
    ]
    marks = [
        MessageMark(mark=notice.mark, telling=telling, bucket=notice.bucket)
        for one in told
        for notice in one.notices
        if notice.mark
    ]
    try:
        with transaction.atomic():
            Notice.objects.bulk_create(made)
            MessageMark.objects.bulk_create(marks, ignore_conflicts=True)
            PublishedPage.objects.bulk_create(
                pages,
                update_conflicts=True,
                unique_fields=["lookup"],
                update_fields=["sealed"],
            )
    except IntegrityError:
        return False
    return True


def keep_helpers(telling: UUID, made: Sequence[MadeNotice]) -> None:
    """Store the messages to those who help: they go first, and name nobody."""
    Notice.objects.bulk_create(
        [_row(telling, one, None, wave=0, attempt=1, rank=1) for one in made],
        ignore_conflicts=True,
    )
    MessageMark.objects.bulk_create(
        [MessageMark(mark=one.mark, telling=telling, bucket=one.bucket) for one in made],
        ignore_conflicts=True,
    )


def keep_telling(telling: UUID, incident: UUID, *, is_stopped: bool) -> None:
    """Keep what the worker must know of a telling. Nothing of what it says is in it."""
    Telling.objects.update_or_create(
        id=telling, defaults={"is_stopped": is_stopped}, create_defaults={"incident": incident}
    )


def _rows(
    telling: UUID, one: ToldOne, *, wave: int, attempts: dict[tuple[UUID, str], int]
) -> Iterator[Notice]:
    is_call = one.outcome == Outcome.CALL_FIRST
    for rank, notice in enumerate(one.notices, 1):
        attempt = attempts.get((one.patient, notice.channel), 0) + 1
        row = _row(telling, notice, one.patient, wave=wave, attempt=attempt, rank=rank)
        row.state = _begins(notice.channel, rank, is_call=is_call).value
        row.sealed_state = one.state
        yield row


def _begins(channel: str, rank: int, *, is_call: bool) -> NoticeState:
    if rank == 1:
        return state_of(channel)
    return NoticeState.HELD if is_call else NoticeState.SPARE


def _row(
    telling: UUID, made: MadeNotice, patient: UUID | None, *, wave: int, attempt: int, rank: int
) -> Notice:
    return Notice(
        id=made.row,
        telling_id=telling,
        patient_id=patient,
        wave=wave,
        channel=str(made.channel),
        attempt=attempt,
        rank=rank,
        due_at=moment(made.due),
        sealed_row=made.sealed,
    )


def _attempts(telling: UUID, patients: Sequence[UUID]) -> dict[tuple[UUID, str], int]:
    rows = (
        Notice.objects.filter(telling=telling, patient__in=patients)
        .values_list("patient_id", "channel")
        .annotate(last=Max("attempt"))
    )
    return {(patient, channel): last for patient, channel, last in rows}
