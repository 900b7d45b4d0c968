"""All that the thief looks for, and finding any of it in a piece of text in one pass.

An automaton finds the first bytes of every pattern; a table then tells whether the whole of one
stands there. So the automaton stays small, and 36,000 patients with their notes fit in memory.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import ahocorasick  # type: ignore[import-not-found]  # a C module without types

from vaitiolo.ops.synthetic.cast import SyntheticPatient
from vaitiolo.ops.thief.spellings import Kind, spellings_of

ANCHOR = 8
# Many sentences begin alike, so that a short beginning would be met on every page of prose.
SENTENCE_ANCHOR = 24
PLACES_A_PATIENT = 64
# What may stand around or between the bytes of a pattern in base64, JSON, addresses and mails.
ARMOUR = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-=%&;#\\:\"'.,\r\n\t "
ONLY_HEX = re.compile(rb"[0-9A-Fa-f]+")
ALPHANUMERIC = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")


@dataclass(frozen=True, slots=True)
class Match:
    """A pattern that stands in a text: where, of what kind, whose, in which character set."""

    start: int
    kind: Kind
    value: int
    charset: str


@dataclass(slots=True)
class Wanted:
    """The patterns. `sought` holds the different values of each kind that there are to find."""

    patterns: dict[bytes, tuple[Kind, int]] = field(default_factory=dict)
    anchors: dict[bytes, set[int]] = field(default_factory=dict)
    sought: dict[Kind, set[int]] = field(default_factory=lambda: {kind: set() for kind in Kind})
    patients: int = 0
    automaton: ahocorasick.Automaton = field(default_factory=ahocorasick.Automaton)
    letters: set[int] = field(default_factory=lambda: set(ARMOUR))
    shortest: int = ANCHOR

    def seek(self, patient: SyntheticPatient) -> None:
        """Look for everything about a patient."""
        self.patients += 1
        for kind, place, texts in spellings_of(patient):
            self.add(kind, patient.number * PLACES_A_PATIENT + place, texts)

    def add(self, kind: Kind, value: int, texts: Sequence[str]) -> None:
        """Look for a value in several spellings. A value that two people share counts once."""
        meaning = (kind, value)
        size = SENTENCE_ANCHOR if kind is Kind.SENTENCE else ANCHOR
        if texts[0].encode() not in self.patterns:
            self.sought[kind].add(value)
        for text in texts:
            for pattern in {text.encode(), text.encode("latin-1", "replace")}:
                if self.patterns.setdefault(pattern, meaning) is meaning:
                    self.letters.update(pattern)
                    self.shortest = min(self.shortest, len(pattern))
                    self.anchors.setdefault(pattern[:size], set()).add(len(pattern))

    def settle(self) -> None:
        """Build the automaton. Nothing can be added afterwards."""
        for anchor, lengths in self.anchors.items():
            self.automaton.add_word(anchor.decode("latin-1"), (len(anchor), sorted(lengths)))
        self.automaton.make_automaton()
        self.anchors.clear()

    def owner(self, value: int) -> int:
        """Tell which patient a value belongs to."""
        return value // PLACES_A_PATIENT

    def matches(self, text: bytes, readable: str, *, begin: int, end: int) -> Iterator[Match]:
        """Find every pattern between two places of a text; `readable` is the same as a string."""
        for last, (length, lengths) in self.automaton.iter(readable, begin, end):
            start = last - length + 1
            for size in lengths:
                pattern = text[start : start + size]
                found = self.patterns.get(pattern)
                if found and stands_alone(text, start, pattern):
                    yield Match(start, *found, charset_of(pattern))


def stands_alone(text: bytes, start: int, pattern: bytes) -> bool:
    """Tell whether a pattern of hexadecimal digits only is a word; random hex holds any number."""
    if not ONLY_HEX.fullmatch(pattern):
        return True
    around = text[max(start - 1, 0) : start] + text[start + len(pattern) :][:1]
    return ALPHANUMERIC.isdisjoint(around)


def charset_of(pattern: bytes) -> str:
    try:
        pattern.decode()
    except UnicodeDecodeError:
        return "Latin-1"
    return "UTF-8"


def wanted_for(patients: Iterable[SyntheticPatient]) -> Wanted:
    """Gather what there is to find about these patients."""
    wanted = Wanted()
    for patient in patients:
        wanted.seek(patient)
    wanted.settle()
    return wanted
