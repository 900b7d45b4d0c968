"""Starts the warden: sets Django up, loads policy and keys, and answers at its sockets."""

import argparse
import os
import signal
import sys
import threading

import django

from vaitiolo.config.hardening import harden

os.environ["DJANGO_SETTINGS_MODULE"] = "vaitiolo.config.warden.settings"
django.setup()

from django.conf import settings

from vaitiolo.warden.kinds import Caller
from vaitiolo.warden.server.agent import read_clock
from vaitiolo.warden.server.doorway import Doorway
from vaitiolo.warden.server.starting import CannotStart, started

ABOUT = "Answer at the warden's sockets in VAITIOLO_HOME/run until it is ended."


def main() -> int:
    argparse.ArgumentParser(prog="vaitiolo warden", description=ABOUT).parse_args()
    harden()
    over = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: over.set())
    # One user runs all programs on one machine; a larger house names each program's own.
    welcome = {caller: settings.WELCOME[caller] for caller in Caller}
    try:
        with (
            started(settings.HOME, read_clock) as install,
            Doorway(install, settings.WARDEN_SOCKETS, welcome=welcome),
        ):
            over.wait()
    except CannotStart as refused:
        sys.stderr.write(f"vaitiolo warden: {refused}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
