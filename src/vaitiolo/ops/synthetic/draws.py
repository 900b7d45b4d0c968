"""The one place of the product that draws lots, for invented people only and always from a seed.

Only random() is called: Python promises its sequence for a seed, so every machine draws alike.
"""

from collections.abc import Callable, Sequence
from random import Random  # noqa: TID251 - invented people are drawn here, keys never are
from typing import TypeVar

Draw = Callable[[], float]
Thing = TypeVar("Thing")

# A prime that divides no size in use makes a walk that meets every place once.
STRIDE = 104_729


def drawer(*about: object) -> Draw:
    """Begin a sequence that depends on nothing but what it is about."""
    return Random("/".join(str(part) for part in about)).random  # noqa: S311 - nothing secret


def pick(draw: Draw, stock: Sequence[Thing]) -> Thing:
    return stock[int(draw() * len(stock))]


def pick_common(draw: Draw, stock: Sequence[Thing]) -> Thing:
    """Pick one of a stock whose first things are common and whose last ones are rare."""
    turn = draw()
    return stock[int(turn * turn * len(stock))]


def place_of(number: int, size: int, *, start: int = 0) -> int:
    """Send the numbers below a size to the same numbers in another order, each to its own."""
    return (number * STRIDE + start) % size
