"""The pages of a leak: put a result in, see who was found, ask which accounts fit; decoys."""

from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from vaitiolo.breach.forms import NewCaseForm
from vaitiolo.breach.leaks import actions, queries, words
from vaitiolo.breach.leaks.forms import AccountsForm, FindForm, PurposeForm, ResultForm
from vaitiolo.kit.errors import Refusal
from vaitiolo.people.references import Reference
from vaitiolo.people.requests import ActorRequest, only
from vaitiolo.warden.kinds import Role
from vaitiolo.web.answers import moved

form_view = require_http_methods(["GET", "POST"])
officers = only(Role.PRIVACY_OFFICER, Role.MANAGER, Role.REGISTRAR)
askers = only(Role.PRIVACY_OFFICER, Role.MANAGER)


@form_view
@officers
def leaks(request: ActorRequest, incident: UUID) -> HttpResponse:
    """Show what was found; take another result."""
    form = ResultForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.put(request.actor, incident, form.content())
            where = reverse("leaks:leaks", args=[incident])
            return moved(request, where, notice="breach/result-put")
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    return _page(request, incident, form=form)


@require_POST
@askers
def accounts(request: ActorRequest, incident: UUID) -> HttpResponse:
    """Say which accounts a leak is consistent with; never who it was."""
    form = AccountsForm(request.POST)
    read = queries.read(request.actor, incident)
    if not form.is_valid() or not read.told:
        return _page(request, incident, accounts=form)
    since, until = form.times(at=timezone.now())
    facts = actions.ask_accounts(request.actor, incident, read.everybody, since=since, until=until)
    shown = {"leak": read, "facts": facts, "fitting": queries.fitting(facts)}
    return render(request, "breach/leaks/accounts.html", shown)


@require_POST
@officers
def file(request: ActorRequest, incident: UUID, row: UUID) -> HttpResponse:
    """Give a result out, as it was put in."""
    raw = queries.take(request.actor, incident, row)
    # The name of a file stays in lists of downloads, so it says nothing of anybody.
    named = {"Content-Disposition": 'attachment; filename="result.json"'}
    return HttpResponse(raw, content_type="application/json", headers=named)


@require_POST
@officers
def case(request: ActorRequest, incident: UUID) -> HttpResponse:
    """Fill the form of a contact case with everybody who was found; nothing is opened yet."""
    told = queries.read(request.actor, incident).told
    form = NewCaseForm(initial={"patients": "\n".join(map(str, told))})
    return render(request, "breach/open.html", {"form": form})


@form_view
@officers
def decoys(request: ActorRequest) -> HttpResponse:
    """Have invented people made for an export, and list the exports that have some."""
    form = PurposeForm(request.POST or None)
    shown: dict[str, Any] = {"form": form, "find": FindForm()}
    if request.method == "POST" and form.is_valid():
        issued = actions.issue_decoys(request.actor, form.cleaned_data["purpose"])
        reference = Reference(issued.export, request.actor.name, timezone.now())
        shown |= {"form": PurposeForm(), "issued": issued, "reference": reference.line()}
    shown["exports"] = queries.list_exports(request.actor)
    return render(request, "breach/leaks/decoys.html", shown)


@require_POST
@officers
def find(request: ActorRequest) -> HttpResponse:
    """Say whose decoy somebody in a claim is. What was typed is not shown again."""
    form = FindForm(request.POST)
    shown: dict[str, Any] = {
        "form": PurposeForm(),
        "find": form,
        "exports": queries.list_exports(request.actor),
    }
    if form.is_valid():
        shown["answer"] = actions.find_decoy(request.actor, form.cleaned_data["text"])
        shown["find"] = FindForm()
    return render(request, "breach/leaks/decoys.html", shown)


def _page(request: ActorRequest, incident: UUID, **forms: Form) -> HttpResponse:
    scope, start = (_number(request.GET.get(name, "")) for name in ("scope", "from"))
    read = queries.read(request.actor, incident, scope=scope, start=start)
    own = {"leak": read, "form": ResultForm(), "accounts": AccountsForm(), "silent": words.SILENT}
    may_ask = request.actor.role in queries.MAY_ASK
    return render(request, "breach/leaks/leaks.html", {**own, **forms, "may_ask": may_ask})


def _number(said: str) -> int:
    return int(said) if said.isdecimal() else 0
