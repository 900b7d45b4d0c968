"""How pages of a chart are put together: the editor's addresses, and the answers to what it sends.

Knows addresses and templates; asks neither the warden nor a database.
"""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from vaitiolo.charts.actions.pens import Pen
from vaitiolo.charts.headings import TEMPLATES
from vaitiolo.charts.queries.pages import ChartPage, NotePage, WritingPage
from vaitiolo.charts.readers import WhoCanOpen
from vaitiolo.charts.written import About, KeptApart, Saved, Signed, Written
from vaitiolo.kit.ids import ChartId
from vaitiolo.web.answers import moved, wants_json

# More than a note can hold: a browser would cut a long paste without a word, the server says so.
LONGEST_TYPED: Final = 1_000_000


def address(name: str, about: About, *, chart_id: ChartId, draft_id: UUID) -> str:
    """Return where a draft is saved or signed; what it is about is part of the address."""
    parts = {"appointment": about.appointment, "note": about.note}
    known = {key: value for key, value in parts.items() if value is not None}
    return reverse(f"charts:{name}", kwargs={"chart": chart_id, "draft": draft_id, **known})


def reading(
    request: HttpRequest,
    template: str,
    page: ChartPage | NotePage,
    *,
    words: Sequence[str] = (),
) -> HttpResponse:
    """Draw notes that are read, with the words marked that a search found."""
    context = {"page": page, "words": words, "who_line": _who_line(page.who)}
    return render(request, template, context)


def writing(
    request: HttpRequest, page: WritingPage, *, typed: Written | None = None, wrong: str = ""
) -> HttpResponse:
    """Draw a note that is being written; what was typed and refused stands in it again."""
    context = {
        "page": page,
        "editor": _editor(page, typed),
        "reason": typed.reason if typed else "",
        "who_line": _who_line(page.who),
        "wrong": wrong,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return render(request, "charts/writing.html", context, status=status)


def saved(request: HttpRequest, outcome: Saved | KeptApart | Signed, pen: Pen) -> HttpResponse:
    """Tell the editor what became of the words that it sent to be saved."""
    if isinstance(outcome, Signed):
        return _signed_before(request, outcome, pen)
    if isinstance(outcome, KeptApart):
        return _kept_apart(request, outcome, pen)
    if not wants_json(request):
        return moved(request, _draft(pen.chart.id, outcome.draft_id), notice="charts/saved")
    return JsonResponse({"version": outcome.version, "saved_at": outcome.saved_at.isoformat()})


def signed(request: HttpRequest, outcome: KeptApart | Signed, pen: Pen) -> HttpResponse:
    """Send the author on after signing: to the day's list, or to the note that was written."""
    if isinstance(outcome, KeptApart):
        return _kept_apart(request, outcome, pen)
    if pen.about.appointment is not None:
        return moved(request, reverse("people:home"), notice="charts/signed")
    notice = "charts/amended" if outcome.is_amendment else "charts/signed"
    there = reverse("charts:note", kwargs={"chart": pen.chart.id, "note": outcome.note_id})
    return moved(request, there, notice=notice)


def _who_line(who: WhoCanOpen) -> SafeString:
    # The same for every note of a chart, and so drawn once and not once for each.
    return render_to_string("charts/part/who.html", {"who": who})


def _kept_apart(request: HttpRequest, outcome: KeptApart, pen: Pen) -> HttpResponse:
    there = _draft(pen.chart.id, outcome.draft_id)
    if not wants_json(request):
        return moved(request, there, notice="charts/kept-apart")
    told = {
        "kept_as_url": there,
        "message": _(
            "Another window has saved or signed this note meanwhile. Both texts are kept: what "
            "is written here is a draft of its own now."
        ),
        "save_url": address("save", pen.about, chart_id=pen.chart.id, draft_id=outcome.draft_id),
        "saved_at": outcome.saved_at.isoformat(),
        "sign_url": address("sign", pen.about, chart_id=pen.chart.id, draft_id=outcome.draft_id),
        "version": outcome.version,
    }
    return JsonResponse(told, status=HTTPStatus.CONFLICT)


def _signed_before(request: HttpRequest, outcome: Signed, pen: Pen) -> HttpResponse:
    there = reverse("charts:note", kwargs={"chart": pen.chart.id, "note": outcome.note_id})
    if not wants_json(request):
        return moved(request, there, notice="charts/signed")
    message = _("This note is signed already, with these words.")
    told = {"kept_as_url": there, "message": message}
    return JsonResponse(told, status=HTTPStatus.CONFLICT)


def _draft(chart_id: ChartId, draft_id: UUID) -> str:
    return reverse("charts:draft", kwargs={"chart": chart_id, "draft": draft_id})


def _editor(page: WritingPage, typed: Written | None) -> dict[str, Any]:
    return {
        "label": _("Amended note") if page.about.note else _("Note"),
        "action": address("sign", page.about, chart_id=page.chart_id, draft_id=page.draft_id),
        "save_url": address("save", page.about, chart_id=page.chart_id, draft_id=page.draft_id),
        "text": page.text if typed is None else typed.text,
        "caret": page.caret if typed is None else typed.caret,
        "version": page.version if typed is None else typed.version,
        "saved_at": page.words.saved_at if page.words else None,
        "template": page.template if typed is None else typed.template,
        "templates": TEMPLATES,
        "fields": [("held_at", page.held_at.isoformat())],
        "longest": LONGEST_TYPED,
        "sign_label": _("Sign the amendment") if page.about.note else _("Sign"),
    }
