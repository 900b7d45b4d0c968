"""`vaitiolo migrate`: prepares an installation, or upgrades it. It can be repeated at any time.

Makes the folders, the web's secret and the tables of both databases, and gathers the static
files. It makes no keys: those come with the organisation.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from django.core.management.utils import get_random_secret_key
from psycopg.conninfo import make_conninfo

from vaitiolo.config import env
from vaitiolo.config.hardening import harden
from vaitiolo.config.postgresql import let_roles_in
from vaitiolo.config.prepared import HALVES, mark_prepared, owner_of, owners

ABOUT = "Prepare an installation in VAITIOLO_HOME, or upgrade it. Can be repeated at any time."
FOLDERS = ("db", "kms", "ledger", "log", "run", "static", "tmp", "web")


def main() -> int:
    argparse.ArgumentParser(prog="vaitiolo migrate", description=ABOUT).parse_args()
    harden()
    prepare(env.home())
    return 0


def prepare(home: Path) -> None:
    """Bring an installation to what this release expects."""
    make_folders(home)
    environment = {**os.environ, **owners()}
    running = [
        subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-m", "vaitiolo.config.tables", program, alias], env=environment
        )
        for program, alias, _address in HALVES
    ]
    codes = [process.wait() for process in running]
    if any(codes):
        reason = "what it had finished stays; run `vaitiolo migrate` again after mending the cause"
        raise SystemExit(f"vaitiolo: the tables are not up to date: {reason}.")
    for _program, alias, address in HALVES:
        if env.text(address, ""):
            owner = make_conninfo(**env.connection(owner_of(address)))
            let_roles_in(alias, owner=owner)
    mark_prepared(home)


def make_folders(home: Path) -> None:
    for folder in FOLDERS:
        (home / folder).mkdir(mode=0o700, parents=True, exist_ok=True)
    secret = home / "web" / "secret-key"
    if not secret.exists():
        # Complete or not there at all: a half-written secret would be a weak one.
        fresh = secret.with_suffix(".new")
        fresh.write_text(get_random_secret_key(), encoding="ascii")
        fresh.replace(secret)


if __name__ == "__main__":
    sys.exit(main())
