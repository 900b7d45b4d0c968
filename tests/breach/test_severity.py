"""How severe a breach is: the tables, the bridge, and old decisions with the rules of their day."""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

from vaitiolo.breach import rulebook, severity
from vaitiolo.breach.prefill import Known, prefilled
from vaitiolo.breach.rulebook import Rulebook, RulesUnknown
from vaitiolo.breach.severity import Assessment, AssessmentWrong, Given

CASES: Final = tomllib.loads(Path(__file__).with_name("edpb_cases.toml").read_text())["case"]
QUIET: Final = {
    "kind": "simple",
    "context": "same",
    "identification": "negligible",
    "confidentiality": "none",
    "integrity": "none",
    "availability": "none",
    "intent": "accident",
    "readable": "readable",
    "recipient": "other",
    "interruption": "none",
    "imposture": "no",
}
# Decisions name these; a file that is changed afterwards would change them.
PINNED: Final = {
    "2026-11-24": "e2658e5d4425b62a16eb4196bfb5acae7309fe422a78f19275cfe4f0cdd99c25",
}
THEFT: Final = {
    "kind": "sensitive",
    "identification": "maximum",
    "confidentiality": "unknown",
    "intent": "malice",
}


def given(**chosen: str) -> tuple[Given, ...]:
    return tuple(Given(name, choice, "Seen.") for name, choice in (QUIET | chosen).items())


def assessed(rules: Rulebook | None = None, **chosen: str) -> Assessment:
    return severity.assess(rules or rulebook.newest(), given(**chosen), people=None)


@pytest.mark.parametrize("case", CASES, ids=[f"case-{one['number']:02}" for one in CASES])
def test_the_boards_case_ends_as_the_guideline_says(case: Mapping[str, Any]) -> None:
    found = assessed(**case["given"])
    assert (found.is_due("authority"), found.is_due("people")) == (
        case["authority"],
        case["people"],
    )
    assert [one.rule for one in found.duties] == case["by"]
    alone = severity.by_sum_alone(rulebook.newest(), found.score)
    assert (alone == (case["people"], case["authority"])) is case["sum"]


def test_there_are_eighteen_cases_and_the_sum_alone_is_wrong_about_some() -> None:
    assert [one["number"] for one in CASES] == list(range(1, 19))
    assert [one["number"] for one in CASES if not one["sum"]] == [2, 8, 9, 10, 11, 14]


def test_the_theft_of_the_register_is_very_severe_and_of_its_ciphertext_not_told() -> None:
    least = assessed(**THEFT, integrity="recoverable", availability="temporary")
    most = assessed(**THEFT, integrity="lost", availability="lost")
    assert (least.score, most.score) == (550, 600)
    assert (least.band, most.band) == ("very-high", "very-high")
    assert least.is_due("people")
    sealed = assessed(**THEFT, readable="sealed")
    assert [one.rule for one in sealed.duties] == ["people-sealed", "authority-sealed-health"]
    assert (sealed.is_due("people"), sealed.is_due("authority")) == (False, True)


@pytest.mark.parametrize(
    ("kind", "context", "dpc"),
    [
        ("sensitive", "same", 400),  # calls to a psychological support centre
        ("simple", "two-more", 300),  # delivery addresses of a bookshop for adults
        ("sensitive", "three-less", 100),  # "performed general blood tests"
        ("sensitive", "more", 400),  # never above four
        ("simple", "three-less", 100),  # never below one
    ],
)
def test_the_context_moves_the_kind_within_one_and_four(kind: str, context: str, dpc: int) -> None:
    assert assessed(kind=kind, context=context, identification="maximum").score == dpc


@pytest.mark.parametrize(
    ("score", "band"),
    [(199, "low"), (200, "medium"), (299, "medium"), (300, "high"), (400, "very-high")],
)
def test_a_score_falls_in_the_band_of_the_tables(score: int, band: str) -> None:
    assert rulebook.newest().band_of(score).id == band


def test_every_step_of_the_bridge_decides_something() -> None:
    decided = {rule for case in CASES for rule in case["by"]} | {"authority-sealed-health"}
    assert decided == {one.id for one in rulebook.newest().rules}


