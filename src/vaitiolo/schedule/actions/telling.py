"""Notices to a patient: into the outbox, sealed, to be sent as soon as the worker looks."""

from datetime import datetime
from uuid import UUID

from vaitiolo.people.actor import Actor
from vaitiolo.schedule import access, reminders
from vaitiolo.schedule.models import OutboxRow
from vaitiolo.schedule.reminders import Reminder
from vaitiolo.schedule.states import Sending


def put_notice(actor: Actor, row: UUID, notice: Reminder, *, at: datetime) -> None:
    """Put a notice into the outbox under an id of the caller's; nobody here can open it again."""
    sealed = access.seal_reminder(actor, row, due=at, body=reminders.write(notice))
    OutboxRow.objects.create(id=row, due_at=at, sealed_row=sealed)


def not_sent(rows: list[UUID]) -> set[UUID]:
    """Return which of these notices were given up."""
    found = OutboxRow.objects.filter(id__in=rows, state=Sending.GIVEN_UP)
    return set(found.values_list("id", flat=True))
