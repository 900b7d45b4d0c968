"""Sends reminders that are due: takes, opens, sends, deletes, settles. Run by the worker alone.

Each row is taken before it is opened. Who dies between sending and deleting leaves a taken row,
which is sent once more and then no more: at most one repeat, and what SMTP allows is no better.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from vaitiolo.kit.errors import Refusal
from vaitiolo.schedule import access, reminders
from vaitiolo.schedule.models import Appointment, OutboxRow
from vaitiolo.schedule.reminders import Reminder
from vaitiolo.schedule.states import Sending, State
from vaitiolo.warden.transport import Transport

Opener = Callable[[UUID, bytes], bytes | bytearray]
Send = Callable[[UUID, Reminder], None]

AT_ONCE: Final = 200
MOST_TRIES: Final = 5
# Longer than any attempt can take: whoever took a row and has not settled it by then is dead.
LEASE: Final = timedelta(minutes=10)
# So long officers see that a notice could not be sent.
REMEMBERED: Final = timedelta(days=60)
PAUSES: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120))
# From one state to the next at taking; what was taken twice is not taken a third time.
TAKING: Final = {Sending.WAITING: Sending.TAKEN, Sending.TAKEN: Sending.TAKEN_AGAIN}


class NotSent(Exception):
    """The mail server refused, or was not reached: nothing went out, so it may be tried again."""


@dataclass(frozen=True, slots=True)
class Round:
    """What became of what was due, in numbers."""

    sent: int = 0
    put_off: int = 0
    given_up: int = 0
    too_late: int = 0


def count_waiting() -> int:
    return OutboxRow.objects.exclude(state=Sending.GIVEN_UP).count()


def send_due(transport: Transport, opener: Opener, send: Send, *, at: datetime) -> Round:
    """Send what is due at a moment. Raises WardenSilent, LedgerSilent: then nothing is opened."""
    _forget_given_up(at)
    desk, so_far = _Desk(transport, opener, send, at), Round()
    due = OutboxRow.objects.filter(due_at__lte=at).exclude(state=Sending.GIVEN_UP)
    for row in due.select_related("appointment").order_by("due_at")[:AT_ONCE]:
        so_far = desk.see_to(row, so_far)
    return so_far


@dataclass(frozen=True, slots=True)
class _Desk:
    """One round: what it sends with, and when it is."""

    transport: Transport
    opener: Opener
    send: Send
    at: datetime

    def see_to(self, row: OutboxRow, so_far: Round) -> Round:
        if _is_too_late(row.appointment, self.at):
            self._end(row, was_sent=False)
            return replace(so_far, too_late=so_far.too_late + 1)
        before = Sending(row.state)
        if before not in TAKING:
            self._give_up(row)
            return replace(so_far, given_up=so_far.given_up + 1)
        if not self._take(row):
            return so_far
        return self._attempt(row, before, so_far)

    def _take(self, row: OutboxRow) -> bool:
        """Take a row before anybody else does, and record that it is about to be opened."""
        before, due_at = Sending(row.state), row.due_at
        row.state, row.due_at, row.attempts = TAKING[before], self.at + LEASE, row.attempts + 1
        standing = OutboxRow.objects.filter(id=row.id, state=before, due_at=due_at)
        if not standing.update(state=row.state, due_at=row.due_at, attempts=row.attempts):
            return False
        try:
            access.take_reminder(self.transport, row.id)
        except Refusal:
            standing = OutboxRow.objects.filter(id=row.id, state=row.state)
            standing.update(state=before, due_at=due_at, attempts=row.attempts - 1)
            raise
        return True

    def _attempt(self, row: OutboxRow, before: Sending, so_far: Round) -> Round:
        try:
            reminder = reminders.read(self.opener(row.id, bytes(row.sealed_row)))
        except Exception:  # noqa: BLE001 - a row that does not open, for whatever cause, stops no other
            return self._fail(row, before, so_far)
        try:
            self.send(row.id, reminder)
        except NotSent:
            return self._fail(row, before, so_far)
        except OSError:
            # It may have gone out before the connection broke: it counts as taken.
            return self._fail(row, Sending(row.state), so_far)
        self._end(row, was_sent=True)
        return replace(so_far, sent=so_far.sent + 1)

    def _fail(self, row: OutboxRow, state: Sending, so_far: Round) -> Round:
        if row.attempts >= MOST_TRIES:
            self._give_up(row)
            return replace(so_far, given_up=so_far.given_up + 1)
        due_at = self.at + PAUSES[row.attempts - 1]
        OutboxRow.objects.filter(id=row.id, state=row.state).update(state=state, due_at=due_at)
        return replace(so_far, put_off=so_far.put_off + 1)

    def _give_up(self, row: OutboxRow) -> None:
        """Keep that it failed, for reception to see, and not a word of what it said."""
        OutboxRow.objects.filter(id=row.id).update(state=Sending.GIVEN_UP, sealed_row=b"")
        access.settle_reminder(self.transport, row.id, was_sent=False)

    def _end(self, row: OutboxRow, *, was_sent: bool) -> None:
        # Deleted first: to die between the two must not send it again.
        OutboxRow.objects.filter(id=row.id).delete()
        access.settle_reminder(self.transport, row.id, was_sent=was_sent)


def _is_too_late(appointment: Appointment | None, at: datetime) -> bool:
    """Return whether nobody needs it any more. A notice is never too late."""
    if appointment is None:
        return False
    return appointment.starts_at <= at or appointment.state != State.BOOKED


def _forget_given_up(at: datetime) -> None:
    given_up = OutboxRow.objects.filter(state=Sending.GIVEN_UP)
    given_up.filter(appointment__starts_at__lte=at).delete()
    given_up.filter(appointment=None, due_at__lte=at - REMEMBERED).delete()
