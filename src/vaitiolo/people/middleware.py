"""Turns a cookie into an actor before any view runs. What is not public is refused without one."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from vaitiolo.kit.errors import Refusal
from vaitiolo.people import sign_in
from vaitiolo.people.actor import Actor
from vaitiolo.people.sign_in import COOKIE, SignedOut
from vaitiolo.web import refusals
from vaitiolo.web.answers import wants_fragment, wants_json
from vaitiolo.web.public import is_public

View = Callable[..., HttpResponseBase]


class Actors:
    """Asks the warden once a request whose cookie this is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        """Set ``request.actor``, or answer with the way to sign in."""
        if is_public(view):
            return None
        try:
            actor = sign_in.recognise(sign_in.session_of(request))
        except SignedOut as refusal:
            return _knock(request, refusal)
        except Refusal as refusal:
            return refusals.answer(request, refusal)
        setattr(request, "actor", actor)  # noqa: B010 - HttpRequest does not know of actors
        return None


def actor_of(request: HttpRequest) -> Actor | None:
    """Return who is signed in, for pages that anybody may see."""
    actor = getattr(request, "actor", None)
    return actor if isinstance(actor, Actor) else None


def _knock(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Send a page to the sign-in; tell a form or a module that it is signed out."""
    is_page = request.method == "GET" and not wants_json(request) and not wants_fragment(request)
    if not is_page:
        # What was typed into a form is given back, to be sent again after signing in.
        return refusals.answer(request, refusal)
    there = "" if request.path == "/" else "?" + urlencode({"next": request.path})
    answer = HttpResponseRedirect(reverse("people:sign_in") + there)
    if COOKIE in request.COOKIES:
        sign_in.drop_cookie(answer)
    return answer
