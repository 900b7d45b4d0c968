"""Codes are forgiving to fingers and unforgiving to mistakes."""

from itertools import combinations

import pytest

from vaitiolo.notices import codes

CODE = codes.fresh(bytes(range(60, 72)))


def test_a_code_is_read_as_it_is_shown_and_as_people_type_it() -> None:
    shown = codes.show(CODE)
    assert len(shown) == 23
    for typed in (
        CODE,
        shown,
        shown.lower(),
        f"  {shown.replace('-', ' ')}\n",
        shown.replace("-", "\u2013"),
        shown.replace("0", "o").replace("1", "l"),
        shown.replace("0", "O").replace("1", "I"),
    ):
        assert codes.read(typed) == CODE


def test_codes_are_not_alike_and_use_95_bits() -> None:
    lowest, highest = codes.fresh(bytes(12)), codes.fresh(b"\xff" * 12)
    assert lowest == "0" * 20
    assert highest[:-1] == "Z" * 19
    bits = [codes.fresh((1 << place).to_bytes(12, "big")) for place in range(96)]
    assert len(set(bits)) == 96


def test_any_one_character_mistaken_is_found() -> None:
    for place in range(len(CODE)):
        for other in set(codes.ALPHABET) - {CODE[place]}:
            with pytest.raises(codes.CodeWrong, match="typo"):
                codes.read(CODE[:place] + other + CODE[place + 1 :])


def test_any_two_characters_exchanged_are_found() -> None:
    for one, other in combinations(range(len(CODE)), 2):
        letters = list(CODE)
        letters[one], letters[other] = letters[other], letters[one]
        if "".join(letters) != CODE:
            with pytest.raises(codes.CodeWrong, match="typo"):
                codes.read("".join(letters))


@pytest.mark.parametrize(
    ("typed", "why"),
    [("", "short"), (CODE[:-1], "short"), (CODE + "0", "long"), (CODE[:-1] + "U", "letter")],
)
def test_what_is_no_code_says_why(typed: str, why: str) -> None:
    with pytest.raises(codes.CodeWrong) as wrong:
        codes.read(typed)
    assert wrong.value.why == why
