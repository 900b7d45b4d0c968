"""Starts the worker: what has to happen without anybody asking, one thing after another.

It opens rows of the outbox, each after the warden has recorded it, and no record of anybody.
A job that fails is logged by its type and tried again.
"""

import argparse
import logging
import os
import signal
import sys
import threading
from datetime import timedelta

import django

from vaitiolo.config.hardening import harden

os.environ["DJANGO_SETTINGS_MODULE"] = "vaitiolo.config.worker.settings"
django.setup()

from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone

from vaitiolo.config.worker.jobs import JOBS
from vaitiolo.config.worker.reminders import Reminders
from vaitiolo.config.worker.rounds import Job, Rounds
from vaitiolo.schedule.access import Whose
from vaitiolo.schedule.sending import Opener
from vaitiolo.warden.server.outbox import CannotOpen, Outbox
from vaitiolo.warden.transport import OverSocket

ABOUT = "Do what has to happen without anybody asking, until it is ended."
SECONDS_BETWEEN_ROUNDS = 5.0
SENDING = timedelta(seconds=20)

log = logging.getLogger(__name__)


def main() -> int:
    argparse.ArgumentParser(prog="vaitiolo worker", description=ABOUT).parse_args()
    harden()
    over = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: over.set())
    key = OutboxKey()
    reminders = Reminders(
        OverSocket(settings.WARDEN_SOCKET), key.opener_for, timezone.now, key_answers=key.answers
    )
    rounds = Rounds((*JOBS, Job("send reminders", SENDING, reminders.go)))
    while not over.wait(SECONDS_BETWEEN_ROUNDS):
        close_old_connections()
        rounds.go()
    return 0


class OutboxKey:
    """The outbox's key, once the warden has said whose outbox it is."""

    def __init__(self) -> None:
        self.outbox: Outbox | None = None

    def opener_for(self, whose: Whose) -> Opener:
        try:
            self.outbox = Outbox(settings.HOME, org=whose.org, demo=whose.is_demo)
        except CannotOpen as refused:
            log.critical("reminders wait: %s", refused)
            raise
        return self.outbox.open

    def answers(self) -> bool:
        return self.outbox is not None and self.outbox.answers()


if __name__ == "__main__":
    sys.exit(main())
