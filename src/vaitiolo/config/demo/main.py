"""`vaitiolo demo`: makes an invented clinic where there is none yet, and starts it.

It answers on this machine alone. Everybody in it has the same password, which every page says.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import uuid4
from zoneinfo import ZoneInfo

from vaitiolo.config import env, up
from vaitiolo.config.demo.people import charter, clinic_of
from vaitiolo.config.halves import HalfFailed, run
from vaitiolo.config.hardening import harden
from vaitiolo.config.migrate import FOLDERS, prepare
from vaitiolo.config.prepared import is_prepared
from vaitiolo.ops.synthetic.clinic import SyntheticClinic
from vaitiolo.ops.synthetic.crib import CRIB, read_crib
from vaitiolo.ops.synthetic.scales import UnknownScale

ABOUT = "Make a clinic of invented people in VAITIOLO_HOME, unless there is one, and start it."
# Not a secret: a demo holds invented people only and listens to nobody but this machine.
PASSWORD: Final = "vaitiolo-demo-2026"  # noqa: S105 - a demo's, shown to everybody
FILLING: Final = "vaitiolo.config.demo.filling"
SHARES: Final = "demo-shares"
SECONDS_TO_START: Final = 30.0
SHOWN_FOR_EACH_ROLE: Final = 2
LOCAL: Final = ("VAITIOLO_ORIGIN", "VAITIOLO_HOSTS")


def main() -> int:
    parser = argparse.ArgumentParser(prog="vaitiolo demo", description=ABOUT)
    scale = env.text("SCALE", "demo")
    parser.add_argument("--scale", default=scale, help="demo, vastaamo, or a number of patients")
    parser.add_argument("--seed", default="vaitiolo", help="another seed, another clinic")
    parser.add_argument("--only-make", action="store_true", help="make it, and do not start it")
    wanted = parser.parse_args()
    harden()
    if env.flag("VAITIOLO_PRODUCTION") or any(os.environ.get(name) for name in LOCAL):
        raise SystemExit("vaitiolo: a demo runs on this machine alone, never in production.")
    home = env.home()
    try:
        clinic = make(home, seed=wanted.seed, scale=wanted.scale)
    except UnknownScale as unknown:
        raise SystemExit(f"vaitiolo: {unknown}") from None
    introduce(clinic)
    if wanted.only_make:
        return 0
    sys.argv[1:] = []
    return up.main()


def make(home: Path, *, seed: str, scale: str, filling: str = FILLING) -> SyntheticClinic:
    """Return the clinic of an installation; if there is none, make it and have it filled."""
    if (home / CRIB).exists():
        if not is_prepared(home):
            prepare(home)
        return read_crib(home)
    began = time.monotonic()
    today = datetime.now(ZoneInfo("Europe/Helsinki")).date().isoformat()
    wanted: dict[str, Any] = {"seed": seed, "scale": scale, "today": today, "password": PASSWORD}
    clinic = clinic_of(wanted)
    sweep(home)
    prepare(home)
    wanted["units"] = [str(uuid4()) for _ in clinic.units]
    wanted["members"] = [str(uuid4()) for _ in clinic.members]
    found = ("vaitiolo.config.warden.found", "--shares", str(home / SHARES))
    try:
        wanted["founded"] = json.loads(run(*found, told=charter(clinic, wanted)))
        with warden(home):
            run(filling, told=wanted)
    except HalfFailed:
        again = "vaitiolo: the demo could not be made; run it again to begin anew."
        raise SystemExit(again) from None
    took = time.monotonic() - began
    say(f"{clinic.scale.patients:,} invented patients are in after {took:.0f} s.")
    return clinic


def sweep(home: Path) -> None:
    """Clear away a demo that was interrupted in the making. A finished one is never touched."""
    policy = home / "trust.toml"
    if policy.exists() and 'name = "Demo"' not in policy.read_text(encoding="utf-8"):
        raise SystemExit(f"vaitiolo: what {home} holds is no demo; nothing was done.")
    for name in (*FOLDERS, "warden", SHARES):
        shutil.rmtree(home / name, ignore_errors=True)
    for name in ("trust.toml", "trust.toml.sig", "prepared"):
        (home / name).unlink(missing_ok=True)


@contextmanager
def warden(home: Path) -> Iterator[None]:
    """Run the warden alone while the clinic is brought in."""
    process = subprocess.Popen([sys.executable, "-m", "vaitiolo.config.warden.main"])
    try:
        until = time.monotonic() + SECONDS_TO_START
        while not (home / "run" / "console.sock").exists():
            if process.poll() is not None or time.monotonic() > until:
                raise SystemExit("vaitiolo: the warden did not start; see above.")
            time.sleep(0.02)
        yield
    finally:
        process.terminate()
        process.wait()


def introduce(clinic: SyntheticClinic) -> None:
    """Print who can sign in, a few of each role."""
    say("")
    say(f"A demo of invented people. Everybody's password: {PASSWORD}")
    roles = list(dict.fromkeys(one.role for one in clinic.members))
    for role in roles:
        names = [one.sign_in_name for one in clinic.members if one.role == role]
        say(f"  {role.replace('_', ' '):<16} {', '.join(names[:SHOWN_FOR_EACH_ROLE])}")
    say("")


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
