"""`vaitiolo replay vastaamo`: both houses are made, every act is played, the page is written.

It answers 0 when every act ended as it should, 1 when one did not, and 2 when nothing was proved:
a house that could not be made, or an attack that failed against the stand-in.
"""

import argparse
import json
import os
import platform
import sqlite3
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from vaitiolo.ops.replay import (
    answering,
    extorting,
    leaking,
    noticing,
    paper,
    searching,
    sitting,
    stealing,
)
from vaitiolo.ops.replay.house import HouseFailed, open_house
from vaitiolo.ops.replay.measured import Act, ProvesNothing, Score
from vaitiolo.ops.replay.missing import LATER
from vaitiolo.ops.replay.stage import Stage, set_stage
from vaitiolo.ops.replay.visitor import Unexpected

ABOUT: Final = """\
Play the theft of 2018-2020 again, with invented people and without a network: first against the
same people in clear, where every attack has to win, then against a whole vaitiolo. Writes a page.
"""
WELL, BROKEN, NOTHING = 0, 1, 2
FEWEST: Final = 10
ACTS: Final[Sequence[Callable[[Stage], Act]]] = (
    stealing.steal,
    stealing.read,
    sitting.sit,
    noticing.notice,
    extorting.extort,
    leaking.leak,
    searching.search,
    answering.answer,
)
FAULTS: Final = (HouseFailed, LookupError, OSError, ProvesNothing, Unexpected, sqlite3.Error)


def main(arguments: Sequence[str], acts: Sequence[Callable[[Stage], Act]] = ACTS) -> int:
    """Run the command."""
    wanted = read_options(arguments)
    try:
        score = replay(wanted.patients, wanted.seed, acts=acts)
    except FAULTS as fault:
        say(f"vaitiolo: the replay was broken off. {fault}\nNo page was written.")
        return NOTHING
    wanted.out.write_text(paper.write(score), encoding="utf-8")
    if wanted.json:
        content = json.dumps(score.plain(), ensure_ascii=False, indent=1)
        wanted.json.write_text(content + "\n", encoding="utf-8")
    say(f"\n{len(score.acts)} acts were played, {len(score.missing)} are missing.")
    say(f"The page is {wanted.out}.")
    return WELL if score.holds else BROKEN


def read_options(arguments: Sequence[str]) -> argparse.Namespace:
    options = argparse.ArgumentParser(prog="vaitiolo replay", description=ABOUT)
    options.add_argument("tale", choices=["vastaamo"], help="which case is played")
    options.add_argument("--out", type=Path, default=Path("replay.html"), help="the page")
    options.add_argument("--json", type=Path, help="the figures, for programs")
    options.add_argument("--patients", type=enough, default=150, help="how many are invented")
    options.add_argument("--seed", default="vastaamo", help="another seed, other people")
    return options.parse_args(arguments)


def enough(text: str) -> int:
    """Read a number of patients; a sample of ten needs ten."""
    if not text.isdecimal() or int(text) < FEWEST:
        raise argparse.ArgumentTypeError(f"at least {FEWEST} patients are needed for a sample")
    return int(text)


def replay(patients: int, seed: str, *, acts: Sequence[Callable[[Stage], Act]] = ACTS) -> Score:
    """Make both houses, play the acts, and return what was measured. Raises ProvesNothing."""
    with TemporaryDirectory(prefix="vaitiolo-replay-") as name:
        folder = Path(name)
        say(f"Making a clinic of {patients} invented patients, twice.")
        with open_house(folder, patients=patients, seed=seed) as house:
            return play(set_stage(folder, house, say=say), acts)


def play(stage: Stage, acts: Sequence[Callable[[Stage], Act]] = ACTS) -> Score:
    """Play the acts one after another, each with what the ones before it left. Raises as above."""
    noticing.count_before(stage)
    for one in acts:
        absent = searching.why_not(stage) if one is searching.search else None
        if absent:
            stage.score.missing.append(absent)
        else:
            show(stage, one(stage))
    return finish(stage)


def finish(stage: Stage) -> Score:
    """Add what the whole says: times from the report, the machine, and what is missing."""
    score = stage.score
    score.minutes = minutes(stage)
    score.machine = machine()
    score.missing.extend(LATER)
    return score


def minutes(stage: Stage) -> dict[str, float]:
    """Return machine minutes from the report on, as far as the play came."""
    made = stage.props.get("answered")
    if made is None:
        return {}
    told = {}
    if verdict := stage.props.get("verdict"):
        first = made.seconds["report"] + stage.props["kit_seconds"] + verdict.seconds
        told["verdict: it is ours"] = first / 60
    listed = made.seconds["report"] + made.seconds["scope"]
    return told | {
        "list of people reached": listed / 60,
        "text for the authority": sum(made.seconds.values()) / 60,
    }


def release() -> str:
    """Return the version of this release, as far as it was installed."""
    try:
        return version("vaitiolo")
    except PackageNotFoundError:
        return "(run without being installed)"


def machine() -> dict[str, str]:
    """Describe what all of it ran on."""
    return {
        "Machine": f"{os.cpu_count()} processors, {platform.system()} {platform.machine()}",
        "Programs": f"vaitiolo {release()}, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}",
    }


def show(stage: Stage, act: Act) -> None:
    """Keep an act, and print it."""
    stage.score.acts.append(act)
    stage.say(f"\n{act.title}: {'as it should' if act.holds else 'NOT as it should'}")
    for one in act.figures:
        stage.say(f"  {one.name}: in clear {one.stand_in}; here {one.ours}")


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
