"""What a patient agreed to or refused: a signed document in the identity, never changed.

Each stands for itself, with its day; whoever may open who the patient is can read them all.
"""

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final
from uuid import UUID, uuid4

from vaitiolo.kit.dates import day_of
from vaitiolo.people import places
from vaitiolo.people.access import OpenIdentity, Plain, Read, Sealed
from vaitiolo.people.models import Consent

VERSION: Final = 1
HAND_OVER: Final = "hand-over"
REFUSED: Final = "refused"
RESTS: Final = "rests"


class ConsentUnknown(ValueError):
    """A document in a form that this release does not know. Nothing of it is repeated."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a patient said: about what, with which answer, concerning whom, until which day."""

    about: str
    answer: str
    person: UUID | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class KeptConsent:
    """What a patient said, who wrote it down, and when."""

    said: Said
    on: date
    by: str = field(repr=False)


def keep_consent(identity: OpenIdentity, said: Said, *, at: datetime) -> None:
    """Write down what a patient said: recorded, signed, stored."""
    row = uuid4()
    [sealed] = identity.compartment.seal([Plain(places.of_consent(row), _write(said))])
    Consent.objects.create(
        id=row, patient_id=identity.patient_id, signed_on=day_of(at), sealed_body=sealed
    )


def list_consents(identity: OpenIdentity) -> list[KeptConsent]:
    """Return what a patient said, the newest first."""
    rows = list(
        Consent.objects.filter(patient_id=identity.patient_id)
        .order_by("-signed_on", "id")
        .values_list("id", "signed_on", "sealed_body")
    )
    documents = [Sealed(places.of_consent(row), bytes(sealed)) for row, _on, sealed in rows]
    reads = identity.compartment.unseal(documents)
    return [_kept(read, on) for read, (_row, on, _sealed) in zip(reads, rows, strict=True)]


def _kept(read: Read, on: date) -> KeptConsent:
    try:
        body = json.loads(read.body)
        if body["version"] != VERSION:
            raise ConsentUnknown
        person, until = body.get("person"), body.get("until")
        said = Said(
            str(body["about"]),
            str(body["answer"]),
            None if person is None else UUID(person),
            None if until is None else date.fromisoformat(until),
        )
    except (ValueError, TypeError, KeyError, AttributeError):
        raise ConsentUnknown from None
    return KeptConsent(said, on, read.author_name)


def _write(said: Said) -> bytes:
    body: dict[str, object] = {"about": said.about, "answer": said.answer, "version": VERSION}
    if said.person is not None:
        body["person"] = said.person.hex
    if said.until is not None:
        body["until"] = said.until.isoformat()
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
