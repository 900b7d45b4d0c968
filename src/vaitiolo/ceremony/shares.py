"""The master seed on paper: SLIP-0039, five shares of 33 words, any three of which give it back.

There is never a passphrase: a wrong one gives another seed and no error. The library says of itself
that it does not resist side channels, so no program that serves anybody loads this.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from shamir_mnemonic import MnemonicError, combine_mnemonics, generate_mnemonics
from shamir_mnemonic.share import Share
from shamir_mnemonic.wordlist import WORDLIST

THRESHOLD: Final = 3
COUNT: Final = 5
WORDS: Final = 33
_NO_PASSPHRASE: Final = b""
_PREFIX: Final = 4  # the standard's words differ within their first four letters


class WrongShare(Exception):
    """What was typed is no share of this kind; the message says which word, never the words."""


@dataclass(frozen=True, slots=True)
class TypedShare:
    """A share that is whole: its number of five, and the set it belongs to."""

    number: int
    set_of: tuple[object, ...]
    words: str = field(repr=False)


def split(master: bytearray) -> list[str]:
    """Return five shares of 33 words each; a share stands at its number less one."""
    five: list[str]
    [five] = generate_mnemonics(1, [(THRESHOLD, COUNT)], bytes(master), _NO_PASSPHRASE)
    return five


def read(text: str) -> TypedShare:
    """Return the share in what was typed. Capitals, numbers and word ends do not count.

    Raises WrongShare.
    """
    words = [_word(place, word) for place, word in enumerate(_letters(text), start=1)]
    if len(words) != WORDS:
        raise WrongShare(f"A share has {WORDS} words; these are {len(words)}.")
    joined = " ".join(words)
    try:
        share = Share.from_mnemonic(joined)
    except (MnemonicError, ValueError):
        raise WrongShare("A word is wrong or out of place: the check at the end differs.") from None
    shape = (share.group_threshold, share.group_count, share.member_threshold, share.extendable)
    if shape != (1, 1, THRESHOLD, True) or share.index >= COUNT:
        raise WrongShare("This is a share of something else: not three of five.")
    return TypedShare(share.index + 1, tuple(share.group_parameters()), joined)


def join(typed: Sequence[TypedShare]) -> bytearray:
    """Return the master seed of three shares; the caller wipes it. Raises WrongShare.

    Three good shares of one set always give a seed; whether it is the right one, only the pinned
    card can tell.
    """
    if len({one.number for one in typed}) != THRESHOLD or len(typed) != THRESHOLD:
        raise WrongShare("Three different shares are needed.")
    if len({one.set_of for one in typed}) != 1:
        raise WrongShare("These shares are not of one set.")
    try:
        return bytearray(combine_mnemonics([one.words for one in typed], _NO_PASSPHRASE))
    except MnemonicError:
        raise WrongShare("These shares do not belong together.") from None


def _letters(text: str) -> list[str]:
    # Sheets number their words; whoever types the numbers along is not wrong.
    return [word for word in text.lower().replace(".", " ").split() if not word.isdigit()]


def _word(place: int, typed: str) -> str:
    # Whole or cut to four letters, but never something else with the same beginning.
    if typed in WORDLIST:
        return typed
    found: list[str] = [
        word for word in WORDLIST if len(typed) >= _PREFIX and word.startswith(typed)
    ]
    if len(found) != 1:
        raise WrongShare(f"Word {place} is not a word of the list.")
    return found[0]
