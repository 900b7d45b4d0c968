"""Messages about one's own ways in: security keys, the printed code, the password."""

from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from vaitiolo.warden.parts import OwnSlot
from vaitiolo.warden.protocol.saying import Message, Question

NEW_KEY: Final = "new-key"
NEW_CODE: Final = "new-code"
_REMOVAL: Final = "remove-"


def removal(slot: UUID) -> str:
    """Return the deed of removing a way in."""
    return _REMOVAL + slot.hex


@dataclass(frozen=True, slots=True)
class ListOwnKeys(Question):
    """Ask for one's own ways in."""

    cookie: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class OwnKeys(Message):
    """The asker's ways in, the kinds the policy allows, and for which change a proof stands."""

    slots: tuple[OwnSlot, ...]
    kinds: tuple[int, ...]
    proof: str


@dataclass(frozen=True, slots=True)
class ConfirmSelf(Question):
    """Show that one wants a change: by the touch of an own key, by the password or by the code.

    ``deed`` is one of `NEW_KEY`, `NEW_CODE` and what `removal` returns; the proof is good for it
    alone, and once.
    """

    cookie: bytes = field(repr=False)
    deed: str
    password: str = field(repr=False)
    assertion: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class BeginOwnKey(Question):
    """Ask for what a new security key is made with."""

    cookie: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class NewKey(Message):
    """A challenge, whom the key is for, the salt of its PRF, and the keys there are already."""

    challenge: bytes = field(repr=False)
    rp_id: str
    person: UUID
    name: str = field(repr=False)
    prf_salt: bytes = field(repr=False)
    others: tuple[bytes, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class AddOwnKey(Question):
    """Lock the own seed for a new security key; with a password (kind 1) or without (kind 2)."""

    cookie: bytes = field(repr=False)
    password: str = field(repr=False)
    prf: bytes = field(repr=False)
    prf_salt: bytes = field(repr=False)
    attestation: bytes = field(repr=False)
    label: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AddOwnCode(Question):
    """Lock the own seed for a printed code that the pages drew; it takes an earlier one's place."""

    cookie: bytes = field(repr=False)
    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ChangeOwnPassword(Question):
    """Change the password; with a security key, for the key that is at hand."""

    cookie: bytes = field(repr=False)
    old: str = field(repr=False)
    new: str = field(repr=False)
    prf: bytes = field(repr=False)
    assertion: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class RemoveOwnSlot(Question):
    """Remove one of the own ways in."""

    cookie: bytes = field(repr=False)
    slot: UUID
