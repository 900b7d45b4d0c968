"""What is written of a patient: the identity document and the line of the phone book.

Pure: JSON with sorted keys and no spaces, which the warden seals. It never seals or opens anything.
"""

import json
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any, Final

VERSION: Final = 1


class RecordUnknown(ValueError):
    """A document in a form that this release does not know. Nothing of it is repeated."""


@dataclass(frozen=True, slots=True, repr=False)
class IdentityRecord:
    """Who a patient is and how to reach them."""

    given_name: str
    family_name: str
    hetu: str
    born_on: date | None
    phone: str
    email: str
    street: str
    postal_code: str
    town: str
    language: str
    kin_name: str = ""
    kin_relation: str = ""
    kin_phone: str = ""
    safe_contact: str = ""
    # What whoever sends something out must know: a voice first, or never to the own address.
    call_first: bool = False
    is_hidden: bool = False

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def address(self) -> str:
        return ", ".join(filter(None, [self.street, f"{self.postal_code} {self.town}".strip()]))

    @property
    def kin(self) -> str:
        return ", ".join(filter(None, [self.kin_name, self.kin_relation, self.kin_phone]))


@dataclass(frozen=True, slots=True)
class FoundPatient:
    """A patient as the phone book shows one. The identity code is not in it."""

    name: str = field(repr=False)
    born_on: date | None = field(repr=False)
    phone: str = field(repr=False)
    email: str = field(repr=False)


def write_identity(record: IdentityRecord, *, at: datetime) -> bytes:
    """Return the identity document, with the moment it was changed."""
    body = {one.name: getattr(record, one.name) for one in fields(record)}
    born = None if record.born_on is None else record.born_on.isoformat()
    return _write({**body, "born_on": born, "changed_at": at.isoformat(), "version": VERSION})


def read_identity(document: bytes) -> tuple[IdentityRecord, datetime]:
    """Return what a document says, and when it was changed. Raises RecordUnknown."""
    try:
        body = json.loads(document)
        changed_at = datetime.fromisoformat(body.pop("changed_at"))
        if body.pop("version") != VERSION:
            raise RecordUnknown
        born = body.pop("born_on")
        born_on = None if born is None else date.fromisoformat(born)
        return IdentityRecord(born_on=born_on, **body), changed_at
    except (ValueError, TypeError, KeyError, AttributeError):
        raise RecordUnknown from None


def write_phonebook(record: IdentityRecord) -> bytes:
    """Return the line of the phone book: what the warden looks through."""
    born = "" if record.born_on is None else record.born_on.isoformat()
    return _write(
        {
            "born": born,
            "email": record.email,
            "hetu": record.hetu,
            "name": record.name,
            "phone": record.phone,
        }
    )


def read_found(body: bytes) -> FoundPatient:
    """Return a line as the warden gave it. Raises RecordUnknown."""
    try:
        line = json.loads(body)
        born_on = date.fromisoformat(line["born"]) if line["born"] else None
        return FoundPatient(line["name"], born_on, line["phone"], line["email"])
    except (ValueError, TypeError, KeyError):
        raise RecordUnknown from None


def changes(before: IdentityRecord, after: IdentityRecord) -> list[tuple[str, Any, Any]]:
    """List which fields differ, with both values."""
    names = [one.name for one in fields(after)]
    pairs = ((name, getattr(before, name), getattr(after, name)) for name in names)
    return [change for change in pairs if change[1] != change[2]]


def _write(body: dict[str, object]) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
