"""The pages of contact cases. What is read through a case is drawn, printed, and kept nowhere."""

from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vaitiolo.breach import access, actions, queries
from vaitiolo.breach.forms import JoinForm, NewCaseForm, ReadForm
from vaitiolo.kit.errors import Refusal
from vaitiolo.people.requests import ActorRequest, only
from vaitiolo.warden.kinds import Role
from vaitiolo.web.answers import moved, wants_fragment

form_view = require_http_methods(["GET", "POST"])
officers = only(Role.PRIVACY_OFFICER, Role.MANAGER, Role.REGISTRAR)


@require_GET
@officers
def cases(request: ActorRequest) -> HttpResponse:
    """List the cases; for an officer without a share, say whose page this is."""
    if not access.has_share(request.actor):
        return render(request, "breach/no_share.html", {"asks_scope": _asks_scope(request)})
    context = {
        "asks_scope": _asks_scope(request),
        "cases": queries.list_cases(request.actor),
        "is_share_locked": access.is_share_locked(request.actor),
    }
    return render(request, "breach/cases.html", context)


def _asks_scope(request: ActorRequest) -> bool:
    return request.actor.role in {Role.PRIVACY_OFFICER, Role.MANAGER}


@form_view
@officers
def open_case(request: ActorRequest) -> HttpResponse:
    """Take reason and list; show their number for a second look; then open."""
    if not access.has_share(request.actor):
        return render(request, "breach/no_share.html")
    form = NewCaseForm(request.POST or None)
    if request.method == "GET" or not form.is_valid() or request.POST.get("deed") == "change":
        return render(request, "breach/open.html", {"form": form})
    patients, reason = form.cleaned_data["patients"], form.cleaned_data["reason"]
    if request.POST.get("deed") == "open":
        case_id = actions.open_case(request.actor, patients, reason=reason)
        return moved(request, reverse("breach:case", args=[case_id]), notice="breach/opened")
    return render(request, "breach/look.html", {"patients": patients, "reason": reason})


@form_view
@officers
@sensitive_post_parameters("password", "prf")
def case(request: ActorRequest, case_id: UUID) -> HttpResponse:
    """Show a case; join it with password and touch."""
    form = JoinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            runs = actions.join_case(request.actor, case_id, form.cleaned_data)
            notice = "breach/runs" if runs else "breach/waits"
            return moved(request, _where(request, case_id), notice=notice)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    context = {"form": form, "case": queries.get_case(request.actor, case_id)}
    share = {"is_share_locked": access.is_share_locked(request.actor)}
    ways = {"where": _where(request, case_id), "telling": _telling(request)}
    return render(request, "breach/case.html", {**context, **share, **ways})


def _where(request: ActorRequest, case_id: UUID) -> str:
    """Return the page of a case, which goes on to know from which telling an officer came."""
    asked = f"?{request.GET.urlencode()}" if _telling(request) else ""
    return reverse("breach:case", args=[case_id]) + asked


def _telling(request: ActorRequest) -> str:
    """Return the page of the telling from which an officer came to join its case, if from one."""
    try:
        ids = [UUID(request.GET.get(name, "")) for name in ("incident", "telling")]
    except ValueError:
        return ""
    return reverse("telling:telling", args=ids)


@require_GET
@officers
def state(request: ActorRequest, case_id: UUID) -> HttpResponse:
    """Tell the page of an officer who waits whether the second one is in."""
    case = queries.get_case(request.actor, case_id)
    return JsonResponse({"state": "waiting" if case.waits else "other"})


@require_POST
@officers
def read(request: ActorRequest, case_id: UUID) -> HttpResponse:
    """Open the next patients of a running case; a module asks for their rows alone."""
    case = queries.get_case(request.actor, case_id)
    form = ReadForm(request.POST)
    start = form.cleaned_data["start"] - 1 if form.is_valid() else 0
    opened = access.open_listed(request.actor, case_id, start=start)
    part = queries.read_part(case, opened, start=start)
    template = "breach/part/reached.html" if wants_fragment(request) else "breach/read.html"
    return render(request, template, {"case": case, "part": part})


@require_POST
@officers
def close(request: ActorRequest, case_id: UUID) -> HttpResponse:
    actions.close_case(request.actor, case_id)
    return moved(request, reverse("breach:case", args=[case_id]), notice="breach/closed")
