"""`vaitiolo thief`: robs this installation and reads the loot. It changes nothing it finds.

It answers 0 when nothing was found, 1 when anything was, and 2 when it could not be tried.
"""

import argparse
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType

from rich.console import Console

from vaitiolo.ops.synthetic.clinic import SyntheticClinic
from vaitiolo.ops.synthetic.crib import NoInventedClinic, read_crib
from vaitiolo.ops.thief import printing
from vaitiolo.ops.thief.loot import NoRoom
from vaitiolo.ops.thief.raid import Outcome, raid, raid_stand_in
from vaitiolo.ops.thief.wanted import wanted_for

ABOUT = """\
Copy what a thief would copy of this installation: databases and their logs, a dump, a backup,
logs, temporary files, what running programs leave. Unpack it and look for every invented
patient in it. Then do the same where the same people are kept in clear, to see that it works.
"""
NOTHING, SOMETHING, NOT_TRIED = 0, 1, 2
ENDINGS = (signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True, slots=True)
class Result:
    """What came out of both raids."""

    here: Outcome
    stand_in: Outcome

    @property
    def status(self) -> int:
        # A thief who does not find the stand-in's people would prove nothing here.
        if self.stand_in.persons < self.stand_in.wanted.patients:
            return NOT_TRIED
        return NOTHING if self.here.is_empty else SOMETHING


def main(arguments: Sequence[str], *, home: Path, addresses: dict[str, str]) -> int:
    """Run the command. `addresses` are those of the PostgreSQL databases, by a name for each."""
    options = read_options(arguments, home)
    console = Console()
    try:
        clinic = read_crib(options.home)
        with tidy_end():
            result = rob(options.home, addresses, clinic, console=console, crash=options.crash)
    except (NoInventedClinic, NoRoom) as refusal:
        console.print(f"vaitiolo: {refusal}", style="red", highlight=False)
        return NOT_TRIED
    show(console, result, beside=options.stand_in)
    return result.status


@contextmanager
def tidy_end() -> Iterator[None]:
    """End in the usual way when told to, so that the private folders are deleted."""
    # One that is ignored already, as under nohup, stays so.
    endings = [one for one in ENDINGS if signal.getsignal(one) is not signal.SIG_IGN]
    before = [signal.signal(ending, leave) for ending in endings]
    try:
        yield
    finally:
        for ending, handler in zip(endings, before, strict=True):
            signal.signal(ending, handler)


def leave(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def read_options(arguments: Sequence[str], home: Path) -> argparse.Namespace:
    options = argparse.ArgumentParser(prog="vaitiolo thief", description=ABOUT)
    options.add_argument("--home", type=Path, default=home, help="the installation to rob")
    options.add_argument(
        "--stand-in", action="store_true", help="print the stand-in's figures beside our own"
    )
    options.add_argument(
        "--crash", action="store_true", help="crash the running programs to look for their dumps"
    )
    chosen = options.parse_args(arguments)
    chosen.home = chosen.home.absolute()
    return chosen


def rob(
    home: Path,
    addresses: dict[str, str],
    clinic: SyntheticClinic,
    *,
    console: Console,
    crash: bool = False,
) -> Result:
    """Rob an installation and the stand-in, each in a private folder that is gone afterwards."""
    with console.status("Learning whom to look for"):
        wanted = wanted_for(clinic.patients())
    with printing.bar_on(console) as bar:
        with private_folder() as folder:
            shown = printing.ShownProgress(bar, "this installation")
            here = raid(home, addresses, wanted, folder=folder, progress=shown, crash=crash)
        with private_folder() as folder:
            shown = printing.ShownProgress(bar, "the stand-in")
            there = raid_stand_in(clinic, addresses, wanted, folder=folder, progress=shown)
    return Result(here, there)


@contextmanager
def private_folder() -> Iterator[Path]:
    """Make a folder that is gone afterwards, also when told to stop while making it."""
    waiting = signal.pthread_sigmask(signal.SIG_BLOCK, ENDINGS)
    try:
        folder = TemporaryDirectory(prefix="thief-")
    finally:
        # What waited is raised here, where the folder already knows that it is to be deleted.
        signal.pthread_sigmask(signal.SIG_SETMASK, waiting)
    with folder as path:
        yield Path(path)


def show(console: Console, result: Result, *, beside: bool) -> None:
    printing.show_passed(console, result.here)
    printing.show_learnt(console, result.here.tables)
    printing.show_found(console, result.here, result.stand_in, beside=beside)
    printing.show_places(console, result.here)
    printing.show_verdict(console, result.here, result.stand_in)
