"""Where somebody is signed in: told to that person alone, and ended from any of the places.

Of a browser's own words only the families of browser and system are kept, and no database has them.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vaitiolo.kit.errors import Refusal
from vaitiolo.people.actor import Actor
from vaitiolo.warden import client
from vaitiolo.warden.client import Seated

# The first that stands in the browser's words; several pretend to be the later ones as well.
BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS: Final = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iOS"),
    ("iPad", "iPadOS"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
# By the numbers of kinds of slots (docs/formats.md).
WAYS: Final[dict[int, Promise]] = {
    1: _("password and security key"),
    2: _("security key"),
    3: _("printed recovery code"),
    4: _("password alone"),
}


@dataclass(frozen=True, slots=True)
class OwnSession:
    """One place where a person is signed in."""

    id: UUID
    words: str = field(repr=False)
    network: str = field(repr=False)
    way: str | Promise
    since: datetime
    seen: datetime
    is_this: bool


def words_of(agent: str) -> str:
    """Reduce what a browser says of itself to two families: "Firefox, Windows", or nothing."""
    found = [_first(agent, families) for families in (BROWSERS, SYSTEMS)]
    return ", ".join(word for word in found if word)


def introduce(request: HttpRequest, actor: Actor) -> str:
    """Say which browser a new session is in; return the notice of what ended for it, if any."""
    ended = None
    # Whoever has signed in is in, even if the words that only help to recognise it are refused.
    with suppress(Refusal):
        words = words_of(request.headers.get("User-Agent", ""))
        ended = client.name_session(actor.session, words)
    return "people/oldest-session-ended" if ended is not None else ""


def was_another(request: HttpRequest, actor: Actor) -> bool:
    """Tell whether a page was locked by somebody else than who unlocks it now."""
    was = request.POST.get("was", "")
    return bool(was) and was != actor.id.hex


def list_own(actor: Actor) -> Sequence[OwnSession]:
    """Return where somebody is signed in, the latest first."""
    return [_own(one) for one in client.list_sessions(actor.session)]


def end(actor: Actor, session: UUID) -> None:
    """End one of somebody's own sessions. Raises NotGranted for anybody else's."""
    client.end_session(actor.session, session)


def end_all(actor: Actor, *, but_this: bool) -> None:
    """End all of somebody's own sessions, or all but the one that asks."""
    client.end_all_sessions(actor.session, but_this=but_this)


def _first(agent: str, families: Sequence[tuple[str, str]]) -> str:
    return next((name for sign, name in families if sign in agent), "")


def _own(one: Seated) -> OwnSession:
    since, seen = (datetime.fromtimestamp(at, tz=UTC) for at in (one.since, one.seen))
    way = WAYS.get(one.kind, "")
    return OwnSession(one.session, one.words, one.network, way, since, seen, one.is_this)
