"""`vaitiolo drill vastaamo`: an exercise with invented people, from the mail to the last notice.

It makes a clinic of its own in a folder that is gone afterwards, and never touches the house that
is here. It answers 0 when every goal was reached, 1 when one was not, 2 when it was broken off.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from vaitiolo.ops.replay import (
    answering,
    drill_paper,
    extorting,
    leaking,
    noticing,
    searching,
    sitting,
)
from vaitiolo.ops.replay.answering import Answered
from vaitiolo.ops.replay.command import BROKEN, FAULTS, NOTHING, WELL, enough, machine, say
from vaitiolo.ops.replay.house import open_house
from vaitiolo.ops.replay.scoring import GOALS, DrillScore, goals_of
from vaitiolo.ops.replay.stage import Stage, set_stage, timed

ABOUT: Final = """\
An exercise with invented people: somebody sat at a colleague's browser, a mail with a sample
arrives, and the house answers it page by page. Ends with minutes to each goal, and a page.
"""
PATIENTS: Final = 40
NOT_YET: Final = {
    "first notice": "two officers tell people with their security keys, which a drill has not",
    "last notice": "the same",
}


def main(arguments: Sequence[str]) -> int:
    """Run the command."""
    wanted = read_options(arguments)
    try:
        score = drill(wanted.patients, wanted.seed)
    except FAULTS as fault:
        say(f"vaitiolo: the drill was broken off. {fault}\nNothing was scored.")
        return NOTHING
    wanted.out.write_text(drill_paper.write(score), encoding="utf-8")
    if wanted.json:
        content = json.dumps(score.plain(), ensure_ascii=False)
        wanted.json.write_text(content + "\n", encoding="utf-8")
    for goal in score.goals:
        say(f"  {goal.name}: {goal.minutes:.0f} min; in 2019 and 2020: {goal.history}")
    for one in (*score.faults, *score.missing):
        say(f"  {one}")
    say(f"The page is {wanted.out}.")
    return WELL if score.is_passed else BROKEN


def read_options(arguments: Sequence[str]) -> argparse.Namespace:
    options = argparse.ArgumentParser(prog="vaitiolo drill", description=ABOUT)
    options.add_argument("tale", choices=["vastaamo"], help="which case is exercised")
    options.add_argument("--out", type=Path, default=Path("drill.html"), help="the page")
    options.add_argument("--json", type=Path, help="the score, for programs")
    options.add_argument("--patients", type=enough, default=PATIENTS, help="how many are invented")
    options.add_argument("--seed", default="drill", help="another seed, other people")
    return options.parse_args(arguments)


def drill(patients: int, seed: str) -> DrillScore:
    """Make a clinic, harm it, answer, and return the score. Raises as a replay does."""
    with TemporaryDirectory(prefix="vaitiolo-drill-") as name:
        folder = Path(name)
        say(f"EXERCISE. Making a clinic of {patients} invented patients.")
        with open_house(folder, patients=patients, seed=seed) as house:
            stage = set_stage(folder, house, say=say)
            harm(stage)
            return respond(stage)


def harm(stage: Stage) -> None:
    """Do the harm: a session is used, a mail is written from what it showed, files come out."""
    noticing.count_before(stage)
    seen = sitting.open_all(stage)
    stage.props["sitting"] = seen
    records = extorting.records_seen(stage)
    stage.props["mail"] = extorting.mail(records[: extorting.SAMPLE])
    stage.props["leak"] = leaking.publish(stage, "leak", records)


def respond(stage: Stage) -> DrillScore:
    """Answer the mail at the officers' pages, and score it."""
    searched = _search(stage)
    made = answering.respond(stage)
    stage.props["answered"] = made
    really = answering.truth_of(stage, stage.props["sitting"])
    score = DrillScore(stage.score.patients, len(made.reached), stage.score.seed, stage.score.today)
    score.goals = goals_of(seconds_of(made, searched))
    verdict = stage.props.get("verdict")
    if verdict and not verdict.is_right(searching.shown_in(stage, extorting.SAMPLE)):
        score.faults.append("The search of the mail did not name those who stand in it.")
    if made.reached != really:
        score.faults.append("The list of people is not the list of those who were read.")
    if absent := searching.why_not(stage):
        score.missing.append(f"search of the mail: {absent.why}")
    reached = {one.name for one in score.goals}
    score.missing += [f"{name}: {NOT_YET[name]}" for name in GOALS if name not in reached]
    score.machine = machine()
    return score


def _search(stage: Stage) -> float:
    """Search the mail where that can be done; return the seconds, or none."""
    if searching.why_not(stage):
        return 0.0
    mail = stage.file("mail-searched.eml")
    mail.write_bytes(stage.props["mail"])
    kit, took = timed(lambda: searching.take_kit(stage))
    verdict = searching.scan(stage, kit, [mail], name="sample")
    stage.props["verdict"] = verdict
    return took + verdict.seconds


def seconds_of(made: Answered, searched: float) -> dict[str, float]:
    """Return machine seconds of each goal by itself."""
    took = made.seconds
    rest = took["facts"] + took["severity"] + took["drafts"]
    return {"found": took["report"] + searched, "scoped": took["scope"], "authority": rest}
