"""Language, how one likes to see the pages, and what stands there when nothing else can.

None of these views opens anything.
"""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from vaitiolo.web.context import THEMES
from vaitiolo.web.public import public
from vaitiolo.web.refusals import STALE_FORM, plain

YEAR = 365 * 24 * 3600
CHOICES = {"theme": THEMES, "keys": ("on", "off")}


@public
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    return set_language(request)


@public
@require_POST
def choose_look(request: HttpRequest) -> HttpResponse:
    """Keep the theme, or whether single keys are on, in a cookie of its own."""
    there = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(there, allowed_hosts=None)
    answer = HttpResponseRedirect(there if safe else "/")
    for name, allowed in CHOICES.items():
        value = request.POST.get(name)
        if value in allowed:
            answer.set_cookie(
                name, value, max_age=YEAR, secure=request.is_secure(), httponly=True, samesite="Lax"
            )
    return answer


@public
def bad_request(request: HttpRequest, *_also: object, **_why: object) -> HttpResponse:
    return plain(request, HTTPStatus.BAD_REQUEST)


@public
def forbidden(request: HttpRequest, *_also: object, **_why: object) -> HttpResponse:
    return plain(request, HTTPStatus.FORBIDDEN)


@public
def not_found(request: HttpRequest, *_also: object, **_why: object) -> HttpResponse:
    return plain(request, HTTPStatus.NOT_FOUND)


@public
def server_error(request: HttpRequest) -> HttpResponse:
    return plain(request, HTTPStatus.INTERNAL_SERVER_ERROR)


@public
def stale_form(request: HttpRequest, **_why: object) -> HttpResponse:
    """Answer a form whose cross-site token is missing or old; the reason is not for the person."""
    return plain(request, HTTPStatus.FORBIDDEN, said=STALE_FORM)
