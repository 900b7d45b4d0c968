"""Hands a reminder to the mail server that the settings name. Keeps nothing and logs nothing."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from vaitiolo.schedule.reminders import Reminder
from vaitiolo.schedule.sending import NotSent


def has_server() -> bool:
    """Tell whether a mail server is set; until then reminders wait."""
    return bool(settings.EMAIL_HOST)


def send_by_mail(row: UUID, reminder: Reminder) -> None:
    """Send a reminder. Raises NotSent when it certainly was not, OSError when nobody knows."""
    sender = settings.DEFAULT_FROM_EMAIL
    headers = {
        # The same for a repeat, so that many mailboxes show one.
        "Message-ID": f"<{row}@{sender.rpartition('@')[2].rstrip('>')}>",
        "Auto-Submitted": "auto-generated",
    }
    message = EmailMessage(reminder.subject, reminder.text, sender, [reminder.to], headers=headers)
    with _connected() as connection:
        try:
            connection.send_messages([message])
        except (SMTPResponseException, SMTPRecipientsRefused):
            raise NotSent from None


@contextmanager
def _connected() -> Iterator[Any]:
    connection = get_connection()
    try:
        connection.open()
    except (OSError, SMTPException):
        raise NotSent from None
    try:
        yield connection
    finally:
        # What was accepted stays accepted, even if the server hangs up without a word.
        with suppress(OSError):
            connection.close()
