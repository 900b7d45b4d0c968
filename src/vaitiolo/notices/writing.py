"""Writes what somebody is told, in Finnish, Swedish or English, from texts frozen by a hash.

No link is ever in it, and neither sender nor subject says what house it is. It sends nothing.
"""

import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from importlib.resources import files
from string import Formatter
from typing import Any, Final

from vaitiolo.notices import checking, codes
from vaitiolo.notices.pages import PagePart

ENGINE: Final = 1
LANGUAGES: Final = ("fi", "sv", "en")
# Whoever said no language gets both of the country's.
UNKNOWN: Final = ("fi", "sv")
_FOLDER: Final = files("vaitiolo.notices") / "texts"
_BETWEEN: Final = "\n\n* * *\n\n"
# What each text may have filled in; anything else in braces is refused when the texts are read.
_FILLED: Final = {
    "hello": {"name"},
    "first": {"happened", "known_since"},
    "again": {"happened", "known_since"},
    "fields": {"fields"},
    "page": {"address"},
    "contact": {"contact"},
    "reference": {"reference"},
    "sms_first": {"address", "code", "phone"},
    "sms_again": {"address", "code", "phone"},
    "helpers": {"first_at", "people", "contact"},
}
_PLAIN: Final = (
    *("subject", "hello_nobody", "reached", "untouched", "no_code", "ours", "helpers_subject"),
)
_TABLES: Final = ("parts", "tiers", "fields_of", "ways")


class TextsUnknown(LookupError):
    """No such texts are kept here, or they are written in a way this program cannot follow."""


