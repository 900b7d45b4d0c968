"""The page that says how the ledger stands: for privacy officers, managers and registrars."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from vaitiolo.people.requests import ActorRequest, only
from vaitiolo.warden.kinds import Role
from vaitiolo.watch import actions, queries
from vaitiolo.web.answers import moved

officers = only(Role.PRIVACY_OFFICER, Role.MANAGER, Role.REGISTRAR)


@require_GET
@officers
def ledger(request: ActorRequest) -> HttpResponse:
    """Show how far witnesses have followed, and what they or the house cried out over."""
    shown = queries.show(request.actor, at=timezone.now())
    return render(request, "watch/ledger.html", {"shown": shown})


@require_POST
@officers
def acknowledge(request: ActorRequest, index: int) -> HttpResponse:
    """Take note of an alert."""
    actions.acknowledge(request.actor, index)
    return moved(request, reverse("watch:ledger"), notice="watch/noted")
