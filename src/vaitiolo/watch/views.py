"""How the ledger stands, for its officers; and who used a record, for the privacy officer."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vaitiolo.people.requests import ActorRequest, only
from vaitiolo.warden.kinds import Role
from vaitiolo.watch import actions, printing, queries, reports
from vaitiolo.watch.access import PatientUnknown
from vaitiolo.watch.forms import ReportForm
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


@form_view
@only(Role.PRIVACY_OFFICER)
def report(request: ActorRequest) -> HttpResponse:
    """Ask for a patient's report; show it, or give it as a file. Each time it is recorded."""
    form, is_file = ReportForm(request.POST or None), request.POST.get("deed") == "file"
    made = _made(request, form, is_file=is_file)
    if made is None:
        return render(request, "watch/ask_report.html", {"form": form})
    if is_file:
        return _download(printing.as_pdf(made))
    form.name_members(made.members)
    return render(request, "watch/report.html", {"form": form, "report": made})


def _made(request: ActorRequest, form: ReportForm, *, is_file: bool) -> reports.Report | None:
    """Make a report out of a form that is right; return nothing where it must be shown again."""
    if request.method == "GET" or not form.is_valid():
        return None
    try:
        return reports.make(request.actor, form.asked(), at=timezone.now(), is_file=is_file)
    except PatientUnknown as unknown:
        form.add_error("patient", str(unknown))
        return None


def _download(content: bytes) -> HttpResponse:
    # The name of a file stays in lists of downloads, so it says nothing of anybody.
    named = {"Content-Disposition": 'attachment; filename="report.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=named)
