"""Pages of charts: reading, writing, signing, amending, searching."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vaitiolo.charts import pages
from vaitiolo.charts.access import open_chart, open_chart_with_desk, write_chart
from vaitiolo.charts.actions.drafts import discard_draft, save_draft
from vaitiolo.charts.actions.notes import sign_written
from vaitiolo.charts.actions.pens import Pen
from vaitiolo.charts.forms import FoundForm, SearchForm, read_written
from vaitiolo.charts.queries.pages import (
    find_note_of_session,
    read_chart_page,
    read_note_page,
    read_writing_page,
    reopen_draft,
)
from vaitiolo.charts.queries.searching import search_caseload
from vaitiolo.charts.written import About, Written
from vaitiolo.kit.ids import AppointmentId, ChartId, NoteId
from vaitiolo.people.access import open_desk
from vaitiolo.people.requests import ActorRequest, only
from vaitiolo.warden.kinds import Role
from vaitiolo.web.answers import moved, wants_fragment, wants_json


@require_safe
def chart(request: ActorRequest, chart: UUID) -> HttpResponse:
    desk, opened = open_chart_with_desk(request.actor, ChartId(chart))
    page = read_chart_page(desk, opened, at=timezone.now())
    return pages.reading(request, "charts/chart.html", page)


@require_safe
def session(request: ActorRequest, chart: UUID, appointment: UUID) -> HttpResponse:
    """Open the note of a session with the caret in it, or the note that it has become."""
    chart_id, appointment_id = ChartId(chart), AppointmentId(appointment)
    signed = find_note_of_session(request.actor, chart_id, appointment_id)
    if signed is not None:
        return redirect("charts:note", chart=chart, note=signed)
    ground = f"session {appointment}"
    desk, opened = open_chart_with_desk(request.actor, chart_id, ground=ground)
    about = About(appointment=appointment_id)
    return pages.writing(request, read_writing_page(desk, opened, about, at=timezone.now()))


@require_safe
def write(request: ActorRequest, chart: UUID) -> HttpResponse:
    """Begin a note that belongs to no session."""
    desk, opened = open_chart_with_desk(request.actor, ChartId(chart))
    return pages.writing(request, read_writing_page(desk, opened, About(), at=timezone.now()))


@require_safe
def amend(request: ActorRequest, chart: UUID, note: UUID) -> HttpResponse:
    desk, opened = open_chart_with_desk(request.actor, ChartId(chart))
    about = About(note=NoteId(note))
    return pages.writing(request, read_writing_page(desk, opened, about, at=timezone.now()))


@require_safe
def draft(request: ActorRequest, chart: UUID, draft: UUID) -> HttpResponse:
    desk, opened = open_chart_with_desk(request.actor, ChartId(chart))
    return pages.writing(request, reopen_draft(desk, opened, draft, at=timezone.now()))


@require_POST
def save(request: ActorRequest, chart: UUID, draft: UUID, **about: UUID) -> HttpResponse:
    """Keep what was written so far under seal; the editor asks at each pause."""
    written, what = read_written(request), _about(about)
    pen = Pen(write_chart(request.actor, ChartId(chart)), draft, written, what, timezone.now())
    return pages.saved(request, save_draft(pen), pen)


@require_POST
def sign(request: ActorRequest, chart: UUID, draft: UUID, **about: UUID) -> HttpResponse:
    """Sign what was written, as whoever is signed in."""
    written, what, at = read_written(request), _about(about), timezone.now()
    if written.why_not_signed() and not wants_json(request):
        return _write_on(request, ChartId(chart), draft, written=written, about=what)
    # Whoever amends reads the note that is amended; whoever signs shows nothing.
    open_it = write_chart if what.note is None else open_chart
    pen = Pen(open_it(request.actor, ChartId(chart)), draft, written, what, at)
    return pages.signed(request, sign_written(pen), pen)


@require_POST
def discard(request: ActorRequest, chart: UUID, draft: UUID) -> HttpResponse:
    discard_draft(write_chart(request.actor, ChartId(chart)), draft, at=timezone.now())
    return moved(request, reverse("charts:chart", args=[chart]), notice="charts/discarded")


@require_safe
def note(request: ActorRequest, chart: UUID, note: UUID) -> HttpResponse:
    """Show a note, and every version of it that was ever signed."""
    desk, opened = open_chart_with_desk(request.actor, ChartId(chart))
    page = read_note_page(desk, opened, NoteId(note), at=timezone.now())
    return pages.reading(request, "charts/note.html", page)


@require_POST
def found(request: ActorRequest, chart: UUID) -> HttpResponse:
    """Open a note that a search found, with the words marked. It counts as opening the chart."""
    form = FoundForm(request.POST)
    if not form.is_valid():
        return redirect("charts:search")
    desk, opened = open_chart_with_desk(request.actor, ChartId(chart), ground="search")
    page = read_note_page(desk, opened, NoteId(form.cleaned_data["note"]), at=timezone.now())
    words = form.cleaned_data["words"].split()
    return pages.reading(request, "charts/note.html", page, words=words)


@only(Role.THERAPIST)
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: ActorRequest) -> HttpResponse:
    """Look for words in the notes of the own caseload."""
    form = SearchForm(request.POST or None)
    hits = None
    if form.is_valid():
        hits = search_caseload(open_desk(request.actor), form.cleaned_data["words"])
    template = "charts/part/hits.html" if wants_fragment(request) else "charts/search.html"
    return render(request, template, {"form": form, "hits": hits, "words": _typed(form)})


def _about(parts: dict[str, UUID]) -> About:
    appointment, note = parts.get("appointment"), parts.get("note")
    return About(
        None if appointment is None else AppointmentId(appointment),
        None if note is None else NoteId(note),
    )


def _write_on(
    request: ActorRequest, chart_id: ChartId, draft_id: UUID, *, written: Written, about: About
) -> HttpResponse:
    """Show the page again with the words that could not be signed, and why."""
    desk, opened = open_chart_with_desk(request.actor, chart_id)
    page = read_writing_page(desk, opened, about, at=timezone.now(), draft_id=draft_id)
    wrong = written.why_not_signed()
    return pages.writing(request, page, typed=written, wrong=str(wrong.message) if wrong else "")


def _typed(form: SearchForm) -> str:
    return str(form.data.get("words", ""))
