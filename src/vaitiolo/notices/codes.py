"""The code of a notice: 95 random bits and a check character, forgiving to whoever types it.

It draws nothing itself, and what a code opens is not known here.
"""

from typing import Final, Literal

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O or U
RANDOM_BYTES: Final = 12
LENGTH: Final = 20
GROUP: Final = 5

_MISTAKEN: Final = str.maketrans("OIL", "011")
_BETWEEN: Final = frozenset("-._\u00b7\u2010\u2011\u2012\u2013\u2014\u2212")
_BITS: Final = 5
_POLYNOMIAL: Final = 0b100101  # x^5 + x^2 + 1, primitive over GF(2)

Wrong = Literal["letter", "short", "long", "typo"]


class CodeWrong(ValueError):
    """This is no code. ``why`` says what to tell: letter, short, long or typo."""

    def __init__(self, why: Wrong) -> None:
        super().__init__(f"code.{why}")
        self.why: Wrong = why


def fresh(random: bytes) -> str:
    """Return the code of twelve random bytes, without hyphens: 95 of their bits, and the check."""
    if len(random) != RANDOM_BYTES:
        raise ValueError("a code is made of twelve bytes")
    number = int.from_bytes(random, "big") >> 1
    digits = [number >> _BITS * place & 31 for place in reversed(range(LENGTH - 1))]
    return "".join(ALPHABET[one] for one in (*digits, _check(digits)))


def read(text: str) -> str:
    """Return the code that was typed, forgiving case, O, I, L, spaces and hyphens.

    Raises CodeWrong: any one character mistaken, or any two exchanged, is always found.
    """
    kept = (one for one in text.upper() if not one.isspace() and one not in _BETWEEN)
    code = "".join(kept).translate(_MISTAKEN)
    if not set(code) <= set(ALPHABET):
        raise CodeWrong("letter")
    if len(code) != LENGTH:
        raise CodeWrong("short" if len(code) < LENGTH else "long")
    *digits, check = map(ALPHABET.index, code)
    if check != _check(digits):
        raise CodeWrong("typo")
    return code


def show(code: str) -> str:
    """Return a code as it is printed: four groups of five."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def _check(digits: list[int]) -> int:
    """Return the sum of digits over GF(32), each weighed with a power of x of its own."""
    check = 0
    for digit in digits:
        check = _doubled(check ^ digit)
    return check


def _doubled(value: int) -> int:
    doubled = value << 1
    return doubled ^ _POLYNOMIAL if doubled >> _BITS else doubled
