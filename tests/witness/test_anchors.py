"""Time-stamps from a real authority (openssl ts), the page of the day, and the mark in letters."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from pathlib import Path
from threading import Thread
from uuid import UUID, uuid4

import pytest
from django.conf import LazySettings
from django.core import mail
from pypdf import PdfReader

from tests.cast import Clinic
from vaitiolo.config.warden import anchors as anchoring
from vaitiolo.config.warden.anchors import CannotVerify
from vaitiolo.config.worker.daily_page import DailyPage
from vaitiolo.config.worker.marking import Marked
from vaitiolo.config.worker.stamping import NotStamped, Stamps, ask, query, token_of
from vaitiolo.keys.octets import sha256
from vaitiolo.ledger import cosigning, queries
from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.verify import specials, stamps
from vaitiolo.ledger.verify.chains import FaultKind, Findings
from vaitiolo.schedule.reminders import Reminder
from vaitiolo.warden.client import witnessing
from vaitiolo.warden.client.refusals import TokenBroken
from vaitiolo.warden.kinds import Caller
from vaitiolo.warden.server import witnesses
from vaitiolo.warden.server.agent import Agent
from vaitiolo.warden.transport import WardenAway
from vaitiolo.watch import access

pytestmark = pytest.mark.enable_socket

# Without `certs`: a set of certificates written by `openssl ts` is not sorted as DER demands.
CONFIG = """\
[tsa]
default_tsa = own
[own]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa-key.pem
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
[extensions]
extendedKeyUsage = critical,timeStamping
"""


@dataclass
class Authority:
    """An RFC 3161 authority of our own."""

    folder: Path
    url: str

    def verify(self, token: bytes, note: str) -> bool:
        """Have somebody else's program verify a token over a checkpoint."""
        (self.folder / "token").write_bytes(token)
        (self.folder / "note").write_text(note)
        words = ["-data", "note", "-in", "token", "-token_in", "-CAfile", "tsa.pem"]
        done = subprocess.run(
            ["openssl", "ts", "-verify", *words, "-untrusted", "tsa.pem"],
            cwd=self.folder,
            capture_output=True,
            check=False,
        )
        return done.returncode == 0

    def stranger(self) -> Path:
        """Return the certificate of another authority."""
        words = "req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=other.test"
        made = f"{words} -keyout other-key.pem -out other.pem"
        subprocess.run(["openssl", *made.split()], cwd=self.folder, check=True, capture_output=True)
        return self.folder / "other.pem"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    folder = tmp_path_factory.mktemp("tsa")
    (folder / "tsa.cnf").write_text(CONFIG.format(folder=folder))
    words = "req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=tsa.test"
    made = (
        f"{words} -keyout tsa-key.pem -out tsa.pem -addext extendedKeyUsage=critical,timeStamping"
    )
    subprocess.run(["openssl", *made.split()], cwd=folder, check=True, capture_output=True)

    class Desk(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            (folder / "query").write_bytes(body)
            words = ["ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query", "-out", "reply"]
            subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)
            self.send_response(200)
            self.end_headers()
            self.wfile.write((folder / "reply").read_bytes())

        def log_message(self, *_args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Desk) as server:
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield Authority(folder, f"http://127.0.0.1:{server.server_address[1]}/")
        server.shutdown()
        thread.join()


@pytest.fixture
def worker(clinic: Clinic) -> Agent:
    clinic.install.recorder.checkpoint_now()
    return Agent(clinic.install, caller=Caller.WORKER)


def stamps_of(worker: Agent, clinic: Clinic, authority: Authority) -> Stamps:
    return Stamps(
        worker,
        authority.url,
        "tsa.test",
        lambda: datetime.fromtimestamp(clinic.clock() / 1_000_000, UTC),
    )


def anchors() -> list[dict[str, str | int]]:
    found = [entry for entry in queries.entries_from(0) if entry.leaf.act is Act.ANCHOR]
    return [specials.parse(Act.ANCHOR, entry.detail or b"") for entry in found]


