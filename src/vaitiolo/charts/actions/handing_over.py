"""Handing a caseload over: planned on the own desk, confirmed with a touch, done one by one.

Killed anywhere, the next request goes on: whoever was given access is not given it twice, and the
own access ends last. What a patient refuses is not done, and is written down.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import Final

from django.utils.translation import gettext_lazy as _

from vaitiolo.charts import access
from vaitiolo.charts.access import ChartNotFound
from vaitiolo.charts.due import due_for, due_ids
from vaitiolo.kit.dates import day_of
from vaitiolo.kit.errors import Refusal
from vaitiolo.kit.ids import HolderId, PatientId
from vaitiolo.people import access as people
from vaitiolo.people import actions as people_actions
from vaitiolo.people import consents, desks
from vaitiolo.people import queries as people_queries
from vaitiolo.people.actor import Actor
from vaitiolo.people.consents import Said
from vaitiolo.people.desk_handing import Come, Handing, HandingOver
from vaitiolo.people.desks import Client, Desk
from vaitiolo.warden.kinds import Mode, Purpose

# The answers of patients that stay in force are written down as what they said.
WRITTEN_DOWN: Final = {Handing.REFUSED: consents.REFUSED, Handing.RESTS: consents.RESTS}


class NotPlanned(Refusal):
    """Nothing is planned for this colleague, or it is not time yet."""

    status = HTTPStatus.CONFLICT
    message = _("Nothing is due to be handed over to this colleague. Nothing was changed.")


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to become of patients: a hand-over to one colleague, and who refuses or rests."""

    to: HolderId
    day: date
    keep: date | None
    until: date | None
    words: str = field(repr=False)
    answers: Mapping[PatientId, tuple[Handing, date | None]]

    def handing_of(self, patient_id: PatientId) -> HandingOver:
        state, rest = self.answers[patient_id]
        day = rest or self.day
        return HandingOver(self.to, day, state, self.keep, self.words, until=self.until)


def plan(actor: Actor, wanted: Plan, *, at: datetime) -> None:
    """Put a plan onto the own desk; nobody is given anything yet. A patient's no is written down.

    Raises ChartNotFound for a patient who is not on the desk.
    """
    caseload = _desk(actor).caseload
    if not set(wanted.answers) <= set(caseload):
        raise ChartNotFound
    for patient_id, (state, rest) in wanted.answers.items():
        if state in WRITTEN_DOWN:
            said = Said(consents.HAND_OVER, WRITTEN_DOWN[state], wanted.to, rest)
            _write_down(actor, patient_id, said, at=at)
    _tell_own(actor, {one: wanted.handing_of(one) for one in wanted.answers}, at=at)


def undo(actor: Actor, patient_id: PatientId, *, at: datetime) -> None:
    """Take a patient out of the plan. What was written down of their answer stays."""
    _tell_own(actor, {patient_id: None}, at=at)


def confirm(actor: Actor, to: HolderId, *, assertion: bytes, at: datetime) -> None:
    """Declare with a touch what is due for a colleague, so that it can be done.

    Raises NotPlanned, NoTouch, ColleagueNotOnTheTeam.
    """
    due = due_for(_desk(actor), to, day_of(at))
    if not due:
        raise NotPlanned
    access.begin_hand_over(actor, to, due_ids(due), assertion=assertion)
    confirmed = {one: replace(way, state=Handing.CONFIRMED) for one, way in due.items()}
    _tell_own(actor, confirmed, at=at)


def hand_over_next(actor: Actor, *, at: datetime) -> int:
    """Hand one confirmed patient over; return how many are left."""
    desk = _desk(actor)
    confirmed = sorted(
        patient_id for patient_id, way in desk.handing.items() if way.state is Handing.CONFIRMED
    )
    if not confirmed:
        return 0
    patient_id = confirmed[0]
    client = desk.caseload.get(patient_id)
    if client is None:
        undo(actor, PatientId(patient_id), at=at)
    else:
        way = desk.handing[patient_id]
        _hand_over(actor, PatientId(patient_id), client, way=way, at=at)
    return len(confirmed) - 1


def _hand_over(
    actor: Actor, patient_id: PatientId, client: Client, *, way: HandingOver, at: datetime
) -> None:
    # The own access may have ended already: killed before the desk was told of it.
    with suppress(ChartNotFound):
        _give(actor, patient_id, client, way=way, at=at)
        if way.until is None:
            _let_go(actor, client, keep=way.keep)
    events = [desks.handing_set(patient_id, None, at=at)]
    if way.keep is None and way.until is None:
        events.append(desks.client_removed(patient_id, at=at))
    people_actions.lay_on_desks(actor, [(actor.id, event) for event in events])


def _give(
    actor: Actor, patient_id: PatientId, client: Client, *, way: HandingOver, at: datetime
) -> None:
    to = HolderId(way.to)
    # Who it is comes first: nobody shall hold a chart without knowing whose it is.
    compartments = (client.identity_id, client.chart_id, client.shared_id)
    access.grant_missing(actor, compartments, to, until=way.until)
    come = Come(actor.name, day_of(at), way.words)
    told = [
        desks.client_added(patient_id, client, at=at),
        desks.client_came(patient_id, come, at=at),
    ]
    if way.until is not None:
        told.append(desks.client_ended(patient_id, way.until + timedelta(days=1), at=at))
    people_actions.lay_on_desks(actor, [(to, event) for event in told])


def _let_go(actor: Actor, client: Client, *, keep: date | None) -> None:
    """End the own access, or let it end by itself after a day.

    Granting to oneself until a day changes nothing for one who has it without an end: so both,
    and then all that lasts longer is withdrawn.
    """
    own = (client.identity_id, client.chart_id, client.shared_id)
    if keep is None:
        access.withdraw_from(actor, own, actor.id)
    elif access.has_endless(actor, own):
        access.grant_until(actor, own, keep)
        access.withdraw_from(actor, own, actor.id, keep=keep)


def welcome(actor: Actor, patient_id: PatientId, *, at: datetime) -> None:
    """Put a colleague's words about a patient who came aside, once they were read."""
    event = desks.client_came(patient_id, None, at=at)
    people_actions.lay_on_desks(actor, [(actor.id, event)])


def _write_down(actor: Actor, patient_id: PatientId, said: Said, *, at: datetime) -> None:
    identity = people.open_identity(
        actor, patient_id, purpose=Purpose.CARE, mode=Mode.WRITE, ground="hand-over"
    )
    consents.keep_consent(identity, said, at=at)


def _tell_own(actor: Actor, ways: Mapping[PatientId, HandingOver | None], *, at: datetime) -> None:
    events = [desks.handing_set(patient_id, way, at=at) for patient_id, way in ways.items()]
    people_actions.lay_on_desks(actor, [(actor.id, event) for event in events])


def _desk(actor: Actor) -> Desk:
    return people_queries.read_desk(people.open_desk(actor))
