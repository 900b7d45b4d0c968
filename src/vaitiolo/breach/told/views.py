"""The page of whoever was told, for anybody: it asks for no account and learns no code."""

from http import HTTPStatus
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from vaitiolo.breach.told import actions, queries
from vaitiolo.breach.told.forms import ReplyForm
from vaitiolo.kit.dates import day_of
from vaitiolo.kit.errors import Refusal
from vaitiolo.people.requests import ActorRequest, only
from vaitiolo.warden.kinds import Role
from vaitiolo.web.answers import moved
from vaitiolo.web.middleware import kept
from vaitiolo.web.public import public

# Sealed bytes that everybody may have; a page that is sealed anew is seen within a minute.
SECONDS_KEPT: Final = 60
officers = only(Role.PRIVACY_OFFICER, Role.MANAGER, Role.REGISTRAR)


@public
@require_safe
def page(_request: HttpRequest) -> HttpResponse:
    """Show the page; whose it becomes is settled in the browser."""
    return kept(HttpResponse(queries.page(day_of(timezone.now()))), SECONDS_KEPT)


@public
@require_safe
def bucket(_request: HttpRequest, number: int) -> HttpResponse:
    """Give every sealed page of a bucket; which of them is meant nobody is told."""
    return _script(queries.bucket_file(number))


@public
@require_safe
def marks(_request: HttpRequest, number: int) -> HttpResponse:
    """Give the marks of messages in a bucket."""
    return _script(queries.marks_file(number))


@public
@csrf_exempt
@require_POST
def reply(request: HttpRequest) -> HttpResponse:
    """Take what somebody sends in by their page: whose it is the token shows, and no cookie."""
    form = ReplyForm(request.POST, request.FILES)
    if not form.is_valid():
        return HttpResponse(status=form.status)
    try:
        actions.take(**form.sent())
    except Refusal as refusal:
        return HttpResponse(status=refusal.status)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@officers
def replies(request: ActorRequest, incident: UUID, telling: UUID) -> HttpResponse:
    """Show an officer what was sent in; a telling that nobody can answer yet offers the box."""
    box = None
    if queries.can_answer(telling):
        box = queries.read_box(request.actor, incident, telling)
    due = queries.advice_to_confirm(day_of(timezone.now()))
    context = {"box": box, "due": due, "incident": incident, "telling": telling}
    return render(request, "breach/replies.html", context)


@require_POST
@officers
def open_box(request: ActorRequest, incident: UUID, telling: UUID) -> HttpResponse:
    """Let people answer to a telling."""
    actions.open_box(request.actor, incident, telling)
    return moved(request, reverse("told-desk:replies", args=[incident, telling]))


@require_POST
@officers
def keep(request: ActorRequest, incident: UUID, telling: UUID, *, row: UUID) -> HttpResponse:
    """Put what was sent in into the incident's evidence, with its headers and its hash."""
    actions.keep(request.actor, incident, telling=telling, row=row)
    where = reverse("incidents:incident", args=[incident])
    return moved(request, f"{where}#evidence", notice="breach/added")


def _script(line: str) -> HttpResponse:
    return kept(HttpResponse(line, content_type="text/javascript; charset=utf-8"), SECONDS_KEPT)
