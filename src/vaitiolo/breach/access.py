"""The doors of a contact case: opening it, joining it, and reaching the patients on its list.

Each step is recorded before it is done. Only identities come through here, and only those of the
patients whom the case's list names; nothing of it is kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from vaitiolo.kit.errors import Refusal
from vaitiolo.people import listed
from vaitiolo.people import sign_in as door
from vaitiolo.people.actor import Actor
from vaitiolo.warden import client
from vaitiolo.warden.client import KnownCase, NotAllowed, NotGranted, SealBroken, Sealed

__all__ = ["KnownCase"]

# How many patients one step of a case opens: few enough for a page to show how far it is.
AT_ONCE: Final = 25


class CaseNotFound(Refusal):
    """There is no such case."""

    status = HTTPStatus.NOT_FOUND
    message = _("There is no such case. Nothing was opened.")


class CaseNotRunning(Refusal):
    """The asker is not one of two officers for whom the case runs now."""

    status = HTTPStatus.CONFLICT
    message = _(
        "This case does not run for you now: two officers have to be in, it runs for an hour at "
        "most, and a restart ends it. Nothing more was opened. Join it again; its list is the same."
    )


@dataclass(frozen=True, slots=True)
class OpenListed:
    """One patient of a running case whose opening is recorded, and what the record says.

    The body is none where nothing is kept, or where what is kept could not be verified.
    """

    patient_id: UUID
    body: bytes | None = field(default=None, repr=False)
    is_broken: bool = False


def has_share(actor: Actor) -> bool:
    """Tell whether the house has given somebody a share of the contact key."""
    return client.ask_own_share(actor.session).is_officer


def is_share_locked(actor: Actor) -> bool:
    """Tell whether the own share is locked, so that a case can be joined with it."""
    return client.ask_own_share(actor.session).keys > 0


def list_cases(actor: Actor) -> tuple[KnownCase, ...]:
    """Return every case, the newest first. Raises NotAllowed for whoever is no officer."""
    return client.list_cases(actor.session)


def open_case(actor: Actor, patients: Sequence[UUID], *, reason: str) -> UUID:
    """Open a case for these patients and no others. Raises NotAllowed."""
    return client.open_case(actor.session, patients, reason=reason).case


def join_request(case: KnownCase) -> str:
    """Return what the touch for joining is over, as a form carries it: the case and its list."""
    return door.as_text(client.over_joining(case.case, case.list_hash))


def join_case(actor: Actor, case_id: UUID, fields: Mapping[str, str]) -> bool:
    """Join a case; tell whether it runs now. Raises WrongShare, NoTouch, TooManyTries."""
    given = door.touched(fields)
    try:
        return client.join_case(
            actor.session,
            case_id,
            password=fields["password"],
            prf=given.prf,
            assertion=given.assertion,
        )
    except NotGranted:
        raise CaseNotFound from None


def open_listed(
    actor: Actor, case_id: UUID, *, start: int, count: int = 0
) -> tuple[OpenListed, ...]:
    """Open the next patients of a running case, from a place in its list on.

    Raises CaseNotRunning. One record that cannot be verified does not keep the others.
    """
    try:
        given = client.next_of_case(actor.session, case_id, start=start, count=count or AT_ONCE)
    except NotAllowed:
        raise CaseNotRunning from None
    sealed = listed.sealed_identities([one.patient for one in given])
    return tuple(
        _open(actor, case_id, patient=one.patient, sealed=sealed.get(one.patient)) for one in given
    )


def close_case(actor: Actor, case_id: UUID) -> None:
    """End a running case; its key is wiped. Raises CaseNotRunning."""
    try:
        client.close_case(actor.session, case_id)
    except NotAllowed:
        raise CaseNotRunning from None


def _open(actor: Actor, case_id: UUID, *, patient: UUID, sealed: Sealed | None) -> OpenListed:
    if sealed is None:
        return OpenListed(patient)
    try:
        read = client.read_case(actor.session, case_id, patient, document=sealed)
    except NotAllowed:
        raise CaseNotRunning from None
    except (NotGranted, SealBroken):
        return OpenListed(patient, is_broken=True)
    return OpenListed(patient, read.body)
