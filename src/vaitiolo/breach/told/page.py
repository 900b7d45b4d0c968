"""The page itself, written once for everybody: words in three languages, advice, and no person.

What is one person's own is put in by the browser. Server and copy on a stick have the same page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.template.loader import render_to_string

from vaitiolo.breach.told.words import words_of
from vaitiolo.notices.advice import ALWAYS, LANGUAGES, Item, Pack

SCRIPTS: Final = (
    "code.js",
    "seal.js",
    "hours.js",
    "checking.js",
    "buckets.js",
    "dom.js",
    "mine.js",
    "certificate.js",
    "advice.js",
    "reply.js",
    "quiet.js",
    "start.js",
)
STYLES: Final = "told.css"
# Nothing of anybody else, nothing inline; a copy in a folder has no headers, so the page says it.
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "form-action 'none'; base-uri 'none'"
)
GROUPS: Final = ("wellbeing", "protect", "extortion", "control", "case", "rights")
LINES: Final = ("crisis", "victim-support")
REPLIES: Final = ("evidence", "call", "channel", "silence")

_FIELDS: Final = ("identity-code", "address", "phone", "email")
# Phrases that stand in the page anyway are not said a second time to its scripts.
_SAID: Final = (
    "code_",
    "opening",
    "unknown",
    "broken",
    "away",
    "old_browser",
    "quiet",
    "step",
    "hello",
    "reference",
    "when",
    "tier_",
    "part_",
    "kind_",
    "count",
    "dates",
    "field",
    "not_mine_none",
    "untouched_",
    "open_now",
    "closed_now",
    "certificate_",
    "messages_none",
    "channel_",
    "check_",
    "warn_",
    "reply_",
    "ahead_",
    "harmless",
)


@dataclass(frozen=True, slots=True)
class Places:
    """Where the page finds its scripts and styles, and whether it is a copy without a server."""

    scripts: tuple[str, ...]
    styles: str
    is_copy: bool


def write_page(pack: Pack, places: Places, *, on: date) -> str:
    """Return the whole page as HTML."""
    context = {
        "first": LANGUAGES[0],
        "policy": POLICY,
        "pack": pack,
        "scripts": places.scripts,
        "styles": places.styles,
        "is_copy": places.is_copy,
        "tongues": [_tongue(pack, language, on=on) for language in LANGUAGES],
    }
    return render_to_string("breach/told.html", context)


def _tongue(pack: Pack, language: str, *, on: date) -> dict[str, Any]:
    words = words_of(language)
    shown = [_shown(item, language, on=on) for item in pack.items]
    return {
        "language": language,
        "w": words,
        "said": {key: text for key, text in words.items() if key.startswith(_SAID)},
        "said_id": f"words-{language}",
        "lines": [one for one in shown if one["need"] in LINES],
        "groups": [_group(need, words, shown) for need in GROUPS],
        "replies": [{"kind": kind, "words": words[f"reply_{kind}"]} for kind in REPLIES],
    }


def _group(
    need: str, words: Mapping[str, str], shown: Sequence[dict[str, Any]]
) -> dict[str, object]:
    """Return a group of advice: what fits the worst that got out comes first."""
    items = sorted((one for one in shown if one["need"] == need), key=lambda one: one["rank"])
    return {"need": need, "heading": words[f"need_{need}"], "items": items}


def _shown(item: Item, language: str, *, on: date) -> dict[str, Any]:
    words = words_of(language)
    ranks = [_FIELDS.index(one) for one in item.fields]
    return {
        "id": item.id,
        "need": item.need,
        "text": item.words[language],
        "audience": " ".join(item.audience),
        "fields": " ".join(item.fields),
        "languages": " ".join(item.languages),
        "open": ",".join(item.open),
        "is_line": bool(item.phone) and item.need in LINES,
        "is_for_all": bool(ALWAYS.intersection(item.audience)) and not item.fields,
        "phone": item.phone,
        "dial": _dial(item.phone.replace(" ", "")),
        "hours": _hours(item, words),
        "fee": item.fee[language],
        "address": item.address,
        "is_due": item.is_due(on),
        "checked": words["checked"].replace("{day}", _day(item.checked)),
        "source": ", ".join(dict.fromkeys(one.split("/")[2] for one in item.sources)),
        "rank": min(ranks, default=len(_FIELDS)),
    }


def _hours(item: Item, words: Mapping[str, str]) -> str:
    return ", ".join(_span(span, words) for span in item.open)


def _dial(number: str) -> str:
    """Return a number as a telephone abroad dials it; free and short ones have no such form."""
    is_local = number.startswith("0") and not number.startswith("0800")
    return f"+358{number[1:]}" if is_local else number


def _span(span: str, words: Mapping[str, str]) -> str:
    if span == "always":
        return words["always"]
    days, times = span.split(" ")
    named = "-".join(words[f"day_{day}"] for day in days.split("-"))
    return f"{named} {times}"


def _day(day: date | None) -> str:
    return f"{day.day}.{day.month}.{day.year}" if day else ""
