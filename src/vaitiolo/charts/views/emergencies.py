"""Pages of emergencies: opening a record with a reason, reading it, and the answer to it."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vaitiolo.charts.access import ChartNotFound
from vaitiolo.charts.actions.emergencies import open_in_emergency
from vaitiolo.charts.emergency_forms import AnswerForm, EmergencyForm, ReasonForm
from vaitiolo.charts.queries import emergencies as queries
from vaitiolo.kit.ids import ChartId, PatientId
from vaitiolo.people import emergencies, own_keys
from vaitiolo.people import queries as people
from vaitiolo.people.requests import ActorRequest, only
from vaitiolo.warden.kinds import Role
from vaitiolo.web.answers import moved

form_view = require_http_methods(["GET", "HEAD", "POST"])


@form_view
@only(Role.THERAPIST)
def begin(request: ActorRequest) -> HttpResponse:
    """Ask whose record and why; then show what is about to be done, for the touch."""
    form = EmergencyForm(request.POST or None)
    patient = _find(request, form)
    if patient is not None:
        return _confirm(request, patient, form.cleaned_data["reason"])
    context = {"form": form, "duty": queries.on_call(request.actor)}
    own = [row for row in queries.list_openings(request.actor) if row.opening.is_own]
    return render(request, "charts/emergency.html", {**context, "own": own})


@form_view
@only(Role.THERAPIST)
def record(request: ActorRequest, patient: UUID) -> HttpResponse:
    """Open a record in an emergency, with the touch; then read it, as long as it lasts."""
    patient_id = PatientId(patient)
    if request.method == "POST":
        return _open(request, patient_id)
    found = queries.read_record(request.actor, patient_id)
    if found is None:
        return moved(request, reverse("charts:emergency"), notice="charts/emergency-over")
    return render(request, "charts/record.html", {"record": found})


@require_POST
@only(Role.THERAPIST)
def end(request: ActorRequest, patient: UUID) -> HttpResponse:
    """End an opening before its time."""
    emergencies.end(request.actor, PatientId(patient))
    return moved(request, reverse("people:home"), notice="charts/emergency-ended")


@require_safe
@only(Role.THERAPIST, Role.PRIVACY_OFFICER)
def openings(request: ActorRequest) -> HttpResponse:
    """Show which records were opened in an emergency, and what was answered."""
    rows = queries.list_openings(request.actor)
    return render(request, "charts/openings.html", {"rows": rows})


@form_view
@only(Role.THERAPIST, Role.PRIVACY_OFFICER)
def answer(request: ActorRequest, opening: int) -> HttpResponse:
    """Say that an opening was all right, or not; then an incident is opened."""
    form = AnswerForm(request.POST or None)
    if form.is_valid():
        is_right = form.cleaned_data["is_right"] == "yes"
        words = form.cleaned_data["words"].strip()
        emergencies.review(request.actor, opening, is_right=is_right, words=words)
        notice = "charts/answered-right" if is_right else "charts/answered-wrong"
        return moved(request, reverse("people:home"), notice=notice)
    rows = [row for row in queries.list_openings(request.actor) if row.opening.opening == opening]
    return render(request, "charts/answer.html", {"form": form, "rows": rows, "opening": opening})


@require_POST
@only(Role.THERAPIST)
def bar(request: ActorRequest, chart: UUID) -> HttpResponse:
    """Bar a patient of one's own from emergencies, or allow it again."""
    ids = people.find_patient_of_chart(ChartId(chart))
    if ids is None:
        raise ChartNotFound
    is_barred = request.POST.get("barred") == "yes"
    emergencies.bar(request.actor, ids.patient_id, is_barred=is_barred)
    notice = "charts/barred" if is_barred else "charts/allowed"
    return moved(request, reverse("charts:team", args=[chart]), notice=notice)


def _find(request: ActorRequest, form: EmergencyForm) -> PatientId | None:
    if not form.is_valid():
        return None
    found = emergencies.find(request.actor, form.cleaned_data["patient"])
    if found is None:
        form.add_error("patient", gettext("No patient of the units you are on call for has it."))
    return found


def _confirm(request: ActorRequest, patient_id: PatientId, reason: str) -> HttpResponse:
    context = {
        "duty": queries.on_call(request.actor),
        "over": emergencies.touch_of_breaking(patient_id, reason),
        "patient": patient_id,
        "reason": reason,
    }
    return render(request, "charts/emergency_confirm.html", context)


def _open(request: ActorRequest, patient_id: PatientId) -> HttpResponse:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return redirect("charts:emergency")
    open_in_emergency(
        request.actor,
        patient_id,
        form.cleaned_data["reason"],
        assertion=own_keys.assertion_of(request.POST),
        at=timezone.now(),
    )
    return moved(request, reverse("charts:record", args=[patient_id]))
