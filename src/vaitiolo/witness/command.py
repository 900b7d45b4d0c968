"""`vaitiolo witness`: makes a witness, runs it, and says by its exit status whether all is well."""

import argparse
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Final

from vaitiolo.witness import alarms, folder, serving
from vaitiolo.witness.folder import Setting, WrongFolder

EVERY: Final = 5.0  # seconds between looks
ABOUT: Final = """\
A witness of another house's ledger. It cosigns what only ever grew, remembers what it has seen, and
cries out when a ledger shrinks, changes, falls silent, or leaves an alert unanswered. It holds no
record of anybody.
"""


def main() -> int:
    parser = argparse.ArgumentParser(prog="vaitiolo witness", description=ABOUT)
    deeds = parser.add_subparsers(dest="deed", required=True)
    for deed, text in {
        "init": "make a witness: a folder with a key of its own and settings to fill in",
        "key": "print the witness's public key, which clinics pin",
        "run": "answer and watch until it is ended",
        "check": "say what is wrong now; ends with 1 when anything is",
    }.items():
        own = deeds.add_parser(deed, help=text, description=text)
        own.add_argument("folder", type=Path)
        if deed == "init":
            own.add_argument("--name", required=True, help="like witness.example.org/1")
    chosen = parser.parse_args()
    try:
        return _do(chosen)
    except WrongFolder as wrong:
        sys.stderr.write(f"vaitiolo witness: {wrong}\n")
    except OSError as problem:
        sys.stderr.write(f"vaitiolo witness: {problem.strerror or 'cannot go on'}.\n")
    return 2


def _do(chosen: argparse.Namespace) -> int:
    if chosen.deed == "init":
        sys.stdout.write(folder.make(chosen.folder, chosen.name) + "\n")
        return 0
    if chosen.deed == "key":
        sys.stdout.write(folder.read_cosigner(chosen.folder).key.verifier + "\n")
        return 0
    setting = folder.read(chosen.folder, clock)
    return check(setting) if chosen.deed == "check" else run(setting)


def clock() -> int:
    """Return seconds since 1970; the one clock of a witness."""
    return int(time.time())


def check(setting: Setting) -> int:
    """Print what is wrong; return 1 when anything is."""
    troubles = alarms.look(setting.witness, setting.limits)
    for trouble in troubles:
        sys.stdout.write(f"{trouble.origin}: {trouble.kind}: {trouble.says}\n")
    if not troubles:
        sys.stdout.write(f"All is well with {len(setting.witness.logs)} logs.\n")
    return 1 if troubles else 0


def run(setting: Setting) -> int:
    over = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: over.set())
    secure = serving.secured_by(*setting.certificate) if setting.certificate else None
    with serving.serving(setting.address, setting.witness, secure=secure) as door:
        host, port = door.server_address[:2]
        sys.stdout.write(f"The witness answers at {host!s}:{port}.\n")
        sys.stdout.flush()
        while True:
            troubles = alarms.look(setting.witness, setting.limits)
            alarms.tell(setting.witness, troubles, ways=setting.ways)
            if over.wait(EVERY):
                return 0
