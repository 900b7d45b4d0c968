"""Starts the worker: what has to happen without anybody asking, one thing after another.

It holds no key and opens no record. A job that fails is logged by its type and tried again.
"""

import argparse
import logging
import os
import signal
import sys
import threading

import django

from vaitiolo.config.hardening import harden

os.environ["DJANGO_SETTINGS_MODULE"] = "vaitiolo.config.worker.settings"
django.setup()

from django.db import close_old_connections

from vaitiolo.config.worker.jobs import JOBS
from vaitiolo.config.worker.rounds import Rounds

ABOUT = "Do what has to happen without anybody asking, until it is ended."
SECONDS_BETWEEN_ROUNDS = 5.0

log = logging.getLogger(__name__)


def main() -> int:
    argparse.ArgumentParser(prog="vaitiolo worker", description=ABOUT).parse_args()
    harden()
    over = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: over.set())
    rounds = Rounds(JOBS)
    while not over.wait(SECONDS_BETWEEN_ROUNDS):
        close_old_connections()
        rounds.go()
    return 0


if __name__ == "__main__":
    sys.exit(main())
