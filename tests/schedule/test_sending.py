"""Reminders on bad days: killed workers, silent servers, two at once."""

import smtplib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from tests.schedule.conftest import Practice
from vaitiolo.kit.dates import day_of
from vaitiolo.kit.ids import PatientId
from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.models import Entry
from vaitiolo.schedule import reminders
from vaitiolo.schedule.actions.telling import not_sent, put_notice
from vaitiolo.schedule.models import Appointment, OutboxRow
from vaitiolo.schedule.reminders import Reminder
from vaitiolo.schedule.sending import LEASE, NotSent, Opener, Round, send_due
from vaitiolo.schedule.states import Sending, State
from vaitiolo.warden.kinds import Caller
from vaitiolo.warden.server.agent import Agent
from vaitiolo.warden.server.outbox import Outbox
from vaitiolo.warden.transport import Transport, WardenAway

THURSDAY = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
LANGUAGES = ("fi", "sv", "en")
# What an envelope must not say.
TELLING = ("terap", "therap", "psyk", "psych", "clinic", "klinik", "Halla", "Kallio", "Mäkinen")


class Killed(BaseException):
    """The worker is gone between two steps."""


@dataclass
class Postman:
    """Takes letters, or fails as told."""

    letters: list[tuple[UUID, Reminder]] = field(default_factory=list)
    failing: BaseException | None = None
    fails_after: bool = False

    def __call__(self, row: UUID, reminder: Reminder) -> None:
        if self.failing is not None and not self.fails_after:
            raise self.failing
        self.letters.append((row, reminder))
        if self.failing is not None:
            raise self.failing


@dataclass
class Worker:
    transport: Transport
    opener: Opener
    due: datetime
    postman: Postman = field(default_factory=Postman)

    def go(self, later: timedelta = timedelta(0)) -> Round:
        return send_due(self.transport, self.opener, self.postman, at=self.due + later)


@pytest.fixture
def made(practice: Practice, aada: PatientId, next_week: date) -> UUID:
    return practice.booked(aada, next_week, is_reminded="on")


@pytest.fixture
def worker(practice: Practice, made: UUID) -> Worker:
    clinic = practice.clinic
    opener = Outbox(clinic.home, org=clinic.install.org, demo=True).open
    agent = Agent(clinic.install, caller=Caller.WORKER)
    return Worker(agent, opener, OutboxRow.objects.get().due_at)


def test_a_notice_belongs_to_no_appointment_and_is_never_too_late(
    practice: Practice, worker: Worker
) -> None:
    OutboxRow.objects.all().delete()
    row, notice = uuid4(), Reminder("aada@example.org", "Notice", "Ask your practice.")
    put_notice(practice.actor("helmi"), row, notice, at=worker.due)
    assert worker.go(timedelta(days=9)) == Round(sent=1)
    assert worker.postman.letters == [(row, notice)]


def test_a_notice_that_cannot_be_sent_is_seen_for_a_while_and_then_forgotten(
    practice: Practice, worker: Worker
) -> None:
    OutboxRow.objects.all().delete()
    row, notice = uuid4(), Reminder("aada@example.org", "Notice", "Ask your practice.")
    put_notice(practice.actor("helmi"), row, notice, at=worker.due)
    worker.postman.failing = NotSent()
    for hours in range(0, 40, 4):
        worker.go(timedelta(hours=hours))
    assert not_sent([row]) == {row}
    worker.go(timedelta(days=70))
    assert not OutboxRow.objects.exists()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reminder_says_a_day_and_a_time_and_nothing_else(language: str) -> None:
    said = reminders.compose(THURSDAY, to="aada@example.org", language=language)
    assert "14.00" in said.text
    for word in TELLING:
        assert word.lower() not in (said.subject + said.text).lower()
    assert reminders.read(reminders.write(said)) == said


@pytest.mark.parametrize("body", [b"", b"[]", b'{"version":2}', b'{"version":1}'])
def test_a_reminder_of_another_form_is_refused(body: bytes) -> None:
    with pytest.raises(reminders.ReminderUnknown):
        reminders.read(body)


def test_for_today_it_is_too_late_to_remind(practice: Practice, aada: PatientId) -> None:
    today = day_of(datetime.now(UTC))
    practice.booked(aada, today, "23:10", is_reminded="on")
    assert not OutboxRow.objects.exists()


class Away:
    """A warden that is not there."""

    def ask(self, _frame: bytes) -> bytes:
        raise WardenAway


def test_a_row_is_recorded_before_it_is_opened(worker: Worker) -> None:
    def acts() -> list[int]:
        last = Entry.objects.order_by("-index").values_list("act", flat=True)
        return list(last[:1])

    def open_it(row: UUID, sealed: bytes) -> bytes | bytearray:
        assert acts() == [Act.OUTBOX_TAKEN]
        return worker.opener(row, sealed)

    became = send_due(worker.transport, open_it, worker.postman, at=worker.due)
    assert became == Round(sent=1)
    assert acts() == [Act.OUTBOX_SENT]


def test_who_is_killed_before_sending_loses_nothing(worker: Worker) -> None:
    worker.postman.failing = Killed()
    with pytest.raises(Killed):
        worker.go()
    worker.postman.failing = None
    assert worker.go(timedelta(minutes=1)) == Round(), "its taker may still be at it"
    assert worker.go(LEASE) == Round(sent=1)
    assert len(worker.postman.letters) == 1
    assert not OutboxRow.objects.exists()


def test_when_nobody_knows_whether_it_went_it_is_sent_once_more_at_most(worker: Worker) -> None:
    worker.postman.failing = smtplib.SMTPServerDisconnected()
    worker.postman.fails_after = True
    later = timedelta(0)
    for _turn in range(4):
        worker.go(later)
        later += timedelta(hours=3)
    assert len(worker.postman.letters) == 2
    assert OutboxRow.objects.get().state == Sending.GIVEN_UP


def test_two_workers_do_not_send_the_same(worker: Worker) -> None:
    def open_late(row: UUID, sealed: bytes) -> bytes | bytearray:
        assert worker.go() == Round(), "it is in the hands of the first"
        return worker.opener(row, sealed)

    became = send_due(worker.transport, open_late, worker.postman, at=worker.due)
    assert became == Round(sent=1)
    assert len(worker.postman.letters) == 1


def test_a_missed_session_is_not_reminded_of(worker: Worker, made: UUID) -> None:
    Appointment.objects.filter(id=made).update(state=State.MISSED)
    assert worker.go() == Round(too_late=1)


# --- the mail itself ---------------------------------------------------------------


# --- the worker's round ------------------------------------------------------------
