"""Pages of supervision: choosing notes for a reader, the reader's list, and the copied notes."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vaitiolo.charts.access import open_chart_with_desk, open_copy
from vaitiolo.charts.actions.supervising import copy_for, end_copy
from vaitiolo.charts.forms import SupervisionForm
from vaitiolo.charts.queries.supervision import list_for_me, read_choosing_page, read_copy
from vaitiolo.kit.dates import day_of
from vaitiolo.kit.ids import ChartId
from vaitiolo.people.requests import ActorRequest, only
from vaitiolo.warden.kinds import Role
from vaitiolo.web.answers import moved


@only(Role.THERAPIST)
@require_http_methods(["GET", "HEAD", "POST"])
def copy(request: ActorRequest, chart: UUID) -> HttpResponse:
    """Choose notes of one's own for a reader, and see which are with whom."""
    at = timezone.now()
    desk, opened = open_chart_with_desk(request.actor, ChartId(chart), ground="supervision")
    page = read_choosing_page(desk, opened, at=at)
    form = SupervisionForm(
        request.POST or None, colleagues=page.colleagues, notes=page.notes, today=day_of(at)
    )
    if form.is_valid():
        copy_for(opened, form.supervision(), at=at)
        return moved(request, reverse("charts:supervision", args=[chart]), notice="charts/copied")
    return render(request, "charts/supervision.html", {"page": page, "form": form})


@only(Role.THERAPIST)
@require_safe
def for_me(request: ActorRequest) -> HttpResponse:
    """List what colleagues gave the actor to read."""
    copies = list_for_me(request.actor, today=day_of(timezone.now()))
    return render(request, "charts/for_supervision.html", {"copies": copies})


@only(Role.THERAPIST)
@require_safe
def read(request: ActorRequest, copy: UUID) -> HttpResponse:
    """Show copied notes; the opening is recorded on the patient's chain."""
    page = read_copy(open_copy(request.actor, copy), today=day_of(timezone.now()))
    return render(request, "charts/supervision_copy.html", {"page": page})


@only(Role.THERAPIST)
@require_POST
def end(request: ActorRequest, copy: UUID) -> HttpResponse:
    """End a copy of one's own before its day, or clear away one that has ended."""
    chart = end_copy(request.actor, copy, at=timezone.now())
    return moved(request, reverse("charts:supervision", args=[chart]), notice="charts/copy-ended")
