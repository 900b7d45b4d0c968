"""Pages of handing a caseload over: the plan, the touch, and going on with it one by one."""

from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from vaitiolo.charts.actions import handing_over as deeds
from vaitiolo.charts.handing_forms import HandOverForm
from vaitiolo.charts.queries.handing_over import read_handing_page
from vaitiolo.kit.dates import day_of
from vaitiolo.kit.ids import HolderId, PatientId
from vaitiolo.people import own_keys
from vaitiolo.people.access import open_desk
from vaitiolo.people.requests import ActorRequest, only
from vaitiolo.warden.kinds import Role
from vaitiolo.web.answers import moved, wants_json


@only(Role.THERAPIST)
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: ActorRequest) -> HttpResponse:
    """Show the plan, and plan more of it. Nobody is given anything by this page."""
    at = timezone.now()
    page = read_handing_page(open_desk(request.actor), at=at)
    form = HandOverForm(
        request.POST or None,
        colleagues=page.colleagues,
        caseload=page.caseload,
        today=day_of(at),
    )
    if form.is_valid():
        deeds.plan(request.actor, form.plan(), at=at)
        return moved(request, reverse("charts:hand_over"), notice="charts/planned")
    asked = {"rows": form.rows(page.standing)}
    return render(request, "charts/hand_over.html", {"page": page, "form": form, **asked})


@only(Role.THERAPIST)
@require_POST
def confirm(request: ActorRequest, person: UUID) -> HttpResponse:
    """Confirm with a touch what is due for a colleague."""
    assertion = own_keys.assertion_of(request.POST)
    deeds.confirm(request.actor, HolderId(person), assertion=assertion, at=timezone.now())
    return moved(request, reverse("charts:hand_over"), notice="charts/confirmed")


@only(Role.THERAPIST)
@require_POST
def go_on(request: ActorRequest) -> HttpResponse:
    """Hand the next confirmed patient over; the page asks again until none is left."""
    left = deeds.hand_over_next(request.actor, at=timezone.now())
    if wants_json(request):
        return JsonResponse({"left": left, "wait": 0})
    return moved(request, reverse("charts:hand_over"))


@only(Role.THERAPIST)
@require_POST
def undo(request: ActorRequest, patient: UUID) -> HttpResponse:
    """Take a patient out of the plan."""
    deeds.undo(request.actor, PatientId(patient), at=timezone.now())
    return moved(request, reverse("charts:hand_over"))


@only(Role.THERAPIST)
@require_POST
def welcome(request: ActorRequest, patient: UUID) -> HttpResponse:
    """Put a colleague's words about a patient who came aside."""
    deeds.welcome(request.actor, PatientId(patient), at=timezone.now())
    return moved(request, reverse("people:home"))