def test_an_hourly_token_is_kept_as_it_came_and_another_s_program_verifies_it(
    clinic: Clinic, worker: Agent, authority: Authority
) -> None:
    later = timedelta(0)

    def now() -> datetime:
        return datetime.fromtimestamp(clinic.clock() / 1_000_000, UTC) + later

    hourly = Stamps(worker, authority.url, "tsa.test", now)
    hourly.go()
    hourly.go()
    [anchor] = anchors()
    token = cosigning.token_of(bytes.fromhex(str(anchor["token"])))
    note = cosigning.note_of(int(anchor["size"]))
    assert token
    assert note
    assert sha256(token).hex() == anchor["token"]
    assert authority.verify(token, note)
    assert not authority.verify(token, note.replace("\n", "\n\n", 1)), "of this text and no other"
    # The worker's hour alone: the authority and the warden go by the time of now.
    later = timedelta(hours=1)
    hourly.go()
    assert len(anchors()) == 2
    assert witnessing.ask_standing(worker).authority == "tsa.test"


def test_a_token_of_something_else_or_of_another_time_is_not_kept(
    clinic: Clinic, worker: Agent, authority: Authority
) -> None:
    wanted = witnessing.begin_stamp(worker)
    foreign = token_of(ask(authority.url, query(sha256(b"something else"), 5)), 5)
    right = token_of(ask(authority.url, query(wanted.imprint, 6)), 6)
    hidden = foreign + wanted.imprint
    # What was asked for is in this one, and yet what it states is of something else.
    assert wanted.imprint in hidden

    def bring(token: bytes, size: int = wanted.size) -> None:
        witnessing.bring_stamp(worker, size=size, authority="tsa.test", token=token)

    wrong = (
        foreign,
        hidden,
        wanted.imprint,
        b"",
        right[:-1],
        right + b"\0",
        right[: len(right) // 2],
    )
    for token in wrong:
        with pytest.raises(TokenBroken):
            bring(token)
    with pytest.raises(TokenBroken):
        bring(right, wanted.size + 1)
    for ahead in (witnesses.MOST_BEHIND + 60, -witnesses.MOST_AHEAD - 60):
        clinic.clock.ahead += ahead * 1_000_000
        with pytest.raises(TokenBroken):
            bring(right)
        clinic.clock.ahead -= ahead * 1_000_000
    assert anchors() == []
    bring(right)
    assert len(anchors()) == 1


def test_an_answer_to_another_question_is_not_taken(authority: Authority) -> None:
    response = ask(authority.url, query(sha256(b"a checkpoint"), 7))
    with pytest.raises(NotStamped, match="another question"):
        token_of(response, 8)
    stated = stamps.read(token_of(response, 7))
    assert (stated.imprint, stated.nonce) == (sha256(b"a checkpoint"), 7)
    assert ask(authority.url, query(sha256(b"x"), (1 << 63) - 1))


def test_every_time_stamp_is_verified_by_openssl_and_a_false_one_is_named(
    clinic: Clinic, worker: Agent, authority: Authority, tmp_path: Path
) -> None:
    """A token that states the right hash and is nobody's: to who reads alone it is as good."""
    stamps_of(worker, clinic, authority).go()
    wanted = witnessing.begin_stamp(worker)
    right = token_of(ask(authority.url, query(wanted.imprint, 9)), 9)
    forged = right[:-1] + bytes([right[-1] ^ 1])
    assert stamps.read(forged) == stamps.read(right)
    witnessing.bring_stamp(worker, size=wanted.size, authority="tsa.test", token=forged)
    found = Findings(size=queries.last_batch()[0])
    assert anchoring.verify(found, authority.folder / "tsa.pem") == 1
    [fault] = found.faults
    assert (fault.kind, fault.index) == (FaultKind.ANCHOR, found.size - 1)
    found = Findings(size=found.size)
    assert anchoring.verify(found, authority.stranger()) == 0, "nobody trusts this one"
    with pytest.raises(CannotVerify):
        anchoring.verify(found, tmp_path / "none.pem")


@pytest.mark.parametrize(
    "response",
    [b"", b"not DER", bytes.fromhex("3005300302010230"), bytes.fromhex("30053003020102")],
)
def test_a_response_without_a_grant_is_no_token(response: bytes) -> None:
    with pytest.raises(NotStamped):
        token_of(response, 1)


def test_an_authority_that_is_away_is_told_and_tried_again(
    worker: Agent, authority: Authority, caplog: pytest.LogCaptureFixture
) -> None:
    def away(_url: str, _asked: bytes) -> bytes:
        raise NotStamped("ConnectionRefusedError")

    now = datetime.now(UTC)
    Stamps(worker, authority.url, "tsa.test", lambda: now, away).go()
    assert "was not time-stamped" in caplog.text
    Stamps(worker, authority.url, "tsa.test", lambda: now).go()
    assert len(anchors()) == 1


def test_the_page_of_the_day_says_size_root_and_fingerprint_and_goes_out_once(
    clinic: Clinic, worker: Agent, settings: LazySettings, tmp_path: Path
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.EMAIL_HOST, settings.DEFAULT_FROM_EMAIL = "mail.example.org", "ledger@example.org"
    now = [datetime(2026, 11, 24, 6, tzinfo=UTC)]
    page = DailyPage(worker, tmp_path / "daily", ["dpo@example.org"], lambda: now[0])
    standing = access.ask_standing(worker)
    for _look in range(2):
        page.go()
    [letter] = mail.outbox
    assert letter.to == ["dpo@example.org"]
    content = (tmp_path / "daily" / "ledger-2026-11-24.pdf").read_bytes()
    text = PdfReader(BytesIO(content)).pages[0].extract_text()
    for said in (standing.origin, str(standing.size), standing.root[:32], standing.fingerprint):
        assert said in text
    now[0] += timedelta(days=1)
    page.go()
    assert len(mail.outbox) == 2


def test_without_a_mail_server_pages_are_kept_in_the_folder(
    worker: Agent, settings: LazySettings, tmp_path: Path
) -> None:
    settings.EMAIL_HOST = ""
    now = datetime(2026, 11, 24, 6, tzinfo=UTC)
    DailyPage(worker, tmp_path / "daily", ["dpo@example.org"], lambda: now).go()
    assert [file.name for file in (tmp_path / "daily").iterdir()] == ["ledger-2026-11-24.pdf"]


class Silent:
    def ask(self, _frame: bytes) -> bytes:
        raise WardenAway


def test_a_letter_carries_the_mark_and_is_never_kept_back_for_it(worker: Agent) -> None:
    sent: list[Reminder] = []

    def send(_row: UUID, reminder: Reminder) -> None:
        sent.append(reminder)

    letter = Reminder("aada@example.org", "Muistutus", "Aika torstaina kello 14.00.")
    Marked(worker, send)(uuid4(), letter)
    Marked(Silent(), send)(uuid4(), letter)
    made = access.ask_standing(worker).fingerprint
    assert len(made.replace("-", "")) == 20
    assert (
        sent[0].text == f"{letter.text}\n\nTarkistusmerkki / Kontrollmärke / Check mark: {made}\n"
    )
    assert sent[1] == letter


def test_a_mark_is_found_again_until_the_ledger_is_another(worker: Agent) -> None:
    standing = access.ask_standing(worker)
    typed = standing.fingerprint.lower().replace("-", " ")
    found = cosigning.state_marked(typed)
    assert found is not None
    assert (found.size, found.root.hex()) == (standing.size, standing.root)
    assert cosigning.state_marked("AAAAA-AAAAA-AAAAA-AAAAA") is None
