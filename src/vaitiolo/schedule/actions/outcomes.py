"""What became of a session, said by its therapist: held, or it did not take place.

No diary is opened for it: the therapist's own desk says whose session it was.
"""

from datetime import datetime

from django.db import transaction

from vaitiolo.kit.ids import AppointmentId, HolderId, PatientId, UnitId
from vaitiolo.people import access as people
from vaitiolo.people import actions as people_actions
from vaitiolo.people import desks
from vaitiolo.people.actor import Actor
from vaitiolo.schedule.access import NotYourSession
from vaitiolo.schedule.actions.booking import desk_session
from vaitiolo.schedule.actions.changing import ChangedMeanwhile, slot_of
from vaitiolo.schedule.clashes import await_turn, refused_by_the_database
from vaitiolo.schedule.models import Appointment, OutboxRow
from vaitiolo.schedule.states import Because, State


@transaction.atomic
def miss(actor: Actor, appointment_id: AppointmentId, because: Because, *, at: datetime) -> None:
    """Say that a session did not take place, and by whom. Raises NotYourSession."""
    row = _own(actor, appointment_id, State.BOOKED)
    event = desks.session_turned(row.id, desks.State.MISSED, at=at)
    drops = people.drop_on_desk(actor, [(actor.id, event)])
    row.state, row.missed_because = State.MISSED, because
    row.save(update_fields=("state", "missed_because"))
    OutboxRow.objects.filter(appointment_id=row.id).delete()
    people_actions.store_drops(drops)


@transaction.atomic
def put_back(actor: Actor, appointment_id: AppointmentId, *, at: datetime) -> None:
    """Undo that a session did not take place. Raises NotYourSession, Busy."""
    row = _own(actor, appointment_id, State.MISSED)
    slot, patient_id = slot_of(row), PatientId(row.patient_id)
    place = desk_session(UnitId(row.unit_id), patient_id, slot)
    drops = people.drop_on_desk(actor, [(actor.id, desks.session_booked(row.id, place, at=at))])
    row.state, row.missed_because = State.BOOKED, None
    with refused_by_the_database(slot, patient_id):
        row.save(update_fields=("state", "missed_because"))
    people_actions.store_drops(drops)


def hold(actor: Actor, appointment_id: AppointmentId) -> None:
    """Say that a session was held, because its note is signed. The desk is told by the signing."""
    Appointment.objects.filter(id=appointment_id, therapist=actor.id, state=State.BOOKED).update(
        state=State.HELD
    )


def _own(actor: Actor, appointment_id: AppointmentId, state: State) -> Appointment:
    rows = Appointment.objects.filter(therapist=HolderId(actor.id), id=appointment_id)
    unit_id = rows.values_list("unit_id", flat=True).first()
    if unit_id is None:
        raise NotYourSession
    await_turn(UnitId(unit_id))
    row = rows.select_for_update().get()
    if row.state != state:
        raise ChangedMeanwhile
    return row
