"""The pages of what people do for a telling: letters, tasks by hand, the call before a notice."""

from typing import Final
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vaitiolo.breach.telling import queries, settling
from vaitiolo.breach.telling.access import Became, Channel, KnownTelling, LettersPrinted
from vaitiolo.breach.telling.forms import LettersForm, ReturnedForm
from vaitiolo.breach.telling.settling import LettersUnknown, TaskNotFound
from vaitiolo.people import queries as people
from vaitiolo.people.access import open_desk
from vaitiolo.people.requests import ActorRequest, only
from vaitiolo.warden.kinds import Role
from vaitiolo.web.answers import moved

form_view = require_http_methods(["GET", "POST"])
officers = only(Role.PRIVACY_OFFICER, Role.MANAGER, Role.REGISTRAR)
OF_A_CALL: Final = {
    "reached": Became.CALLED,
    "not-reached": Became.NOT_REACHED,
    "unwanted": Became.UNWANTED,
}
BY_HAND: Final = OF_A_CALL | {"reached": Became.REACHED}


@form_view
@officers
def letters(request: ActorRequest, incident: UUID, telling: UUID) -> HttpResponse:
    """List the batches of letters; give one as a file to print."""
    known = queries.find(request.actor, incident, telling)
    form = LettersForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _printed(request, known, form)
        except LettersPrinted as refusal:
            form.add_error("reason", str(refusal))
    return _letters_page(request, incident, known, form=form)


@require_POST
@officers
def returned(request: ActorRequest, incident: UUID, telling: UUID) -> HttpResponse:
    """Mark letters that the post brought back, by the numbers on them."""
    known = queries.find(request.actor, incident, telling)
    form = ReturnedForm(request.POST)
    if form.is_valid():
        numbers = form.cleaned_data["numbers"]
        try:
            settling.mark_returned(request.actor, known, numbers, at=timezone.now())
            where = reverse("telling:letters", args=[incident, telling])
            return moved(request, where, notice="breach/letters-returned")
        except LettersUnknown as refusal:
            form.add_error("numbers", str(refusal))
    return _letters_page(request, incident, known, returned=form)


@require_GET
@officers
def by_hand(request: ActorRequest, incident: UUID, telling: UUID) -> HttpResponse:
    """List whom people reach by themselves: by hand, and the calls that are late."""
    return _tasks_page(request, incident, queries.find(request.actor, incident, telling))


@require_POST
@officers
def task(request: ActorRequest, incident: UUID, *, telling: UUID, row: UUID) -> HttpResponse:
    """Open the details of one of them, or say what came of it."""
    now, known = timezone.now(), queries.find(request.actor, incident, telling)
    deed = request.POST.get("deed", "")
    if deed == "open":
        return _opened(request, incident, known, row=row)
    if deed not in BY_HAND:
        raise Http404
    settling.settle_by_hand(request.actor, known, row, became=BY_HAND[deed], at=now)
    where = reverse("telling:by_hand", args=[incident, telling])
    return moved(request, where, notice="breach/task-settled")


@form_view
@only(Role.THERAPIST)
def call(request: ActorRequest, row: UUID) -> HttpResponse:
    """Show the therapist whom to call first, until when and with which words; take the outcome."""
    now = timezone.now()
    if request.method == "POST":
        return _called(request, row)
    desk = people.read_desk(open_desk(request.actor))
    wanted = desk.calls.get(row)
    if wanted is None:
        raise TaskNotFound
    client = desk.caseload.get(wanted.patient_id)
    context = {"call": wanted, "client": client, "is_late": wanted.is_late(now)}
    return render(request, "breach/telling/call.html", context)


def _called(request: ActorRequest, row: UUID) -> HttpResponse:
    deed = request.POST.get("deed", "")
    if deed not in OF_A_CALL:
        raise Http404
    settling.settle_call(request.actor, row, became=OF_A_CALL[deed], at=timezone.now())
    return moved(request, reverse("schedule:day"), notice="breach/call-settled")


def _printed(request: ActorRequest, known: KnownTelling, form: LettersForm) -> HttpResponse:
    number, reason = form.cleaned_data["batch"], form.cleaned_data["reason"]
    batch = next((one for one in queries.batches(known.telling) if one.number == number), None)
    if batch is None:
        raise Http404
    if batch.printed_at is not None and not reason:
        raise LettersPrinted
    made = settling.print_batch(request.actor, known, batch, reason=reason, at=timezone.now())
    # The name of a file stays in lists of downloads, so it says nothing of anybody.
    headers = {"Content-Disposition": f'attachment; filename="letters-{number}.pdf"'}
    return HttpResponse(made, content_type="application/pdf", headers=headers)


def _letters_page(
    request: ActorRequest,
    incident: UUID,
    known: KnownTelling,
    *,
    form: LettersForm | None = None,
    returned: ReturnedForm | None = None,
) -> HttpResponse:
    wrong = form if form is not None and form.is_bound else None
    context = {"incident": incident, "known": known, "batches": queries.batches(known.telling)}
    context |= {"form": wrong or LettersForm(), "returned": returned or ReturnedForm()}
    context["wrong_batch"] = wrong.data.get("batch") if wrong else ""
    return render(request, "breach/telling/letters.html", context)


def _opened(
    request: ActorRequest, incident: UUID, known: KnownTelling, *, row: UUID
) -> HttpResponse:
    now = timezone.now()
    found = queries.find_task(known.telling, row, at=now)
    if found is None:
        raise TaskNotFound
    record = settling.open_for_task(request.actor, known, found.patient)
    return _tasks_page(request, incident, known, opened=row, record=record)


def _tasks_page(
    request: ActorRequest, incident: UUID, known: KnownTelling, **opened: object
) -> HttpResponse:
    now = timezone.now()
    context = {
        "incident": incident,
        "known": known,
        "by_hand": queries.tasks(known.telling, Channel.BY_HAND, at=now),
        "calls": queries.tasks(known.telling, Channel.BY_CALL, at=now),
    }
    return render(request, "breach/telling/by_hand.html", context | opened)
