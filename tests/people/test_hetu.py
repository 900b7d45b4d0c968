"""Identity codes: the sample codes that the population register's agency gives out."""

from datetime import date

import pytest

from vaitiolo.people import hetu
from vaitiolo.people.hetu import NotAnIdentityCode

# Individual numbers from 900 on are given to nobody.
CODES = {
    "010594Y9032": date(1994, 5, 1),
    "010594Y9021": date(1994, 5, 1),
    "020594X903P": date(1994, 5, 2),
    "020594X902N": date(1994, 5, 2),
    "030594W903B": date(1994, 5, 3),
    "030694W9024": date(1994, 6, 3),
    "040594V9030": date(1994, 5, 4),
    "040594V902Y": date(1994, 5, 4),
    "050594U903M": date(1994, 5, 5),
    "050594U902L": date(1994, 5, 5),
    "010516B903X": date(2016, 5, 1),
    "010190-999W": date(1990, 1, 1),
}


@pytest.mark.parametrize(("code", "day"), CODES.items())
def test_codes_of_the_form_of_2023_are_known(code: str, day: date) -> None:
    assert hetu.normalise(f" {code.lower()[:6]} {code.lower()[6:]} ") == code
    assert hetu.born_on(code) == day
    assert hetu.is_invented(code)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "shape"),
        ("Virtanen", "shape"),
        ("010190-999", "shape"),
        ("010190Z999W", "shape"),
        ("320190-999W", "day"),
        ("290293-999W", "day"),
        ("010190-999X", "check"),
    ],
)
def test_what_is_wrong_is_said_and_the_code_is_not_repeated(typed: str, why: str) -> None:
    with pytest.raises(NotAnIdentityCode) as wrong:
        hetu.normalise(typed)
    assert str(wrong.value) == why


def test_a_typed_dash_of_another_kind_is_understood() -> None:
    assert hetu.normalise("010190\u2013999w") == "010190-999W"


def test_the_sign_of_the_century_is_kept() -> None:
    # Since 2023 codes that differ in nothing else belong to different people.
    assert hetu.normalise("010190Y999W") != hetu.normalise("010190-999W")


def test_a_covered_code_shows_the_birth_date_alone() -> None:
    assert hetu.masked("010190-999W") == "010190-••••"
    assert not hetu.masked("")
