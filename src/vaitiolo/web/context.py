"""What every page knows by itself: who is signed in, where it is, how one likes to see it.

It reads the request and the settings only, and never asks the warden or a database. The way
around (`nav`) is given by the room that knows the roles.
"""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

from vaitiolo.web.notices import template_of

THEMES = ("auto", "light", "dark")


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the navigation."""

    label: str
    url: str
    current: bool


def around(request: HttpRequest) -> dict[str, object]:
    """Give the base template what it draws around a page (see the tag of the same name)."""
    return {
        "actor": getattr(request, "actor", None),
        "notice_template": template_of(request),
        **bare(request),
    }


def bare(request: HttpRequest) -> dict[str, object]:
    """Give what can be given even when nothing else works."""
    theme = request.COOKIES.get("theme", "auto")
    return {
        "demo": getattr(settings, "DEMO", False),
        "theme": theme if theme in THEMES else "auto",
        "keys": request.COOKIES.get("keys") != "off",
        "here": request.path,
    }
