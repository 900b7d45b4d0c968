"""`vaitiolo registrar`: invites registrars, takes their cards to the root's signature, and back.

It runs as the warden's user beside a warden that runs, with entries of its own; no key passes here.
"""

import argparse
import os
import sys
from pathlib import Path

import django

from vaitiolo.ceremony.files import FileThere, write_whole
from vaitiolo.config.hardening import harden

os.environ["DJANGO_SETTINGS_MODULE"] = "vaitiolo.config.warden.settings"
django.setup()

from django.conf import settings

from vaitiolo.warden.server import registrars
from vaitiolo.warden.server.agent import read_clock
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.registrars import Invitee, RegistrarRefused
from vaitiolo.warden.server.starting import CannotStart, started

ABOUT = """\
Registrars' cards are signed by the root, which is on paper: invite here, let the person enrol, take
the request to a machine without network (`vaitiolo ceremony registrars`), bring the answer in.
"""
PATIENCE = 30.0  # seconds
WAITING = "Compare the words with the person's own screen before you carry the request out."


def main() -> int:
    options = _parser().parse_args()
    harden()
    try:
        with started(settings.HOME, read_clock) as install:
            options.run(install, options)
    except (RegistrarRefused, CannotStart, FileThere) as refused:
        sys.stderr.write(f"vaitiolo registrar: {refused}\n")
        return 1
    except OSError as problem:
        sys.stderr.write(f"vaitiolo registrar: {problem}. Nothing was changed.\n")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="vaitiolo registrar", description=ABOUT)
    deeds = parser.add_subparsers(required=True, metavar="what")
    new = deeds.add_parser("invite", help="make an invitation; its code is said this once")
    new.add_argument("--name", required=True, help="what the person is called")
    new.add_argument("--sign-in", required=True, help="the name to sign in with")
    new.set_defaults(run=invite)
    deeds.add_parser("list", help="show whose cards wait").set_defaults(run=show)
    out = deeds.add_parser("export", help="take the cards that wait out, for the ceremony")
    out.add_argument("request", type=Path, help="the file to be written; it must not be there")
    out.set_defaults(run=export)
    back = deeds.add_parser("import", help="bring the ceremony's answer in")
    back.add_argument("answer", type=Path)
    back.set_defaults(run=bring_in)
    return parser


def invite(install: Installation, options: argparse.Namespace) -> None:
    code, _until = registrars.invite(install, Invitee(options.name, options.sign_in))
    sys.stdout.write(f"{code}\nGood for seven days. Hand it over in person.\n")


def show(install: Installation, _options: argparse.Namespace) -> None:
    waiting = registrars.waiting(install)
    for one in waiting:
        sys.stdout.write(f"{one.name}\n    {' '.join(one.words)}\n")
    sys.stdout.write(f"{WAITING}\n" if waiting else "No registrar's card waits.\n")


def export(install: Installation, options: argparse.Namespace) -> None:
    if options.request.exists():
        raise FileThere(f"{options.request.name} is there already; nothing was written.")
    waiting = registrars.waiting(install)
    write_whole(options.request, registrars.export(install, waiting))
    show(install, options)
    sys.stdout.write(f"Cards in {options.request.name}: {len(waiting)}.\n")


def bring_in(install: Installation, options: argparse.Namespace) -> None:
    # The courier asks the warden that runs, every few seconds, and cannot be called from here.
    install.waiting.patience = PATIENCE
    done = registrars.admit(install, options.answer.read_bytes())
    sys.stdout.write(
        f"Registrars who can sign in now: {done.new}; who could already: {done.already}.\n"
    )


if __name__ == "__main__":
    sys.exit(main())
