"""Waves are as large as help lines bear; the first is small, and nobody is told at night."""

from datetime import UTC, datetime, timedelta

import pytest

from vaitiolo.kit.dates import HELSINKI
from vaitiolo.notices import waves
from vaitiolo.notices.waves import Lines, TooSlow

MORNING = datetime(2026, 11, 24, 7, tzinfo=UTC)  # nine o'clock here


@pytest.mark.parametrize("count", [1, 20, 21, 1_000, 36_000])
def test_everybody_is_in_one_wave_and_no_hour_has_more_calls_than_are_answered(count: int) -> None:
    lines = Lines(an_hour=120)
    made = waves.plan(count, lines=lines, first_at=MORNING)
    assert sum(one.people for one in made) == count == len(waves.dues(made))
    assert [one.number for one in made] == list(range(1, len(made) + 1))
    assert made[0].people == min(count, 20)
    assert all(8 <= one.at.astimezone(HELSINKI).hour < 20 for one in made)
    hours = waves.expect(made, lines=lines)
    assert max(one.calls for one in hours) <= lines.an_hour
    assert sum(one.people for one in hours) == count


def test_all_at_once_would_bring_more_calls_than_are_answered() -> None:
    at_once = (waves.Wave(1, MORNING, 36_000),)
    lines = Lines(an_hour=120)
    assert max(one.calls for one in waves.expect(at_once, lines=lines)) > 2 * lines.an_hour


def test_twenty_are_told_and_ten_minutes_pass() -> None:
    first, second, *_ = waves.plan(5_000, lines=Lines(an_hour=30), first_at=MORNING)
    assert (first.people, second.at - first.at) == (20, timedelta(minutes=10))


def test_a_telling_in_the_evening_goes_on_in_the_morning() -> None:
    evening = datetime(2026, 11, 24, 20, 30, tzinfo=UTC)
    made = waves.plan(30, lines=Lines(an_hour=30), first_at=evening)
    assert made[0].at.astimezone(HELSINKI).date().day == 25


def test_too_few_who_answer_is_said_and_not_planned() -> None:
    with pytest.raises(TooSlow):
        waves.plan(36_000, lines=Lines(an_hour=2), first_at=MORNING)
    with pytest.raises(ValueError, match="answer nobody"):
        waves.plan(1, lines=Lines(an_hour=0), first_at=MORNING)
