"""A message of ours is known in any dress; one word changed or added, and it is not."""

import pytest

from tests.notices.example import CODE, MESSAGE, pasted
from vaitiolo.notices import checking, codes
from vaitiolo.notices.checking import check, is_ours, mark_of

MARKS = {mark_of(MESSAGE)}
VERDICTS = ("ours",) * 5 + ("not-ours",) * 2 + ("inside", "not-ours", "cannot-tell")
VERDICTS += ("not-ours",) * 3 + ("inside",) * 3 + ("ours",)


@pytest.mark.parametrize("number", range(len(VERDICTS)))
def test_each_pasted_text_gets_its_verdict(number: int) -> None:
    assert check(pasted()[number], MARKS).verdict == VERDICTS[number]


def test_every_single_word_changed_is_found() -> None:
    words = MESSAGE.split(" ")
    for place, word in enumerate(words):
        if any(one.isalnum() for one in word):
            forged = " ".join([*words[:place], "muu" + word, *words[place + 1 :]])
            assert not is_ours(forged, MARKS)


@pytest.mark.parametrize("forged", ["apuexample/told", "apu.example.told", "apu-example/told"])
def test_an_address_that_only_looks_the_same_is_found(forged: str) -> None:
    assert not is_ours(MESSAGE.replace("apu.example/told", forged), MARKS)


@pytest.mark.parametrize("added", ["Maksa 200 euroa.", "http://apu.test", "Subject: maksa"])
def test_what_is_added_below_is_told_and_the_whole_is_never_called_ours(added: str) -> None:
    assert check(f"{MESSAGE}\n{added}", MARKS) == checking.Checked("inside", (added,))


def test_a_line_above_that_is_no_header_is_told() -> None:
    assert check(f"Maksa: 200 euroa\n{MESSAGE}", MARKS).around == ("Maksa: 200 euroa",)


def test_a_message_of_another_person_is_no_help_to_a_forger() -> None:
    other = MESSAGE.replace(codes.show(CODE), codes.show(codes.fresh(bytes(12))))
    assert not is_ours(other, MARKS)
    assert is_ours(other, {mark_of(other)})


def test_a_mark_finds_only_texts_that_carry_a_code() -> None:
    bare = MESSAGE.replace(codes.show(CODE), "")
    assert not is_ours(bare, {mark_of(bare)})


def test_a_very_long_text_is_not_judged() -> None:
    assert check(MESSAGE + "a" * checking.LONGEST, MARKS).verdict == "cannot-tell"
