"""The page of exercises: what there was, and the button that asks for one."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from vaitiolo.breach.drills import actions, queries
from vaitiolo.people.requests import ActorRequest, only
from vaitiolo.warden.kinds import Role
from vaitiolo.web.answers import moved

officers = only(Role.PRIVACY_OFFICER, Role.MANAGER, Role.REGISTRAR)


@require_http_methods(["GET", "POST"])
@officers
def exercises(request: ActorRequest) -> HttpResponse:
    """List the exercises, and ask for one."""
    if request.method == "POST":
        actions.ask(request.actor)
        return moved(request, reverse("drills:exercises"), notice="breach/exercise-asked")
    known = queries.list_all(request.actor)
    is_open = any(one.is_open for one in known[:1])
    return render(request, "breach/exercises.html", {"exercises": known, "is_open": is_open})
