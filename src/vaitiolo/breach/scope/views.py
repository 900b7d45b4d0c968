"""The pages of scopes: ask what was lost, see whom it reached, take the list and its evidence."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vaitiolo.breach.forms import NewCaseForm
from vaitiolo.breach.scope import actions, queries
from vaitiolo.breach.scope.forms import KeepForm, ScopeForm
from vaitiolo.kit.errors import Refusal
from vaitiolo.people.requests import ActorRequest, only
from vaitiolo.warden.kinds import Role
from vaitiolo.web.answers import moved

form_view = require_http_methods(["GET", "POST"])
officers = only(Role.PRIVACY_OFFICER, Role.MANAGER)


@form_view
@officers
def ask(request: ActorRequest) -> HttpResponse:
    """Take a question; list what was asked before."""
    form = ScopeForm(request.POST or None)
    offered = queries.choices(request.actor)
    form.offer(offered.people, offered.units)
    if request.method == "POST" and form.is_valid():
        query, reason = form.query(at=timezone.now()), form.cleaned_data["reason"]
        try:
            number = actions.ask(request.actor, query, reason=reason)
            return moved(request, reverse("scope:scope", args=[number]))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    context = {"form": form, "known": queries.list_known(request.actor)}
    return render(request, "breach/scope/ask.html", context)


@require_GET
@officers
def scope(request: ActorRequest, number: int) -> HttpResponse:
    """Show a page of an answer."""
    start = request.GET.get("from", "")
    shown = queries.read(
        request.actor,
        number,
        start=int(start) if start.isdecimal() else 0,
        controller=request.GET.get("controller", ""),
    )
    return render(request, "breach/scope/scope.html", {"scope": shown, "form": KeepForm()})


@require_POST
@officers
def keep(request: ActorRequest, number: int) -> HttpResponse:
    """Keep the list under a name."""
    form = KeepForm(request.POST)
    if form.is_valid():
        actions.keep(request.actor, number, name=form.cleaned_data["name"])
        return moved(request, reverse("scope:scope", args=[number]), notice="breach/scope-kept")
    shown = queries.read(request.actor, number, start=0, controller="")
    return render(request, "breach/scope/scope.html", {"scope": shown, "form": form})


@require_POST
@officers
def again(request: ActorRequest, number: int) -> HttpResponse:
    """Ask the same question now, and say what is different."""
    compared = actions.ask_again(request.actor, number)
    return render(request, "breach/scope/again.html", {"number": number, "compared": compared})


@require_POST
@officers
def file(request: ActorRequest, number: int) -> HttpResponse:
    """Give the list with its evidence as a file: of all, or of one controller."""
    whose = request.POST.get("controller", "")
    listed = queries.as_file(request.actor, number, controller=whose, at=timezone.now())
    # The name of a file stays in lists of downloads, so it says nothing of anybody.
    named = {"Content-Disposition": 'attachment; filename="scope.json"'}
    return JsonResponse(listed, headers=named)


@require_POST
@officers
def case(request: ActorRequest, number: int) -> HttpResponse:
    """Fill the form of a contact case with everybody on the list; nothing is opened yet."""
    listed = queries.everybody(request.actor, number)
    form = NewCaseForm(initial={"patients": "\n".join(map(str, listed))})
    return render(request, "breach/open.html", {"form": form})
