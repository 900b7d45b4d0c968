"""The registrar's pages: who works here, and the end of somebody's access."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from vaitiolo.kit.ids import HolderId
from vaitiolo.people import actions, queries
from vaitiolo.people.forms import EndAccessForm
from vaitiolo.people.requests import ActorRequest, only
from vaitiolo.warden.kinds import Role
from vaitiolo.web.answers import moved

form_view = require_http_methods(["GET", "POST"])


@require_GET
@only(Role.REGISTRAR)
def staff(request: ActorRequest) -> HttpResponse:
    colleagues = queries.list_colleagues(request.actor)
    return render(request, "people/staff.html", {"colleagues": colleagues})


@form_view
@only(Role.REGISTRAR)
def end_access(request: ActorRequest, person_id: UUID) -> HttpResponse:
    """End a colleague's access, with a reason and a second look."""
    form = EndAccessForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        actions.end_access(request.actor, HolderId(person_id), reason=reason)
        return moved(request, reverse("people:staff"), notice="people/access-ended")
    colleague = queries.get_colleague(request.actor, HolderId(person_id))
    return render(request, "people/end_access.html", {"form": form, "colleague": colleague})
