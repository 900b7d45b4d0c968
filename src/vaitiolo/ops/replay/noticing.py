"""What noticed: entries for each reading, alerts, and what becomes of a log that is cut short."""

import re
import shutil
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from vaitiolo.ops.replay import history
from vaitiolo.ops.replay.house import House
from vaitiolo.ops.replay.measured import Act, Figure, demand, said
from vaitiolo.ops.replay.sitting import Sitting
from vaitiolo.ops.replay.stage import Stage, timed

CUT: Final = 5
LEDGER: Final = "ledger_entry"
CHECKED: Final = 0
SECONDS: Final = 30
PAUSE: Final = 0.2


@dataclass(frozen=True, slots=True)
class Cut:
    """What a check of the ledger said of a whole copy, and of one with its end cut off."""

    whole: int
    cut: int


def notice(stage: Stage) -> Act:
    """Compare what was read with what was recorded, and try to take the record away."""
    seen: Sitting = stage.props["sitting"]
    logged = _logs_of_the_stand_in(stage)
    demand(not logged, "the stand-in has a log of who read what")
    expected = stage.props["entries_before"] + len(seen.opened)
    entries, took_look = timed(lambda: _entries_once(stage.house, expected))
    checked, took_check = timed(lambda: _cut_short(stage))
    _cover_in_clear(stage)
    openings = entries - stage.props["entries_before"]
    return Act(
        key="notice",
        title="Who noticed",
        story=(
            (
                "Here each opening was written down before the page was drawn, by a program "
                "that the pages cannot bypass. Then the thief, now with the whole machine, cuts "
                f"the last {CUT} entries out of a copy of the ledger; the check that anybody "
                "can run is asked."
            ),
            (
                "At the stand-in there is no table for it. A note is deleted in a copy of it, and "
                "nothing in the file can tell."
            ),
        ),
        figures=(
            Figure("charts opened", "all", f"{len(seen.opened):,}", history.UNSEEN),
            Figure("entries since the thief came", "0", f"{openings:,}", "0"),
            Figure("shortened log found by its check", "no log", _found(checked), "no log"),
            Figure("time to look · to check", "-", f"{said(took_look)} · {said(took_check)}"),
        ),
        holds=openings >= len(seen.opened) and checked.whole == CHECKED != checked.cut,
        seconds=took_look + took_check,
    )


def count_before(stage: Stage) -> None:
    """Remember how long the ledger was before anybody came."""
    stage.props["entries_before"] = _entries(stage.house)


def _entries_once(house: House, expected: int) -> int:
    """Return how long the ledger is, as soon as its page tells of what is expected at least.

    The page counts what a checkpoint has signed, and the next one is some seconds away.
    """
    patience = time.monotonic() + SECONDS
    while (entries := _entries(house)) < expected and time.monotonic() < patience:
        time.sleep(PAUSE)
    return entries


def _entries(house: House) -> int:
    page = house.visitor("privacy_officer").open("/log/")
    found = re.search(r"Entries\s*([\d.,\s]+?)\s*(?:Of these|Check mark)", page.text)
    if found is None:
        raise LookupError("the page of the log names no number of entries")
    return int(re.sub(r"\D", "", found.group(1)))


def _found(checked: Cut) -> str:
    return "yes" if checked.whole == CHECKED != checked.cut else "no"


def _logs_of_the_stand_in(stage: Stage) -> list[str]:
    with stage.passwordless() as database:
        rows = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return [name for (name,) in rows if re.search("log|audit|access|read", name)]


def _cover_in_clear(stage: Stage) -> None:
    """Delete a note of the stand-in's copy: whatever there is to check it with says yes."""
    copy = stage.file("cut", "careless.sqlite3")
    shutil.copyfile(stage.careless, copy)
    with closing(sqlite3.connect(copy)) as database, database:
        database.execute("DELETE FROM note WHERE rowid = (SELECT max(rowid) FROM note)")
    with closing(sqlite3.connect(copy)) as database:
        [(said_so,)] = database.execute("PRAGMA integrity_check")
    demand(said_so == "ok", "a deleted note was noticed in the stand-in")


def _cut_short(stage: Stage) -> Cut:
    """Check a copy of the ledger, then the same copy without its last entries."""
    copy = House(stage.file("cut", "home"), dict(stage.house.settings), stage.house.port)
    # Sockets and logs are not part of what the check reads.
    beside = shutil.ignore_patterns("run", "static", "*.sqlite3*")
    shutil.copytree(stage.house.home, copy.home, ignore=beside)
    for live in (stage.house.home / "db").glob("*.sqlite3"):
        _copy_whole(live, copy.home / "db" / live.name)
    whole = copy.attempt("warden.ledger", "verify").returncode
    cut_short(copy.home / "db" / "vault.sqlite3")
    return Cut(whole, copy.attempt("warden.ledger", "verify").returncode)


def _copy_whole(live: Path, copy: Path) -> None:
    """Copy a database that is written to meanwhile as it stood at one moment."""
    with closing(sqlite3.connect(live)) as database, closing(sqlite3.connect(copy)) as into:
        database.backup(into)


def cut_short(vault: Path) -> None:
    """Take the last entries out of a ledger, as somebody can who owns the file."""
    with closing(sqlite3.connect(vault)) as database, database:
        named = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        for (name,) in database.execute(named).fetchall():
            database.execute(f'DROP TRIGGER "{name}"')
        database.execute("PRAGMA foreign_keys = OFF")
        column = database.execute(f"PRAGMA table_info({LEDGER})").fetchall()
        key = next(name for _cid, name, _type, _null, _default, is_key in column if is_key)
        database.execute(
            f'DELETE FROM {LEDGER} WHERE "{key}" IN '  # noqa: S608 - names of ours
            f'(SELECT "{key}" FROM {LEDGER} ORDER BY "{key}" DESC LIMIT {CUT})'
        )
