"""Eight words that stand for a card, read aloud from one screen and compared with another.

Made, not listed: three open syllables of sounds that Finnish, Swedish and English all have. Two
words that differ at all differ in two syllables, so one misheard syllable is never another word.
"""

from typing import Final

from vaitiolo.keys.refused import Refused

WORDS: Final = 8
BITS: Final = 11
_CARD_ID: Final = 32
# Voiced and unvoiced are not told apart in Finnish, so there is no b, d or g; nothing has dots.
_SYLLABLES: Final = tuple(
    consonant + vowel
    for consonant in "hklmnprstv"
    for vowel in "aeiou"
    # What is left out would spell words that nobody wants to read aloud to a colleague.
    if consonant + vowel not in {"hu", "pi", "vi", "ku"}
)
_COUNT: Final = len(_SYLLABLES)


def of_card(card_id: bytes) -> tuple[str, ...]:
    """Return the words of a card: its id's first 88 bits, eleven to a word.

    Raises `Refused` for anything but a card id. Whoever wants another card with the same words has
    to try about 2^88 cards; with any seven of them alike, about 2^74.
    """
    if len(card_id) != _CARD_ID:
        raise Refused("words.card")
    number = int.from_bytes(card_id[: WORDS * BITS // 8], "big")
    mask = (1 << BITS) - 1
    return tuple(word((number >> BITS * place) & mask) for place in reversed(range(WORDS)))


def word(number: int) -> str:
    """Return the word of eleven bits: two syllables that say it, and one made of both.

    Raises `Refused` for a number that has more bits.
    """
    if not 0 <= number < 1 << BITS:
        raise Refused("words.number")
    first, second = divmod(number, _COUNT)
    return _SYLLABLES[first] + _SYLLABLES[second] + _SYLLABLES[(first + second) % _COUNT]
