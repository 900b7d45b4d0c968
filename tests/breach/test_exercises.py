"""Exercises as officers ask for them: kept in the ledger, made apart from the house."""

import json
import os
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import DAY, Clinic
from vaitiolo.config.worker.exercises import Exercises, read_score, surroundings
from vaitiolo.ops.replay.scoring import DrillScore, goals_of
from vaitiolo.people.sign_in import COOKIE
from vaitiolo.warden.client import drilling
from vaitiolo.warden.client.refusals import NotAllowed, QuestionBroken
from vaitiolo.warden.kinds import Caller
from vaitiolo.warden.server.agent import Agent

SECONDS = {"found": 1.0, "scoped": 1.0}
SCORE = json.dumps(DrillScore(40, 15, "s", "d", goals=goals_of(SECONDS)).plain())


def shown(clinic: Clinic, name: str, where: str) -> str:
    client = Client()
    client.cookies[COOKIE] = clinic.cookie(name)
    return client.get(reverse(where), headers={"accept-language": "en"}).content.decode()


def worker(clinic: Clinic) -> Agent:
    return Agent(clinic.install, caller=Caller.WORKER)


def test_an_officer_asks_once_and_the_worker_hands_the_score_in(practice: Clinic) -> None:
    client = Client()
    client.cookies[COOKIE] = practice.cookie("pia")
    assert "There was no exercise yet" in shown(practice, "pia", "incidents:incidents")
    for _time in range(2):
        assert client.post(reverse("drills:exercises")).status_code == 302
    assert "being made" in shown(practice, "mauri", "drills:exercises")
    drill = drilling.begin_drill(worker(practice))
    assert [one.drill for one in drilling.list_drills(practice.session("ritva"))] == [drill]
    assert drilling.begin_drill(worker(practice)) == -1
    drilling.end_drill(worker(practice), drill, score=SCORE)
    page = shown(practice, "pia", "drills:exercises")
    assert "goals reached" in page
    assert "45 minutes" in page
    assert "first person told" in page, "what was not tried is named"


def test_the_desk_counts_the_days_since_the_last_one(practice: Clinic) -> None:
    drill = drilling.ask_drill(practice.session("pia"))
    drilling.begin_drill(worker(practice))
    drilling.end_drill(worker(practice), drill, score=SCORE)
    now = drilling.list_drills(practice.session("pia"))[0].at
    assert "0 days ago" in shown(practice, "pia", "incidents:incidents")
    assert now > practice.clock() - DAY
    assert "exercise" not in shown(practice, "helmi", "incidents:incidents").casefold()


def test_only_officers_ask_and_only_a_running_one_is_scored(practice: Clinic) -> None:
    for name in ("helmi", "aino"):
        with pytest.raises(NotAllowed):
            drilling.ask_drill(practice.session(name))
    drill = drilling.ask_drill(practice.session("pia"))
    for score in (SCORE, ""):
        with pytest.raises(QuestionBroken):
            drilling.end_drill(worker(practice), drill, score=score)
    assert drilling.begin_drill(worker(practice)) == drill
    for score in ("no score", "[]", '"' + "x" * 20_000 + '"'):
        with pytest.raises(QuestionBroken):
            drilling.end_drill(worker(practice), drill, score=score)
    drilling.end_drill(worker(practice), drill, score="")
    assert "broken off" in shown(practice, "pia", "drills:exercises")
    assert drilling.ask_drill(practice.session("pia")) > drill, "the next one is another"


def test_the_program_of_an_exercise_knows_nothing_of_this_house(
    practice: Clinic, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("VAITIOLO_HOME", "the house")
    monkeypatch.setenv("VAITIOLO_DATABASE_PASSWORD_FILE", "secret")
    told = surroundings()
    assert [name for name in told if name.startswith(("VAITIOLO_", "DJANGO"))] == [
        "VAITIOLO_SUPERVISOR"
    ]
    assert told["VAITIOLO_SUPERVISOR"] == str(os.getpid())
    assert read_score(tmp_path / "none.json") == ""
    exercises = Exercises(worker(practice))
    exercises.go()
    assert exercises.running is None, "nobody asked for one"
