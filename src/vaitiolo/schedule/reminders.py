"""What a reminder says: a weekday and a time. No clinic, no name, not one word of treatment."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext, pgettext

from vaitiolo.kit.dates import HELSINKI

VERSION: Final = 1


class ReminderUnknown(ValueError):
    """A reminder in a form that this release does not know. Nothing of it is repeated."""


@dataclass(frozen=True, slots=True, repr=False)
class Reminder:
    """One message: to whom, and what it says."""

    to: str
    subject: str
    text: str


def compose(starts_at: datetime, *, to: str, language: str) -> Reminder:
    """Return the neutral words in the patient's language."""
    known = dict(settings.LANGUAGES)
    local = starts_at.astimezone(HELSINKI)
    with translation.override(language if language in known else settings.LANGUAGE_CODE):
        text = gettext(
            "You have an appointment on %(day)s at %(time)s. Details from your practice."
        )
        filled = text % {"day": _on_day(local.weekday()), "time": f"{local:%H.%M}"}
        return Reminder(to, pgettext("subject of a message", "Reminder"), filled)


def write(reminder: Reminder) -> bytes:
    """Return a reminder as it is sealed for the worker."""
    body = {**asdict(reminder), "version": VERSION}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def read(body: bytes | bytearray) -> Reminder:
    """Return what was sealed for the worker. Raises ReminderUnknown."""
    try:
        said: Mapping[str, Any] = json.loads(bytes(body))
        if said["version"] != VERSION:
            raise ReminderUnknown
        return Reminder(said["to"], said["subject"], said["text"])
    except (ValueError, TypeError, KeyError):
        raise ReminderUnknown from None


def _on_day(weekday: int) -> str:
    days = (
        pgettext("on a day", "Monday"),
        pgettext("on a day", "Tuesday"),
        pgettext("on a day", "Wednesday"),
        pgettext("on a day", "Thursday"),
        pgettext("on a day", "Friday"),
        pgettext("on a day", "Saturday"),
        pgettext("on a day", "Sunday"),
    )
    return days[weekday]
