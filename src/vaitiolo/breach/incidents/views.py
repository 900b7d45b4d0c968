"""The pages of incidents. Evidence is given out as a file and never drawn on a page."""

from pathlib import PurePath
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vaitiolo.breach.drills import queries as drills
from vaitiolo.breach.incidents import actions, queries
from vaitiolo.breach.incidents.access import TakenFile
from vaitiolo.breach.incidents.forms import (
    OWNED,
    PLAIN,
    Entry,
    EvidenceForm,
    LetInForm,
    OfficersReportForm,
    ReportForm,
)
from vaitiolo.breach.incidents.queries import Listed
from vaitiolo.people.actor import Actor
from vaitiolo.people.requests import ActorRequest, only
from vaitiolo.warden.kinds import Role
from vaitiolo.web.answers import moved

form_view = require_http_methods(["GET", "POST"])
officers = only(Role.PRIVACY_OFFICER, Role.MANAGER, Role.REGISTRAR)
# An ending that a browser may act on by itself is taken off a file that somebody else sent.
KNOWN_ENDINGS: Final = frozenset({".eml", ".pdf", ".png", ".jpg", ".jpeg", ".txt", ".zip", ".log"})


@require_GET
def incidents(request: ActorRequest) -> HttpResponse:
    """List what the asker may know of: an officer's incidents, and everybody's own reports."""
    context = {
        "incidents": queries.list_incidents(request.actor),
        "incident_key": queries.incident_key(request.actor),
        "reminder": drills.remind(request.actor, at=timezone.now()),
    }
    return render(request, "breach/incidents.html", context)


@form_view
def report(request: ActorRequest) -> HttpResponse:
    """Take a report from anybody; its receipt says who answers."""
    form = ReportForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        return render(request, "breach/report.html", {"form": form})
    incident = actions.report(request.actor, form.said())
    return _taken(request, incident)


@form_view
@officers
def from_alert(request: ActorRequest, index: int) -> HttpResponse:
    """Open an incident out of a critical alert: it began when the alert did."""
    form = OfficersReportForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        mine = [one for one in queries.list_incidents(request.actor) if one.is_held and one.is_open]
        context = {"form": form, "is_alert": True, "alert": index, "open_ones": mine}
        return render(request, "breach/report.html", context)
    incident = actions.report(request.actor, form.said(), cause="alert", alert=index)
    return _taken(request, incident)


@require_POST
def link_alert(request: ActorRequest, incident: UUID, index: int) -> HttpResponse:
    """Say that an alert belongs to an incident that is there: it began no later than the alert."""
    actions.link_alert(request.actor, incident, index)
    where = reverse("incidents:incident", args=[incident])
    return moved(request, where, notice="breach/added")


@form_view
@officers
def resume(request: ActorRequest, incident: UUID) -> HttpResponse:
    """Go on with an opening that was cut off: number and beginning stay."""
    form = OfficersReportForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        return render(request, "breach/report.html", {"form": form, "is_resumed": True})
    actions.report(request.actor, form.said(), cause="other", resumes=incident)
    return _taken(request, incident)


@require_GET
def receipt(request: ActorRequest, incident: UUID) -> HttpResponse:
    """Say that a report was taken, which number it has, and who answers."""
    one = queries.get_receipt(request.actor, incident)
    return render(request, "breach/receipt.html", {"one": one})


@require_GET
def incident(request: ActorRequest, incident: UUID) -> HttpResponse:
    """Show an incident, all of it on one page."""
    return _page(request, incident)


@require_POST
def add(request: ActorRequest, incident: UUID, step: str) -> HttpResponse:
    """Add an entry of a step; what is not right yet is shown again with its words."""
    form = _form(request, step)
    if not form.is_valid():
        return _page(request, incident, wrong=form)
    file = form.content() if isinstance(form, EvidenceForm) else b""
    actions.add(request.actor, incident, step, said=form.said(), file=file)
    where = reverse("incidents:incident", args=[incident])
    return moved(request, f"{where}#{step}", notice="breach/added")


@require_POST
def let_in(request: ActorRequest, incident: UUID) -> HttpResponse:
    """Let another officer in."""
    form = LetInForm(request.POST, people=queries.list_people(request.actor))
    if not form.is_valid():
        return _page(request, incident, wrong=form)
    actions.let_in(request.actor, incident, UUID(form.cleaned_data["person"]))
    where = reverse("incidents:incident", args=[incident])
    return moved(request, where, notice="breach/let-in")


@require_POST
def take(request: ActorRequest, incident: UUID, row: UUID) -> HttpResponse:
    """Give a file out, as it was put in."""
    return _download(actions.take_file(request.actor, incident, row))


def _page(request: ActorRequest, incident: UUID, *, wrong: Entry | None = None) -> HttpResponse:
    actor: Actor = request.actor
    read = queries.read_incident(actor, incident, at=timezone.now())
    forms = _forms(actor, read.head, wrong=wrong)
    context: dict[str, Any] = {"incident": read, "forms": forms, "wrong": wrong}
    return render(request, "breach/incident.html", context)


def _forms(actor: Actor, head: Listed, *, wrong: Entry | None) -> dict[str, Entry]:
    """Return an empty form for each step, and in its place the one that must be put right."""
    people = queries.list_people(actor)
    made: dict[str, Entry] = {step.replace("-", "_"): form() for step, form in PLAIN.items()}
    made |= {step: form(people=people) for step, form in OWNED.items()}
    made["let_in"] = LetInForm(people=queries.list_who_may_be_let_in(actor, head))
    if wrong is not None:
        made[wrong.step.replace("-", "_")] = wrong
    return made


def _form(request: ActorRequest, step: str) -> Entry:
    if step in OWNED:
        return OWNED[step](request.POST, people=queries.list_people(request.actor))
    if step not in PLAIN:
        raise Http404
    return PLAIN[step](request.POST, request.FILES)


def _taken(request: ActorRequest, incident: UUID) -> HttpResponse:
    where = reverse("incidents:receipt", args=[incident])
    return moved(request, where, notice="breach/reported")


def _download(taken: TakenFile) -> HttpResponse:
    # Its name in a list of downloads says nothing: the hash leads back to the entry.
    ending = PurePath(taken.name).suffix.lower()
    name = f"evidence-{taken.sha256[:12]}{ending if ending in KNOWN_ENDINGS else '.bin'}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(taken.content, content_type="application/octet-stream", headers=headers)
