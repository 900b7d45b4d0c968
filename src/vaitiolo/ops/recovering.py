"""`vaitiolo recover`: takes a ceremony's request out of the house, and brings its answer in.

An officer signs in at the console. It holds no key and shows no patient: names stand in no file.
"""

import argparse
import getpass
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final
from uuid import UUID

from vaitiolo.kit.errors import Refusal
from vaitiolo.ops import access
from vaitiolo.people.actor import Actor
from vaitiolo.warden.transport import OverSocket, Transport

ABOUT: Final = """\
Take the recovery grants of named patients out, for one successor, as a request that officers answer
on a computer without network (`vaitiolo ceremony`); and bring the answer in. Both are recorded.
"""
PURPOSES: Final = {"succession": 1, "loss": 2, "rotation": 3}
REFUSED: Final = 1


def main(arguments: Sequence[str], *, home: Path) -> int:
    """Run what was asked for; return 0, or 1 with a sentence on stderr."""
    wanted = _parser().parse_args(arguments)
    steps: Callable[[argparse.Namespace, Actor], str] = wanted.steps
    try:
        actor = _officer(OverSocket(home / "run" / "console.sock"), wanted.officer)
        said = steps(wanted, actor)
    except (Refusal, OSError, ValueError) as refused:
        sys.stderr.write(f"vaitiolo recover: {_words(refused)}\n")
        return REFUSED
    sys.stdout.write(f"{said}\n")
    return 0


def export_request(wanted: argparse.Namespace, actor: Actor) -> str:
    """Write a request into a new file, for its owner alone."""
    patients = [UUID(line) for line in wanted.patients.read_text(encoding="ascii").split()]
    made = access.export_ceremony(actor, patients, to=wanted.to, purpose=PURPOSES[wanted.purpose])
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    with os.fdopen(os.open(wanted.request, flags, 0o600), "wb") as file:
        file.write(made.request)
    return (
        f"{made.grants} keys are asked for in {wanted.request.name}. Keep the file: the answer is "
        "brought in together with it."
    )


def import_answer(wanted: argparse.Namespace, actor: Actor) -> str:
    """Bring an answer in, with the request that it answers."""
    done = access.import_ceremony(
        actor, request=wanted.request.read_bytes(), answer=wanted.answer.read_bytes()
    )
    return f"{done.granted} keys were granted; {done.already} were in already."


def adopt_key(wanted: argparse.Namespace, actor: Actor) -> str:
    """Bring in the incident key of a ceremony; the policy that pins it must be in force."""
    access.adopt_incident_key(actor, wanted.key.read_bytes())
    return "The incident key is in: what is signed from now on can be found in a leak."


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="vaitiolo recover", description=ABOUT)
    parser.add_argument("--officer", required=True, help="the name you sign in with")
    steps = parser.add_subparsers(required=True, metavar="what")
    out = steps.add_parser("export", help="take a request out")
    out.add_argument("request", type=Path, help="the file to be written; it must not be there")
    out.add_argument("--patients", type=Path, required=True, help="a file of random ids")
    out.add_argument("--to", type=UUID, required=True, help="the successor's id")
    out.add_argument("--purpose", choices=PURPOSES, default="succession")
    out.set_defaults(steps=export_request)
    back = steps.add_parser("import", help="bring an answer in")
    back.add_argument("request", type=Path)
    back.add_argument("answer", type=Path)
    back.set_defaults(steps=import_answer)
    key = steps.add_parser("incident-key", help="bring in a first incident key")
    key.add_argument("key", type=Path, help="what `vaitiolo ceremony incident-key` wrote")
    key.set_defaults(steps=adopt_key)
    return parser


def _officer(transport: Transport, name: str) -> Actor:
    # Never from the command line: other programs read what stands there.
    typed = getpass.getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    return access.sign_in_officer(transport, name=name, password=typed)


def _words(refused: Exception) -> str:
    if isinstance(refused, Refusal):
        return str(refused.message)
    if isinstance(refused, OSError):
        return f"{refused.strerror}. Nothing was changed."
    return "The file of patients holds something else than ids. Nothing was changed."
