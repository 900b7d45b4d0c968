"""The page of the own caseload: every patient by name, with the way into the chart."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from vaitiolo.charts.queries.caseload import list_caseload
from vaitiolo.people.access import open_desk
from vaitiolo.people.requests import ActorRequest, only
from vaitiolo.warden.kinds import Role


@require_safe
@only(Role.THERAPIST)
def caseload(request: ActorRequest) -> HttpResponse:
    """Show all own patients; nothing is opened but the own desk."""
    rows = list_caseload(open_desk(request.actor), at=timezone.now())
    return render(request, "charts/caseload.html", {"rows": rows})
