"""`vaitiolo leak kit`: takes the incident kit out of the house, as two officers, for one search.

Everything in the file is sealed to a card whose key is on paper alone. Writes that one file.
"""

import argparse
import getpass
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from vaitiolo.kit.errors import Refusal
from vaitiolo.kit.progress import shown
from vaitiolo.ops import access
from vaitiolo.ops.access import OpenKit
from vaitiolo.people.actor import Actor
from vaitiolo.warden.transport import OverSocket, Transport

ABOUT: Final = """\
Take the incident kit out: what `vaitiolo leak scan` knows our texts by. Two officers sign in; the
kit's hash is in the ledger before a byte of it leaves. Treat the file and two shares of the
incident key like the list of patients, and destroy the file after the search.
"""
REFUSED: Final = 1


class KitChanged(Exception):
    """Somebody was erased while the kit was taken, so it is not the one of its entry."""


def main(arguments: Sequence[str], *, home: Path) -> int:
    """Take a kit out; return 0, or 1 with a sentence on stderr."""
    parser = argparse.ArgumentParser(prog="vaitiolo leak kit", description=ABOUT)
    parser.add_argument("kit", type=Path, metavar="OUT", help="the file; it must not be there")
    parser.add_argument("--first", required=True, help="the name the first officer signs in with")
    parser.add_argument("--second", required=True, help="the name of the second one")
    wanted = parser.parse_args(arguments)
    try:
        # Before anybody types: a file that cannot be written would be signed in for in vain.
        with _new_file(wanted.kit) as file:
            console = OverSocket(home / "run" / "console.sock")
            first, second = _officer(console, wanted.first), _officer(console, wanted.second)
            taken = take(access.open_kit(first, second), file)
    except (Refusal, OSError, KitChanged) as refused:
        sys.stderr.write(f"vaitiolo leak kit: {_words(refused)}\n")
        return REFUSED
    sys.stdout.write(report(taken, wanted.kit))
    return 0


def take(kit: OpenKit, file: BinaryIO) -> OpenKit:
    """Have a kit hashed and recorded, then write it. Raises Refusal, OSError, KitChanged."""
    with shown("Reading the records") as progress:
        kit.record(progress)
    with shown("Writing the kit") as progress:
        file.writelines(kit.read(progress))
    file.flush()
    os.fsync(file.fileno())
    if not kit.is_as_recorded:
        raise KitChanged
    return kit


def report(taken: OpenKit, path: Path) -> str:
    """Return what was taken, for a person."""
    lines = [
        f"{taken.records:,} records are in {path.name}. Its SHA-256, as the ledger has it:",
        f"  {taken.sha256.hex()}",
        f"{taken.gone:,} earlier records are not there any more: erased with their patients,",
        "or taken away. `vaitiolo ledger reconcile` tells which.",
    ]
    if taken.altered or not taken.chain_is_whole:
        lines.append(
            f"THE CHAIN OF RECORDS IS BROKEN: {taken.altered:,} records are not those that were "
            "made, and were left out. Somebody changed the vault."
        )
    lines.append("Carry it to the computer without network, with two shares of the incident key.")
    return "".join(f"{line}\n" for line in lines)


def _officer(transport: Transport, name: str) -> Actor:
    # Never from the command line: other programs read what stands there.
    asked = f"Password of {name}: "
    typed = getpass.getpass(asked) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    return access.sign_in_officer(transport, name=name, password=typed)


@contextmanager
def _new_file(path: Path) -> Iterator[BinaryIO]:
    """Give a new file for its owner alone, which stays only when all of it was written."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
        try:
            yield file
        except BaseException:
            path.unlink(missing_ok=True)
            raise


def _words(refused: Exception) -> str:
    if isinstance(refused, Refusal):
        return str(refused.message)
    if isinstance(refused, KitChanged):
        return "Somebody was erased meanwhile. The file was removed again; take the kit once more."
    problem = refused.strerror if isinstance(refused, OSError) else ""
    return f"{problem}. No kit was written."
