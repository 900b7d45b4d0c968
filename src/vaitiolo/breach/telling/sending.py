"""Sends the notices that are due, each once: recorded, claimed, opened, sent, settled.

A row that was claimed and never settled is uncertain: nobody knows whether it went out, so it does
not go again by that way, and the next way is taken. It opens nothing itself.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from vaitiolo.breach.models import Notice, Telling
from vaitiolo.breach.states import FAILED, NoticeState
from vaitiolo.breach.telling import access
from vaitiolo.breach.telling.access import (
    MOST_AT_ONCE,
    Became,
    Channel,
    NoticeBecame,
    TellingChanged,
    TellingStopped,
    TellingUnapproved,
)
from vaitiolo.breach.telling.storing import state_of
from vaitiolo.notices.mail import Mail
from vaitiolo.warden.transport import Transport

Opener = Callable[[UUID, bytes], bytes | bytearray]

# Longer than any attempt can take: whoever claimed a row and did not settle it by then is dead.
LEASE: Final = timedelta(minutes=10)
MOST_TRIES: Final = 6
PAUSES: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720))
# So long before the first person those who answer the help lines are told.
HELPERS_BEFORE: Final = timedelta(hours=2)
MOST_A_ROUND: Final = 2_000
SENT_BY: Final = (Channel.EMAIL, Channel.SMS, Channel.HELPERS)
BECOMES: Final = {
    Became.SENT: NoticeState.SENT,
    Became.REFUSED: NoticeState.REFUSED,
    Became.UNCERTAIN: NoticeState.UNCERTAIN,
    Became.BOUNCED: NoticeState.BOUNCED,
}


class NotNow(Exception):
    """Certainly not sent: no server, or it said to come again. It may be tried later."""


class ServerAway(NotNow):
    """Nobody answers there at all: the others need not try in this round."""


class NotEver(Exception):
    """Certainly not sent, and the server will not take it: the next way is due."""


class Ways(Protocol):
    """What messages are sent by. Raises NotNow, NotEver, or OSError when nobody knows."""

    def has(self, channel: str) -> bool:
        """Tell whether this way is set up at all."""

    def send(self, row: UUID, mail: Mail) -> None:
        """Send one message."""


@dataclass(slots=True)
class Round:
    """What became of what was due, in numbers."""

    sent: int = 0
    refused: int = 0
    uncertain: int = 0
    put_off: int = 0
    waiting: int = 0


@dataclass(slots=True)
class Desk:
    """One round: what it sends with, and when it is."""

    transport: Transport
    opener: Opener
    ways: Ways
    at: datetime
    became: Round = field(default_factory=Round)
    is_away: bool = False

    def go(self) -> Round:
        """Send what is due of every telling. Raises WardenSilent, LedgerSilent."""
        for telling in Telling.objects.filter(is_stopped=False).order_by("id"):
            if telling.not_before is None or telling.not_before <= self.at:
                self._tell(telling.id)
        return self.became

    def _tell(self, telling: UUID) -> None:
        settle_dead(self.transport, telling, at=self.at)
        record_settled(self.transport, telling)
        done = 0
        while done < MOST_A_ROUND and (rows := self._due(telling)):
            try:
                access.take(self.transport, telling, [row.id for row in rows])
            except (TellingStopped, TellingUnapproved):
                # The warden's word counts, whatever the row says.
                self.became.waiting += len(rows)
                return
            except TellingChanged:
                self._one_by_one(rows)
            else:
                for row in rows:
                    self._see_to(row)
            record_settled(self.transport, telling)
            done += len(rows)

    def _one_by_one(self, rows: Sequence[Notice]) -> None:
        """Send what may go although others of these may not; each is settled before the next."""
        for row in rows:
            if self._may_go(row):
                self._see_to(row)
                record_settled(self.transport, row.telling_id)

    def _may_go(self, row: Notice) -> bool:
        """Ask for one row alone. One that went before, or before its turn, is laid aside."""
        try:
            access.take(self.transport, row.telling_id, [row.id])
        except TellingChanged:
            Notice.objects.filter(id=row.id, state=NoticeState.WAITING).update(
                state=NoticeState.SPARE
            )
            self.became.waiting += 1
            return False
        return True

    def _due(self, telling: UUID) -> Sequence[Notice]:
        """Return the next rows that may go, those of the first wave first."""
        by = [one for one in SENT_BY if self.ways.has(one) and not self._is_away(one)]
        due = Notice.objects.filter(
            telling=telling, state=NoticeState.WAITING, due_at__lte=self.at, channel__in=by
        )
        if not _helpers_know(telling, self.at):
            due = due.filter(channel=Channel.HELPERS)
        return list(due.order_by("due_at", "wave", "id")[:MOST_AT_ONCE])

    def _is_away(self, channel: str) -> bool:
        return self.is_away and channel != Channel.SMS

    def _see_to(self, row: Notice) -> None:
        """Claim a row before anybody else does, committed before a byte of it leaves."""
        claimed = Notice.objects.filter(id=row.id, state=NoticeState.WAITING, due_at=row.due_at)
        tries = row.tries + 1
        if (
            self._is_away(row.channel)
            or not _still_goes(row.telling_id, self.at)
            or not claimed.update(state=NoticeState.TAKEN, taken_at=self.at, tries=tries)
        ):
            return
        row.tries = tries
        self._attempt(row)

    def _attempt(self, row: Notice) -> None:
        try:
            mail = Mail.read(self.opener(row.id, bytes(row.sealed_row)))
        except Exception:  # noqa: BLE001 - a row that does not open, for whatever cause, stops no other
            self._settle(row, Became.REFUSED)
            return
        try:
            self._settle(row, self._outcome(row, mail))
        except ServerAway:
            self._put_back(row)
        except NotNow:
            self._put_off(row)

    def _outcome(self, row: Notice, mail: Mail) -> Became:
        try:
            self.ways.send(row.id, mail)
        except NotEver:
            return Became.REFUSED
        except OSError:
            # It may have gone out before the connection broke, so it does not go again.
            return Became.UNCERTAIN
        return Became.SENT

    def _put_back(self, row: Notice) -> None:
        """Leave a row as it was: that a server is away is no failure of its own."""
        self.is_away = True
        back = {"state": NoticeState.WAITING, "taken_at": None, "tries": row.tries - 1}
        Notice.objects.filter(id=row.id, state=NoticeState.TAKEN).update(**back)
        self.became.put_off += 1

    def _put_off(self, row: Notice) -> None:
        if row.tries >= MOST_TRIES:
            self._settle(row, Became.REFUSED)
            return
        later = {"state": NoticeState.WAITING, "due_at": self.at + PAUSES[row.tries - 1]}
        Notice.objects.filter(id=row.id, state=NoticeState.TAKEN).update(**later, taken_at=None)
        self.became.put_off += 1

    def _settle(self, row: Notice, became: Became) -> None:
        settle(row, became, at=self.at)
        name = {Became.SENT: "sent", Became.REFUSED: "refused"}.get(became, "uncertain")
        setattr(self.became, name, getattr(self.became, name) + 1)


def settle(row: Notice, became: Became, *, at: datetime) -> None:
    """Let a row say what became of it, forget its words, and begin the next way if it failed."""
    state = BECOMES[became]
    with transaction.atomic():
        Notice.objects.filter(id=row.id).update(
            state=state, settled_at=at, sealed_row=b"", is_recorded=False
        )
        if state in FAILED:
            take_next(row, at=at)


def take_next(row: Notice, *, at: datetime) -> None:
    """Begin the way after a failed one; where none is left, somebody has to reach them by hand."""
    if row.patient_id is None:
        return
    own = Notice.objects.filter(telling=row.telling_id, patient=row.patient_id, wave=row.wave)
    following = own.filter(state=NoticeState.SPARE, rank__gt=row.rank).order_by("rank").first()
    if following is not None:
        begun = {"state": state_of(following.channel), "due_at": at}
        Notice.objects.filter(id=following.id, state=NoticeState.SPARE).update(**begun)


def settle_dead(transport: Transport, telling: UUID, *, at: datetime) -> None:
    """Settle what dead workers claimed, as uncertain: it is never sent again by the same way."""
    dead = Notice.objects.filter(telling=telling, state=NoticeState.TAKEN, taken_at__lte=at - LEASE)
    for row in dead:
        settle(row, Became.UNCERTAIN, at=at)
    record_settled(transport, telling)


def record_settled(transport: Transport, telling: UUID) -> None:
    """Have the ledger say what became of rows; killed in between, it is said the next time."""
    said = {state: word for word, state in BECOMES.items()}
    while rows := list(Notice.objects.filter(telling=telling, is_recorded=False)[:MOST_AT_ONCE]):
        became = [
            NoticeBecame(row.id, row.patient_id, row.channel, said[NoticeState(row.state)])
            for row in rows
        ]
        access.became(transport, telling, became)
        Notice.objects.filter(id__in=[row.id for row in rows]).update(is_recorded=True)


def count_waiting() -> int:
    """Return how many messages wait to be sent."""
    return Notice.objects.filter(state=NoticeState.WAITING, channel__in=SENT_BY).count()


def _still_goes(telling: UUID, at: datetime) -> bool:
    """Tell whether it was neither stopped nor held since the round began."""
    may = Q(not_before=None) | Q(not_before__lte=at)
    return Telling.objects.filter(may, id=telling, is_stopped=False).exists()


def _helpers_know(telling: UUID, at: datetime) -> bool:
    """Tell whether every helper was told two hours ago, or cannot be."""
    helpers = Notice.objects.filter(telling=telling, channel=Channel.HELPERS)
    open_ones = (NoticeState.WAITING, NoticeState.TAKEN)
    late = Q(state=NoticeState.SENT, settled_at__gt=at - HELPERS_BEFORE)
    return not helpers.filter(Q(state__in=open_ones) | late).exists()
