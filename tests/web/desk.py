"""A desk with one draft that keeps the note editor's contract (README.md of the web room).

The charts room does this with sealed drafts; here the words lie open, so that a test can look.
"""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from types import SimpleNamespace

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path

from tests.web.pages import urlpatterns as pages
from vaitiolo.kit.errors import Refusal
from vaitiolo.web.answers import moved, wants_json

LAST = "He slept better.\n\nWe spoke of the holiday.\n\nNext time: the diary."
TEMPLATES = (
    SimpleNamespace(key="free", label="Free", headings=""),
    SimpleNamespace(key="dap", label="DAP", headings="Data\n\nAssessment\n\nPlan\n"),
)


@dataclass
class Desk:
    text: str = ""
    caret: int = 0
    version: int = 1
    window: str = ""
    signed: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    goes_on_in_the_copy: bool = False
    refusing: HTTPStatus | None = None


DESK = Desk()


class Refusing(Refusal):
    message = "Not now."


def refuse_as_told() -> None:
    if DESK.refusing:
        raise type("Told", (Refusing,), {"status": DESK.refusing})


def note(request: HttpRequest) -> HttpResponse:
    editor = {
        "label": "Session",
        "action": "/sign/",
        "save_url": "/save/",
        "text": DESK.text,
        "caret": DESK.caret,
        "version": DESK.version,
        "saved_at": datetime(2026, 11, 24, 12, 0, tzinfo=UTC) if DESK.text else None,
        "template": "free",
        "templates": TEMPLATES,
        "fields": [("session", "17")],
    }
    return render(request, "note.html", {"editor": editor, "last": LAST})


def save(request: HttpRequest) -> HttpResponse:
    refuse_as_told()
    said = json.loads(request.body) if wants_json(request) else request.POST.dict()
    known = str(said["version"]) == str(DESK.version)
    if not known and said["window"] != DESK.window:
        DESK.kept.append(said["text"])
        told = {"message": "Changed.", "kept_as_url": "/kept/"}
        copy = {"save_url": "/copy/", "version": 1} if DESK.goes_on_in_the_copy else {}
        return JsonResponse(told | copy, status=409)
    DESK.text, DESK.caret, DESK.window = said["text"], int(said["caret"]), said["window"]
    DESK.version += 1
    if wants_json(request):
        return JsonResponse({"version": DESK.version, "saved_at": datetime.now(UTC).isoformat()})
    return moved(request, "/note/")


def save_copy(request: HttpRequest) -> HttpResponse:
    said = json.loads(request.body)
    DESK.kept[-1] = said["text"]
    answer = {"version": said["version"] + 1, "saved_at": datetime.now(UTC).isoformat()}
    return JsonResponse(answer)


def sign(request: HttpRequest) -> HttpResponse:
    refuse_as_told()
    assert request.POST["session"] == "17"
    DESK.signed.append(request.POST["text"].replace("\r\n", "\n"))
    return moved(request, "/rows/")


def rows(request: HttpRequest) -> HttpResponse:
    request.actor = SimpleNamespace(name="Helmi", role="therapist", unit_name="Tampere")
    return render(request, "rows.html", {"names": ["Aino", "Eero", "Venla"]})


urlpatterns = [
    path("note/", note),
    path("save/", save),
    path("copy/", save_copy),
    path("sign/", sign),
    path("rows/", rows),
    *pages,
]
handler404 = "vaitiolo.web.views.not_found"
handler500 = "vaitiolo.web.views.server_error"
