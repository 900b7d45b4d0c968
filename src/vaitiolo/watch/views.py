"""How the ledger stands, for its officers; and who used a record, for the privacy officer."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vaitiolo.people import own_keys
from vaitiolo.people.requests import ActorRequest, only
from vaitiolo.warden.kinds import Role
from vaitiolo.watch import access, actions, bundling, letters, printing, queries, reports
from vaitiolo.watch import erasures as seen
from vaitiolo.watch.access import NobodyToErase, PatientUnknown
from vaitiolo.watch.forms import (
    DecisionForm,
    EndErasureForm,
    ErasureForm,
    LetterForm,
    ReportForm,
)
from vaitiolo.web.answers import moved

form_view = require_http_methods(["GET", "POST"])
officers = only(Role.PRIVACY_OFFICER, Role.MANAGER, Role.REGISTRAR)


@require_GET
@officers
def ledger(request: ActorRequest) -> HttpResponse:
    """Show how far witnesses have followed, and what they or the house cried out over."""
    shown = queries.show(request.actor, at=timezone.now())
    return render(request, "watch/ledger.html", {"shown": shown})


@require_POST
@officers
def acknowledge(request: ActorRequest, index: int) -> HttpResponse:
    """Take note of an alert."""
    actions.acknowledge(request.actor, index)
    return moved(request, reverse("watch:ledger"), notice="watch/noted")


@require_GET
@officers
def erasures(request: ActorRequest) -> HttpResponse:
    """List the erasures that wait for a second person, and those that were done."""
    return render(request, "watch/erasures.html", {"shown": seen.show(request.actor)})


@form_view
@only(Role.PRIVACY_OFFICER)
def ask_erasure(request: ActorRequest) -> HttpResponse:
    """Take who and why; show what would go and what stays; then ask, with a touch."""
    form, deed = ErasureForm(request.POST or None), request.POST.get("deed", "")
    gone = _gone(request, form) if deed != "change" else None
    if gone is None:
        return render(request, "watch/ask_erasure.html", {"form": form})
    asked = form.cleaned_data
    if deed == "ask":
        assertion = own_keys.assertion_of(request.POST)
        actions.ask_erasure(request.actor, **asked, assertion=assertion)
        return moved(request, reverse("watch:erasures"), notice="watch/erasure-asked")
    ground, over = seen.BASES[asked["basis"]], access.asking_request(**asked)
    shown = {"gone": gone, "asked": asked, "ground": ground, "over": over}
    return render(request, "watch/look_at_erasure.html", shown)


@form_view
@officers
def erasure(request: ActorRequest, number: int) -> HttpResponse:
    """Show one that waits; approve it with a touch, decline it or take it back."""
    waiting, form = seen.get_waiting(request.actor, number), EndErasureForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        return render(request, "watch/erasure.html", {"waiting": waiting, "form": form})
    if request.POST.get("deed") == "end":
        actions.end_erasure(request.actor, waiting.asked, reason=form.cleaned_data["reason"])
        return moved(request, reverse("watch:erasures"), notice="watch/erasure-ended")
    assertion = own_keys.assertion_of(request.POST)
    actions.approve_erasure(request.actor, waiting.asked, assertion=assertion, at=timezone.now())
    return moved(request, reverse("watch:erasures"), notice="watch/erasure-done")


@require_POST
@officers
def finish_erasures(request: ActorRequest) -> HttpResponse:
    """Remove the rows that an erasure left behind when it was interrupted."""
    actions.finish_erasures(request.actor, at=timezone.now())
    return moved(request, reverse("watch:erasures"), notice="watch/erasure-done")


@form_view
@only(Role.PRIVACY_OFFICER)
def report(request: ActorRequest) -> HttpResponse:
    """Ask for a patient's report; show it, or give it as a file. Each time it is recorded."""
    form, deed = ReportForm(request.POST or None), request.POST.get("deed", "")
    made = _made(request, form, deed=deed)
    if made is None:
        return render(request, "watch/ask_report.html", {"form": form})
    if isinstance(made, HttpResponse):
        return made
    form.name_members(made.members)
    about = {"patient": made.asked.patient, "language": made.asked.language}
    deciding = DecisionForm(initial=about)
    decisions = [letters.row_of(one) for one in made.decisions]
    shown = {"form": form, "report": made, "deciding": deciding, "decisions": decisions}
    return render(request, "watch/report.html", shown)


@require_POST
@only(Role.PRIVACY_OFFICER)
def decide(request: ActorRequest) -> HttpResponse:
    """Decide on a request for a report, and show what was recorded."""
    form = DecisionForm(request.POST)
    shown: dict[str, object] = {"form": form}
    if form.is_valid():
        patient = form.cleaned_data["patient"]
        decided = actions.decide_report(request.actor, patient, form.decision())
        language = form.cleaned_data["language"]
        shown = {"decision": letters.row_of(decided), "patient": patient, "language": language}
    return render(request, "watch/decision.html", shown)


@require_POST
@only(Role.PRIVACY_OFFICER)
def letter(request: ActorRequest) -> HttpResponse:
    """Give a decision as a letter; that it was taken out again is recorded."""
    form = LetterForm(request.POST)
    if not form.is_valid():
        return redirect("watch:report")
    return _download(
        letters.write(request.actor, **form.cleaned_data, at=timezone.now()), name="letter.pdf"
    )


def _made(
    request: ActorRequest, form: ReportForm, *, deed: str
) -> reports.Report | HttpResponse | None:
    """Make a report out of a form that is right; return nothing where it must be shown again."""
    if request.method == "GET" or not form.is_valid():
        return None
    actor, asked, at = request.actor, form.asked(), timezone.now()
    try:
        if deed == "bundle":
            return _download(bundling.as_zip(actor, asked, at=at), name="report.zip")
        made = reports.make(actor, asked, at=at, is_file=deed == "file")
    except PatientUnknown as unknown:
        form.add_error("patient", str(unknown))
        return None
    return _download(printing.as_pdf(made), name="report.pdf") if deed == "file" else made


def _gone(request: ActorRequest, form: ErasureForm) -> seen.Gone | None:
    """Return what would go, out of a form that is right; nothing where it must be shown again."""
    if request.method == "GET" or not form.is_valid():
        return None
    try:
        return seen.gone(access.look_at_erasure(request.actor, form.cleaned_data["subject"]))
    except NobodyToErase as nobody:
        form.add_error("subject", str(nobody))
        return None


def _download(content: bytes, *, name: str) -> HttpResponse:
    # The name of a file stays in lists of downloads, so it says nothing of anybody.
    named = {"Content-Disposition": f'attachment; filename="{name}"'}
    kind = "application/zip" if name.endswith(".zip") else "application/pdf"
    return HttpResponse(content, content_type=kind, headers=named)