def test_a_factor_without_an_answer_or_a_reason_is_refused() -> None:
    rules, whole = rulebook.newest(), given()
    twice = (*whole[:-1], whole[0])
    silent = (*whole[:-1], replace(whole[-1], reason="  "))
    strange = (*whole[:-1], replace(whole[-1], choice="perhaps"))
    for wrong in (whole[:-1], twice, silent, strange):
        with pytest.raises(AssessmentWrong):
            severity.assess(rules, wrong, people=None)


def test_an_assessment_comes_back_as_it_was_kept() -> None:
    kept = severity.assess(rulebook.newest(), given(**THEFT), people=36_000)
    assert Assessment.read(kept.as_json()) == kept
    with pytest.raises(AssessmentWrong):
        Assessment.read(b"{}")


def test_an_old_decision_is_reckoned_again_with_the_rules_of_its_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = assessed(identification="maximum", confidentiality="known", intent="malice")
    assert kept.score == 175
    folder = tmp_path / "rules"
    folder.mkdir()
    old = rulebook.newest().version
    shipped = Path(rulebook.__file__).parent / "rules" / f"{old}.toml"
    (folder / shipped.name).write_bytes(shipped.read_bytes())
    harsher = shipped.read_text().replace(f'version = "{old}"', 'version = "2031-05-01"')
    harsher = harsher.replace('id = "malice"\nvalue = 50', 'id = "malice"\nvalue = 200')
    (folder / "2031-05-01.toml").write_text(harsher)
    monkeypatch.setattr(rulebook, "_FOLDER", folder)
    today = severity.assess(rulebook.newest(), kept.given, people=None)
    assert (today.rules, today.score) == ("2031-05-01", 325)
    assert severity.reckon_again(Assessment.read(kept.as_json())) == kept
    (folder / shipped.name).write_text(harsher)
    with pytest.raises(RulesUnknown):
        severity.reckon_again(kept)


def test_an_outcome_that_was_made_milder_does_not_reckon() -> None:
    kept = assessed(**THEFT)
    milder = replace(kept, score=100, band="low")
    with pytest.raises(AssessmentWrong):
        severity.reckon_again(milder)


def test_rules_that_an_assessment_may_name_are_never_changed() -> None:
    assert {one: rulebook.find_rules(one).hash for one in rulebook.versions()} == PINNED


def test_rules_of_another_engine_or_with_a_hole_are_refused() -> None:
    shipped = Path(rulebook.__file__).parent / "rules" / f"{rulebook.newest().version}.toml"
    text = shipped.read_text()
    for wrong in (
        text.replace("engine = 1", "engine = 2"),
        text.replace('kind = ["sensitive"]', 'kind = ["sensible"]'),
        text.replace('id = "people-not"\nduty = "people"', 'id = "people-not"\nduty = "none"'),
        text.replace('fi = "matala"\n', ""),
    ):
        assert wrong != text
        with pytest.raises(RulesUnknown):
            rulebook.read_rules(wrong.encode())
    assert rulebook.read_rules(text.encode()).hash == hashlib.sha256(text.encode()).hexdigest()


def test_what_is_known_already_is_filled_in_with_its_reason() -> None:
    rules = rulebook.newest()
    known = Known(kinds=frozenset({"identity", "chart"}), recipients="unknown", is_theft=True)
    chosen = {one.factor: one.choice for one in prefilled(rules, known)}
    assert chosen["kind"] == "sensitive"
    assert (chosen["identification"], chosen["imposture"]) == ("maximum", "yes")
    assert (chosen["confidentiality"], chosen["intent"]) == ("unknown", "malice")
    assert chosen["readable"] == "readable"
    assert all(one.reason for one in prefilled(rules, known))
    assert severity.assess(rules, prefilled(rules, known), people=3).is_due("people")
    sealed = Known(kinds=frozenset({"chart"}), recipients="unknown", is_theft=True, is_sealed=True)
    assert not severity.assess(rules, prefilled(rules, sealed), people=3).is_due("people")


def test_nothing_known_is_filled_in_on_the_careful_side() -> None:
    rules = rulebook.newest()
    careful = severity.assess(rules, prefilled(rules, Known()), people=None)
    assert careful.is_due("authority")
    assert careful.is_due("people")


def test_what_changed_between_two_assessments_is_told() -> None:
    before, after = assessed(), assessed(**THEFT)
    assert {one.factor for one in severity.changed(before, after)} == set(THEFT)