@dataclass(frozen=True, slots=True)
class Texts:
    """All texts of one day."""

    version: str
    hash: bytes
    words: Mapping[str, Mapping[str, Any]] = field(repr=False)

    def of(self, language: str) -> Mapping[str, Any]:
        """Return the texts of one language. Raises TextsUnknown."""
        try:
            return self.words[language]
        except KeyError:
            raise TextsUnknown(f"no texts in {language!r}") from None


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """What of one person's it was, and who answers. ``followup`` counts the times told again."""

    name: str = field(repr=False)
    reference: str
    happened_from: date
    happened_to: date
    known_since: date
    parts: tuple[PagePart, ...]
    untouched: tuple[str, ...]
    fields: tuple[str, ...]
    phone: str
    contact: str
    followup: int = 0


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it goes out. By its mark people can tell that it is ours."""

    subject: str = field(repr=False)
    body: str = field(repr=False)
    mark: bytes


def versions() -> tuple[str, ...]:
    """Return every version that is kept here, the oldest first."""
    names = (one.name for one in _FOLDER.iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def newest() -> Texts:
    """Return the texts of today."""
    return find_texts(versions()[-1])


@lru_cache(maxsize=8)
def find_texts(version: str) -> Texts:
    """Return the texts of a day. Raises TextsUnknown."""
    if version not in versions():
        raise TextsUnknown(f"no texts of {version} are kept here")
    return read_texts((_FOLDER / f"{version}.toml").read_bytes())


def read_texts(content: bytes) -> Texts:
    """Return texts out of their file. Raises TextsUnknown."""
    try:
        found = tomllib.loads(content.decode("utf-8"))
        if found["engine"] != ENGINE:
            raise TextsUnknown("these texts are for another way of writing")
        words = {language: found[language] for language in LANGUAGES}
        texts = Texts(found["version"], hashlib.sha256(content).digest(), words)
    except (KeyError, TypeError, ValueError) as problem:
        raise TextsUnknown("these texts cannot be read") from problem
    for language in LANGUAGES:
        _check(texts.words[language], texts.words[LANGUAGES[0]])
    return texts


def write(
    facts: NoticeFacts,
    *,
    language: str,
    channel: str,
    code: str,
    address: str,
    texts: Texts | None = None,
) -> Message:
    """Return a message for one person: an e-mail, an sms or a letter.

    ``code`` is canonical, ``address`` is typed by the reader. An unknown language gives two.
    """
    texts = texts or newest()
    spoken = (language,) if language in LANGUAGES else UNKNOWN
    filled = {
        "address": address,
        "code": codes.show(code),
        "contact": facts.contact,
        "name": facts.name,
        "phone": facts.phone,
        "reference": facts.reference,
        "known_since": _day(facts.known_since),
    }
    written = (_one(texts.of(one), facts, filled, is_short=channel == "sms") for one in spoken)
    body = (" / " if channel == "sms" else _BETWEEN).join(written)
    subject = " / ".join(str(texts.of(one)["subject"]) for one in spoken)
    return Message("" if channel == "sms" else subject, body, checking.mark_of(body))


def write_helpers(
    *, first_at: str, people: int, contact: str, code: str, texts: Texts | None = None
) -> Message:
    """Return the message to those whose help lines will be called. Nobody's data is in it.

    ``code`` opens nothing: it only makes the message one that can be checked.
    """
    texts = texts or newest()
    filled = {"first_at": first_at, "people": str(people), "contact": contact}
    written = (str(texts.of(one)["helpers"]).format(**filled) for one in LANGUAGES)
    body = _BETWEEN.join(written) + f"\n\n{codes.show(code)}\n"
    subject = " / ".join(str(texts.of(one)["helpers_subject"]) for one in UNKNOWN)
    return Message(subject, body, checking.mark_of(body))


def _one(
    words: Mapping[str, Any], facts: NoticeFacts, filled: dict[str, str], *, is_short: bool
) -> str:
    filled = {**filled, "happened": _between(words, facts.happened_from, facts.happened_to)}
    kind = "again" if facts.followup else "first"
    if is_short:
        return str(words[f"sms_{kind}"]).format(**filled)
    hello = words["hello"] if facts.name else words["hello_nobody"]
    said = [f"{hello},", words[kind], *_about(words, facts), words["page"], filled["code"]]
    said += [words["contact"], words["ours"], words["reference"]]
    return "\n\n".join(_fill(one, filled) for one in said) + "\n"


def _about(words: Mapping[str, Any], facts: NoticeFacts) -> Iterator[str]:
    """Yield what of theirs it was, what was not touched, and which details were in it."""
    if facts.parts:
        yield "\n".join([words["reached"], *(_literal(_line(words, one)) for one in facts.parts)])
    if facts.untouched:
        names = [words["parts"][one] for one in facts.untouched if one in words["parts"]]
        yield "\n".join([words["untouched"], *(f"- {_literal(name)}" for name in names)])
    if facts.fields:
        names = [words["fields_of"][one] for one in facts.fields]
        yield _literal(words["fields"].format(fields=", ".join(names)))
    if "identity-code" not in facts.fields:
        yield words["no_code"]


def _line(words: Mapping[str, Any], part: PagePart) -> str:
    said = words["ways"]["line"].format(
        part=words["parts"][part.part], tier=words["tiers"][part.tier]
    )
    if part.first is None or part.last is None:
        return str(said)
    return f"{said} ({_between(words, part.first, part.last)})"


def _between(words: Mapping[str, Any], first: date, last: date) -> str:
    if first == last:
        return _day(first)
    return str(words["ways"]["between"].format(first=_day(first), last=_day(last)))


def _day(day: date) -> str:
    return f"{day.day}.{day.month}.{day.year}"


def _literal(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _fill(text: str, filled: Mapping[str, str]) -> str:
    return text.format(**filled)


def _check(words: Mapping[str, Any], others: Mapping[str, Any]) -> None:
    """Refuse texts in which something is missing, or filled with what there is not."""
    for name in (*_FILLED, *_PLAIN):
        named = {one for _, one, _, _ in Formatter().parse(str(words[name])) if one is not None}
        if not named <= _FILLED.get(name, set()):
            raise TextsUnknown(f"{name} asks for what is not there")
    for name in _TABLES:
        if set(words[name]) != set(others[name]):
            raise TextsUnknown(f"{name} is not the same in every language")
