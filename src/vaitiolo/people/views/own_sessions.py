"""The page of one's own sessions, and the sign of life of a page that is being used."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from vaitiolo.people import own_sessions
from vaitiolo.people import sign_in as door
from vaitiolo.people.requests import ActorRequest
from vaitiolo.web.answers import moved


@require_GET
def sessions(request: ActorRequest) -> HttpResponse:
    mine = own_sessions.list_own(request.actor)
    return render(request, "people/sessions.html", {"sessions": mine})


@require_POST
def end_session(request: ActorRequest, session_id: UUID) -> HttpResponse:
    own_sessions.end(request.actor, session_id)
    return moved(request, reverse("people:sessions"), notice="people/session-ended")


@require_POST
def end_all_sessions(request: ActorRequest) -> HttpResponse:
    """End every session of one's own, or every other one."""
    but_this = request.POST.get("but") == "this"
    own_sessions.end_all(request.actor, but_this=but_this)
    if but_this:
        return moved(request, reverse("people:sessions"), notice="people/session-ended")
    answer = moved(request, reverse("people:sign_in"), notice="people/signed-out")
    door.drop_cookie(answer)
    return answer


@require_POST
def here(_request: HttpRequest) -> HttpResponse:
    """Take a sign of life. Being recognised was all of it: it keeps the session awake."""
    return HttpResponse(status=204)
