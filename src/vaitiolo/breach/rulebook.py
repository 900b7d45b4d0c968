"""The rules of severity as they stood on a day: files that are added to and never changed.

Reads them, and refuses what it does not understand; it knows no incident.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any, Final

from vaitiolo.ledger.verify.tree import digest

ENGINE: Final = 1
PARTS: Final = ("dpc", "ei", "cb", "fact")
_FOLDER: Final = files("vaitiolo.breach") / "rules"


class RulesUnknown(LookupError):
    """No such rules are kept here, or they are written in a way this program cannot follow."""


@dataclass(frozen=True, slots=True)
class Words:
    """The same words in the three languages of the house."""

    en: str
    fi: str
    sv: str

    def in_(self, language: str) -> str:
        """Return the words in a language; English where it is none of ours."""
        return {"fi": self.fi, "sv": self.sv}.get(language, self.en)


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to a factor; its value is in hundredths."""

    id: str
    value: int
    words: Words


@dataclass(frozen=True, slots=True)
class Factor:
    """A question of the tables, or a fact that the bridge asks for."""

    id: str
    part: str
    words: Words
    help: Words | None
    choices: tuple[Choice, ...]
    source: str

    @property
    def values(self) -> dict[str, int]:
        """What each choice counts."""
        return {one.id: one.value for one in self.choices}


@dataclass(frozen=True, slots=True)
class Band:
    """Where a degree of severity starts."""

    id: str
    starts: int
    words: Words


@dataclass(frozen=True, slots=True)
class Rule:
    """One step of the bridge; every condition of it has to hold."""

    id: str
    duty: str
    is_due: bool
    words: Words
    source: str
    choices: tuple[tuple[str, tuple[str, ...]], ...]
    at_least: int | None = None
    below: int | None = None
    people: bool | None = None


@dataclass(frozen=True, slots=True)
class Exit:
    """An exception of Art. 34(3), and what it is worth here."""

    id: str
    words: Words
    source: str


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All rules of one day."""

    version: str
    hash: str
    source: str
    many_people: int
    factors: tuple[Factor, ...]
    bands: tuple[Band, ...]
    rules: tuple[Rule, ...] = field(repr=False)
    exits: tuple[Exit, ...] = field(repr=False)

    def factor(self, name: str) -> Factor:
        return next(one for one in self.factors if one.id == name)

    def of(self, duty: str) -> tuple[Rule, ...]:
        """Return the rules of a duty; the last of them fits always."""
        return tuple(one for one in self.rules if one.duty == duty)

    def rule(self, name: str) -> Rule:
        return next(one for one in self.rules if one.id == name)

    def band(self, name: str) -> Band:
        return next(one for one in self.bands if one.id == name)

    def band_of(self, score: int) -> Band:
        """Return the band a score falls in."""
        return max((one for one in self.bands if one.starts <= score), key=lambda one: one.starts)


def versions() -> tuple[str, ...]:
    """Return every version that is kept here, the oldest first."""
    names = (one.name for one in _FOLDER.iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def newest() -> Rulebook:
    """Return the rules of today."""
    return find_rules(versions()[-1])


def find_rules(version: str) -> Rulebook:
    """Return the rules of a day. Raises RulesUnknown."""
    if version not in versions():
        raise RulesUnknown(f"no rules of {version} are kept here")
    return read_rules((_FOLDER / f"{version}.toml").read_bytes())


def read_rules(content: bytes) -> Rulebook:
    """Return rules out of their file. Raises RulesUnknown."""
    try:
        found = tomllib.loads(content.decode("utf-8"))
        if found["engine"] != ENGINE:
            raise RulesUnknown("these rules are for another way of reckoning")
        rules = _rules(found, digest(content).hex())
    except (KeyError, TypeError, ValueError) as problem:
        raise RulesUnknown("these rules cannot be read") from problem
    _check(rules)
    return rules


def _rules(found: Mapping[str, Any], fingerprint: str) -> Rulebook:
    return Rulebook(
        version=found["version"],
        hash=fingerprint,
        source=found["source"],
        many_people=int(found["many_people"]),
        factors=tuple(map(_factor, found["factor"])),
        bands=tuple(Band(one["id"], int(one["from"]), words_of(one)) for one in found["band"]),
        rules=tuple(map(_rule, found["rule"])),
        exits=tuple(Exit(one["id"], words_of(one), one["source"]) for one in found["exit"]),
    )


def words_of(found: Mapping[str, Any], prefix: str = "") -> Words:
    """Return the three languages of an entry; a missing one is refused."""
    return Words(*(str(found[f"{prefix}{language}"]) for language in ("en", "fi", "sv")))


def _factor(found: Mapping[str, Any]) -> Factor:
    return Factor(
        id=found["id"],
        part=found["part"],
        words=words_of(found),
        help=words_of(found, "help_") if "help_en" in found else None,
        choices=tuple(
            Choice(one["id"], int(one["value"]), words_of(one)) for one in found["choice"]
        ),
        source=found["source"],
    )


def _rule(found: Mapping[str, Any]) -> Rule:
    when = dict(found["when"])
    return Rule(
        id=found["id"],
        duty=found["duty"],
        is_due=found["is_due"],
        words=words_of(found),
        source=found["source"],
        at_least=when.pop("at_least", None),
        below=when.pop("below", None),
        people=when.pop("people", None),
        choices=tuple((name, tuple(choices)) for name, choices in when.items()),
    )


def _check(rules: Rulebook) -> None:
    """Refuse rules that name what is not there, or leave a duty open. Raises RulesUnknown."""
    known = {(one.id, choice.id) for one in rules.factors for choice in one.choices}
    named = {
        (name, choice) for one in rules.rules for name, choices in one.choices for choice in choices
    }
    if not named <= known or any(one.part not in PARTS for one in rules.factors):
        raise RulesUnknown("a rule asks for what no factor can be")
    for duty in ("people", "authority"):
        last = rules.of(duty)[-1:]
        if not last or last[0].choices or (last[0].at_least, last[0].below) != (None, None):
            raise RulesUnknown(f"nothing decides about {duty} in the end")
