"""Who is busy when: looked up before a booking, and read out of the database's own refusal after.

The look-up is for the words on the page. What holds is the database (migration 0002).
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime
from http import HTTPStatus
from typing import Final

from django.db import IntegrityError, connections, router, transaction
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vaitiolo.kit.dates import HELSINKI, day_of
from vaitiolo.kit.errors import Refusal
from vaitiolo.kit.ids import AppointmentId, HolderId, PatientId, UnitId
from vaitiolo.schedule.models import Appointment
from vaitiolo.schedule.states import State
from vaitiolo.schedule.times import Slot

SKIPPED: Final = re.compile(r"(\d{4}-\d\d-\d\d)([trp])")
TAKES_TIME: Final = (State.BOOKED, State.HELD)


class Busy(Refusal):
    """Somebody or something is taken at that time."""

    status = HTTPStatus.CONFLICT
    letter = ""
    sentence: str | Promise = ""

    def __init__(self, starts_at: datetime, ends_at: datetime) -> None:
        super().__init__()
        self.starts_at, self.ends_at = starts_at, ends_at

    def said(self) -> str:
        """Say who is busy from when to when. No name is in it."""
        begin, end = self.starts_at.astimezone(HELSINKI), self.ends_at.astimezone(HELSINKI)
        day = f"{begin.day}.{begin.month}."
        return str(self.sentence).format(day=day, begin=f"{begin:%H.%M}", end=f"{end:%H.%M}")


class TherapistBusy(Busy):
    """The therapist has another appointment."""

    letter = "t"
    message = _("The therapist is busy at that time. Nothing was changed.")
    sentence = _("The therapist is busy on {day} from {begin} to {end}.")


class RoomBusy(Busy):
    """The room is taken."""

    letter = "r"
    message = _("The room is taken at that time. Nothing was changed.")
    sentence = _("The room is taken on {day} from {begin} to {end}.")


class PatientBusy(Busy):
    """The patient has another appointment."""

    letter = "p"
    message = _("The patient has another appointment at that time. Nothing was changed.")
    sentence = _("The patient has another appointment on {day} from {begin} to {end}.")


# The names of the constraints in migration 0002.
BUSY: Final[dict[str, type[Busy]]] = {
    "a_therapist_is_in_one_place_at_a_time": TherapistBusy,
    "a_room_is_used_once_at_a_time": RoomBusy,
    "a_patient_is_in_one_place_at_a_time": PatientBusy,
}


def find_clash(
    slot: Slot, patient_id: PatientId, *, but: AppointmentId | None = None
) -> Busy | None:
    """Return what stands in the way of a slot, leaving one appointment out of it."""
    sought = Q(therapist=slot.therapist) | Q(patient_id=patient_id)
    if slot.room is not None:
        sought |= Q(room_id=slot.room)
    there = Appointment.objects.filter(
        sought, state__in=TAKES_TIME, starts_at__lt=slot.ends_at, ends_at__gt=slot.starts_at
    )
    if but is not None:
        there = there.exclude(id=but)
    for row in there.order_by("starts_at")[:1]:
        return _busy(row, slot)
    return None


@contextmanager
def refused_by_the_database(slot: Slot, patient_id: PatientId) -> Iterator[None]:
    """Write in a savepoint; a double booking comes out as what is busy, anything else as it is."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        for name, busy in BUSY.items():
            if name in str(error):
                # Its times may be gone again; then the times asked for say enough.
                found = find_clash(slot, patient_id)
                raise found or busy(slot.starts_at, slot.ends_at) from None
        raise


def await_turn(unit_id: UnitId) -> None:
    """Let one booking of a unit write at a time. To be called inside a transaction.

    Two that clash would otherwise wait for each other on PostgreSQL until one is thrown out as a
    deadlock; SQLite writes one at a time anyway.
    """
    connection = connections[router.db_for_write(Appointment)]
    if connection.vendor == "postgresql":
        turn = int.from_bytes(unit_id.bytes[:8], signed=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [turn])


def write_skipped(skipped: Sequence[Busy]) -> str:
    """Return days and what was busy on them, for an address: 2026-12-24t is a busy therapist."""
    return ".".join(f"{day_of(busy.starts_at)}{busy.letter}" for busy in skipped)


def read_skipped(text: str) -> list[tuple[date, str]]:
    """Return what `write_skipped` wrote; what is none of it is left out."""
    found = []
    for day, letter in SKIPPED.findall(text):
        with suppress(ValueError):
            found.append((date.fromisoformat(day), letter))
    return found


def coming_with(unit_id: UnitId, therapist: HolderId, *, at: datetime) -> QuerySet[Appointment]:
    """Return what takes a therapist's time in a unit from now on, in order of time."""
    rows = Appointment.objects.filter(unit_id=unit_id, therapist=therapist, starts_at__gt=at)
    return rows.filter(state=State.BOOKED).order_by("starts_at", "id")


def _busy(row: Appointment, slot: Slot) -> Busy:
    if row.therapist == slot.therapist:
        return TherapistBusy(row.starts_at, row.ends_at)
    if slot.room is not None and row.room_id == slot.room:
        return RoomBusy(row.starts_at, row.ends_at)
    return PatientBusy(row.starts_at, row.ends_at)
