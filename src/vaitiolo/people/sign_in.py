"""Signing in: draws the browser's cookie, passes password and key secret on, and keeps none.

Nothing secret ever comes back from the warden, because the cookie is made here.
"""

import base64
import binascii
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from vaitiolo.kit.ids import CompartmentId, HolderId, UnitId
from vaitiolo.people.actor import Actor
from vaitiolo.warden import client
from vaitiolo.warden.client import (
    CardEnded,
    Recognised,
    SignedOut,
    TooManyTries,
    Touched,
    WardenSilent,
    WrongSignIn,
)
from vaitiolo.warden.kinds import Role
from vaitiolo.warden.parts import TouchKey
from vaitiolo.warden.session import Session

__all__ = ["CardEnded", "SignedOut", "TooManyTries", "WrongSignIn"]

COOKIE: Final = "__Host-session"
COOKIE_BYTES: Final = 32
# Which way in this browser took last: a word, and nothing about whose it was.
WAY_COOKIE: Final = "__Host-way"
WAY_DAYS: Final = 365
BY_KEY, BY_CODE, BY_PASSWORD = "key", "code", "password"


@dataclass(frozen=True, slots=True)
class Attempt:
    """Who came in, or the words why nobody did."""

    actor: Actor | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Ways:
    """Which ways in this house allows to everybody."""

    password_alone: bool
    key_alone: bool


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


def ways() -> Ways:
    """Return which ways in this house allows; the strictest, while nobody can say."""
    try:
        known = client.ways_to_sign_in(settings.WARDEN)
    except WardenSilent:
        return Ways(password_alone=False, key_alone=False)
    return Ways(password_alone=known.password_alone, key_alone=known.key_alone)


def options_for(name: str) -> dict[str, object]:
    """Return what a browser asks a security key with; it looks alike for every name."""
    asked = client.ask_to_sign_in(settings.WARDEN, name)
    return touch_options(asked.challenge, asked.rp_id, keys=asked.keys)


def touch_options(challenge: bytes, rp_id: str, *, keys: Sequence[TouchKey]) -> dict[str, object]:
    """Write a challenge down as `passkeys.js` reads it."""
    shown = [{"id": as_text(key.id), "salt": as_text(key.prf_salt)} for key in keys]
    return {"challenge": as_text(challenge), "rpId": rp_id, "keys": shown}


def touched(fields: Mapping[str, str]) -> Touched:
    """Return what a security key gave, out of the fields of a form. Nothing where it is broken."""
    return Touched(fields.get("assertion", "").encode(), as_bytes(fields.get("prf", "")))


def as_text(data: bytes) -> str:
    """Return bytes as they stand in pages: base64url without padding."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def as_bytes(text: str) -> bytes:
    """Return what `as_text` wrote; nothing for anything else, which the warden then refuses."""
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (ValueError, binascii.Error):
        return b""


def enter(fields: Mapping[str, str], *, network: str) -> Actor:
    """Open a slot under a fresh cookie. Raises WrongSignIn, TooManyTries."""
    session = Session(secrets.token_bytes(COOKIE_BYTES), settings.WARDEN)
    known = client.sign_in(
        session,
        name=fields["name"],
        password=fields["password"],
        network=network,
        kind=_kind(fields),
        touched=touched(fields),
    )
    return _actor(session, known)


def try_to_enter(fields: Mapping[str, str], *, network: str) -> Attempt:
    """Open a slot, or return the words to put beside the form: the same for every wrong guess.

    ``fields`` are ``name``, ``password`` (or the printed code) and ``way``; with a security key
    also ``assertion`` and ``prf``.
    """
    try:
        return Attempt(enter(fields, network=network))
    except (WrongSignIn, TooManyTries) as refusal:
        return Attempt(None, str(refusal))


def _kind(fields: Mapping[str, str]) -> int:
    if fields.get("way") == BY_KEY:
        return client.WITH_KEY if fields["password"] else client.KEY_ALONE
    return client.WITH_CODE if fields.get("way") == BY_CODE else client.PASSWORD_ALONE


def keep_way(response: HttpResponseBase, way: str) -> None:
    """Remember in this browser that a security key is the way in here, so that it comes first."""
    if way == BY_KEY:
        response.set_cookie(
            WAY_COOKIE,
            way,
            max_age=WAY_DAYS * 86_400,
            secure=True,
            httponly=True,
            samesite="Strict",
            path="/",
        )


def is_key_first(request: HttpRequest) -> bool:
    """Tell whether the security key comes first: always, but in a demo only once one was used."""
    return not getattr(settings, "DEMO", False) or request.COOKIES.get(WAY_COOKIE) == BY_KEY


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
