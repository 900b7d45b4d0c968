"""What the worker does, and how often."""

import logging
import socket
from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone

from vaitiolo.config.worker.rounds import Job
from vaitiolo.ops.reconciliation import reconcile
from vaitiolo.warden.transport import OverSocket

# When nobody waits for anything: it may take minutes in a large clinic.
RECONCILING_HOUR = 3

log = logging.getLogger(__name__)


def tend_the_database() -> None:
    """Fold SQLite's journal into its file and let it look at its indexes again.

    Rows that were erased leave the journal too. PostgreSQL tends itself.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.execute("PRAGMA optimize")


class WardenWatch:
    """Says in the log when the warden falls silent, and when it answers again."""

    def __init__(self) -> None:
        self.answered = True

    def look(self) -> None:
        answers = self.knock()
        if answers != self.answered:
            level = logging.INFO if answers else logging.ERROR
            log.log(level, "the warden %s", "answers again" if answers else "is silent")
        self.answered = answers

    def knock(self) -> bool:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as door:
            return door.connect_ex(str(settings.WARDEN_SOCKET)) == 0


class Nightly:
    """Does something once a night, at the first look within its hour; a failure is tried again."""

    def __init__(self, hour: int, deed: Callable[[], None], now: Callable[[], datetime]) -> None:
        self.hour = hour
        self.deed = deed
        self.now = now
        self.done_on: date | None = None

    def look(self) -> None:
        now = self.now()
        if now.hour == self.hour and now.date() != self.done_on:
            self.deed()
            self.done_on = now.date()


def compare_entries_and_rows() -> None:
    """Set what was signed beside the rows that there are; a row without an entry is an alarm."""
    found = reconcile(OverSocket(settings.WARDEN_SOCKET))
    if not found.is_sound:
        log.critical(
            "%d rows or deeds disagree with the ledger; `vaitiolo ledger reconcile` names them.",
            found.alarms,
        )
    log.info("compared %d entries and %d rows", found.entries, found.rows)


JOBS = (
    Job("look for the warden", timedelta(seconds=10), WardenWatch().look),
    Job("tend the database", timedelta(hours=6), tend_the_database),
    Job(
        "compare entries and rows",
        timedelta(minutes=10),
        Nightly(RECONCILING_HOUR, compare_entries_and_rows, timezone.localtime).look,
    ),
)
