"""The words of a card: the same on every screen, and hard to take for one another."""

from collections import Counter
from collections.abc import Iterator

import pytest

from vaitiolo.keys import words
from vaitiolo.keys.primitives import random_bytes
from vaitiolo.keys.refused import Refused

ALL = [words.word(number) for number in range(1 << words.BITS)]
# What one would make first: every bit chooses a letter of its own, as proquints do.
NAIVE = [a + b + c + d for a in "hklmnprs" for b in "aeio" for c in "hklmnprs" for d in "aeio"]


def syllables(one: str) -> tuple[str, ...]:
    return tuple(one[start : start + 2] for start in range(0, len(one), 2))


def distance(one: str, other: str) -> int:
    return sum(a != b for a, b in zip(syllables(one), syllables(other), strict=True))


def differ_in_one_syllable(some: list[str]) -> Iterator[str]:
    """Give words that are another one but for the syllable at one place."""
    for start in (0, 2, 4):
        rests = Counter(one[:start] + one[start + 2 :] for one in some)
        yield from (rest for rest, times in rests.items() if times > 1)


def test_there_are_2048_words_of_six_plain_letters() -> None:
    assert len(set(ALL)) == 2048
    assert {len(one) for one in ALL} == {6}
    assert set("".join(ALL)) == set("hklmnprstv" + "aeiou")


def test_two_words_differ_in_two_syllables_at_least() -> None:
    assert not any(differ_in_one_syllable(ALL))
    assert distance(*ALL[:2]) == 2
    assert any(differ_in_one_syllable(NAIVE))


def test_a_card_has_eight_words_in_the_order_of_its_bits() -> None:
    card = bytes.fromhex("ffe00400800001") + bytes(25)
    assert words.of_card(card)[:3] == (words.word(2047), words.word(1), words.word(1))
    assert len(words.of_card(card)) == words.WORDS
    assert words.of_card(bytes(32)) == ("hahaha",) * 8


def test_every_one_of_the_first_88_bits_changes_one_word_and_no_later_bit_does() -> None:
    card = bytearray(random_bytes(32))
    before = words.of_card(bytes(card))
    for bit in range(256):
        card[bit // 8] ^= 0x80 >> bit % 8
        after = words.of_card(bytes(card))
        card[bit // 8] ^= 0x80 >> bit % 8
        changed = [place for place in range(8) if before[place] != after[place]]
        assert changed == ([bit // 11] if bit < 88 else [])


@pytest.mark.parametrize("wrong", [b"", bytes(31), bytes(33)])
def test_nothing_but_a_card_id_has_words(wrong: bytes) -> None:
    with pytest.raises(Refused):
        words.of_card(wrong)


@pytest.mark.parametrize("wrong", [-1, 2048])
def test_a_word_says_eleven_bits(wrong: int) -> None:
    with pytest.raises(Refused):
        words.word(wrong)


def test_the_vector_on_the_page() -> None:
    said = words.of_card(bytes(range(32)))
    assert " ".join(said) == "hahaha henane nunato henane mavulu harere kerasa kesutu"
