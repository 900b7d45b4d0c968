"""One's own ways in, as their owner sees and changes them; and touches for what others ask.

Draws the printed code, so that nothing secret ever comes back from the warden, and keeps none of
what passes through: no password, no code, nothing that a key gave.
"""

import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vaitiolo.kit.errors import Refusal
from vaitiolo.people import sign_in as door
from vaitiolo.people.actor import Actor
from vaitiolo.warden import client
from vaitiolo.warden.client import NEW_CODE, NEW_KEY, ConfirmFirst, OwnSlot, over, removal
from vaitiolo.warden.kinds import Role

__all__ = ["NEW_CODE", "NEW_KEY", "ConfirmFirst", "over", "removal"]

# By the numbers of kinds of slots (docs/formats.md).
KINDS: Final[dict[int, Promise]] = {
    client.WITH_KEY: _("Password and security key"),
    client.KEY_ALONE: _("Security key alone"),
    client.WITH_CODE: _("Printed recovery code"),
    client.PASSWORD_ALONE: _("Password alone"),
}
# Whom the house can have given a printed share of the contact key.
OFFICERS: Final = frozenset({Role.PRIVACY_OFFICER, Role.MANAGER, Role.REGISTRAR})
SECURITY_KEYS: Final = frozenset({client.WITH_KEY, client.KEY_ALONE})
ENOUGH_KEYS: Final = 2
MOST_KEYS: Final = 4
# Crockford's letters: none that looks like another. Five bits each, 140 in all.
LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH: Final = 28
GROUP: Final = 4


@dataclass(frozen=True, slots=True)
class OwnKey:
    """One way in."""

    id: UUID
    kind: int
    words: str | Promise
    label: str = field(repr=False)
    since: datetime | None
    is_last: bool

    @property
    def is_weak(self) -> bool:
        return self.kind == client.PASSWORD_ALONE

    @property
    def is_security_key(self) -> bool:
        return self.kind in SECURITY_KEYS

    @property
    def is_code(self) -> bool:
        return self.kind == client.WITH_CODE


@dataclass(frozen=True, slots=True)
class OwnKeys:
    """All of somebody's ways in, and what the policy of the house allows besides."""

    ways: tuple[OwnKey, ...]
    kinds: frozenset[int]
    proof: str

    @property
    def security_keys(self) -> int:
        return sum(one.kind in SECURITY_KEYS for one in self.ways)

    @property
    def lacks_keys(self) -> bool:
        return self.security_keys < ENOUGH_KEYS

    @property
    def may_add_key(self) -> bool:
        return bool(self.ways) and self.security_keys < MOST_KEYS

    @property
    def may_be_without_password(self) -> bool:
        return client.KEY_ALONE in self.kinds

    @property
    def has_code(self) -> bool:
        return any(one.is_code for one in self.ways)

    @property
    def has_key_with_password(self) -> bool:
        return any(one.kind == client.WITH_KEY for one in self.ways)

    @property
    def has_password(self) -> bool:
        return self.has_key_with_password or any(one.is_weak for one in self.ways)


def list_own(actor: Actor) -> OwnKeys:
    """Return somebody's ways in, the everyday ones first."""
    found = client.list_own_keys(actor.session)
    everyday = [one for one in found.slots if one.kind != client.WITH_CODE]
    ways = sorted(found.slots, key=lambda one: (one.kind == client.WITH_CODE, one.kind, one.since))
    own = tuple(_own(one, is_last=everyday == [one]) for one in ways)
    return OwnKeys(own, frozenset(found.kinds), found.proof)


def find_own(actor: Actor, slot: UUID) -> OwnKey | None:
    """Return one of somebody's own ways in."""
    return next((one for one in list_own(actor).ways if one.id == slot), None)


def advice(actor: Actor, way: str) -> str:
    """Return the notice for somebody who has just come in: what they should see to, if anything."""
    if way == door.BY_CODE:
        return "people/by-code"
    if actor.is_weak:
        return "people/weak"
    # Whoever has signed in is in, even if nobody can say now how many keys there are.
    with suppress(Refusal):
        return "people/one-key" if list_own(actor).lacks_keys else ""
    return ""


# --- the own share of the contact key ----------------------------------------------


