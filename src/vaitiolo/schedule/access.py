"""The doors to a unit's diary and to the outbox. Each opening is asked of the warden and recorded.

Only this file of the room asks the warden.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from vaitiolo.kit.errors import Refusal
from vaitiolo.kit.ids import AppointmentId, HolderId, UnitId
from vaitiolo.people import access as people_access
from vaitiolo.people import queries as people
from vaitiolo.people.access import NoUnit, SealedDrop
from vaitiolo.people.actor import Actor
from vaitiolo.people.desks import Event
from vaitiolo.schedule.models import Appointment
from vaitiolo.warden import client
from vaitiolo.warden.client import (
    LedgerSilent,
    NotAllowed,
    NotGranted,
    OpenCompartment,
    Place,
    Plain,
    Read,
    SealBroken,
    Sealed,
    WardenSilent,
)
from vaitiolo.warden.kinds import Kind, Mode, Purpose
from vaitiolo.warden.transport import Transport

__all__ = ["LedgerSilent", "Read", "SealBroken", "Sealed", "WardenSilent"]


class AppointmentNotFound(Refusal):
    """There is no such appointment, or its diary is not the asker's: the two look alike."""

    status = HTTPStatus.NOT_FOUND
    message = _("There is no such appointment, or not for you. The attempt was recorded.")


class NotYourSession(Refusal):
    """There is no such appointment, or it is a colleague's: the two look alike."""

    status = HTTPStatus.NOT_FOUND
    message = _("There is no such session among yours. Nothing was changed.")


@dataclass(frozen=True, slots=True)
class OpenDiary:
    """A unit's diary, opened for this request."""

    unit_id: UnitId
    actor: Actor
    compartment: OpenCompartment

    def unseal(self, entries: Sequence[Sealed]) -> tuple[Read, ...]:
        """Read entries in one question. Raises SealBroken if one is not what was sealed."""
        return self.compartment.unseal(entries)

    def seal(self, entries: Sequence[Plain]) -> tuple[bytes, ...]:
        """Seal entries in one question, each for the place of its own."""
        return self.compartment.seal(entries) if entries else ()


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose outbox it is, and whether the signed policy calls it a demonstration."""

    org: UUID
    is_demo: bool


def open_diary(actor: Actor, *, mode: Mode = Mode.READ) -> OpenDiary:
    """Open the diary of the actor's own unit. For writing, nothing is shown and it is no entry."""
    return _open(actor, unit_of(actor), mode=mode)


def open_diary_of(actor: Actor, appointment_id: AppointmentId) -> OpenDiary:
    """Open the diary that an appointment stands in. A refusal is recorded too."""
    unit = Appointment.objects.filter(id=appointment_id).values_list("unit_id", flat=True).first()
    # An unknown id is asked about all the same, so that a wrong guess leaves an entry.
    return _open(actor, UnitId(unit or appointment_id), mode=Mode.READ)


def unit_of(actor: Actor) -> UnitId:
    """Return where somebody works. Raises NoUnit."""
    if actor.unit is None:
        raise NoUnit
    return actor.unit


def plain_entry(appointment_id: UUID, *, version: int, body: bytes) -> Plain:
    return Plain(Place(Kind.DIARY, appointment_id, version), body)


def sealed_entry(appointment_id: UUID, *, version: int, sealed: bytes | memoryview) -> Sealed:
    return Sealed(Place(Kind.DIARY, appointment_id, version), bytes(sealed))


def _open(actor: Actor, unit_id: UnitId, *, mode: Mode) -> OpenDiary:
    unit = people.find_unit(unit_id)
    wanted = unit_id if unit is None else unit.diary
    try:
        opened = client.open_compartment(
            actor.session, wanted, purpose=Purpose.RECEPTION, mode=mode
        )
    except NotGranted:
        raise AppointmentNotFound from None
    return OpenDiary(unit_id, actor, opened)


# --- desks --------------------------------------------------------------------------


def drop_if_at_work(
    actor: Actor, events: Sequence[tuple[HolderId, Event]]
) -> tuple[SealedDrop, ...]:
    """Seal events for desks; one whose card has ended has none to be told on."""
    try:
        return people_access.drop_on_desk(actor, events)
    except NotAllowed:
        return ()


# --- the outbox: sealed here, opened by the worker alone ----------------------------


def seal_reminder(actor: Actor, row: UUID, *, due: datetime, body: bytes) -> bytes:
    """Seal a message that only the worker can open. Nobody here can open it again."""
    return client.put_outbox(actor.session, row=row, due=int(due.timestamp()), body=body)


def take_reminder(transport: Transport, row: UUID) -> None:
    """Record that the worker is about to open a row. Raises LedgerSilent, WardenSilent."""
    client.take_outbox(transport, row)


def settle_reminder(transport: Transport, row: UUID, *, was_sent: bool) -> None:
    """Record what became of a row."""
    client.settle_outbox(transport, row, was_sent=was_sent)


def ask_whose(transport: Transport) -> Whose:
    """Return whose warden answers. Raises WardenSilent, LedgerSilent."""
    said = client.check(transport)
    return Whose(said.org, said.is_demo)
