"""What is sealed beside an appointment: whose it is, how to remind, why it was cancelled.

Pure: JSON with sorted keys and no spaces, which the warden seals. Not one clinical word is in it.
"""

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Final

from vaitiolo.people.records import IdentityRecord

VERSION: Final = 1


class EntryUnknown(ValueError):
    """An entry in a form that this release does not know. Nothing of it is repeated."""


class Reason(StrEnum):
    """Why an appointment was cancelled, from a short list."""

    PATIENT = "patient"
    PRACTICE = "practice"
    ILLNESS = "illness"
    OTHER = "other"


@dataclass(frozen=True, slots=True, repr=False)
class Entry:
    """Whose an appointment is. Without an e-mail nobody is reminded."""

    name: str
    language: str = "fi"
    email: str = ""
    reason: Reason | None = None


def write(entry: Entry) -> bytes:
    """Return an entry as it is sealed."""
    body = {key: value for key, value in asdict(entry).items() if value}
    body["version"] = VERSION
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def read(body: bytes) -> Entry:
    """Return what an entry says. Raises EntryUnknown."""
    try:
        said = json.loads(body)
        if said.pop("version") != VERSION:
            raise EntryUnknown
        reason = said.pop("reason", None)
        return Entry(**said, reason=None if reason is None else Reason(reason))
    except (ValueError, TypeError, KeyError, AttributeError):
        raise EntryUnknown from None


def entry_of(record: IdentityRecord, *, is_reminded: bool) -> Entry:
    """Return what is sealed beside an appointment of a patient; the e-mail only for a reminder."""
    return Entry(record.name, record.language, record.email if is_reminded else "")
