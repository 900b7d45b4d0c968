"""The pages of a telling: planned, approved by another, written step by step, stopped."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vaitiolo.breach.telling import actions, folding, queries, samples, settling
from vaitiolo.breach.telling.forms import PlanForm, ReasonForm, SomeForm
from vaitiolo.breach.telling.queries import Preview
from vaitiolo.breach.telling.reading import MAY_PLAN
from vaitiolo.kit.dates import HELSINKI
from vaitiolo.kit.errors import Refusal
from vaitiolo.notices import writing
from vaitiolo.people.requests import ActorRequest, only
from vaitiolo.warden.kinds import Role
from vaitiolo.web.answers import moved, wants_json

form_view = require_http_methods(["GET", "POST"])
officers = only(Role.PRIVACY_OFFICER, Role.MANAGER, Role.REGISTRAR)
planners = only(*MAY_PLAN)
# Two hours for those who help, and time to look at the plan.
FIRST_AFTER = folding.HELPERS_BEFORE + timedelta(minutes=30)


@require_GET
@officers
def tellings(request: ActorRequest, incident: UUID) -> HttpResponse:
    """List the tellings of an incident, and the kept lists from which one can be planned."""
    context = {
        "incident": incident,
        "tellings": queries.list_shown(request.actor, incident, at=timezone.now()),
        "kept": queries.list_kept(request.actor, incident),
        "may_plan": request.actor.role in MAY_PLAN,
    }
    return render(request, "breach/telling/tellings.html", context)


@form_view
@planners
def plan(
    request: ActorRequest, incident: UUID, *, scope: int, telling: UUID | None = None
) -> HttpResponse:
    """Take a plan, show at once what it comes to, and plan it on a second press."""
    before = queries.find(request.actor, incident, telling) if telling else None
    shown, initial = queries.preview(request.actor, incident, scope), _initial(before)
    form = PlanForm(request.POST or None, texts=writing.versions()[::-1], initial=initial)
    if request.POST.get("deed") == "plan" and form.is_valid() and _chart(form, shown):
        try:
            made = actions.plan(request.actor, incident, scope, said=form.said(), telling=before)
            return _to(request, incident, made.telling, notice="breach/telling-planned")
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    context = {"form": form, "incident": incident, "shown": shown, "before": before}
    return render(request, "breach/telling/plan.html", context | {"chart": _chart(form, shown)})


@require_GET
@officers
def telling(request: ActorRequest, incident: UUID, telling: UUID) -> HttpResponse:
    """Show a telling: what is planned, how far it is, and what is to be done now."""
    return _page(request, incident, telling)


@form_view
@officers
def approve(request: ActorRequest, incident: UUID, telling: UUID) -> HttpResponse:
    """Show what would go out, and let another officer than the author approve it."""
    now = timezone.now()
    if request.method == "POST":
        seen = bytes.fromhex(request.POST.get("seen", "") or "00")
        actions.approve(request.actor, incident, telling, plan_hash=seen, at=now)
        return _to(request, incident, telling, notice="breach/telling-approved")
    shown = queries.show(request.actor, incident, telling, at=now)
    made = {"samples": samples.samples_of(shown.known), "has_earlier": _has_earlier(shown)}
    context = {"incident": incident, "telling": shown, "counts": _counts(request, shown)}
    return render(request, "breach/telling/approve.html", context | made)


@require_POST
@officers
def write(request: ActorRequest, incident: UUID, telling: UUID) -> HttpResponse:
    """Write the notices of the next step; a module asks for how far it is alone."""
    known, form = queries.find(request.actor, incident, telling), SomeForm(request.POST)
    start = form.cleaned_data["start"] if form.is_valid() else 0
    written = actions.write_some(request.actor, known, start=start, at=timezone.now())
    if wants_json(request):
        return JsonResponse({"done": written.done, "total": written.total})
    notice = "breach/telling-written" if written.done >= written.total else "breach/telling-step"
    return _to(request, incident, telling, notice=notice)


@require_POST
@officers
def retry(request: ActorRequest, incident: UUID, telling: UUID) -> HttpResponse:
    """Write for those whom no way has reached, by the ways that have not failed."""
    known = queries.find(request.actor, incident, telling)
    settling.retry_failed(request.actor, known, at=timezone.now())
    return _to(request, incident, telling, notice="breach/telling-retried")


@require_POST
@officers
def stop(request: ActorRequest, incident: UUID, telling: UUID) -> HttpResponse:
    """Stop it at once. Without a reason it stops all the same: nothing may stand in the way."""
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else "-"
    actions.stop(request.actor, incident, telling, reason=reason)
    return _to(request, incident, telling, notice="breach/telling-stopped")


@require_POST
@officers
def go_on(request: ActorRequest, incident: UUID, telling: UUID) -> HttpResponse:
    """Let a stopped one go on, with a reason."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, incident, telling, wrong=form)
    actions.go_on(request.actor, incident, telling, reason=form.cleaned_data["reason"])
    return _to(request, incident, telling, notice="breach/telling-goes-on")


