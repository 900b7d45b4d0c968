"""Reminders: sealed for the worker alone, sent by SMTP to a real sink, at most once too often."""

import logging
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from uuid import UUID

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import LazySettings

from tests.schedule.conftest import EERO, Practice
from vaitiolo.config.worker.reminders import (
    KEY_AWAY,
    LEDGER_AWAY,
    NO_SERVER,
    WARDEN_AWAY,
    Reminders,
)
from vaitiolo.keys.refused import Refused
from vaitiolo.kit.ids import PatientId
from vaitiolo.ledger import queries as ledger
from vaitiolo.ledger.acts import Act
from vaitiolo.schedule import post, reminders
from vaitiolo.schedule.access import Whose
from vaitiolo.schedule.models import Appointment, OutboxRow
from vaitiolo.schedule.reminders import Reminder
from vaitiolo.schedule.sending import MOST_TRIES, Opener
from vaitiolo.schedule.states import Sending
from vaitiolo.warden.kinds import Caller
from vaitiolo.warden.server.agent import Agent
from vaitiolo.warden.server.outbox import Outbox
from vaitiolo.warden.transport import Transport, WardenAway

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


@dataclass
class Sink:
    """A mail server that keeps what it was given, or answers as a test tells it."""

    answer: str = "250 OK"
    got: list[Message] = field(default_factory=list)
    to: list[str] = field(default_factory=list)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        assert isinstance(envelope.content, bytes)
        self.got.append(message_from_bytes(envelope.content))
        self.to += envelope.rcpt_tos
        return self.answer


@dataclass
class Silent:
    """A warden that is away."""

    def ask(self, frame: bytes) -> bytes:  # noqa: ARG002 - nothing is heard
        raise WardenAway


@dataclass
class Worker:
    """The worker's part, with a clock that a test sets."""

    practice: Practice
    now: datetime = datetime(2026, 1, 1, tzinfo=UTC)

    def reminders(self, transport: Transport | None = None) -> Reminders:
        install = self.practice.clinic.install
        agent = transport or Agent(install, caller=Caller.WORKER)
        return Reminders(agent, self.opener_for, lambda: self.now)

    def opener_for(self, whose: Whose) -> Opener:
        return Outbox(self.practice.clinic.home, org=whose.org, demo=whose.is_demo).open

    def go(self, at: datetime) -> None:
        self.now = at
        self.reminders().go()


@pytest.fixture
def sink(settings: LazySettings) -> Iterator[Sink]:
    sink, port = Sink(), free_port()
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 5
    settings.DEFAULT_FROM_EMAIL = "Ajanvaraus <ajat@example.org>"
    yield sink
    controller.stop()


@pytest.fixture
def worker(practice: Practice) -> Worker:
    return Worker(practice)


@pytest.fixture
def row(practice: Practice, aada: PatientId, next_week: date) -> OutboxRow:
    made = practice.booked(aada, next_week, is_reminded="on")
    return OutboxRow.objects.get(appointment_id=made)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def acts() -> list[int]:
    about = {Act.OUTBOX_PUT, Act.OUTBOX_TAKEN, Act.OUTBOX_SENT}
    return [one.leaf.act for one in ledger.entries_from(0) if one.leaf.act in about]


# --- what it says, and who can read it -------------------------------------------------


def test_a_waiting_reminder_says_nothing_to_a_reader_of_the_table(
    practice: Practice, row: OutboxRow
) -> None:
    sealed = bytes(row.sealed_row)
    for word in (b"example.org", b"Aada", b"14.00", b"Reminder", b"Muistutus"):
        assert word not in sealed
    clinic = practice.clinic
    opened = Outbox(clinic.home, org=clinic.install.org, demo=True).open(row.id, sealed)
    assert reminders.read(opened).to == "aada@example.org"
    with pytest.raises(Refused):
        clinic.install.kms.open("outbox-1", b"", sealed)


def test_without_consent_or_address_there_is_no_reminder(
    practice: Practice, aada: PatientId, next_week: date
) -> None:
    practice.booked(aada, next_week)
    assert not OutboxRow.objects.exists()
    assert acts() == []


# --- sending -----------------------------------------------------------------------------


def test_what_is_due_is_sent_once_and_forgotten(
    practice: Practice, row: OutboxRow, worker: Worker, sink: Sink, next_week: date
) -> None:
    row_id = row.id
    worker.go(row.due_at - timedelta(minutes=1))
    assert (sink.got, acts()) == ([], [Act.OUTBOX_PUT])
    worker.go(row.due_at)
    worker.go(row.due_at + timedelta(hours=1))
    [message] = sink.got
    assert sink.to == ["aada@example.org"]
    text = message.get_payload(decode=True)
    assert isinstance(text, bytes)
    assert "14.00" in text.decode()
    heads = " ".join(f"{name}: {value}" for name, value in message.items())
    for word in ("Mäkinen", "Aada", "Halla", "Esimerkki", "Kallio"):
        assert word not in text.decode() + str(make_header(decode_header(heads)))
    assert message["Message-ID"] == f"<{row_id}@example.org>"
    assert not OutboxRow.objects.exists()
    assert acts() == [Act.OUTBOX_PUT, Act.OUTBOX_TAKEN, Act.OUTBOX_SENT]


