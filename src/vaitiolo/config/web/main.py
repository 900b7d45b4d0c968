"""Starts the web: pages over HTTP on this machine's own address, never on another."""

import argparse
import sys

from granian import Granian
from granian.constants import Interfaces

from vaitiolo.config import env
from vaitiolo.config.hardening import harden
from vaitiolo.config.logs import logging_to_stderr

ABOUT = "Serve the pages on 127.0.0.1. The warden must run, or every page says that it is away."
# What a page held in clear goes when its process does.
SECONDS_A_PROCESS_LIVES = 3600


def main() -> int:
    argparse.ArgumentParser(prog="vaitiolo web", description=ABOUT).parse_args()
    harden()
    server = Granian(
        "vaitiolo.config.web.wsgi:application",
        address="127.0.0.1",
        port=env.number("VAITIOLO_PORT", 8000, most=65535),
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=4,
        websockets=False,
        log_access=False,
        log_dictconfig=logging_to_stderr("WARNING"),
        respawn_failed_workers=True,
        workers_lifetime=SECONDS_A_PROCESS_LIVES,
        workers_kill_timeout=5,
    )
    server.serve()
    return 0


if __name__ == "__main__":
    sys.exit(main())
