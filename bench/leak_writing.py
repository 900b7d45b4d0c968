"""Invented notes for measuring the search of leaks: Finnish-like, from one lexicon, quickly.

Two clinics write with the same words, template sentences and phrases, as two real ones would.
"""

from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

import numpy as np

from vaitiolo.ops.synthetic.stock_room import SENTENCES

WORDS, TEMPLATES, PHRASES = 12_000, 1_500, 20_000
A_TOKEN = 13  # characters, on average
ENDINGS = ("", "n", "ssa", "sta", "lle", "t", "en", "iin", "ksi", "lla", "kin", "nsa")
CHECK = "0123456789ABCDEFHJKLMNPRSTUVWXY"


@dataclass(frozen=True)
class Lexicon:
    """Words, template sentences and phrases that every clinic uses."""

    seed: int = 1

    @cached_property
    def words(self) -> list[str]:
        said = " ".join(line for kind in SENTENCES["fi"].doubled.values() for line in kind)
        stems = sorted({word.strip(".,:;").lower() for word in said.split()})
        made = [f"{stem}{ending}" for ending in ENDINGS for stem in stems]
        return list(dict.fromkeys(made))[:WORDS]

    @cached_property
    def templates(self) -> list[str]:
        rng = np.random.default_rng(self.seed)
        return [self.sentence(rng) for _ in range(TEMPLATES)]

    @cached_property
    def phrases(self) -> list[str]:
        rng = np.random.default_rng(self.seed + 1)
        return [" ".join(self.some(rng, int(rng.integers(3, 6)))) for _ in range(PHRASES)]

    def some(self, rng: np.random.Generator, count: int) -> list[str]:
        # A few words are common and most are rare, as in any language.
        turns = rng.random(count)
        return [self.words[int(turn * turn * len(self.words))] for turn in turns]

    def sentence(self, rng: np.random.Generator) -> str:
        return " ".join(self.some(rng, int(rng.integers(6, 14)))).capitalize() + "."

    @cached_property
    def tokens(self) -> list[str]:
        """Return words, words that end a sentence, phrases and template sentences."""
        return [*self.words, *(f"{word}." for word in self.words), *self.phrases, *self.templates]

    def drawn(self, rng: np.random.Generator, count: int) -> str:
        """Return running text: of 100 sentences 20 are stock, and 40 have a stock phrase."""
        many = len(self.words)
        kinds = rng.random(count)
        turns = rng.random(count) ** 2
        at = np.where(kinds < 0.81, turns * many, many + turns * many)
        at = np.where(kinds > 0.903, 2 * many + turns * PHRASES, at)
        at = np.where(kinds > 0.968, 2 * many + PHRASES + turns * TEMPLATES, at)
        tokens = self.tokens
        return " ".join([tokens[one] for one in at.astype(np.int64).tolist()])


@dataclass(frozen=True)
class Note:
    """A note: whose, which, its versions' texts (the last one holds), and when each was made."""

    patient: int
    number: int
    held_on: int
    texts: tuple[str, ...]
    created: tuple[int, ...]


@dataclass
class Clinic:
    """A clinic that writes: the same name gives the same notes on every machine."""

    name: int
    lexicon: Lexicon = field(default_factory=Lexicon)
    length: int = 1500

    def notes(self, patient: int, count: int) -> list[Note]:
        rng = np.random.default_rng((self.name, patient))
        notes: list[Note] = []
        for number in range(count):
            copied = notes[-1].texts[-1] if notes and rng.random() < 0.15 else ""
            text = self._text(rng, copied)
            created = 1_500_000_000 + number * 604_800 + int(rng.integers(0, 86_400))
            texts, times = (text,), (created,)
            if rng.random() < 0.15:
                texts, times = (text, self._amended(rng, text)), (created, created + 90_000)
            notes.append(Note(patient, number, created // 86_400, texts, times))
        return notes

    def identity(self, patient: int) -> dict[str, str]:
        """Return an invented code, a mail address and a number of a patient."""
        rng = np.random.default_rng((self.name, patient, 7))
        day = f"{rng.integers(1, 29):02}{rng.integers(1, 13):02}{rng.integers(40, 99):02}"
        number = f"{900 + int(rng.integers(0, 100))}"
        code = f"{day}-{number}{CHECK[int(day + number) % 31]}"
        mail = f"asiakas{self.name}x{patient}@esimerkki.fi"
        return {"code": code, "mail": mail, "phone": f"+35840{self.name % 10}{patient:06}"}

    def _text(self, rng: np.random.Generator, copied: str) -> str:
        length = max(160, min(16_000, int(self.length * rng.lognormal(-0.25, 0.7))))
        wanted = max(80, length - len(copied))
        return copied + self.lexicon.drawn(rng, wanted // A_TOKEN)

    def _amended(self, rng: np.random.Generator, text: str) -> str:
        words = text.split(" ")
        for _ in range(int(rng.integers(1, 4))):
            words[int(rng.integers(0, len(words)))] = self.lexicon.some(rng, 1)[0]
        return " ".join(words)


def patient_id(clinic: int, patient: int) -> bytes:
    return UUID(int=(clinic << 64) + patient + 1).bytes


def note_id(clinic: int, patient: int, number: int) -> bytes:
    return UUID(int=(1 << 100) + (clinic << 64) + (patient << 16) + number).bytes
