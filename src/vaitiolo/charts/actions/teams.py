"""Who treats whom: opening a chart to a colleague, until a day. Signed, chained and recorded."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from vaitiolo.charts import access
from vaitiolo.charts.access import OpenChart
from vaitiolo.kit.ids import HolderId, PatientId
from vaitiolo.people import access as people
from vaitiolo.people import actions as people_actions
from vaitiolo.people import desks
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
    client = joining.client
    # Who it is comes first: nobody shall hold a chart without knowing whose it is.
    compartments = (client.identity_id, chart.id, client.shared_id)
    access.grant_to(chart.actor, compartments, joining.colleague, until=joining.until)
    event = desks.client_added(joining.patient_id, client, at=at)
    drops = people.drop_on_desk(chart.actor, [(joining.colleague, event)])
    with transaction.atomic():
        people_actions.store_drops(drops)
