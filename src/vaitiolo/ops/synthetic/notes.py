"""Composes session notes from the stock: about 2 KB each, calm in tone, and never about anybody.

Every note holds one sentence that no other note of the clinic holds. The thief looks for it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from vaitiolo.ops.synthetic.draws import Draw, drawer, place_of
from vaitiolo.ops.synthetic.stock_room import SENTENCES, Language, Sentences

Template = Literal["free", "DAP", "SOAP", "BIRP"]
TEMPLATES: tuple[Template, ...] = ("free", "free", "DAP", "SOAP", "BIRP")

# No patient has this many notes, so patient and note together are one number.
NOTES_AT_MOST = 64
# The note that a patient's open draft would become.
DRAFT = NOTES_AT_MOST - 1
TELLING = "telling"

# Paragraphs of a note: a heading (or none), then so many sentences of each kind.
Paragraph = tuple[str, tuple[tuple[str, int], ...]]
SHAPES: dict[Template, tuple[Paragraph, ...]] = {
    "free": (
        ("", (("opening", 2), (TELLING, 1), ("events", 6))),
        ("", (("mood", 2), ("theme", 5), ("intervention", 3), ("response", 2))),
        ("", (("assessment", 3), ("safety", 1), ("homework", 1), ("plan", 2))),
    ),
    "DAP": (
        ("data", (("opening", 2), (TELLING, 1), ("events", 6), ("theme", 5), ("intervention", 2))),
        ("assessment", (("mood", 2), ("response", 2), ("assessment", 3), ("safety", 1))),
        ("plan", (("homework", 1), ("plan", 2))),
    ),
    "SOAP": (
        ("subjective", (("opening", 2), ("events", 7), (TELLING, 1))),
        ("objective", (("mood", 3), ("theme", 4), ("response", 2))),
        ("assessment", (("assessment", 3), ("safety", 1))),
        ("plan", (("intervention", 2), ("homework", 1), ("plan", 2))),
    ),
    "BIRP": (
        ("behaviour", (("opening", 2), ("events", 6), (TELLING, 1), ("mood", 2))),
        ("intervention", (("theme", 5), ("intervention", 3))),
        ("response", (("response", 3), ("assessment", 3), ("safety", 1))),
        ("plan", (("homework", 1), ("plan", 2))),
    ),
}


@dataclass(frozen=True, slots=True)
class SyntheticNote:
    """One note. `telling` is the sentence of `text` that no other note holds."""

    held_on: date
    template: Template
    language: Language
    text: str
    telling: str


@dataclass(frozen=True, slots=True)
class Pen:
    """Who is written about, in which language and in which usual shape."""

    seed: str
    number: int
    language: Language
    template: Template


def write_notes(pen: Pen, sessions: tuple[date, ...]) -> Iterator[SyntheticNote]:
    """Write a note for each session, oldest first, one at a time."""
    draw = drawer(pen.seed, "notes", pen.number)
    for place, held_on in enumerate(sessions):
        yield compose(pen, place, held_on=held_on, draw=draw)


def write_draft(pen: Pen, held_on: date) -> SyntheticNote:
    """Write what stands in a draft that was left open: the beginning of a note."""
    draw = drawer(pen.seed, "draft", pen.number)
    whole = compose(pen, DRAFT, held_on=held_on, draw=draw)
    end = whole.text.index(whole.telling) + len(whole.telling)
    return SyntheticNote(held_on, whole.template, whole.language, whole.text[:end], whole.telling)


def compose(pen: Pen, place: int, *, held_on: date, draw: Draw) -> SyntheticNote:
    stock = SENTENCES[pen.language]
    telling = tell(stock, pen.number * NOTES_AT_MOST + place)
    paragraphs = []
    for heading, kinds in SHAPES[pen.template]:
        said = [f"{stock.headings[heading]}:"] if heading else []
        for kind, count in kinds:
            said += [telling] if kind == TELLING else some(stock.doubled[kind], count, draw)
        paragraphs.append(" ".join(said))
    return SyntheticNote(held_on, pen.template, pen.language, "\n\n".join(paragraphs), telling)


def some(doubled: list[str], count: int, draw: Draw) -> list[str]:
    start = int(draw() * (len(doubled) >> 1))
    return doubled[start : start + count]


def tell(stock: Sentences, number: int) -> str:
    """Spell a number as a sentence: each slot is a digit, so no two numbers read alike."""
    turn = place_of(number, stock.tellings)
    words = []
    for slot in stock.slots:
        turn, digit = divmod(turn, len(slot))
        words.append(slot[digit])
    return f"{' '.join(words)}."
