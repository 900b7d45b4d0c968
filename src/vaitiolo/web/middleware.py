"""Headers on every answer, and the page of a refusal. Nothing here reads what a page says."""

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from vaitiolo.kit.errors import Refusal
from vaitiolo.web import notices, refusals

_KEPT = "vaitiolo_kept"

Next = Callable[[HttpRequest], HttpResponseBase]

# Only what we serve ourselves may load, run, be asked or framed; nothing inline.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "autoplay",
        "browsing-topics",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    # Nobody else learns where one was. "no-referrer" would make browsers send "Origin: null" with
    # our own forms, which the check against other sites must then refuse.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS_POLICY,
}


def kept(answer: HttpResponse, seconds: int) -> HttpResponse:
    """Let caches keep an answer that is the same for everybody. Each use is a security decision."""
    answer["Cache-Control"] = f"public, max-age={seconds}"
    setattr(answer, _KEPT, True)
    return answer


class SecurityHeaders:
    """Puts the same headers on every answer. What is not for all is kept by nobody."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response[name] = value
        if not request.path.startswith(settings.STATIC_URL) and not getattr(response, _KEPT, False):
            response["Cache-Control"] = "no-store"
        return response


class Refusals:
    """Turns a refusal raised in a view into its page, and forgets a notice once it was shown."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        shown = request.method == "GET" and response.status_code == HTTPStatus.OK
        if shown and notices.COOKIE in request.COOKIES:
            response.delete_cookie(notices.COOKIE, samesite="Strict")
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer an expected no. Anything else is a bug, and goes on to be one."""
        if isinstance(exception, Refusal):
            return refusals.answer(request, exception)
        if isinstance(exception, RequestDataTooBig):
            return refusals.plain(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return None