@dataclass(frozen=True, slots=True)
class Share:
    """An officer's share as its owner sees it: with how many security keys it is locked."""

    keys: int

    @property
    def is_locked(self) -> bool:
        return self.keys > 0


def find_share(actor: Actor) -> Share | None:
    """Return how an officer's own share stands; nothing for whom the house expects none of."""
    if actor.role not in OFFICERS:
        return None
    found = client.ask_own_share(actor.session)
    return Share(found.keys) if found.is_officer else None


def share_request() -> str:
    """Return what the touch for locking a share is over, as a form carries it."""
    return door.as_text(client.over_enrolling())


def lock_share(actor: Actor, fields: Mapping[str, str]) -> None:
    """Lock the own share from paper. Raises WrongShare, NoTouch, TooManyTries, NotAllowed."""
    given = door.touched(fields)
    client.enrol_share(
        actor.session,
        fields["share"],
        password=fields["password"],
        prf=given.prf,
        assertion=given.assertion,
    )


# --- touches ----------------------------------------------------------------------


def touch_options(actor: Actor, request: str) -> dict[str, object]:
    """Return what a browser asks an own key with; ``request`` as `request_text` wrote it."""
    asked = client.begin_touch(actor.session, door.as_bytes(request))
    return door.touch_options(asked.challenge, asked.rp_id, keys=asked.keys)


def request_text(word: str, *about: UUID | str | bytes) -> str:
    """Return a request as it stands in the field ``over`` of a form with ``data-touch``."""
    return door.as_text(over(word, *about))


def assertion_of(fields: Mapping[str, str]) -> bytes:
    """Return a security key's answer out of a form; empty where none was given."""
    return door.touched(fields).assertion


# --- changes ----------------------------------------------------------------------


def change_request(actor: Actor, deed: str) -> str:
    """Return what the touch is over that proves a change, as a form carries it."""
    return door.as_text(client.over_own_change(actor.id, deed))


def confirm(actor: Actor, deed: str, fields: Mapping[str, str]) -> None:
    """Show that one wants a change. Raises WrongSignIn, NoTouch, TooManyTries, NotGranted."""
    client.confirm_self(
        actor.session, deed, password=fields["password"], assertion=assertion_of(fields)
    )


def new_key_options(actor: Actor) -> dict[str, object]:
    """Return what a browser makes a key with. Raises ConfirmFirst, NotAllowed."""
    new = client.begin_own_key(actor.session)
    user: dict[str, Any] = {"id": door.as_text(new.person.bytes), "name": new.name}
    return {
        "challenge": door.as_text(new.challenge),
        "rpId": new.rp_id,
        "user": user,
        "salt": door.as_text(new.prf_salt),
        "others": [door.as_text(one) for one in new.others],
    }


def add_key(actor: Actor, fields: Mapping[str, str]) -> None:
    """Lock the own seed for a new key. Raises ConfirmFirst, NoTouch, NotAllowed."""
    client.add_own_key(
        actor.session,
        door.touched(fields),
        password=fields["password"],
        prf_salt=door.as_bytes(fields["salt"]),
        label=fields["label"],
    )


def draw_code() -> str:
    """Draw a printed code: for the page that shows it once, kept by nobody."""
    letters = [secrets.choice(LETTERS) for _ in range(CODE_LENGTH)]
    groups = range(0, CODE_LENGTH, GROUP)
    return "-".join("".join(letters[start : start + GROUP]) for start in groups)


def add_code(actor: Actor, fields: Mapping[str, str]) -> None:
    """Lock the own seed for a printed code. Raises ConfirmFirst, NotAllowed."""
    client.add_own_code(actor.session, fields["code"])


def change_password(actor: Actor, fields: Mapping[str, str]) -> None:
    """Change the password. Raises WrongSignIn, NoTouch, TooManyTries."""
    client.change_own_password(
        actor.session, door.touched(fields), old=fields["old"], new=fields["password"]
    )


def remove(actor: Actor, slot: UUID) -> None:
    """Remove an own way in. Raises ConfirmFirst, NotGranted, LastWayIn."""
    client.remove_own_slot(actor.session, slot)


def _own(one: OwnSlot, *, is_last: bool) -> OwnKey:
    since = datetime.fromtimestamp(one.since, tz=UTC) if one.since else None
    return OwnKey(one.slot, one.kind, KINDS.get(one.kind, ""), one.label, since, is_last)
