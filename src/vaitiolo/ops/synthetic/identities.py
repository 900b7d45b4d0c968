"""Invents who somebody is: name, identity code, telephone, e-mail, address.

Identity codes only with individual numbers 900 to 999, which are given to nobody.
"""

import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal

from vaitiolo.ops.synthetic.draws import Draw, pick, pick_common, place_of
from vaitiolo.ops.synthetic.stock_room import NAMES, PLACES, Language

Sex = Literal["female", "male"]
CHECK_CHARACTERS = "0123456789ABCDEFHJKLMNPRSTUVWXY"
# The signs of 2023 mean the same century as the old ones.
SIGNS = {1900: tuple("-YXWVU"), 2000: tuple("ABCDEF")}
NEW_SIGN_SHARE = 0.15
# Ages by share of the patients; therapy is mostly for people of working age.
AGES = (
    (0.0, 16),
    (0.08, 20),
    (0.35, 30),
    (0.60, 40),
    (0.78, 50),
    (0.90, 60),
    (0.96, 70),
    (1.0, 88),
)
BORN_BEFORE = date(2026, 1, 1)
DAYS_A_YEAR = 365.25
# Odd for men, even for women: fifty numbers each between 900 and 999.
NUMBERS_A_SEX = 50
NUMBER_STRIDE = 23
WOMEN_SHARE = 0.66
DOUBLE_GIVEN, DOUBLE_FAMILY = 0.04, 0.07
# Outside the Swedish-speaking towns two in a hundred speak Swedish, inside up to six in ten.
SWEDISH_ANYWHERE, SWEDISH_A_TENTH = 0.02, 0.09
FROM_ELSEWHERE = 0.06
SWEDISH_NAMES_OF_SWEDISH_SPEAKERS = 0.8
FINNISH_NAMES_OF_FINNISH_SPEAKERS = 0.96
ENGLISH_OF_THOSE_FROM_ELSEWHERE = 0.6
IN_FLATS = 0.8
PHONES = 100_000
EMAIL_DOMAINS = ("example.org", "example.net", "example.com")


@dataclass(frozen=True, slots=True)
class Name:
    """A given and a family name, and the stock they came from."""

    given: str
    family: str

    def __str__(self) -> str:
        return f"{self.given} {self.family}"


def invent_name(draw: Draw, sex: Sex, origin: str) -> Name:
    stock = NAMES[origin]
    given, family = pick_common(draw, stock[sex]), pick_common(draw, stock["family"])
    kind = draw()
    if kind < DOUBLE_GIVEN:
        given = f"{given}-{pick_common(draw, stock[sex])}"
    elif kind < DOUBLE_FAMILY:
        family = f"{family}-{pick_common(draw, stock['family'])}"
    return Name(given, family)


def origin_of(draw: Draw, swedish_tenths: int) -> tuple[str, Language]:
    """Draw whose names somebody bears and which language is spoken with them."""
    kind = draw()
    swedish = SWEDISH_ANYWHERE + swedish_tenths * SWEDISH_A_TENTH
    if kind < swedish:
        return ("sv" if draw() < SWEDISH_NAMES_OF_SWEDISH_SPEAKERS else "fi"), "sv"
    if kind > 1 - FROM_ELSEWHERE:
        return "other", ("en" if draw() < ENGLISH_OF_THOSE_FROM_ELSEWHERE else "fi")
    return ("fi" if draw() < FINNISH_NAMES_OF_FINNISH_SPEAKERS else "sv"), "fi"


def born_on(rank: int, people: int) -> date:
    """Give the people, by rank, birth dates that never run backwards and seldom share a day."""
    share = (rank + 0.5) / people
    for (low, young), (high, old) in pairwise(AGES):
        if share <= high:
            age = young + (old - young) * (share - low) / (high - low)
            return BORN_BEFORE - timedelta(days=int(age * DAYS_A_YEAR))
    raise AssertionError  # pragma: no cover - a share is below one


def invent_hetu(draw: Draw, number: int, *, people: int, sex: Sex) -> tuple[date, str]:
    """Make a birth date and an identity code that nobody else of these people has.

    Neighbours in rank share a birth date, so their individual numbers must differ: a stride
    keeps any fifty neighbours apart.
    """
    rank = place_of(number, people)
    born = born_on(rank, people)
    individual = 900 + 2 * (rank * NUMBER_STRIDE % NUMBERS_A_SEX) + (sex == "male")
    old, *new = SIGNS[born.year // 100 * 100]
    sign = pick(draw, new) if draw() < NEW_SIGN_SHARE else old
    digits = f"{born:%d%m%y}{individual}"
    return born, f"{digits[:6]}{sign}{individual}{CHECK_CHARACTERS[int(digits) % 31]}"


def invent_phone(number: int) -> str:
    """Make a number of the series 048 00, which no list we know gives to an operator."""
    digits = f"{place_of(number, PHONES):05d}"
    return f"048 00{digits[0]} {digits[1:]}"


def invent_email(draw: Draw, name: Name, number: int) -> str:
    return f"{ascii_of(name.given)}.{ascii_of(name.family)}{number}@{pick(draw, EMAIL_DOMAINS)}"


def ascii_of(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.lower())
    return "".join(letter for letter in plain if letter.isascii() and letter not in " '")


def invent_street(draw: Draw) -> str:
    house, stair, door = 1 + int(draw() * 98), pick(draw, "ABCDEF"), 1 + int(draw() * 79)
    street: str = pick(draw, PLACES["streets"])
    return f"{street} {house} {stair} {door}" if draw() < IN_FLATS else f"{street} {house} {stair}"
