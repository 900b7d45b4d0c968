"""Who treats whom: opening a chart to a colleague, until a day, and taking that access away.

Signed, chained and recorded. What is taken away is refused at once; its key is then exchanged.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from vaitiolo.charts import access
from vaitiolo.charts.access import ChartNotFound, OpenChart
from vaitiolo.kit.dates import day_of
from vaitiolo.kit.ids import ChartId, HolderId, PatientId
from vaitiolo.people import access as people
from vaitiolo.people import actions as people_actions
from vaitiolo.people import desks
from vaitiolo.people import queries as people_queries
from vaitiolo.people.actor import Actor
from vaitiolo.people.desks import Client


@dataclass(frozen=True, slots=True)
class Joining:
    """A colleague who joins the care team of a patient; without ``until`` there is no end."""

    colleague: HolderId
    patient_id: PatientId
    client: Client
    until: date | None


def grant_chart(chart: OpenChart, joining: Joining, *, at: datetime) -> None:
    """Open a chart, what is shared, and who the patient is to a colleague; tell their desk.

    Raises ColleagueNotOnTheTeam.
    """
    actor, client = chart.actor, joining.client
    # Who it is comes first: nobody shall hold a chart without knowing whose it is.
    compartments = (client.identity_id, client.chart_id, client.shared_id)
    access.grant_to(actor, compartments, joining.colleague, until=joining.until)
    events = [desks.client_added(joining.patient_id, client, at=at)]
    if joining.until is not None:
        ends = joining.until + timedelta(days=1)
        events.append(desks.client_ended(joining.patient_id, ends, at=at))
    drops = people.drop_on_desk(actor, [(joining.colleague, event) for event in events])
    with transaction.atomic():
        people_actions.store_drops(drops)


def end_membership(actor: Actor, chart_id: ChartId, person: HolderId, *, at: datetime) -> None:
    """Take a colleague's access to a patient away, or one's own. Raises CannotBeWithdrawn."""
    ids = people_queries.find_patient_of_chart(chart_id)
    if ids is None or ids.shared is None:
        raise ChartNotFound
    access.withdraw_from(actor, [chart_id, ids.shared, ids.identity], person)
    if person == actor.id:
        event = desks.client_removed(ids.patient_id, at=at)
    else:
        event = desks.client_ended(ids.patient_id, day_of(at), at=at)
    people_actions.lay_on_desks(actor, [(person, event)])


def take_off_desk(actor: Actor, chart_id: UUID, *, at: datetime) -> None:
    """Let go of a patient on the own desk, whose chart one cannot open any more."""
    found = people_queries.read_desk(people.open_desk(actor)).find_client(chart_id)
    if found is None:
        raise ChartNotFound
    people_actions.lay_on_desks(actor, [(actor.id, desks.client_removed(found[0], at=at))])
