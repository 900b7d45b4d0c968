"""What the worker does, and how often."""

import logging
import socket
from datetime import timedelta

from django.conf import settings
from django.db import connection

from vaitiolo.config.worker.rounds import Job

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


JOBS = (
    Job("look for the warden", timedelta(seconds=10), WardenWatch().look),
    Job("tend the database", timedelta(hours=6), tend_the_database),
)
