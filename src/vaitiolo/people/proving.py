"""How the pages of own keys answer: to a proof first, then by the change; nothing is done twice."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from vaitiolo.kit.errors import Refusal
from vaitiolo.people import own_keys as own
from vaitiolo.people.actor import Actor
from vaitiolo.people.own_keys import ConfirmFirst
from vaitiolo.people.requests import ActorRequest
from vaitiolo.web.answers import moved

View = Callable[..., HttpResponseBase]


def proved(deed: str | Callable[..., str]) -> Callable[[View], View]:
    """Lead to a proof first, where none stands for the change that a page makes."""

    def fence(view: View) -> View:
        @wraps(view)
        def inner(request: ActorRequest, **about: Any) -> HttpResponseBase:
            wanted = deed if isinstance(deed, str) else deed(**about)
            try:
                if own.list_own(request.actor).proof == wanted:
                    return view(request, **about)
            except ConfirmFirst:
                pass
            return HttpResponseRedirect(reverse("people:confirm", args=[wanted]))

        return inner

    return fence


def made(
    request: ActorRequest,
    form: Form,
    change: Callable[[Actor, Mapping[str, str]], None],
    *,
    notice: str,
) -> HttpResponse | None:
    """Make a change out of a form that is right; return nothing where its page must be shown."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        change(request.actor, form.cleaned_data)
    except ConfirmFirst:
        raise
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return None
    return moved(request, reverse("people:own_keys"), notice=notice)
