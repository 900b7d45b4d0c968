"""A stolen session: somebody sits at a therapist's signed-in browser and opens all that opens.

This is the loss that is left over when copies read as noise; what it yields here is what the later
acts answer. At the stand-in the same needs no session at all.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

from vaitiolo.ops.replay import history
from vaitiolo.ops.replay.measured import OPEN, Act, Bar, Figure, demand, said
from vaitiolo.ops.replay.stage import Stage, timed
from vaitiolo.ops.replay.visitor import Unexpected, Visitor
from vaitiolo.ops.thief.reading import Progress, Reader
from vaitiolo.ops.thief.spellings import Kind
from vaitiolo.ops.thief.unpacking import Piece

CHART: Final = "/charts/"
ID_LENGTH: Final = 36
OPENED, ENOUGH = 200, 429


@dataclass(frozen=True, slots=True)
class Sitting:
    """What the thief saw before the house stopped answering."""

    opened: tuple[UUID, ...]
    refused: int
    caseload: int
    folder: Path


def sit(stage: Stage) -> Act:
    """Open every chart of a caseload as fast as pages come; and the same in clear."""
    (read_there, is_changed), took_there = timed(lambda: _read_in_clear(stage))
    seen, took = timed(lambda: open_all(stage))
    people = stage.score.patients
    demand(read_there == people, f"{read_there} of {people} people were read in clear")
    demand(not is_changed, "reading left a trace in the stand-in")
    named, notes = _readable(stage, seen.folder)
    stage.props["sitting"] = seen
    stage.props["stolen"] = named
    return Act(
        key="sit",
        title="A therapist's signed-in browser is stolen",
        story=(
            (
                "What a copy does not give, a colleague's open session gives for a while. The "
                "thief opens one chart after another, as fast as pages come, until nothing more "
                "opens."
            ),
            (
                "At the stand-in one query reads everybody, and the file is the same byte for byte "
                "afterwards: nothing there can ever say that it was read."
            ),
        ),
        figures=(
            Figure("people read", f"{read_there:,} of {people:,}", f"{named:,} of {people:,}"),
            Figure("notes read", "all", f"{notes:,}"),
            Figure("refused after that", "0", f"{seen.refused:,} further charts"),
            Figure("time it took", said(took_there), said(took), history.UNSEEN),
            Figure("traces of reading left", "0", OPEN, "0"),
        ),
        holds=named == len(seen.opened) < seen.caseload or seen.caseload <= len(seen.opened),
        seconds=took + took_there,
        bars=(Bar("people read through a session", people, read_there, named),),
    )


def open_all(stage: Stage) -> Sitting:
    """Open every chart of the first therapist's caseload until the house says enough."""
    folder = stage.file("seen", "chart").parent
    thief = stage.house.visitor("therapist")
    # The play is set in one hour: when it began is what the officers ask about later.
    listed = [where for where, _name in thief.open(CHART).links if _is_chart(where)]
    opened, refused = [], 0
    for where in listed:
        page = thief.get(where)
        if page.status == OPENED:
            opened.append(UUID(where.split("/")[2]))
            (folder / f"{len(opened)}.html").write_bytes(page.body)
        elif page.status == ENOUGH:
            refused += 1
        else:
            raise Unexpected(f"a chart answered {page.status}")
    _leave(thief)
    return Sitting(tuple(opened), refused, len(listed), folder)


def _leave(thief: Visitor) -> None:
    thief.cookies.clear()


def _is_chart(where: str) -> bool:
    return where.startswith(CHART) and len(where) == len(CHART) + ID_LENGTH + 1


def _readable(stage: Stage, folder: Path) -> tuple[int, int]:
    """Count the people and notes that stand on the pages the thief has seen."""
    reader = Reader(stage.wanted, stage.file("seen-unpacked"), Progress())
    for path in sorted(folder.iterdir()):
        reader.read(Piece(path, f"seen: {path.stem}"))
    owners = reader.findings.owners(stage.wanted)
    return len(owners), len(reader.findings.found[Kind.SENTENCE])


def _read_in_clear(stage: Stage) -> tuple[int, bool]:
    before = stage.careless.read_bytes()
    with stage.passwordless() as database:
        query = "SELECT p.name, p.hetu, n.body FROM patient p JOIN note n ON n.patient_id = p.id"
        people = {(name, hetu) for name, hetu, _body in database.execute(query)}
    return len(people), stage.careless.read_bytes() != before
