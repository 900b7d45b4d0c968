"""The worker's rounds, with a clock that the test moves, and its jobs on real things."""

import logging
import socket
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection

from vaitiolo.config.worker.jobs import Nightly, WardenWatch, tend_the_database
from vaitiolo.config.worker.rounds import Job, Rounds


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_job_is_done_at_once_and_then_whenever_it_is_due() -> None:
    clock, done = Clock(), []
    rounds = Rounds([Job("count", timedelta(seconds=10), lambda: done.append(clock.now))], clock)
    for seconds in (0, 5, 5, 9, 1):
        clock.now += seconds
        rounds.go()
    assert done == [1000, 1010, 1020]


def test_a_job_that_fails_keeps_no_other_from_being_done(caplog: pytest.LogCaptureFixture) -> None:
    done: list[int] = []
    jobs = [
        Job("breaks", timedelta(seconds=1), lambda: done.append(1 // 0)),
        Job("works", timedelta(seconds=1), lambda: done.append(1)),
    ]
    Rounds(jobs, Clock()).go()
    assert done == [1]
    assert "job failed: breaks" in caplog.text


def test_a_silent_warden_is_told_once_and_so_is_its_return(
    tmp_path: Path, settings: LazySettings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    settings.WARDEN_SOCKET = tmp_path / "web.sock"
    watch = WardenWatch()
    watch.look()
    watch.look()
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as warden:
        warden.bind(str(settings.WARDEN_SOCKET))
        warden.listen()
        watch.look()
        watch.look()
    assert [record.getMessage() for record in caplog.records] == [
        "the warden is silent",
        "the warden answers again",
    ]


@pytest.mark.django_db(transaction=True)
def test_tending_leaves_nothing_in_the_journal() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE tended (word text)")
        cursor.execute("INSERT INTO tended VALUES ('reed warbler')")
        tend_the_database()
        cursor.execute("DROP TABLE tended")
        if connection.vendor == "sqlite":
            tend_the_database()
            journal = Path(str(connection.settings_dict["NAME"]) + "-wal")
            assert not journal.exists() or journal.stat().st_size == 0


def test_what_is_done_at_night_is_done_once_and_again_when_it_failed() -> None:
    done: list[datetime] = []
    moment = datetime(2026, 11, 24, 1, 55)  # noqa: DTZ001 - any clock will do

    def deed() -> None:
        done.append(moment)
        if len(done) == 1:
            raise OSError

    nightly = Nightly(3, deed, lambda: moment)
    rounds = Rounds([Job("compare", timedelta(0), nightly.look)], Clock())
    for _ in range(24 * 6 * 2):
        rounds.go()
        moment += timedelta(minutes=10)
    assert [(each.day, each.hour, each.minute) for each in done] == [
        (24, 3, 5),
        (24, 3, 15),
        (25, 3, 5),
    ]
