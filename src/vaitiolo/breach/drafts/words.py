"""The words of the texts to authorities, and whom they go to: data files, never changed here."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from importlib.resources import files
from typing import Any, Final

from vaitiolo.breach.rulebook import Words, words_of
from vaitiolo.kit.dates import HELSINKI

LANGUAGES: Final = ("fi", "sv", "en")
PHASES: Final = ("preliminary", "supplementary", "final")
_DATA: Final = files("vaitiolo.breach") / "drafts" / "data"
_DAYS_OF_MONTH: Final = 30.44


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody a breach is told to, as the data file has it."""

    id: str
    name: Words
    law: Words
    trigger: str
    clocks: Mapping[str, str]
    languages: tuple[str, ...]
    fields: tuple[str, ...]
    sources: tuple[str, ...]
    verify: Words
    form: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    checked_on: date | None = None
    stale_after_months: int = field(default=6, repr=False)

    def is_old(self, day: date) -> bool:
        """Whether nobody has compared this entry with the recipient itself for too long."""
        limit = timedelta(days=round(self.stale_after_months * _DAYS_OF_MONTH))
        return self.checked_on is None or day - self.checked_on > limit


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All fixed sentences, by group and name, spoken in one language."""

    language: str
    groups: Mapping[str, Mapping[str, Mapping[str, str]]] = field(repr=False)

    def say(self, group: str, name: str, /, **filled: object) -> str:
        """Return a sentence with its numbers and times filled in. Raises KeyError."""
        return self.groups[group][name][self.language].format(**filled)

    def moment(self, at: datetime) -> str:
        """Write a moment as clocks here show it."""
        local = at.astimezone(HELSINKI)
        between = {"fi": "klo ", "sv": "kl. "}.get(self.language, "")
        return f"{local.day}.{local.month}.{local.year} {between}{local:%H.%M}"


def vocabulary(language: str) -> Vocabulary:
    """Return the sentences in a language; in Finnish where it is none of ours."""
    groups = {name: one for name, one in _read("words").items() if isinstance(one, dict)}
    return Vocabulary(language if language in LANGUAGES else "fi", groups)


def recipients() -> tuple[Recipient, ...]:
    """Return everybody whom a breach may have to be told to, in the order of the file."""
    found = _read("recipients")
    months = int(found["stale_after_months"])
    return tuple(map(partial(read_recipient, months=months), found["recipient"]))


def recipient(name: str) -> Recipient:
    """Return one of them. Raises LookupError."""
    for one in recipients():
        if one.id == name:
            return one
    raise LookupError(f"no recipient {name}")


def read_recipient(found: Mapping[str, Any], *, months: int) -> Recipient:
    """Return a recipient out of its entry in the file."""
    texts = {name: found.get(name, "") for name in ("form", "address", "phone", "email")}
    return Recipient(
        id=found["id"],
        name=words_of(found),
        law=words_of(found, "law_"),
        trigger=found["trigger"],
        clocks=found["clocks"],
        languages=tuple(found["languages"]),
        fields=tuple(found["fields"]),
        sources=tuple(found["sources"]),
        verify=words_of(found, "verify_"),
        checked_on=found.get("checked_on"),
        stale_after_months=months,
        **texts,
    )


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((_DATA / f"{name}.toml").read_text(encoding="utf-8"))
