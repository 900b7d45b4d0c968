"""How a refusal looks: what happened, what is kept, what to do. As a page, or as JSON.

The words hold no record data. What was sent in a form is given back in it, so that nothing
typed is lost when the warden is away or the session has ended.
"""

from dataclasses import dataclass, replace
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vaitiolo.kit.errors import Refusal
from vaitiolo.web.answers import wants_json
from vaitiolo.web.context import bare

Words = str | Promise

TRY_AGAIN_SECONDS = 5
# What is never sent back into a page, whatever form it came from.
SECRET_WORDS = ("password", "secret", "credential", "code")
GIVES_BACK = (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.UNAUTHORIZED)
LONGEST_GIVEN_BACK = 500_000


@dataclass(frozen=True, slots=True)
class Said:
    """The words of one kind of refusal."""

    title: Words
    message: Words = ""
    kept: Words = ""
    advice: Words = ""
    sign: str = "alert"


SAID = {
    HTTPStatus.BAD_REQUEST: Said(
        _("This request could not be understood"),
        _("Nothing was changed."),
        advice=_("Go back and try again from the page you came from."),
    ),
    HTTPStatus.UNAUTHORIZED: Said(
        _("You are signed out"),
        kept=_("What was saved is kept under seal."),
        advice=_("Sign in to go on."),
        sign="lock",
    ),
    HTTPStatus.FORBIDDEN: Said(
        _("This is not open to you"),
        _("Your role does not include this page."),
        kept=_("Nothing was opened and nothing was changed."),
        sign="lock",
    ),
    HTTPStatus.NOT_FOUND: Said(
        _("There is nothing here"),
        _("The page does not exist, or it is not open to you: the two look alike."),
        kept=_("Nothing was changed."),
        sign="find",
    ),
    HTTPStatus.CONFLICT: Said(
        _("This could not be done"),
        kept=_("What was there before is unchanged."),
        advice=_("Go back and look at it again."),
    ),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: Said(
        _("This is too large"),
        _("What you sent is larger than can be stored at once."),
        kept=_("What was saved before is unchanged."),
        advice=_("Go back, and shorten it or send it in parts."),
    ),
    HTTPStatus.TOO_MANY_REQUESTS: Said(
        _("Enough for now"),
        kept=_("What is open stays open, and what was saved is kept."),
        sign="pause",
    ),
    HTTPStatus.INTERNAL_SERVER_ERROR: Said(
        _("Something went wrong here"),
        _("The fault is ours, and it has been noted without any record data."),
        kept=_("What was saved before is unchanged."),
        advice=_("Go back and try again. If it happens again, tell whoever keeps your system."),
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: Said(
        _("Records cannot be opened now"),
        _("The keys are away: the key agent (warden) does not answer."),
        kept=_("Nothing is lost. What was saved is kept under seal."),
        sign="pause",
    ),
}
OTHER = Said(_("This could not be done"), kept=_("What was there before is unchanged."))
STALE_FORM = Said(
    _("This page had grown old"),
    _("The form was sent from a page that was opened before you signed in, or by another site."),
    kept=_("Nothing was changed."),
    advice=_("Open the page again and send the form from there."),
)


def answer(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Turn a refusal into what the person, or the module that asked, can read."""
    said = SAID.get(refusal.status, OTHER)
    return _answer(request, refusal.status, replace(said, message=refusal.message))


def plain(request: HttpRequest, status: HTTPStatus, *, said: Said | None = None) -> HttpResponse:
    """Answer with the words of the status, or of one special case, alone."""
    return _answer(request, status, said or SAID.get(status, OTHER))


def _answer(request: HttpRequest, status: HTTPStatus, said: Said) -> HttpResponse:
    if wants_json(request):
        response: HttpResponse = JsonResponse({"message": str(said.message or said.title)})
    else:
        response = HttpResponse(_page(request, status, said))
    response.status_code = status
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response["Retry-After"] = str(TRY_AGAIN_SECONDS)
    return response


def _page(request: HttpRequest, status: HTTPStatus, said: Said) -> str:
    # The base template is told everything here and given no request: what it would draw
    # around a page may be the very thing that failed.
    away = status == HTTPStatus.SERVICE_UNAVAILABLE and request.method == "GET"
    context = {
        **bare(request),
        "csrf_token": get_token(request),
        "said": said,
        "sent": _sent(request) if status in GIVES_BACK else [],
        "retry_after": TRY_AGAIN_SECONDS if away else 0,
        "is_signed_out": status == HTTPStatus.UNAUTHORIZED,
    }
    return render_to_string("web/refusal.html", context)


def _sent(request: HttpRequest) -> list[tuple[str, str]]:
    """List what was typed into the refused form, but no secret and no file."""
    if request.content_type != "application/x-www-form-urlencoded":
        return []
    fields = [(name, value) for name, values in request.POST.lists() for value in values]
    # A form with a secret is typed anew: half of it would only look complete.
    secret = any(word in name for name, _value in fields for word in SECRET_WORDS)
    long = sum(len(value) for _name, value in fields) > LONGEST_GIVEN_BACK
    return [] if secret or long else [f for f in fields if f[0] != "csrfmiddlewaretoken"]
