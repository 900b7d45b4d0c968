"""Signing in: draws the browser's cookie, passes the password through, and keeps neither.

Nothing secret ever comes back from the warden, because the cookie is made here.
"""

import base64
import binascii
import secrets
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from vaitiolo.kit.ids import CompartmentId, HolderId, UnitId
from vaitiolo.people.actor import Actor
from vaitiolo.warden import client
from vaitiolo.warden.client import CardEnded, Recognised, SignedOut, TooManyTries, WrongSignIn
from vaitiolo.warden.kinds import Role
from vaitiolo.warden.session import Session

__all__ = ["CardEnded", "SignedOut", "TooManyTries", "WrongSignIn"]

COOKIE: Final = "__Host-session"
COOKIE_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Attempt:
    """Who came in, or the words why nobody did."""

    actor: Actor | None
    why: str = ""


def session_of(request: HttpRequest) -> Session:
    """Return the session that a browser brings. Raises SignedOut if it brings none."""
    try:
        cookie = base64.urlsafe_b64decode(request.COOKIES.get(COOKIE, "") + "=")
    except (ValueError, binascii.Error):
        raise SignedOut from None
    if len(cookie) != COOKIE_BYTES:
        raise SignedOut
    return Session(cookie, settings.WARDEN)


def recognise(session: Session) -> Actor:
    """Return who is behind a session. Raises SignedOut, CardEnded."""
    return _actor(session, client.recognise(session))


def enter(*, name: str, password: str, network: str) -> Actor:
    """Open a slot under a fresh cookie. Raises WrongSignIn, TooManyTries."""
    session = Session(secrets.token_bytes(COOKIE_BYTES), settings.WARDEN)
    known = client.sign_in(session, name=name, password=password, network=network)
    return _actor(session, known)


def try_to_enter(*, name: str, password: str, network: str) -> Attempt:
    """Open a slot, or return the words to put beside the form: the same for every wrong guess."""
    try:
        return Attempt(enter(name=name, password=password, network=network))
    except (WrongSignIn, TooManyTries) as refusal:
        return Attempt(None, str(refusal))


def leave(session: Session) -> None:
    """End a session; the warden forgets its seed."""
    client.sign_out(session)


def leave_earlier(request: HttpRequest) -> None:
    """End the session that a browser still brings when somebody signs in anew in it."""
    if COOKIE in request.COOKIES:
        with suppress(SignedOut):
            leave(session_of(request))


def keep_cookie(response: HttpResponseBase, actor: Actor) -> None:
    """Give the browser its cookie: for its own life, unread by scripts, for this site alone."""
    value = base64.urlsafe_b64encode(actor.session.cookie).decode().rstrip("=")
    response.set_cookie(COOKIE, value, secure=True, httponly=True, samesite="Strict", path="/")


def drop_cookie(response: HttpResponseBase) -> None:
    """Take the cookie back. A browser forgets this sort only if it is told as it was given."""
    response.set_cookie(
        COOKIE, "", max_age=0, secure=True, httponly=True, samesite="Strict", path="/"
    )


def _actor(session: Session, known: Recognised) -> Actor:
    return Actor(
        session=session,
        id=HolderId(known.person),
        name=known.name,
        role=Role(known.role),
        unit=None if known.unit is None else UnitId(known.unit),
        desk=None if known.desk is None else CompartmentId(known.desk),
        is_weak=known.is_weak,
    )
