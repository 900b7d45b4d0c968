"""`vaitiolo up`: starts warden, web and worker on this machine and keeps them running.

It holds no key and reads no record. Each program is a process of its own, and is told only
about the database that is its own.
"""

import argparse
import fcntl
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from vaitiolo.config import env
from vaitiolo.config.children import ChildFailed, Family
from vaitiolo.config.hardening import harden
from vaitiolo.config.prepared import is_prepared

ABOUT = "Start warden, web and worker on this machine, until Ctrl-C. What dies is started again."
# The web must not even know where the vault is, nor the warden where the web's database is.
WITHHELD = {
    "warden": ("VAITIOLO_DATABASE", "VAITIOLO_VAULT_OWNER", "VAITIOLO_KMS_KEEPER"),
    "web": ("VAITIOLO_VAULT", "VAITIOLO_DATABASE_OWNER", "VAITIOLO_KMS"),
    "worker": ("VAITIOLO_VAULT", "VAITIOLO_DATABASE_OWNER", "VAITIOLO_KMS_KEEPER"),
}
SECONDS_TO_START = 30.0


class Ended(Exception):
    """Somebody asked for the end: Ctrl-C, a closed terminal, or the service manager."""


def main() -> int:
    argparse.ArgumentParser(prog="vaitiolo up", description=ABOUT).parse_args()
    harden()
    home = env.home()
    if not is_prepared(home):
        reason = "is not an installation of this release; run `vaitiolo migrate` first."
        raise env.WrongSetting(str(home), reason)
    port = env.number("VAITIOLO_PORT", 8000, most=65535)
    with only_one(home):
        refuse_a_taken_port(port)
        return run(home, port)


def run(home: Path, port: int) -> int:
    for sign in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(sign, ask_for_the_end)
    family = Family(home / "log", withheld=WITHHELD, say=say)
    try:
        start(family, home, port)
        say(f"vaitiolo answers at {env.text('VAITIOLO_ORIGIN', f'http://localhost:{port}')}")
        family.keep()
    except Ended:
        say("vaitiolo is ending.")
    except ChildFailed as failure:
        sys.stderr.write(f"vaitiolo: {failure}\n")
        return 1
    finally:
        family.end()
    return 0


def start(family: Family, home: Path, port: int) -> None:
    family.start("warden")
    family.start("web")
    warden = str(home / "run" / "web.sock")
    family.wait("warden", lambda: answers(socket.AF_UNIX, warden), SECONDS_TO_START)
    family.start("worker")
    family.wait("web", lambda: answers(socket.AF_INET, ("127.0.0.1", port)), SECONDS_TO_START)


def answers(kind: socket.AddressFamily, address: str | tuple[str, int]) -> bool:
    with socket.socket(kind, socket.SOCK_STREAM) as knock:
        return knock.connect_ex(address) == 0


def refuse_a_taken_port(port: int) -> None:
    if answers(socket.AF_INET, ("127.0.0.1", port)):
        reason = f"is {port}, where something answers already; choose another, or end that first."
        raise env.WrongSetting("VAITIOLO_PORT", reason)


@contextmanager
def only_one(home: Path) -> Iterator[None]:
    """Hold an installation for this process alone; a second one is refused."""
    (home / "run").mkdir(parents=True, exist_ok=True)
    with (home / "run" / "up.lock").open("w", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise env.WrongSetting(str(home), "is running already.") from None
        yield


def ask_for_the_end(_number: int, _frame: FrameType | None) -> None:
    raise Ended


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
