"""Emergencies as the pages ask about them: who is on call, a record opened, the answer to it.

Beside the doors of `access`, a file that asks the warden. It opens nothing by itself: what an
emergency lets somebody open goes through the usual doors, and is recorded there.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import NAMESPACE_OID, UUID, uuid5

from vaitiolo.kit.dates import HELSINKI
from vaitiolo.kit.ids import HolderId, PatientId, UnitId
from vaitiolo.people.actor import Actor
from vaitiolo.people.desks import Client
from vaitiolo.people.models import IdentityVersion, Unit
from vaitiolo.people.own_keys import request_text
from vaitiolo.warden import client
from vaitiolo.warden.client import (
    Duty,
    DutyDocument,
    GlassOpening,
    NotGranted,
    QuestionBroken,
    Roster,
)

__all__ = ["Duty", "GlassOpening", "NotGranted", "Roster"]

EMAIL, NONE = "email", "none"
# The id of the message to the patient follows from the opening, so that each has one.
NOTICES: Final = uuid5(NAMESPACE_OID, "vaitiolo notice of an opening in an emergency")
LISTED: Final = 50
A_WEEK: Final = timedelta(days=7)


def notice_of(opening: int) -> UUID:
    """Return the id of the message to the patient about an opening."""
    return uuid5(NOTICES, str(opening))


def ask_duty(actor: Actor) -> Duty:
    """Return what the actor could open in an emergency, and what is open so now."""
    return client.ask_duty(actor.session)


def find(actor: Actor, typed: str) -> PatientId | None:
    """Return whose identity code, or number, this is, if the actor is on call for them.

    A number is not looked up: whether it can be opened is said when it is opened. Raises OffCall,
    GlassOff.
    """
    try:
        return PatientId(UUID(typed.strip()))
    except ValueError:
        pass
    try:
        candidates = client.find_on_duty(actor.session, typed).candidates
        if not candidates:
            return None
        found = client.find_on_duty(actor.session, typed, _documents(candidates)).patient
    except QuestionBroken:
        # What was typed is no identity code.
        return None
    return None if found is None else PatientId(found)


def _documents(candidates: Sequence[UUID]) -> list[DutyDocument]:
    """Return the newest identity document of each candidate, sealed as it stands."""
    rows = IdentityVersion.objects.filter(patient__identity__in=candidates[:LISTED])
    newest: dict[UUID, DutyDocument] = {}
    told = rows.order_by("version").values_list("patient__identity", "version", "sealed_body")
    for identity, version, body in told:
        newest[identity] = DutyDocument(identity, version, bytes(body))
    return list(newest.values())


def touch_of_breaking(patient_id: PatientId, reason: str) -> str:
    """Return what the touch is over with which a record is opened, as a form carries it."""
    return request_text("break-glass", patient_id, reason)


def break_open(actor: Actor, patient_id: PatientId, reason: str, *, assertion: bytes) -> int:
    """Open a record in an emergency, recorded first; return which opening it is.

    Raises GlassOff, OffCall, NoReason, Barred, NotGranted, OwnPatient, NoTouch, GlassSpent.
    """
    return client.break_glass(actor.session, patient_id, reason, assertion=assertion).opening


def end(actor: Actor, patient_id: PatientId) -> None:
    """End an opening before its time."""
    client.end_glass(actor.session, patient_id)


def note_told(actor: Actor, opening: int, *, way: str) -> None:
    """Say how the patient is told of an opening of the actor's own."""
    client.note_told(actor.session, opening, way=way)


def list_openings(actor: Actor) -> tuple[GlassOpening, ...]:
    """Return the openings that concern the actor, the newest first."""
    return client.list_glasses(actor.session)


@dataclass(frozen=True, slots=True)
class OnDay:
    """An opening on the day list, with the patient's name where the own desk knows it."""

    opening: GlassOpening
    name: str = field(repr=False)
    at: datetime


def for_the_day(
    actor: Actor, caseload: Mapping[UUID, Client], *, at: datetime
) -> dict[str, tuple[OnDay, ...]]:
    """Return what waits for the actor's answer, the oldest first, and the actor's own of a week."""
    listed = tuple(
        OnDay(one, _name(caseload, one.patient), moment_of(one.at))
        for one in reversed(list_openings(actor))
    )
    return {
        "reviews": tuple(one for one in listed if one.opening.is_askers),
        "seen": tuple(one for one in listed if one.opening.is_own and at - one.at < A_WEEK),
    }


def _name(caseload: Mapping[UUID, Client], patient: UUID | None) -> str:
    known = None if patient is None else caseload.get(patient)
    return "" if known is None else known.name


def moment_of(seconds: int) -> datetime:
    """Return a moment as the ledger has it, as clocks here show it."""
    return datetime.fromtimestamp(seconds, HELSINKI)


def review(actor: Actor, opening: int, *, is_right: bool, words: str) -> UUID | None:
    """Answer for an opening; return the incident where it was not all right. Raises NoReason."""
    return client.review_glass(actor.session, opening, is_right=is_right, words=words)


def bar(actor: Actor, patient_id: PatientId, *, is_barred: bool) -> None:
    """Bar a patient of the actor's from emergencies, or allow it again. Raises NotGranted."""
    client.bar_glass(actor.session, patient_id, is_barred=is_barred)


# --- rosters ------------------------------------------------------------------------


def ask_rosters(actor: Actor) -> tuple[bool, dict[UUID, Roster]]:
    """Return whether break-glass is on in this house, and the roster of each unit."""
    said = client.ask_rosters(actor.session)
    return said.is_on, {one.unit: one for one in said.rosters}


def touch_of_roster(unit_id: UnitId, persons: Iterable[HolderId]) -> str:
    """Return what the touch is over with which a roster is set, as a form carries it."""
    return request_text("roster", unit_id, *sorted(set(persons)))


def set_roster(
    actor: Actor, unit_id: UnitId, persons: Sequence[HolderId], *, assertion: bytes
) -> None:
    """Say who is on call for a unit. A registrar makes the duty card at once."""
    client.set_roster(actor.session, unit_id, persons, assertion=assertion)
    if actor.is_registrar:
        client.settle_staff(actor.session)


def list_units() -> tuple[tuple[UnitId, str], ...]:
    rows = Unit.objects.order_by("name").values_list("id", "name")
    return tuple((UnitId(unit), name) for unit, name in rows)
