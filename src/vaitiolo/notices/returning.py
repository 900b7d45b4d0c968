"""The number on a letter by which it is found again when the post brings it back.

It is the beginning of the row's random id, in letters and digits that nobody mixes up. It says
nothing of anybody, and it is not the code of the person's page.
"""

from typing import Final
from uuid import UUID

LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH: Final = 9
_BITS: Final = 5 * LENGTH
_LOW: Final = 128 - _BITS
_ALIKE: Final = str.maketrans("OIL", "011")


class NumberWrong(ValueError):
    """This cannot be the number of a letter."""


def number_of(row: UUID) -> str:
    """Return the number of a row's letter, in three groups."""
    value = row.int >> _LOW
    found = "".join(LETTERS[value >> 5 * at & 31] for at in reversed(range(LENGTH)))
    return f"{found[:3]}-{found[3:6]}-{found[6:]}"


def span_of(text: str) -> tuple[UUID, UUID]:
    """Return the first and the last row that can have a number. Raises NumberWrong.

    With 36,000 letters two share a number once in some fifty thousand tellings, and a number that
    was read wrongly is nobody's: it needs no character to check it.
    """
    bare = "".join(one for one in text.upper() if one.isalnum()).translate(_ALIKE)
    if len(bare) != LENGTH or not set(bare) <= set(LETTERS):
        raise NumberWrong
    value = 0
    for letter in bare:
        value = value << 5 | LETTERS.index(letter)
    low = value << _LOW
    return UUID(int=low), UUID(int=low | (1 << _LOW) - 1)
