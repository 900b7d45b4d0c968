"""How long a scope takes: `python -m bench.scope [sqlite|postgres] [--entries N] [--patients N]`.

A founded house with its real warden, and a ledger of five months: registers, openings by 150
therapists and 25 desks, sign-ins, keys that were turned. Openings carry details of random bytes,
since no question below reads them; everything that is read is sealed as the warden seals it, and
grants have the form of grants. Prints a line for each question: patients found, and seconds.
"""

import argparse
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command

from bench.ledger import ENGINES, database, say

PATIENTS, ENTRIES, SIGN_INS, TURNED = 36_000, 1_000_000, 30_000, 2_000


class Clock:
    """A clock that is set: five months pass while the ledger is written."""

    def __init__(self) -> None:
        self.now = time.time_ns() // 1_000

    def __call__(self) -> int:
        return self.now


def main() -> None:
    options = argparse.ArgumentParser(prog="bench.scope", description=__doc__)
    options.add_argument("engines", nargs="*", choices=[*ENGINES, []], default=[])
    options.add_argument("--entries", type=int, default=ENTRIES)
    options.add_argument("--patients", type=int, default=PATIENTS)
    chosen = options.parse_args()
    engines = chosen.engines or list(ENGINES)
    if len(engines) > 1:
        for engine in engines:
            sizes = ["--entries", str(chosen.entries), "--patients", str(chosen.patients)]
            subprocess.run([sys.executable, "-m", "bench.scope", engine, *sizes], check=True)
        return
    folder = Path(tempfile.mkdtemp(prefix="vaitiolo-scope-"))
    try:
        with database(engines[0], folder) as (address, _server):
            settings.configure(
                DATABASES={"default": {}, "vault": address},
                DATABASE_ROUTERS=["vaitiolo.config.vault.VaultRouter"],
                INSTALLED_APPS=["vaitiolo.ledger", "vaitiolo.keys"],
                USE_TZ=True,
            )
            django.setup()
            call_command("migrate", database="vault", verbosity=0)
            run(engines[0], folder / "house", entries=chosen.entries, patients=chosen.patients)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run(engine: str, home: Path, *, entries: int, patients: int) -> None:
    # Only now: these need Django set up.
    from bench.scope_house import House  # noqa: PLC0415

    home.mkdir(mode=0o700)
    with House.founded(home, Clock()) as house:
        began = time.perf_counter()
        house.take_in(patients)
        house.turn(min(TURNED, patients // 18))
        house.work(entries, sign_ins=min(SIGN_INS, entries // 30))
        say(f"\n{engine}: {house.size():,} entries written in {time.perf_counter() - began:.0f} s")
        say("question                                patients  seconds  processor s")
        for name, ask in house.questions():
            measure(name, ask)
        used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        say(f"memory at most: {used:.0f} MiB")


def measure(name: str, ask: Callable[[], int]) -> None:
    wall, own = time.perf_counter(), time.process_time()
    found = ask()
    wall, own = time.perf_counter() - wall, time.process_time() - own
    say(f"{name:40s} {found:7,d} {wall:8.1f} {own:8.1f}")


if __name__ == "__main__":
    main()
