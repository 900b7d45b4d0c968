"""How severe a breach is, by the rules of a day, and what follows from it. Opens and asks nothing.

An assessment names its rules and their hash: it can be reckoned again with them years later.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final, Self

from vaitiolo.breach.rulebook import Rule, Rulebook, RulesUnknown, find_rules

DUTIES: Final = ("people", "authority")  # in this order: telling people decides about the authority
_LEAST, _MOST = 100, 400


class AssessmentWrong(ValueError):
    """An assessment that lacks a factor or a reason, or does not follow from its own rules."""


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody chose for a factor, and why."""

    factor: str
    choice: str
    reason: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Duty:
    """Whether a duty is due, and the rule that says so."""

    name: str
    is_due: bool
    rule: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """Factors with their reasons, the rules of the day, and what they came to."""

    rules: str
    rules_hash: str
    given: tuple[Given, ...]
    people: int | None
    score: int
    band: str
    duties: tuple[Duty, ...]

    @property
    def score_text(self) -> str:
        """The score as a number with two places."""
        return f"{self.score // 100}.{self.score % 100:02}"

    def choice_of(self, factor: str) -> str:
        """Return what was chosen for a factor. Raises AssessmentWrong."""
        for one in self.given:
            if one.factor == factor:
                return one.choice
        raise AssessmentWrong(f"no factor {factor}")

    def is_due(self, duty: str) -> bool:
        """Tell whether a duty is due: "people" or "authority"."""
        return any(one.is_due for one in self.duties if one.name == duty)

    def as_json(self) -> bytes:
        """Return the assessment in its one form."""
        fields = {
            "rules": self.rules,
            "rules_hash": self.rules_hash,
            "given": [[one.factor, one.choice, one.reason] for one in self.given],
            "people": self.people,
            "score": self.score,
            "band": self.band,
            "duties": [[one.name, one.is_due, one.rule] for one in self.duties],
        }
        return json.dumps(fields, ensure_ascii=False, sort_keys=True).encode()

    @classmethod
    def read(cls, content: bytes) -> Self:
        """Return an assessment that was kept. Raises AssessmentWrong."""
        try:
            found = json.loads(content)
            return cls(
                rules=str(found["rules"]),
                rules_hash=str(found["rules_hash"]),
                given=tuple(Given(*map(str, one)) for one in found["given"]),
                people=None if found["people"] is None else int(found["people"]),
                score=int(found["score"]),
                band=str(found["band"]),
                duties=tuple(Duty(str(n), bool(due), str(r)) for n, due, r in found["duties"]),
            )
        except (KeyError, TypeError, ValueError) as problem:
            raise AssessmentWrong("this is no assessment") from problem


def assess(rules: Rulebook, given: Sequence[Given], *, people: int | None) -> Assessment:
    """Return the assessment of these factors. Raises AssessmentWrong.

    SE = DPC x EI + CB (ENISA 2013), in hundredths; then the rules' own bridge to Art. 33 and 34.
    """
    chosen = _chosen(rules, given)
    score = _score(rules, chosen)
    told: dict[str, bool] = {}
    duties = []
    for duty in DUTIES:
        rule = next(filter(partial(_fits, chosen=chosen, score=score, told=told), rules.of(duty)))
        told[duty] = rule.is_due
        duties.append(Duty(duty, rule.is_due, rule.id))
    return Assessment(
        rules=rules.version,
        rules_hash=rules.hash,
        given=tuple(given),
        people=people,
        score=score,
        band=rules.band_of(score).id,
        duties=tuple(duties),
    )


def reckon_again(kept: Assessment) -> Assessment:
    """Return the same assessment, reckoned anew with that day's rules.

    Raises RulesUnknown where they are gone or are not the same bytes any more, AssessmentWrong
    where the outcome that was kept does not follow from what was given.
    """
    rules = find_rules(kept.rules)
    if rules.hash != kept.rules_hash:
        raise RulesUnknown(f"the rules of {kept.rules} are not those that decided")
    again = assess(rules, kept.given, people=kept.people)
    if again != kept:
        raise AssessmentWrong("the outcome does not follow from the factors")
    return again


def by_sum_alone(rules: Rulebook, score: int) -> tuple[bool, bool]:
    """Tell what the sum without the bridge would say of people and authority: high, medium."""
    high, medium = (rules.band(name).starts for name in ("high", "medium"))
    return score >= high, score >= medium


def changed(before: Assessment, after: Assessment) -> tuple[Given, ...]:
    """Return the factors of an assessment that were chosen otherwise before."""
    old = {one.factor: one.choice for one in before.given}
    return tuple(one for one in after.given if old.get(one.factor) != one.choice)


def _chosen(rules: Rulebook, given: Sequence[Given]) -> dict[str, str]:
    chosen = {one.factor: one.choice for one in given}
    if len(chosen) != len(given) or set(chosen) != {one.id for one in rules.factors}:
        raise AssessmentWrong("each factor has to be answered once")
    for one in given:
        if one.choice not in rules.factor(one.factor).values:
            raise AssessmentWrong(f"no such choice for {one.factor}")
        if not one.reason.strip():
            raise AssessmentWrong(f"no reason for {one.factor}")
    return chosen


def _score(rules: Rulebook, chosen: Mapping[str, str]) -> int:
    context = min(_MOST, max(_LEAST, sum(_values(rules, chosen, part="dpc"))))
    ease = sum(_values(rules, chosen, part="ei"))
    # Both are hundredths; every product of the tables is a whole number of them.
    return context * ease // 100 + sum(_values(rules, chosen, part="cb"))


def _values(rules: Rulebook, chosen: Mapping[str, str], *, part: str) -> Iterator[int]:
    return (one.values[chosen[one.id]] for one in rules.factors if one.part == part)


def _fits(rule: Rule, *, chosen: Mapping[str, str], score: int, told: Mapping[str, bool]) -> bool:
    return (
        (rule.at_least is None or score >= rule.at_least)
        and (rule.below is None or score < rule.below)
        and (rule.people is None or told.get("people") is rule.people)
        and all(chosen[factor] in choices for factor, choices in rule.choices)
    )
