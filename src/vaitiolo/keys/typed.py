"""What people type in order to sign in, brought to one form: passwords and printed recovery codes.

Never keeps what was typed and never puts it into an error.
"""

import unicodedata
from collections.abc import Callable
from typing import Final

from vaitiolo.keys import primitives
from vaitiolo.keys.refused import Refused

_LONGEST: Final = 1024
_CODE_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O, U
_CODE_LENGTH: Final = 28  # five bits each: 140
_CODE_GROUP: Final = 4
_MISREAD: Final = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})


def password(text: str | None) -> str:
    """Return a password in NFKC, so that keyboards agree; raise `Refused` when there is none."""
    if text is None or len(text) > _LONGEST:
        raise Refused("slot.given")
    return unicodedata.normalize("NFKC", text)


def code(text: str | None) -> str:
    """Return a printed code as it was printed: case, dashes and likenesses do not count."""
    return password(text).upper().translate(_MISREAD)


def is_code(text: str) -> bool:
    """Return whether `code`'s result has the form of a printed code."""
    return len(text) == _CODE_LENGTH and set(text) <= set(_CODE_ALPHABET)


def new_code(draw: Callable[[int], bytearray] = primitives.random_bytes) -> str:
    """Return a new recovery code of 140 random bits, in groups of four, for paper and a drawer."""
    letters = [_CODE_ALPHABET[byte % len(_CODE_ALPHABET)] for byte in draw(_CODE_LENGTH)]
    groups = range(0, _CODE_LENGTH, _CODE_GROUP)
    return "-".join("".join(letters[start : start + _CODE_GROUP]) for start in groups)


def encoded(text: str) -> bytes:
    """Return UTF-8; raise `Refused` for half a surrogate pair, which no keyboard makes."""
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        raise Refused("text.surrogate") from None
