"""What every page knows: who is signed in, where one can go, how one likes to see it.

It reads the request and the settings only, and never asks the warden or a database.
"""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

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
    actor = getattr(request, "actor", None)
    return {
        "actor": actor,
        "nav": places(request, role_word(getattr(actor, "role", ""))),
        "notice_template": template_of(request),
        "sign_in_url": address_of("SIGN_IN"),
        "sign_out_url": address_of("SIGN_OUT"),
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


def role_word(role: object) -> str:
    """Give the word for a role in settings and templates: its name in small letters."""
    return str(getattr(role, "name", role)).lower()


def address_of(setting: str) -> str:
    """Find the address whose name a setting holds: those rooms stand above this one."""
    name = getattr(settings, setting, "")
    return reverse(name) if name else ""


def places(request: HttpRequest, role: str) -> list[Place]:
    """Draw the navigation of a role from the setting NAVIGATION: (label, url name, roles)."""
    found = []
    for label, url_name, roles in getattr(settings, "NAVIGATION", ()):
        if role in roles:
            url = reverse(url_name)
            found.append(Place(gettext(label), url, current=request.path.startswith(url)))
    longest = max((len(place.url) for place in found if place.current), default=0)
    return [Place(p.label, p.url, current=p.current and len(p.url) == longest) for p in found]
