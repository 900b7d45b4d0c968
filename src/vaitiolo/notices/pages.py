"""What a victim's page and a certificate say, as bytes that Python and browsers read alike.

Plain values only. It seals nothing: that is `keys.pages`.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final, Literal, get_args

VERSION: Final = 1

Language = Literal["fi", "sv", "en"]
Part = Literal["identity", "chart", "working", "shared"]
Tier = Literal["taken", "could", "published", "not-found"]
Field = Literal["identity-code", "name", "address", "email", "phone", "kin"]
Channel = Literal["email", "sms", "letter"]


class PageWrong(ValueError):
    """These bytes are no page of ours, or one of another version."""


@dataclass(frozen=True, slots=True)
class PagePart:
    """One part of a person's record, and what became of it. Tiers are never merged."""

    part: Part
    kinds: tuple[str, ...]
    tier: Tier
    count: int
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message that we sent to this person: how, on which day, and its mark in hexadecimal."""

    channel: Channel
    on: date
    mark: str


@dataclass(frozen=True, slots=True)
class Page:
    """Everything a person is told: what of mine, what not, whom to ask.

    ``contact`` is who answers, and when, in the words of the house. ``untouched`` are words of the
    page, ``audiences`` those of the advice pack; ``certificate`` is the code of the certificate.
    """

    language: Language
    reference: str
    told_on: date
    name: str
    happened_from: date
    happened_to: date
    known_since: date
    parts: tuple[PagePart, ...]
    untouched: tuple[str, ...]
    fields: tuple[Field, ...]
    audiences: tuple[str, ...]
    contact: str
    messages: tuple[SentMessage, ...]
    certificate: str


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a creditor may know: that these details of this person got out. It names no clinic."""

    name: str
    born: int
    issued: date
    fields: tuple[Field, ...]
    reference: str


def write(page: Page | Certificate) -> bytes:
    """Return the one form of a page: UTF-8 JSON with sorted keys and without spaces."""
    kind = "page" if isinstance(page, Page) else "certificate"
    value = {"v": VERSION, "kind": kind, **asdict(page)}
    text = json.dumps(
        value, ensure_ascii=False, separators=(",", ":"), sort_keys=True, default=_of_day
    )
    return text.encode()


def read(raw: bytes) -> Page | Certificate:
    """Return what `write` wrote. Raises PageWrong, also for bytes in any other form."""
    try:
        found = json.loads(raw)
        readers: dict[str, Callable[[Mapping[str, Any]], Page | Certificate]]
        readers = {"page": _page, "certificate": _certificate}
        page = readers[found["kind"]](found)
        if write(page) != raw:
            raise PageWrong("page.form")
    except (KeyError, TypeError, AttributeError, ValueError) as problem:
        raise PageWrong("page.form") from problem
    return page


def _of_day(value: object) -> str:
    if not isinstance(value, date):
        raise TypeError(f"a page holds no {type(value).__name__}")
    return value.isoformat()


def _page(found: Mapping[str, Any]) -> Page:
    return Page(
        language=_one_of(Language, found["language"]),
        reference=str(found["reference"]),
        told_on=date.fromisoformat(found["told_on"]),
        name=str(found["name"]),
        happened_from=date.fromisoformat(found["happened_from"]),
        happened_to=date.fromisoformat(found["happened_to"]),
        known_since=date.fromisoformat(found["known_since"]),
        parts=tuple(map(_part, found["parts"])),
        untouched=_words(found["untouched"]),
        fields=tuple(_one_of(Field, one) for one in found["fields"]),
        audiences=_words(found["audiences"]),
        contact=str(found["contact"]),
        messages=tuple(map(_message, found["messages"])),
        certificate=str(found["certificate"]),
    )


def _certificate(found: Mapping[str, Any]) -> Certificate:
    return Certificate(
        name=str(found["name"]),
        born=int(found["born"]),
        issued=date.fromisoformat(found["issued"]),
        fields=tuple(_one_of(Field, one) for one in found["fields"]),
        reference=str(found["reference"]),
    )


def _part(found: Mapping[str, Any]) -> PagePart:
    return PagePart(
        part=_one_of(Part, found["part"]),
        kinds=_words(found["kinds"]),
        tier=_one_of(Tier, found["tier"]),
        count=int(found["count"]),
        first=_day(found["first"]),
        last=_day(found["last"]),
    )


def _message(found: Mapping[str, Any]) -> SentMessage:
    on = date.fromisoformat(found["on"])
    return SentMessage(_one_of(Channel, found["channel"]), on, bytes.fromhex(found["mark"]).hex())


def _day(found: str | None) -> date | None:
    return None if found is None else date.fromisoformat(found)


def _words(found: list[Any]) -> tuple[str, ...]:
    return tuple(map(str, found))


def _one_of(allowed: Any, found: object) -> Any:
    if found not in get_args(allowed):
        raise PageWrong("page.word")
    return found
