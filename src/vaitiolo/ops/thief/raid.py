"""One raid: take everything, read everything, say what was learnt. And the same on the stand-in."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from vaitiolo.ops.synthetic.clinic import SyntheticClinic
from vaitiolo.ops.synthetic.stand_in import stand_in, stand_in_postgres
from vaitiolo.ops.thief.cells import is_sqlite
from vaitiolo.ops.thief.learning import Table, learn_from_file, learn_from_server
from vaitiolo.ops.thief.loot import Loot, check_room, take_backup, take_home
from vaitiolo.ops.thief.processes import take_processes
from vaitiolo.ops.thief.reading import Passed, Progress, Reader
from vaitiolo.ops.thief.search import Findings
from vaitiolo.ops.thief.servers import may_make_databases, scratch_database, take_server
from vaitiolo.ops.thief.wanted import Wanted


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a raid brought."""

    wanted: Wanted
    findings: Findings
    passed: Passed
    tables: list[Table] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def persons(self) -> int:
        return len(self.findings.owners(self.wanted))

    @property
    def is_empty(self) -> bool:
        return not self.findings.times


def raid(
    home: Path,
    addresses: dict[str, str],
    wanted: Wanted,
    *,
    folder: Path,
    progress: Progress,
    crash: bool = False,
) -> Outcome:
    """Rob an installation: its folder, its databases' servers, its programs, its backup."""
    check_room(home, folder)
    loot = Loot(folder)
    take_home(home, loot)
    take_backup(home, loot)
    if addresses:
        take_server(addresses, loot)
    take_processes(home, loot, crash=crash)
    reader = read_all(loot, wanted, progress)
    return Outcome(wanted, reader.findings, reader.passed, learn_all(loot, addresses), loot.remarks)


def raid_stand_in(
    clinic: SyntheticClinic,
    addresses: dict[str, str],
    wanted: Wanted,
    *,
    folder: Path,
    progress: Progress,
) -> Outcome:
    """Rob the same people where they are kept in clear, on the same kind of database."""
    home = folder / "careless"
    home.mkdir(mode=0o700)
    loot = Loot(folder / "stolen")
    with stand_in_server(clinic, addresses, loot) as careless:
        if not careless:
            stand_in(home / "careless.sqlite3", clinic)
            take_home(home, loot)
        tables = learn_all(loot, careless)
    reader = read_all(loot, wanted, progress)
    return Outcome(wanted, reader.findings, reader.passed, tables, loot.remarks)


@contextmanager
def stand_in_server(
    clinic: SyntheticClinic, addresses: dict[str, str], loot: Loot
) -> Iterator[dict[str, str]]:
    """Make the stand-in on the server, rob it and remove it; nothing where that is not allowed."""
    server = next((one for one in addresses.values() if may_make_databases(one)), None)
    if server is None:
        if addresses:
            loot.remarks.append("stand-in: no role here may make a database; SQLite is used")
        yield {}
        return
    with scratch_database(server, f"vaitiolo_stand_in_{os.getpid()}") as address:
        stand_in_postgres(address, clinic)
        take_server({"careless": address}, loot)
        yield {"careless": address}


def read_all(loot: Loot, wanted: Wanted, progress: Progress) -> Reader:
    """Read what was taken. SQLite files last: opening one tidies away the log beside it."""
    reader = Reader(wanted, loot.folder, progress)
    progress.expect(sum(piece.file.stat().st_size for piece in loot.pieces))
    for piece in sorted(loot.pieces, key=lambda piece: is_sqlite(piece.file)):
        reader.read(piece)
    return reader


def learn_all(loot: Loot, addresses: dict[str, str]) -> list[Table]:
    tables = [table for item in loot.databases.items() for table in learn_from_file(*item)]
    return tables + [table for item in addresses.items() for table in learn_from_server(*item)]
