"""Draws the words of a note: plain text as paragraphs, and the words that a search found."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from typing import Final, Protocol

from django import template
from django.utils import dateformat
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from vaitiolo.charts.models import NoteKind
from vaitiolo.kit.dates import HELSINKI

register = template.Library()

APART: Final = re.compile(r"\n{2,}")


class Held(Protocol):
    """What knows when it was held."""

    @property
    def held_at(self) -> date: ...


@register.filter
def paragraphs(text: str) -> SafeString:
    """Draw plain text: an empty line parts paragraphs, a line end is kept."""
    return _laid_out(escape(text.strip("\n")))


@register.filter
def marking(text: str, words: Sequence[str]) -> SafeString:
    """Draw plain text with the words that were looked for marked; the first can be gone to."""
    text = unicodedata.normalize("NFC", text.strip("\n"))
    looked_for = [re.escape(unicodedata.normalize("NFC", word)) for word in words if word]
    if not looked_for:
        return paragraphs(text)
    # Every second part is one of the words, because the pattern is a group.
    parts = re.split(f"({'|'.join(looked_for)})", text, flags=re.IGNORECASE)
    drawn = [
        f"<mark>{escape(part)}</mark>" if at % 2 else escape(part) for at, part in enumerate(parts)
    ]
    return _laid_out("".join(drawn).replace("<mark>", '<mark id="hit">', 1))


@register.filter
def held(note: Held) -> str:
    """Say when it was held: the day, and the hour if it has one."""
    when = note.held_at
    if isinstance(when, datetime):
        return dateformat.format(when.astimezone(HELSINKI), "D j.n.Y H.i")
    return dateformat.format(when, "D j.n.Y")


@register.filter
def day(when: date) -> str:
    """Say a day; quicker than the filter that asks for each language's own form."""
    return f"{when.day}.{when.month}.{when.year}"


@register.filter
def kind_name(kind: int) -> str:
    """Say what kind of note it is."""
    names = {
        NoteKind.SESSION: gettext("Session note"),
        NoteKind.OTHER: gettext("Note beside the sessions"),
    }
    return names[NoteKind(kind)]


def _laid_out(escaped: str) -> SafeString:
    apart = APART.sub("</p><p>", escaped).replace("\n", "<br>")
    return mark_safe(f"<p>{apart}</p>")  # noqa: S308 - all of it was escaped before
