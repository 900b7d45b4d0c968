"""Where the play is set: one clinic of invented people, kept twice, and where results go."""

import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from vaitiolo.ops.replay.house import House
from vaitiolo.ops.replay.measured import Score
from vaitiolo.ops.synthetic.cast import SyntheticPatient
from vaitiolo.ops.synthetic.clinic import SyntheticClinic
from vaitiolo.ops.synthetic.stand_in import stand_in
from vaitiolo.ops.thief.wanted import Wanted, wanted_for

Made = TypeVar("Made")


@dataclass(slots=True)
class Stage:
    """Both houses, what a thief looks for, and what has been found out so far."""

    folder: Path
    house: House
    clinic: SyntheticClinic
    score: Score
    careless: Path
    wanted: Wanted
    say: Callable[[str], None] = lambda _line: None
    # What one act leaves for the next: who was read, which incident, which files.
    props: dict[str, Any] = field(default_factory=dict)

    def patients(self) -> list[SyntheticPatient]:
        return list(self.clinic.patients())

    def file(self, *names: str) -> Path:
        """Return a place in the play's own folder; the folders above it are made."""
        path = self.folder.joinpath(*names)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        return path

    @contextmanager
    def passwordless(self) -> Iterator[sqlite3.Connection]:
        """Open the stand-in as anybody could: there is no password, and nobody is asked."""
        with closing(sqlite3.connect(f"file:{self.careless}?mode=ro", uri=True)) as database:
            yield database

    def truth(self) -> Mapping[UUID, UUID]:
        """Return whose a chart is, from the rows: the play's own judge, and no part of it."""
        path = self.house.home / "db" / "default.sqlite3"
        query = "SELECT chart, id FROM people_patient WHERE chart IS NOT NULL"
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            return {UUID(chart): UUID(own) for chart, own in database.execute(query)}


def set_stage(folder: Path, house: House, *, say: Callable[[str], None]) -> Stage:
    """Put the house's people into a database in clear as well, and learn whom to look for."""
    clinic = house.clinic
    careless = folder / "stand-in" / "careless.sqlite3"
    careless.parent.mkdir(mode=0o700)
    stand_in(careless, clinic)
    notes = sum(1 for one in clinic.patients() for _note in one.notes())
    score = Score(clinic.scale.patients, notes, clinic.seed, clinic.today.isoformat())
    wanted = wanted_for(clinic.patients())
    return Stage(folder, house, clinic, score, careless, wanted, say)


def timed(deed: Callable[[], Made]) -> tuple[Made, float]:
    """Do something, and say how many seconds it took."""
    began = time.monotonic()
    return deed(), time.monotonic() - began
