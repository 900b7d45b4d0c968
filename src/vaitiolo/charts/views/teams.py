"""Pages of a care team: who can open a chart, letting a colleague in, and taking access away."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from vaitiolo.charts.access import open_chart_with_desk
from vaitiolo.charts.actions.teams import (
    Joining,
    end_membership,
    grant_chart,
    take_off_desk,
)
from vaitiolo.charts.forms import TeamForm
from vaitiolo.charts.queries.pages import TeamPage, read_team_page
from vaitiolo.kit.dates import day_of
from vaitiolo.kit.ids import ChartId, HolderId
from vaitiolo.people.requests import ActorRequest
from vaitiolo.web.answers import moved


@require_http_methods(["GET", "HEAD", "POST"])
def team(request: ActorRequest, chart: UUID) -> HttpResponse:
    """Show who can open a chart; let a colleague in."""
    at = timezone.now()
    desk, opened = open_chart_with_desk(request.actor, ChartId(chart))
    page = read_team_page(desk, opened, at=at)
    form = TeamForm(request.POST or None, colleagues=page.colleagues, today=day_of(at))
    if form.is_valid():
        grant_chart(opened, _joining(page, form), at=at)
        return moved(request, reverse("charts:team", args=[chart]), notice="charts/joined")
    return render(request, "charts/team.html", {"page": page, "form": form})


@require_POST
def withdraw(request: ActorRequest, chart: UUID, person: UUID) -> HttpResponse:
    """Take a colleague's access to a chart away, or one's own."""
    at, actor = timezone.now(), request.actor
    end_membership(actor, ChartId(chart), HolderId(person), at=at)
    if person == actor.id:
        return moved(request, reverse("people:home"), notice="charts/left")
    return moved(request, reverse("charts:team", args=[chart]), notice="charts/withdrawn")


@require_POST
def take_off(request: ActorRequest, chart: UUID) -> HttpResponse:
    """Take a patient whose chart is not open any more off the own desk."""
    take_off_desk(request.actor, chart, at=timezone.now())
    return moved(request, reverse("people:home"), notice="charts/taken-off")


def _joining(page: TeamPage, form: TeamForm) -> Joining:
    return Joining(
        colleague=HolderId(UUID(form.cleaned_data["colleague"])),
        patient_id=page.whose.patient_id,
        client=page.whose.client,
        until=form.cleaned_data["until"],
    )
