"""The pages of an incident's duties: facts, severity, texts to authorities, the hold."""

from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods

from vaitiolo.breach import rulebook
from vaitiolo.breach.drafts import printing, writing
from vaitiolo.breach.drafts.words import LANGUAGES
from vaitiolo.breach.drafts.words import recipient as find_recipient
from vaitiolo.breach.drafts.writing import Draft, Wanted
from vaitiolo.breach.duties import actions, queries
from vaitiolo.breach.duties.folding import Folded
from vaitiolo.breach.duties.forms import FactsForm, HoldForm, SentForm, SeverityForm, initial_of
from vaitiolo.breach.duties.queries import Written
from vaitiolo.people.requests import ActorRequest, only
from vaitiolo.warden.kinds import Role
from vaitiolo.web.answers import moved

form_view = require_http_methods(["GET", "POST"])
officers = only(Role.PRIVACY_OFFICER, Role.MANAGER, Role.REGISTRAR)
HOLD_DEEDS: Final = ("place", "renew", "confirm", "lift")


def _language() -> str:
    chosen = (get_language() or "fi")[:2]
    return chosen if chosen in LANGUAGES else "fi"


@form_view
@officers
def facts(request: ActorRequest, incident: UUID) -> HttpResponse:
    """Say what is known; all of it may stay open."""
    folded = queries.read(request.actor, incident, at=timezone.now())
    form = _facts_form(request, folded)
    if form.is_bound and form.is_valid():
        actions.record_facts(request.actor, incident, form.said())
        return _back(request, incident, notice="breach/facts-kept")
    scopes = queries.list_scopes(request.actor)
    context = {"form": form, "incident": folded, "scopes": scopes}
    return render(request, "breach/duties/facts.html", context)


@form_view
@officers
def assess(request: ActorRequest, incident: UUID) -> HttpResponse:
    """Judge how severe it is, each factor with its reason."""
    folded, rules = queries.read(request.actor, incident, at=timezone.now()), rulebook.newest()
    answers = queries.suggested(rules, folded)
    form = SeverityForm(request.POST or None, rules=rules, suggested=answers, language=_language())
    if request.method == "POST" and form.is_valid():
        actions.judge(request.actor, folded, form.given())
        return _back(request, incident, notice="breach/assessed")
    context = {"form": form, "incident": folded, "rules": rules}
    return render(request, "breach/duties/assess.html", context)


@require_GET
@officers
def authorities(request: ActorRequest, incident: UUID) -> HttpResponse:
    """Show the severity, whom to tell until when, what was sent, and what waits."""
    now = timezone.now()
    folded = queries.read(request.actor, incident, at=now)
    shown = queries.show(request.actor, folded, language=_language(), at=now)
    context = {"incident": folded, "duties": shown, "now": now}
    return render(request, "breach/duties/authorities.html", context)


@form_view
@officers
def text(request: ActorRequest, incident: UUID, **which: Any) -> HttpResponse:
    """Show the text for a recipient; give it as a file; mark it as sent."""
    made = _written(request, incident, **which)
    deed = request.POST.get("deed", "")
    if deed in FILES:
        return _download(made.draft, deed)
    bound = request.POST if deed == "sent" else None
    seen = {"seen": made.draft.hash}
    form = SentForm(bound, corrections=made.unexplained, initial=seen)
    if bound and form.is_valid():
        return _mark(request, made, form)
    return render(request, "breach/duties/text.html", {"form": form, "text": made})


@form_view
@officers
def sent(request: ActorRequest, incident: UUID, row: UUID) -> HttpResponse:
    """Show a text as it was sent; give it as a file."""
    folded = queries.read(request.actor, incident, at=timezone.now())
    frozen = queries.find_sent(folded, row)
    deed = request.POST.get("deed", "")
    if deed in FILES:
        return _download(frozen.draft, deed)
    return render(request, "breach/duties/sent.html", {"incident": folded, "sent": frozen})


@form_view
@officers
def waiting(request: ActorRequest, incident: UUID, deed: str) -> HttpResponse:
    """Hold notices to people at somebody's lawful request, go on with it, or end it."""
    if deed not in HOLD_DEEDS:
        raise Http404
    now = timezone.now()
    folded = queries.read(request.actor, incident, at=now)
    form = _hold_form(request, deed)
    if request.method == "POST" and (form is None or form.is_valid()):
        said = form.cleaned_data if form else {}
        actions.change_hold(request.actor, folded, deed, said=said, at=now)
        return _back(request, incident, notice="breach/hold-changed")
    context = {"incident": folded, "form": form, "deed": deed}
    return render(request, "breach/duties/hold.html", context)


def _facts_form(request: ActorRequest, folded: Folded) -> FactsForm:
    """Return the form of facts: what was sent, or what was known with what a scope adds to it."""
    initial = initial_of(folded.said)
    number = request.POST.get("scope", "")
    if number.isdecimal():
        initial |= queries.fill(request.actor, int(number))
        return FactsForm(language=_language(), initial=initial)
    return FactsForm(request.POST or None, language=_language(), initial=initial)


def _hold_form(request: ActorRequest, deed: str) -> HoldForm | None:
    """Return the form of a deed; to confirm and to lift ask for nothing."""
    if deed not in {"place", "renew"}:
        return None
    return HoldForm(request.POST or None, is_renewal=deed == "renew")


def _wanted(recipient: str, language: str, *, is_final: bool) -> Wanted:
    if language not in LANGUAGES:
        raise Http404
    try:
        return Wanted(find_recipient(recipient), language, is_final=is_final)
    except LookupError:
        raise Http404 from None


def _written(
    request: ActorRequest,
    incident: UUID,
    *,
    recipient: str,
    language: str,
    client: int | None = None,
    is_final: bool = False,
) -> Written:
    """Return the text that an address names, out of the facts of this moment."""
    wanted = _wanted(recipient, language, is_final=is_final)
    now = timezone.now()
    folded = queries.read(request.actor, incident, at=now)
    row = queries.find_row(folded, recipient, client, language=_language(), at=now)
    return queries.written(folded, row, wanted=wanted, at=now)


def _mark(request: ActorRequest, made: Written, form: SentForm) -> HttpResponse:
    given, incident = form.cleaned_data, made.folded.incident
    marked = actions.Marked(given["seen"], made.draft.hash, given["way"])
    sent = writing.explain(made.draft, form.reasons())
    actions.mark_sent(request.actor, incident, sent, marked=marked)
    return _back(request, incident, notice="breach/text-sent")


def _back(request: ActorRequest, incident: UUID, *, notice: str) -> HttpResponse:
    return moved(request, reverse("duties:authorities", args=[incident]), notice=notice)


def _download(draft: Draft, deed: str) -> HttpResponse:
    kind, make = FILES[deed]
    # The name says whom it is for and which text it is, and nothing of what happened.
    name = f"{draft.recipient}-{draft.hash[:8]}.{deed}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(make(draft), content_type=kind, headers=headers)


FILES: Final[Mapping[str, tuple[str, Callable[[Draft], bytes]]]] = {
    "txt": ("text/plain; charset=utf-8", lambda draft: draft.as_text().encode()),
    "pdf": ("application/pdf", printing.as_pdf),
    "json": ("application/json", Draft.as_json),
}
