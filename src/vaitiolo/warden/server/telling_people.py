"""By which ways one person may be told, out of the own identity record alone. Pure.

Whoever must not be found is written to by the safe way or by nobody; whoever needs a voice first
is called; a minor's guardian is spoken to by a person.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from vaitiolo.keys.refused import Refused
from vaitiolo.warden.telling_parts import Channel, Outcome

OF_AGE: Final = 18
_EMAIL: Final = re.compile(r"[^@\s<>,;:\"]+@[^@\s<>,;:\"]+\.[^@\s<>,;:\"]+")
# Finnish numbers of mobile phones, and any number with another country's code.
_MOBILE: Final = re.compile(r"(\+358|00358|0)(4\d|50|457)\d{4,9}|(\+|00)(?!358)[1-9]\d{6,14}")
_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "identity-code": ("hetu",),
    "name": ("given_name", "family_name"),
    "address": ("street",),
    "email": ("email",),
    "phone": ("phone",),
    "kin": ("kin_name", "kin_phone"),
}


@dataclass(frozen=True, slots=True, repr=False)
class Someone:
    """Who somebody is, as far as a notice needs it."""

    said: Mapping[str, Any]
    born_on: date | None

    def text(self, name: str) -> str:
        """Return a field as text; empty where the record has none."""
        value = self.said.get(name)
        return value.strip() if isinstance(value, str) else ""

    @property
    def name(self) -> str:
        """Given and family name."""
        return f"{self.text('given_name')} {self.text('family_name')}".strip()

    @property
    def language(self) -> str:
        """The language that was asked for, or none."""
        return self.text("language")

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines of a window envelope; none without a whole address."""
        town = f"{self.text('postal_code')} {self.text('town')}".strip()
        whole = self.name and self.text("street") and self.text("postal_code") and self.text("town")
        return (self.name, self.text("street"), town) if whole else ()

    @property
    def fields(self) -> tuple[str, ...]:
        """Which details of this person the record holds."""
        return tuple(name for name, own in _FIELDS.items() if any(map(self.text, own)))

    def is_minor(self, on: date) -> bool:
        """Tell whether somebody is not of age on a day; of one whose birth date is open, no."""
        if self.born_on is None:
            return False
        year, month, day = self.born_on.year + OF_AGE, self.born_on.month, self.born_on.day
        return (on.year, on.month, on.day) < (year, month, day)


@dataclass(frozen=True, slots=True)
class Ways:
    """What is done for somebody, and the ways in their order, each with where to."""

    outcome: Outcome
    ways: tuple[tuple[Channel, str], ...] = field(repr=False)


def read(document: bytes) -> Someone:
    """Return who an identity record is of. Raises Refused for another form."""
    try:
        said = json.loads(document)
        born = said.get("born_on")
        return Someone(said, date.fromisoformat(born) if born else None)
    except (ValueError, TypeError, AttributeError):
        raise Refused("identity.form") from None


def ways_to(someone: Someone, *, on: date, without: Collection[str]) -> Ways:
    """Return how somebody is told. ``without`` are ways that failed before; no call is one."""
    if someone.is_minor(on):
        return Ways(Outcome.MINOR_BY_HAND, ((Channel.BY_HAND, ""),))
    is_hidden = someone.said.get("is_hidden") is True
    if is_hidden or someone.text("safe_contact"):
        written, by_hand = _safe(someone.text("safe_contact")), Outcome.SAFE_BY_HAND
    else:
        written, by_hand = tuple(_written(someone)), Outcome.NO_WAY_BY_HAND
    left = tuple(one for one in written if one[0] not in without)
    ways, outcome = (left, Outcome.MADE) if left else (((Channel.BY_HAND, ""),), by_hand)
    if someone.said.get("call_first") is True:
        return Ways(Outcome.CALL_FIRST, ((Channel.BY_CALL, ""), *ways))
    return Ways(outcome, ways)


def _written(someone: Someone) -> Iterator[tuple[Channel, str]]:
    if _EMAIL.fullmatch(someone.text("email")):
        yield Channel.EMAIL, someone.text("email")
    phone = _number(someone.text("phone"))
    if phone:
        yield Channel.SMS, phone
    if someone.lines:
        yield Channel.LETTER, ""


def _safe(contact: str) -> tuple[tuple[Channel, str], ...]:
    """Return the one safe way, if what was written of it is an address or a number and no more."""
    if _EMAIL.fullmatch(contact):
        return ((Channel.EMAIL, contact),)
    phone = _number(contact)
    return ((Channel.SMS, phone),) if phone else ()


def _number(text: str) -> str:
    plain = re.sub(r"[\s()/-]", "", text)
    return plain if _MOBILE.fullmatch(plain) else ""
