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

from vaitiolo.config import env
from vaitiolo.config.hardening import harden
from vaitiolo.config.postgresql import let_roles_in

ABOUT = "Prepare an installation in VAITIOLO_HOME, or upgrade it. Can be repeated at any time."
FOLDERS = ("db", "kms", "ledger", "log", "run", "static", "tmp", "web")
# Which program's settings know which database, and the variable that says where it is.
HALVES = (("web", "default", "VAITIOLO_DATABASE"), ("warden", "vault", "VAITIOLO_VAULT"))


def main() -> int:
    argparse.ArgumentParser(prog="vaitiolo migrate", description=ABOUT).parse_args()
    harden()
    prepare(env.home())
    return 0


def prepare(home: Path) -> None:
    """Bring an installation to what this release expects."""
    make_folders(home)
    for program, alias, address in HALVES:
        django(program, "migrate", f"--database={alias}", "--no-input", "--verbosity=0")
        if env.text(address, ""):
            let_roles_in(alias, owner=env.conninfo(owner_of(address)))
    django("web", "collectstatic", "--no-input", "--verbosity=0")


def make_folders(home: Path) -> None:
    for folder in FOLDERS:
        (home / folder).mkdir(mode=0o700, parents=True, exist_ok=True)
    secret = home / "web" / "secret-key"
    if not secret.exists():
        # Complete or not there at all: a half-written secret would be a weak one.
        fresh = secret.with_suffix(".new")
        fresh.write_text(get_random_secret_key(), encoding="ascii")
        fresh.replace(secret)


def owner_of(address: str) -> str:
    """Name the variable that holds the owner's address, or the only one there is."""
    return f"{address}_OWNER" if env.text(f"{address}_OWNER", "") else address


def django(program: str, *command: str) -> None:
    """Run a command of Django's under one program's settings, as the owner of the tables."""
    environment = dict(os.environ)
    for _program, _alias, address in HALVES:
        for part in ("", "_PASSWORD_FILE"):
            owned = env.text(owner_of(address) + part, "")
            if owned:
                environment[address + part] = owned
    settings = f"--settings=vaitiolo.config.{program}.settings"
    done = subprocess.run(  # noqa: S603 - our own interpreter and commands
        [sys.executable, "-m", "django", *command, settings], env=environment, check=False
    )
    if done.returncode:
        reason = "what it had finished stays; run `vaitiolo migrate` again after mending the cause"
        raise SystemExit(f"vaitiolo: {command[0]} did not succeed: {reason}.")


if __name__ == "__main__":
    sys.exit(main())
