"""What victims are advised: packs of a day, each item with its source, and how old that is.

A pack is known by its hash. What the house has confirmed itself stands in a file of its own.
"""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from importlib.resources import files
from typing import Any, Final

from vaitiolo.notices import hours

LIMIT: Final = timedelta(days=180)
NEWEST: Final = "2026-11-24"
HASHES: Final = {
    "2026-11-24": "438c8b94cd6110e85fb630218835f88f799c6ce4619a696cff16cc6baecde8e9",
}
LANGUAGES: Final = ("fi", "sv", "en")
NEEDS: Final = (
    "crisis",
    "victim-support",
    "wellbeing",
    "extortion",
    "protect",
    "control",
    "case",
    "rights",
)
# Everybody may be threatened, whatever got out.
ALWAYS: Final = frozenset({"everyone", "extorted"})
IDENTITY_CODE: Final = "identity_code_leaked"

_SCHEMA: Final = 1
_FOLDER: Final = files("vaitiolo.notices") / "packs"


class AdviceWrong(ValueError):
    """A pack is not the one that is known, or a confirmation says what cannot be."""


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Who in the house asked the service itself, and on which day."""

    on: date
    by: str
    left_out: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of advice. ``words`` and ``fee`` are in the three languages."""

    id: str
    need: str
    words: Mapping[str, str]
    audience: tuple[str, ...]
    fields: tuple[str, ...]
    languages: tuple[str, ...]
    phone: str
    address: str
    open: tuple[str, ...]
    hours: str
    fee: Mapping[str, str]
    sources: tuple[str, ...]
    checked_on: date | None
    verify_why: str
    confirmed: Confirmed | None = None

    @property
    def checked(self) -> date | None:
        """The newer of the source's own day and of that on which the house asked."""
        days = [day for day in (self.checked_on, self.confirmed and self.confirmed.on) if day]
        return max(days, default=None)

    def is_due(self, on: date) -> bool:
        """Whether it has to be confirmed: without a day, too old, or uncertain in itself."""
        is_uncertain = bool(self.verify_why) and self.confirmed is None
        # A day that has not come yet confirms nothing.
        known = self.checked is not None and timedelta(0) <= on - self.checked <= LIMIT
        return is_uncertain or not known


@dataclass(frozen=True, slots=True)
class Pack:
    """All advice of one version, with what the house says about it."""

    version: str
    hash: str
    audiences: tuple[str, ...]
    items: tuple[Item, ...] = field(repr=False)
    is_invented: bool = False

    def due(self, on: date) -> tuple[Item, ...]:
        """Return what nobody may publish before it is confirmed."""
        return tuple(item for item in self.items if item.is_due(on))


def audiences_of(told: tuple[str, ...], fields: tuple[str, ...]) -> frozenset[str]:
    """Return whose advice somebody reads. About identity codes only whose own got out."""
    named = (ALWAYS | set(told)) - {IDENTITY_CODE}
    return frozenset(named | ({IDENTITY_CODE} if "identity-code" in fields else set()))


def fits(item: Item, audiences: frozenset[str], fields: tuple[str, ...]) -> bool:
    """Return whether an item is for a reader of these audiences, whose fields got out."""
    is_for = bool(audiences.intersection(item.audience))
    return is_for and (not item.fields or bool(set(item.fields).intersection(fields)))


def find_pack(version: str = NEWEST, *, house: bytes | None = None) -> Pack:
    """Return a pack with the house's confirmations (TOML). Raises AdviceWrong."""
    if version not in HASHES:
        raise AdviceWrong(f"no advice of {version} is known")
    content = (_FOLDER / f"{version}.toml").read_bytes()
    return read_pack(content, expected=HASHES[version], house=house)


def read_pack(content: bytes, *, expected: str, house: bytes | None = None) -> Pack:
    """Return a pack out of its file, which must have the hash. Raises AdviceWrong."""
    if hashlib.sha256(content).hexdigest() != expected:
        raise AdviceWrong("this advice was changed after it was written")
    try:
        found = tomllib.loads(content.decode())
        pack = _pack(found, expected)
    except (KeyError, TypeError, ValueError) as problem:
        raise AdviceWrong("this advice cannot be read") from problem
    return pack if house is None else _with_house(pack, house)


def _pack(found: Mapping[str, Any], fingerprint: str) -> Pack:
    if found["schema"] != _SCHEMA:
        raise ValueError("another form")
    items = tuple(map(_item, found["item"]))
    audiences = tuple(found["audiences"])
    if len({item.id for item in items}) != len(items):
        raise ValueError("two items of one name")
    if not {one for item in items for one in item.audience} <= set(audiences):
        raise ValueError("an audience that nobody is in")
    return Pack(found["version"], fingerprint, audiences, items)


def _item(found: Mapping[str, Any]) -> Item:
    spans = tuple(found.get("open", ()))
    for span in spans:
        hours.check(span)
    if found["need"] not in NEEDS or not found["sources"]:
        raise ValueError("an item without need or source")
    return Item(
        id=found["id"],
        need=found["need"],
        words={language: str(found[language]) for language in LANGUAGES},
        audience=tuple(found["audience"]),
        fields=tuple(found.get("fields", ())),
        languages=tuple(found.get("languages", ())),
        phone=found.get("phone", ""),
        address=found.get("address", ""),
        open=spans,
        hours=found.get("hours", ""),
        fee={language: str(found.get(f"fee_{language}", "")) for language in LANGUAGES},
        sources=tuple(found["sources"]),
        checked_on=found.get("checked_on"),
        verify_why=found.get("verify_why", ""),
    )


def _with_house(pack: Pack, house: bytes) -> Pack:
    """Return a pack with what the house confirmed or leaves out. Raises AdviceWrong."""
    try:
        said = tomllib.loads(house.decode())
        found = {str(one["id"]): _confirmed(one) for one in said["confirmed"]}
    except (KeyError, TypeError, ValueError) as problem:
        raise AdviceWrong("the house's confirmations cannot be read") from problem
    if said.get("pack") != pack.version:
        raise AdviceWrong("the house's confirmations are of another pack")
    unknown = found.keys() - {item.id for item in pack.items}
    if unknown:
        raise AdviceWrong(f"no such advice: {', '.join(sorted(unknown))}")
    items = (_confirm(item, found.get(item.id)) for item in pack.items)
    kept = tuple(one for one in items if not (one.confirmed and one.confirmed.left_out))
    return Pack(pack.version, pack.hash, pack.audiences, kept, bool(said.get("invented")))


def invent(pack: Pack, on: date) -> bytes:
    """Return a file that confirms everything and says that nobody asked: for rehearsals alone."""
    head = f'pack = "{pack.version}"\ninvented = true\n'
    rows = (
        f'\n[[confirmed]]\nid = "{item.id}"\non = {on}\nby = "nobody: a rehearsal"\n'
        for item in pack.items
    )
    return "".join((head, *rows)).encode()


def _confirmed(found: Mapping[str, Any]) -> Confirmed:
    on, by = found["on"], str(found["by"]).strip()
    if not isinstance(on, date) or not by:
        raise ValueError("without day or name")
    return Confirmed(on, by, str(found.get("left_out", "")).strip())


def _confirm(item: Item, confirmed: Confirmed | None) -> Item:
    return replace(item, confirmed=confirmed)
