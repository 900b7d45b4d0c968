"""The pages of reception: who a patient is, and who treats them. None opens a chart."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from vaitiolo.kit.ids import PatientId
from vaitiolo.people import actions, hetu, joining, queries
from vaitiolo.people.access import OpenIdentity, open_identity
from vaitiolo.people.forms import (
    EditForm,
    RegisterForm,
    TherapistForm,
    fields_of,
    label_of,
    language_name,
)
from vaitiolo.people.requests import ActorRequest, only
from vaitiolo.warden.kinds import Purpose, Role
from vaitiolo.web.answers import moved, wants_fragment

form_view = require_http_methods(["GET", "POST"])


@form_view
@only(Role.RECEPTION)
def find(request: ActorRequest) -> HttpResponse:
    """Find patients by what is typed, which travels in the body of a form only."""
    words = request.POST.get("words", "").strip()
    findings = queries.find_patients(request.actor, words) if words else None
    waiting = () if words else joining.list_waiting(request.actor)
    context = {"words": words, "findings": findings, "waiting": waiting}
    if wants_fragment(request):
        # The list alone, asked for at every pause of the hand: no page is drawn around it.
        return HttpResponse(render_to_string("people/found.html", context))
    return render(request, "people/find.html", context)


@form_view
@only(Role.RECEPTION)
def register(request: ActorRequest) -> HttpResponse:
    form, alike = RegisterForm(request.POST or None, initial={"language": "fi"}), None
    if request.method == "POST" and form.is_valid():
        record = form.record()
        alike = queries.find_alike(request.actor, record)
        if form.accepts(alike):
            made = actions.register_patient(request.actor, record, at=timezone.now())
            notice = "perhaps-elsewhere" if alike.is_perhaps_elsewhere else "registered"
            there = reverse("people:patient", args=[made])
            return moved(request, there, notice=f"people/{notice}")
    return render(request, "people/register.html", {"form": form, "alike": alike})


@form_view
@only(Role.RECEPTION, Role.THERAPIST)
def patient(request: ActorRequest, patient_id: UUID) -> HttpResponse:
    """Show who a patient is. The identity code is covered until it is asked for."""
    identity = _open(request, patient_id)
    context = {
        "care_team": queries.list_care_team(identity),
        "is_code_shown": request.POST.get("show") == "code",
        "is_reception": request.actor.is_reception,
    }
    return render(request, "people/patient.html", {**_about(identity), **context})


@form_view
@only(Role.RECEPTION)
def edit(request: ActorRequest, patient_id: UUID) -> HttpResponse:
    identity = _open(request, patient_id)
    about = _about(identity)
    now = about["identity"]
    form = EditForm(request.POST or None, initial={**fields_of(now.record), "version": now.version})
    if request.method == "POST" and form.is_valid() and form.accepts(now.version):
        actions.change_identity(identity, form.record(), since=now.version, at=timezone.now())
        there = reverse("people:patient", args=[patient_id])
        return moved(request, there, notice="people/changed")
    return render(request, "people/edit.html", {**about, "form": form})


@require_GET
@only(Role.RECEPTION)
def history(request: ActorRequest, patient_id: UUID) -> HttpResponse:
    identity = _open(request, patient_id)
    versions = [
        (one.identity, [(label_of(name), old, new) for name, old, new in one.differs])
        for one in queries.list_changes(identity)
    ]
    return render(request, "people/history.html", {**_about(identity), "versions": versions})


@form_view
@only(Role.RECEPTION)
def assign(request: ActorRequest, patient_id: UUID) -> HttpResponse:
    """Assign a therapist: a signed grant, after which reception still opens no chart."""
    identity = _open(request, patient_id)
    about, therapists = _about(identity), queries.list_therapists(request.actor)
    form = TherapistForm(request.POST or None, therapists=therapists)
    if request.method == "POST" and form.is_valid():
        record, at = about["identity"].record, timezone.now()
        actions.assign_therapist(identity, record, therapist=form.chosen(), at=at)
        there = reverse("people:patient", args=[patient_id])
        return moved(request, there, notice="people/assigned")
    team = ", ".join(one.name for one in queries.list_care_team(identity))
    context = {"form": form, "therapists": therapists, "team_names": team}
    return render(request, "people/assign.html", {**about, **context})


def _about(identity: OpenIdentity) -> dict[str, Any]:
    """Give the templates who a patient is: one reading for one page."""
    now = queries.read_identity(identity)
    compartments = queries.find_compartments(identity.patient_id)
    return {
        "identity": now,
        "patient": now.record,
        "patient_id": identity.patient_id,
        "code_masked": hetu.masked(now.record.hetu),
        "language": language_name(now.record.language),
        "has_therapist": compartments is not None and compartments.chart is not None,
    }


def _open(request: ActorRequest, patient_id: UUID) -> OpenIdentity:
    purpose = Purpose.CARE if request.actor.is_therapist else Purpose.RECEPTION
    return open_identity(request.actor, PatientId(patient_id), purpose=purpose)
