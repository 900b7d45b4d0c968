"""Where a page of somebody who is signed in asks to go on with turning keys, a little each time."""

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from vaitiolo.charts.actions.rotating import turn_some
from vaitiolo.people.requests import ActorRequest


@require_POST
def turn(request: ActorRequest) -> HttpResponse:
    """Seal some documents anew; say how many charts are left. No word of any is in the answer."""
    progress = turn_some(request.actor)
    return JsonResponse({"left": progress.left, "wait": progress.wait})
