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
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import django

from vaitiolo.config.hardening import harden

os.environ["DJANGO_SETTINGS_MODULE"] = "vaitiolo.config.worker.settings"
django.setup()

from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone

from vaitiolo.config.worker.courier import carrying
from vaitiolo.config.worker.daily_page import DailyPage
from vaitiolo.config.worker.exercises import Exercises
from vaitiolo.config.worker.jobs import JOBS
from vaitiolo.config.worker.marking import Marked
from vaitiolo.config.worker.notices import Notices
from vaitiolo.config.worker.reminders import Reminders
from vaitiolo.config.worker.rounds import Job, Rounds
from vaitiolo.config.worker.settings import (
    ALARMS_TO,
    BOUNCES,
    DAILY_PAGE_TO,
    DAILY_PAGES,
    SMS,
    TSA,
    WITNESSES,
)
from vaitiolo.config.worker.silence import Silence
from vaitiolo.config.worker.stamping import Stamps
from vaitiolo.schedule import post
from vaitiolo.schedule.access import Whose
from vaitiolo.schedule.sending import Opener
from vaitiolo.warden.server.outbox import CannotOpen, Outbox
from vaitiolo.warden.transport import OverSocket, Transport

ABOUT = "Do what has to happen without anybody asking, until it is ended."
SECONDS_BETWEEN_ROUNDS = 5.0
SENDING = timedelta(seconds=20)
# Done once an hour or a day; looked at more often, so that what failed is tried again.
SEEN_TO = timedelta(minutes=10)
LISTENING = timedelta(minutes=1)
EXERCISING = timedelta(seconds=20)

log = logging.getLogger(__name__)


def main() -> int:
    argparse.ArgumentParser(prog="vaitiolo worker", description=ABOUT).parse_args()
    harden()
    over = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: over.set())
    transport = OverSocket(settings.WARDEN_SOCKET)
    rounds = Rounds((*JOBS, *jobs(transport)))
    with carrying(transport, WITNESSES):
        while not over.wait(SECONDS_BETWEEN_ROUNDS):
            close_old_connections()
            rounds.go()
    return 0


def jobs(transport: Transport) -> Iterator[Job]:
    """Yield what is done with the warden's help."""
    key = OutboxKey()
    reminders = Reminders(
        transport,
        key.opener_for,
        timezone.now,
        send=Marked(transport, post.send_by_mail),
        key_answers=key.answers,
    )
    yield Job("send reminders", SENDING, reminders.go)
    notices = Notices(
        transport,
        key.opener_for,
        timezone.now,
        sms=SMS,
        bounces=BOUNCES,
        key_answers=key.answers,
    )
    yield Job("send notices", SENDING, notices.go)
    yield Job("look for silence", LISTENING, Silence(transport, ALARMS_TO).go)
    yield Job("make exercises", EXERCISING, Exercises(transport).go)
    page = DailyPage(transport, DAILY_PAGES, DAILY_PAGE_TO, timezone.localtime)
    yield Job("make the page of the day", SEEN_TO, page.go)
    if TSA:
        authority = urlsplit(TSA).hostname or TSA
        stamps = Stamps(transport, TSA, authority, timezone.now)
        yield Job("time-stamp the ledger", SEEN_TO, stamps.go)


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
