"""Reads the stock of names, places and sentences that invented people are made of."""

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from itertools import product
from math import prod
from typing import Any, Literal

Language = Literal["fi", "sv", "en"]
LANGUAGES: tuple[Language, ...] = ("fi", "sv", "en")


@dataclass(frozen=True, slots=True)
class Sentences:
    """What notes in one language are composed of."""

    headings: dict[str, str]
    # Each kind of sentence stands in its list twice over, so that a slice may run past the end.
    doubled: dict[str, list[str]]
    slots: tuple[list[str], ...]
    tellings: int


def load(name: str) -> dict[str, Any]:
    stock = files("vaitiolo.ops.synthetic").joinpath("stock", f"{name}.toml")
    return tomllib.loads(stock.read_text(encoding="utf-8"))


def sentences(language: Language) -> Sentences:
    found = load(f"notes_{language}")
    telling = found["telling"]
    openings = [f"{lead} {when}" for lead, when in product(telling["lead"], telling["when"])]
    slots = (openings, telling["where"], telling["doing"], telling["whom"], telling["feeling"])
    return Sentences(
        headings=found["headings"],
        doubled={kind: stock + stock for kind, stock in found["sentences"].items()},
        slots=slots,
        tellings=prod(len(slot) for slot in slots),
    )


NAMES = load("names")
PLACES = load("places")
SENTENCES = {language: sentences(language) for language in LANGUAGES}
