"""Steal and read: the whole disk and both databases are copied, and the loot is read.

The thief is `vaitiolo thief`'s own; the stand-in is robbed and read in the same way.
"""

from pathlib import Path

from vaitiolo.ops.replay import history
from vaitiolo.ops.replay.measured import OPEN, Act, Bar, Figure, demand, said
from vaitiolo.ops.replay.stage import Stage, timed
from vaitiolo.ops.thief.raid import Outcome, raid, raid_stand_in
from vaitiolo.ops.thief.reading import Progress
from vaitiolo.ops.thief.spellings import Kind

MIB = 1 << 20


def steal(stage: Stage) -> Act:
    """Copy everything; in the next act it is read."""
    there, took_there = timed(lambda: _rob_stand_in(stage))
    here, took = timed(lambda: _rob_house(stage))
    demand(there.passed.files.total() > 0, "nothing could be copied")
    stage.props |= {"there": there, "here": here}
    return Act(
        key="steal",
        title="The database is copied",
        story=(
            (
                "No password is asked for at the stand-in: whoever finds the file or the port "
                "has all of it. Here the thief takes the whole folder of the clinic with both "
                "databases, their logs, a backup, the keys of the demo's key service, and what "
                "programs leave."
            ),
            (
                "Copying files raises no alarm in either house: nothing that runs is asked. "
                "Here the answer to it is what the next act measures."
            ),
        ),
        figures=(
            Figure("password needed to copy", "none", "none: a copied disk asks nobody", "none"),
            Figure("files taken", _files(there), _files(here)),
            Figure("taken and read through in", said(took_there), said(took), "unseen"),
            Figure("open to the world before", "as long as nobody looks", OPEN, history.EXPOSED),
        ),
        holds=here.passed.files.total() > 0,
        seconds=took + took_there,
    )


def read(stage: Stage) -> Act:
    """Say how many people and notes can be read in what was taken."""
    there: Outcome = stage.props["there"]
    here: Outcome = stage.props["here"]
    people, notes = stage.score.patients, len(stage.wanted.sought[Kind.SENTENCE])
    found = {kind: (_found(there, kind), _found(here, kind)) for kind in Kind}
    demand(there.persons == people, f"{there.persons} of {people} people were found in clear")
    demand(found[Kind.SENTENCE][0] == notes, "not every note was found in clear")
    kinds = (
        ("people of whom anything is readable", people, (there.persons, here.persons)),
        ("identity codes", len(stage.wanted.sought[Kind.HETU]), found[Kind.HETU]),
        ("notes, with the open drafts", notes, found[Kind.SENTENCE]),
    )
    return Act(
        key="read",
        title="The copy is read",
        story=(
            (
                "Every file is searched for every name, code, number, address and for one sentence "
                "of every note, in more than a hundred spellings, through archives and encodings."
            ),
        ),
        figures=tuple(
            Figure(
                f"{name}, of {of:,}",
                f"{one:,}",
                f"{two:,}",
                history.STOLEN if number == 0 else OPEN,
            )
            for number, (name, of, (one, two)) in enumerate(kinds)
        ),
        holds=here.is_empty,
        seconds=0.0,
        bars=tuple(Bar(name, of, *two) for name, of, two in kinds),
    )


def _rob_house(stage: Stage) -> Outcome:
    folder = _folder(stage, "loot")
    return raid(stage.house.home, {}, stage.wanted, folder=folder, progress=Progress())


def _rob_stand_in(stage: Stage) -> Outcome:
    folder = _folder(stage, "loot-in-clear")
    return raid_stand_in(stage.clinic, {}, stage.wanted, folder=folder, progress=Progress())


def _folder(stage: Stage, name: str) -> Path:
    folder = stage.file(name)
    folder.mkdir(mode=0o700)
    return folder


def _files(outcome: Outcome) -> str:
    size = outcome.passed.bytes.total() / MIB
    return f"{outcome.passed.files.total():,}, {size:,.1f} MiB"


def _found(outcome: Outcome, kind: Kind) -> int:
    return len(outcome.findings.found[kind] & outcome.wanted.sought[kind])
