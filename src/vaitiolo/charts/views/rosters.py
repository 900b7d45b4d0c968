"""Pages of who is on call: seen and set by registrars and managers, with a touch."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vaitiolo.charts.emergency_forms import RosterForm
from vaitiolo.charts.queries import emergencies as queries
from vaitiolo.kit.ids import UnitId
from vaitiolo.people import emergencies, own_keys
from vaitiolo.people import queries as people
from vaitiolo.people.requests import ActorRequest, only
from vaitiolo.warden.kinds import Role
from vaitiolo.web.answers import moved

setters = only(Role.REGISTRAR, Role.MANAGER)


@require_safe
@setters
def rosters(request: ActorRequest) -> HttpResponse:
    """Show who is on call for each unit."""
    is_on, rows = queries.list_rosters(request.actor)
    return render(request, "charts/rosters.html", {"is_on": is_on, "rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@setters
def roster(request: ActorRequest, unit: UUID) -> HttpResponse:
    """Choose who is on call for a unit; then show the choice, for the touch."""
    unit_id = UnitId(unit)
    therapists = queries.list_therapists(request.actor)
    form = RosterForm(
        request.POST or None, therapists=therapists, initial=_standing(request, unit_id)
    )
    context = {"form": form, "unit": unit_id, "name": people.name_of_unit(unit_id)}
    if request.method == "POST" and form.is_valid():
        chosen = form.chosen()
        context["over"] = emergencies.touch_of_roster(unit_id, chosen)
        names = dict(therapists)
        context["chosen"] = [(person, names[person]) for person in chosen]
        return render(request, "charts/roster_confirm.html", context)
    return render(request, "charts/roster.html", context)


@require_POST
@setters
def confirm(request: ActorRequest, unit: UUID) -> HttpResponse:
    """Set a roster, with the touch over exactly these people."""
    therapists = queries.list_therapists(request.actor)
    form = RosterForm(request.POST, therapists=therapists)
    if not form.is_valid():
        return redirect("charts:roster", unit=unit)
    assertion = own_keys.assertion_of(request.POST)
    emergencies.set_roster(request.actor, UnitId(unit), form.chosen(), assertion=assertion)
    return moved(request, reverse("charts:rosters"), notice="charts/roster-set")


def _standing(request: ActorRequest, unit_id: UnitId) -> dict[str, list[str]]:
    _, rows = queries.list_rosters(request.actor)
    chosen = next((row.chosen for row in rows if row.unit_id == unit_id), frozenset())
    return {"persons": [str(one) for one in chosen]}
