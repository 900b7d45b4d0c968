"""The page of whoever was told, for anybody: it asks for no account and learns no code."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from vaitiolo.breach.told import queries
from vaitiolo.kit.dates import day_of
from vaitiolo.web.middleware import kept
from vaitiolo.web.public import public

# Sealed bytes that everybody may have; a page that is sealed anew is seen within a minute.
SECONDS_KEPT: Final = 60


@public
@require_safe
def page(_request: HttpRequest) -> HttpResponse:
    """Show the page; whose it becomes is settled in the browser."""
    return kept(HttpResponse(queries.page(day_of(timezone.now()))), SECONDS_KEPT)


@public
@require_safe
def bucket(_request: HttpRequest, number: int) -> HttpResponse:
    """Give every sealed page of a bucket; which of them is meant nobody is told."""
    return _script(queries.bucket_file(number))


@public
@require_safe
def marks(_request: HttpRequest, number: int) -> HttpResponse:
    """Give the marks of messages in a bucket."""
    return _script(queries.marks_file(number))


def _script(line: str) -> HttpResponse:
    return kept(HttpResponse(line, content_type="text/javascript; charset=utf-8"), SECONDS_KEPT)
