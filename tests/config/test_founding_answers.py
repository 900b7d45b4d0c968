"""The answers of whoever founds a house: judged before anything is made."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from vaitiolo.config.console import answers
from vaitiolo.config.console.answers import WrongAnswer


def example() -> dict[str, Any]:
    return tomllib.loads(answers.EXAMPLE)


def test_the_example_is_a_file_of_answers(tmp_path: Path) -> None:
    file = tmp_path / "house.toml"
    file.write_text(answers.EXAMPLE, encoding="utf-8")
    told = answers.read(file)
    assert [one["role"] for one in told["people"]] == [16, 16, 4]
    assert (len(told["holders"]), told["registrars_per_card"]) == (5, 1)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda given: given.pop("name"), "name"),
        (lambda given: given.update(name="a\nb"), "name"),
        (lambda given: given.update(password_alone=True), "password_alone"),
        (lambda given: given.update(address="http://records.example.fi"), "address"),
        (lambda given: given.update(address="https://records.example.fi/x"), "address"),
        (lambda given: given.update(units=[]), "units"),
        (lambda given: given.update(units=["Kallio", "kallio"]), "units"),
        (lambda given: given.update(holders=given["holders"][:4]), "holders"),
        (lambda given: given["holders"].__setitem__(0, given["holders"][1]), "holders"),
        (lambda given: given.update(registrars_per_card=3), "registrars_per_card"),
        (lambda given: given["people"].pop(0), "two registrars"),
        (lambda given: given["people"].extend(given["people"][:1]), "sign_in"),
        (lambda given: given["people"][0].update(role="therapist"), "role"),
        (lambda given: given["people"][0].update(password="x"), "nothing else"),
        (lambda given: given.update(people="Ritva"), "people"),
        (lambda given: given.update(break_glass="yes"), "break_glass"),
        (lambda given: given.update(break_glass_witness="w1"), "one of the witnesses"),
    ],
)
def test_what_cannot_be_is_named(change: Callable[[dict[str, Any]], object], named: str) -> None:
    given = example()
    change(given)
    with pytest.raises(WrongAnswer, match=named):
        answers.judged(given)


def test_what_is_no_toml_is_said(tmp_path: Path) -> None:
    file = tmp_path / "house.toml"
    file.write_text("name = ", encoding="utf-8")
    with pytest.raises(WrongAnswer, match="not TOML"):
        answers.read(file)


def test_each_answer_is_asked_for() -> None:
    lines = ["Esimerkki", "https://records.example.fi", "Kallio", "Töölö", ""]
    lines += ["Eka", "Toka", "Kolmas", "Neljäs", "Viides"]
    lines += ["Ritva", "ritva", "Reino", "reino", "yes", "yes", "Pia", "pia", "no"]
    asked = iter(lines)
    told = answers.ask(lambda _text: next(asked))
    assert not list(asked)
    assert told["break_glass"]
    assert told["units"] == ["Kallio", "Töölö"]
    assert [one["sign_in"] for one in told["people"]] == ["ritva", "reino", "pia"]


def test_another_address_than_the_programs_is_refused() -> None:
    told = answers.judged(example())
    answers.demand_address(told, "https://vaitiolo.example.fi")
    with pytest.raises(WrongAnswer, match="VAITIOLO_ORIGIN"):
        answers.demand_address(told, "http://localhost:8000")
