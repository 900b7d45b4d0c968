"""Joining, in the newcomer's browser: draws a cookie for it, passes the code and password through.

Keeps neither. The cookie shows eight words and nothing else; nobody is signed in by it.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from vaitiolo.people import sign_in as door
from vaitiolo.people.actor import ROLE_WORDS
from vaitiolo.people.models import Unit
from vaitiolo.warden import client
from vaitiolo.warden.client import NoInvitation, NoTouch, TooManyTries, WeakPassword
from vaitiolo.warden.kinds import Role
from vaitiolo.warden.session import Session

__all__ = ["NoInvitation", "NoTouch", "TooManyTries", "WeakPassword"]

COOKIE: Final = "__Host-enrolment"
SECRET_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Browser:
    """What a newcomer's browser holds: a secret of its own, and the card that waits, once there."""

    secret: bytes = field(repr=False)
    card: bytes = b""

    @property
    def session(self) -> Session:
        return Session(self.secret, settings.WARDEN)


@dataclass(frozen=True, slots=True)
class Welcome:
    """Whom an invitation is for."""

    name: str = field(repr=False)
    role: str
    unit_name: str
    password_alone: bool


def browser_of(request: HttpRequest) -> Browser:
    """Return what the browser brought, or a new secret."""
    brought = door.as_bytes(request.COOKIES.get(COOKIE, ""))
    if len(brought) < SECRET_BYTES:
        return Browser(secrets.token_bytes(SECRET_BYTES))
    return Browser(brought[:SECRET_BYTES], brought[SECRET_BYTES:])


def keep(answer: HttpResponseBase, browser: Browser) -> None:
    """Give the browser what it needs in order to see how far its enrolment is."""
    value = door.as_text(browser.secret + browser.card)
    answer.set_cookie(COOKIE, value, secure=True, httponly=True, samesite="Strict", path="/")


def forget(answer: HttpResponseBase) -> None:
    """Take it back, as it was given."""
    answer.set_cookie(
        COOKIE, "", max_age=0, secure=True, httponly=True, samesite="Strict", path="/"
    )


def try_code(browser: Browser, code: str) -> tuple[Welcome | None, str]:
    """Return whom a code is for, or the words why nobody is welcome with it."""
    try:
        return _welcome(browser, code), ""
    except (NoInvitation, TooManyTries) as refusal:
        return None, str(refusal)


def try_to_enrol(browser: Browser, fields: Mapping[str, str]) -> tuple[Browser | None, str]:
    """Return the browser with the card that waits, or the words why there is none."""
    try:
        return enrol(browser, fields), ""
    except (NoInvitation, WeakPassword, NoTouch, TooManyTries) as refusal:
        return None, str(refusal)


def key_options(browser: Browser, code: str) -> dict[str, object]:
    """Return what a browser makes a security key with. Raises NoInvitation, TooManyTries."""
    begun = client.begin_enrolment(browser.session, code)
    handle = door.as_text(secrets.token_bytes(SECRET_BYTES))
    return {
        "challenge": door.as_text(begun.challenge),
        "rpId": begun.rp_id,
        "user": {"id": handle, "name": begun.name},
        "salt": door.as_text(begun.prf_salt),
        "others": [],
    }


def enrol(browser: Browser, fields: Mapping[str, str]) -> Browser:
    """Draw the newcomer's seed in the warden and ask for a card; return the browser with it.

    Raises NoInvitation, WeakPassword, NoTouch, TooManyTries.
    """
    touched = door.touched(fields)
    card = client.enrol(
        browser.session,
        fields["code"],
        fields["password"],
        attestation=touched.assertion,
        prf=touched.prf,
    )
    return Browser(browser.secret, card)


def state_of(browser: Browser) -> client.EnrolmentState:
    """Return how far it is: ``waiting`` with the words, ``signed``, or ``gone``."""
    if not browser.card:
        return client.EnrolmentState("gone")
    return client.enrolment(browser.session, browser.card)


def _welcome(browser: Browser, code: str) -> Welcome:
    begun = client.begin_enrolment(browser.session, code)
    unit = None if begun.unit is None else Unit.objects.filter(id=begun.unit).first()
    name = "" if unit is None else unit.name
    return Welcome(begun.name, ROLE_WORDS[Role(begun.role)], name, begun.password_alone)
