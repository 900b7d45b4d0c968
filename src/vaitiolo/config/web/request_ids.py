"""Gives every request a number of its own, so that a page and a line of the log can be matched.

It is drawn anew for each request and tells nothing about whoever asked.
"""

from collections.abc import Callable
from uuid import uuid4

from django.http import HttpRequest
from django.http.response import HttpResponseBase


class RequestIds:
    """Puts the number on the request, where the log finds it, and into the answer's headers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        number = uuid4().hex[:12]
        setattr(request, "request_id", number)  # noqa: B010 - Django's request has no such field
        response = self.get_response(request)
        response["X-Request-Id"] = number
        return response
