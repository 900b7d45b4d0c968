"""A few pages that stand in for the rooms above, so that the web room can be tested alone."""

import json
from http import HTTPStatus
from types import SimpleNamespace

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import include, path

from vaitiolo.kit.errors import Refusal
from vaitiolo.web.answers import moved, wants_fragment
from vaitiolo.web.context import Place

MIDDLEWARE = [
    "vaitiolo.web.middleware.SecurityHeaders",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "vaitiolo.web.middleware.Refusals",
]


class Away(Refusal):
    status = HTTPStatus.SERVICE_UNAVAILABLE
    message = "The keys are away: the key agent (warden) does not answer."


class Out(Refusal):
    status = HTTPStatus.UNAUTHORIZED
    message = "You are signed out."


class Taken(Refusal):
    status = HTTPStatus.CONFLICT
    message = "The room is taken."


class Person(forms.Form):
    name = forms.CharField(label="Name", help_text="As in the passport")
    email = forms.EmailField(label="E-mail", required=False)
    language = forms.ChoiceField(
        label="Language", choices=[("fi", "fi"), ("sv", "sv")], widget=forms.RadioSelect
    )
    neutral = forms.BooleanField(label="Neutral", required=False)


def day(request: HttpRequest) -> HttpResponse:
    request.actor = SimpleNamespace(name="Helmi", role="therapist", unit_name="Tampere")
    nav = [Place("Today", "/", current=True), Place("Find", "/find/", current=False)]
    return render(request, "web/base.html", {"nav": nav})


def person(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        raise Away
    return render(request, "web/base.html")


def find(request: HttpRequest) -> HttpResponse:
    return HttpResponse("list" if wants_fragment(request) else "page")


def taken(request: HttpRequest) -> HttpResponse:
    raise Taken


def out(request: HttpRequest) -> HttpResponse:
    raise Out


def broken(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


def large(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"read": len(json.dumps(request.POST))})


def done(request: HttpRequest) -> HttpResponse:
    return moved(request, "/", notice="web/tried")


urlpatterns = [
    path("", day, name="day"),
    path("find/", find, name="find"),
    path("person/", person),
    path("", include(([path("in/", person, name="sign_in")], "people"))),
    path("taken/", taken),
    path("out/", out),
    path("broken/", broken),
    path("large/", large),
    path("done/", done),
    path("", include("vaitiolo.web.urls")),
]
handler400 = "vaitiolo.web.views.bad_request"
handler403 = "vaitiolo.web.views.forbidden"
handler404 = "vaitiolo.web.views.not_found"
handler500 = "vaitiolo.web.views.server_error"