def test_without_its_key_service_a_reminder_waits_however_long_and_is_then_sent(
    row: OutboxRow, worker: Worker, sink: Sink, caplog: pytest.LogCaptureFixture
) -> None:
    """Without asking first, each round would count as a failed try, and the last one ends it."""
    caplog.set_level(logging.INFO)
    job = worker.reminders()
    is_there = [False]
    job.key_answers = lambda: is_there[0]
    for hour in range(MOST_TRIES + 1):
        worker.now = row.due_at + timedelta(minutes=hour)
        job.go()
    assert [r.getMessage() for r in caplog.records].count(KEY_AWAY) == 1
    assert (sink.got, acts()) == ([], [Act.OUTBOX_PUT])
    is_there[0] = True
    job.go()
    assert sink.to == ["aada@example.org"]


def test_without_a_mail_server_reminders_wait_and_the_log_says_so_once(
    row: OutboxRow, worker: Worker, settings: LazySettings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    settings.EMAIL_HOST = ""
    job = worker.reminders()
    worker.now = row.due_at
    job.go()
    job.go()
    told = [record.getMessage() for record in caplog.records if "reminders" in record.getMessage()]
    assert told == [f"{NO_SERVER} (1)"]
    kept = OutboxRow.objects.get()
    assert (kept.state, kept.attempts, kept.due_at) == (Sending.WAITING, 0, row.due_at)
    assert acts() == [Act.OUTBOX_PUT]


def test_a_server_out_of_reach_costs_no_repeat(
    row: OutboxRow, worker: Worker, sink: Sink, settings: LazySettings
) -> None:
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, free_port()
    worker.go(row.due_at)
    kept = OutboxRow.objects.get()
    assert (kept.state, kept.attempts) == (Sending.WAITING, 1)
    settings.EMAIL_PORT = port
    worker.go(row.due_at)
    assert not sink.got
    worker.go(kept.due_at)
    assert len(sink.got) == 1


def test_what_is_refused_again_and_again_is_given_up_and_reception_sees_it(
    practice: Practice, row: OutboxRow, worker: Worker, sink: Sink
) -> None:
    sink.answer = "550 no such mailbox"
    at = row.due_at
    for _turn in range(MOST_TRIES):
        worker.go(at)
        at = OutboxRow.objects.get().due_at
    kept = OutboxRow.objects.get()
    assert (kept.state, bytes(kept.sealed_row)) == (Sending.GIVEN_UP, b"")
    assert len(sink.got) == MOST_TRIES
    worker.go(at + timedelta(hours=1))
    assert len(sink.got) == MOST_TRIES
    page = practice.page("aino", f"/diary/appointment/{row.appointment_id}/")
    assert "The reminder could not be sent" in page
    worker.go(Appointment.objects.get().starts_at)
    assert not OutboxRow.objects.exists()


def test_a_worker_that_dies_after_sending_repeats_once_and_no_more(
    row: OutboxRow, worker: Worker, sink: Sink
) -> None:
    def send_and_die(known_as: UUID, reminder: Reminder) -> None:
        post.send_by_mail(known_as, reminder)
        raise KeyboardInterrupt

    at = row.due_at
    for _turn in range(2):
        worker.now = at
        job = worker.reminders()
        job.send = send_and_die
        with pytest.raises(KeyboardInterrupt):
            job.go()
        at = OutboxRow.objects.get().due_at
    worker.go(at)
    worker.go(at + timedelta(hours=1))
    assert len(sink.got) == 2
    assert len({message["Message-ID"] for message in sink.got}) == 1
    assert OutboxRow.objects.get().state == Sending.GIVEN_UP


def test_a_silent_warden_means_that_nothing_is_opened(
    row: OutboxRow, worker: Worker, sink: Sink, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    worker.now = row.due_at
    worker.reminders(Silent()).go()
    assert WARDEN_AWAY in caplog.text
    kept = OutboxRow.objects.get()
    assert (kept.state, kept.attempts, kept.due_at) == (Sending.WAITING, 0, row.due_at)
    assert not sink.got
    worker.reminders().go()
    assert len(sink.got) == 1


def test_a_ledger_that_cannot_be_written_means_that_nothing_is_opened(
    practice: Practice,
    row: OutboxRow,
    worker: Worker,
    sink: Sink,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    worker.now = row.due_at
    job = worker.reminders()
    practice.clinic.install.recorder.stop()
    job.go()
    assert not sink.got
    assert WARDEN_AWAY in caplog.text or LEDGER_AWAY in caplog.text
    kept = OutboxRow.objects.get()
    assert (kept.state, kept.attempts) == (Sending.WAITING, 0)


def test_a_row_in_anothers_place_is_not_sent(
    practice: Practice, row: OutboxRow, worker: Worker, sink: Sink, next_week: date
) -> None:
    eero = practice.admit(EERO, therapist="otso")
    typed = {"therapist": practice.id("otso").hex, "is_reminded": "on"}
    made = practice.booked(eero, next_week, "16:00", **typed)
    OutboxRow.objects.filter(appointment_id=made).update(sealed_row=row.sealed_row)
    worker.go(row.due_at)
    assert sink.to == ["aada@example.org"]
    assert OutboxRow.objects.get(appointment_id=made).state == Sending.WAITING


def test_what_began_meanwhile_is_not_reminded_of(
    row: OutboxRow, worker: Worker, sink: Sink
) -> None:
    worker.go(Appointment.objects.get().starts_at)
    assert not sink.got
    assert not OutboxRow.objects.exists()
    assert acts() == [Act.OUTBOX_PUT, Act.OUTBOX_SENT]
