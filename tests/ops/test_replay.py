"""The theft played again, and an exercise, on one small clinic whose programs run."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from html import escape
from pathlib import Path

import pytest

from vaitiolo.ops.replay import command, drilling, paper, sitting
from vaitiolo.ops.replay.house import House, open_house
from vaitiolo.ops.replay.measured import ProvesNothing, Score
from vaitiolo.ops.replay.missing import LATER
from vaitiolo.ops.replay.scoring import GOALS, PEOPLE, DrillScore, goals_of
from vaitiolo.ops.replay.stage import Stage, set_stage

pytestmark = pytest.mark.enable_socket
PATIENTS = 18
A_SESSION = 15


def silent(_line: str) -> None:
    """Nobody listens."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(tmp_path_factory.mktemp("replay"), patients=PATIENTS, seed="test") as made:
        yield made


@pytest.fixture(scope="module")
def stage(house: House) -> Stage:
    return set_stage(house.home.parent, house, say=silent)


@pytest.fixture(scope="module")
def score(stage: Stage) -> Score:
    return command.play(stage)


def test_every_attack_wins_in_clear_and_a_copy_of_ours_shows_nobody(score: Score) -> None:
    acts = {one.key: one for one in score.acts}
    assert score.holds, [one.key for one in score.acts if not one.holds]
    assert list(acts)[:3] == ["steal", "read", "sit"]
    for bar in acts["read"].bars:
        assert (bar.stand_in, bar.ours) == (bar.of, 0), bar.name
    [session] = acts["sit"].bars
    assert (session.stand_in, session.ours, session.of) == (PATIENTS, A_SESSION, PATIENTS)
    [sample] = acts["extort"].bars
    assert (sample.stand_in, sample.ours) == (10, 0)
    assert set(score.minutes) >= {"list of people reached", "text for the authority"}


def test_the_list_of_people_is_exactly_those_who_were_read(stage: Stage, score: Score) -> None:
    whose = stage.truth()
    read = {whose[chart] for chart in stage.props["sitting"].opened}
    assert stage.props["answered"].reached == read
    assert len(read) == A_SESSION


def test_the_page_needs_nothing_else_and_names_what_is_missing(score: Score) -> None:
    page = paper.write(score)
    assert all(escape(one.title) in page for one in (*LATER, *score.acts))
    assert not re.findall(r"(?:src|href)=|url\(|@import|<script", page)
    assert "https:" not in page
    assert f"vaitiolo replay vastaamo --patients {PATIENTS} --seed test" in page
    assert score.plain()["holds"] is True


def test_no_invented_person_stands_on_the_page(stage: Stage, score: Score) -> None:
    page = paper.write(score)
    for one in stage.patients():
        assert one.hetu not in page
        assert str(one.name) not in page


def test_a_stand_in_that_does_not_fall_proves_nothing(
    house: House, score: Score, tmp_path: Path
) -> None:
    del score
    stage = set_stage(tmp_path, house, say=silent)
    with closing(sqlite3.connect(stage.careless)) as database, database:
        database.execute("DELETE FROM patient WHERE id = (SELECT max(id) FROM patient)")
    with pytest.raises(ProvesNothing):
        sitting.sit(stage)


def test_a_drill_ends_with_minutes_to_each_goal(house: House, score: Score, tmp_path: Path) -> None:
    del score
    stage = set_stage(tmp_path, house, say=silent)
    drilling.harm(stage)
    made = drilling.respond(stage)
    assert not made.faults
    assert made.reached == A_SESSION
    assert [one.name for one in made.goals] == list(GOALS)[: len(made.goals)]
    assert len(made.goals) + len(made.missing) == len(GOALS)
    assert made.plain()["exercise"] is True


def test_peoples_minutes_are_added_and_what_is_late_is_not_reached() -> None:
    goals = goals_of({"found": 30.0, "scoped": 60 * 60.0})
    people = [one.minutes for one in PEOPLE if one.goal in {"found", "scoped"}]
    assert goals[1].minutes == sum(people) + 60.5
    assert [one.is_reached for one in goals] == [True, False]
    assert not DrillScore(1, 1, "", "").is_passed, "an exercise of nothing passes nothing"
    late = DrillScore(1, 1, "", "", goals=goals)
    assert (late.is_passed, late.plain()["passed"]) == (False, False)