@require_POST
@planners
def again(request: ActorRequest, incident: UUID, telling: UUID) -> HttpResponse:
    """Plan the next time that the same people are told; it has to be due."""
    now = timezone.now()
    shown = queries.show(request.actor, incident, telling, at=now)
    due = shown.due_again
    if due is not None:
        actions.plan_again(request.actor, incident, shown.known, number=due.number, at=now)
    return _to(request, incident, telling, notice="breach/telling-planned")


def _page(
    request: ActorRequest, incident: UUID, telling: UUID, *, wrong: ReasonForm | None = None
) -> HttpResponse:
    shown = queries.show(request.actor, incident, telling, at=timezone.now())
    context = {
        "incident": incident,
        "telling": shown,
        "may_plan": request.actor.role in MAY_PLAN,
        "stop_form": ReasonForm(auto_id="stop_%s"),
        "go_on_form": wrong or ReasonForm(auto_id="go_on_%s"),
    }
    return render(request, "breach/telling/telling.html", context)


def _initial(before: Any) -> dict[str, Any]:
    """Return what the form begins with: the plan before, or what the operator has set."""
    first_at = (timezone.now() + FIRST_AFTER).astimezone(HELSINKI).replace(second=0, microsecond=0)
    initial = {"address": getattr(settings, "NOTICE_ADDRESS", ""), "first_at": first_at}
    if before is None:
        return initial
    said, contact = before.plan, before.plan.contact
    days = {
        name: folding.moment(getattr(said, name)).astimezone(HELSINKI).date()
        for name in ("happened_from", "happened_to", "known_since")
    }
    who = {"phone": contact.phone, "hours": contact.hours, "post": contact.address}
    helpers = "\n".join(f"{one.name}; {one.email}" for one in said.helpers)
    rest = {"calls_an_hour": said.calls_an_hour, "helpers": helpers, "address": said.address}
    return initial | days | who | rest | {"audiences": list(said.audiences)}


def _chart(form: PlanForm, shown: Preview) -> folding.Chart | None:
    """Return the waves of what was typed, and put it on the form where too few answer."""
    if not form.is_bound or not form.is_valid():
        return None
    data = form.cleaned_data
    chart = folding.chart_of(
        shown.patients, an_hour=data["calls_an_hour"], first_at=data["first_at"]
    )
    if chart is None:
        form.add_error("calls_an_hour", str(actions.WavesTooSlow()))
    return chart


def _counts(request: ActorRequest, shown: queries.Shown) -> Preview | None:
    """Return the counts of the list; a registrar, who may not ask for scopes, sees the numbers."""
    if request.actor.role not in MAY_PLAN:
        return None
    return queries.preview(request.actor, shown.known.incident, shown.known.plan.scope)


def _has_earlier(shown: queries.Shown) -> bool:
    return samples.has_earlier(shown.known)


def _to(request: ActorRequest, incident: UUID, telling: UUID, *, notice: str) -> HttpResponse:
    where = reverse("telling:telling", args=[incident, telling])
    return moved(request, where, notice=notice)
