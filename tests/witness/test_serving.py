"""The witness behind a real socket, and its alarms over a real mail server and a real webhook."""

import http.client
import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.ledger.logs import KEY, make_log
from tests.witness.growing import NAME, Clock, Growing
from vaitiolo.witness import alarms, folder
from vaitiolo.witness.alarms import ByMail, ByWebhook, Limits
from vaitiolo.witness.answering import Witness
from vaitiolo.witness.command import check
from vaitiolo.witness.folder import Setting, WrongFolder
from vaitiolo.witness.serving import LONGEST, Door, serving

pytestmark = pytest.mark.enable_socket

LIMITS = Limits(silence=600, alert=3600)
ASKED = ("POST", "/add-checkpoint")


@pytest.fixture
def door(witness: Witness) -> Iterator[Door]:
    with serving(("127.0.0.1", 0), witness) as door:
        yield door


def asked(door: Door, body: bytes, *, to: tuple[str, str] = ASKED) -> tuple[int, str, str]:
    host, port = door.server_address[:2]
    connection = http.client.HTTPConnection(str(host), port, timeout=20)
    try:
        connection.request(*to, body=body)
        answer = connection.getresponse()
        return answer.status, answer.headers["Content-Type"], answer.read().decode()
    finally:
        connection.close()


def test_over_http_it_answers_as_the_specification_says(door: Door, growing: Growing) -> None:
    status, _kind, line = asked(door, growing.body(0, 20).encode())
    assert (status, line[:2]) == (200, "— ")
    conflict = asked(door, growing.body(0, 40).encode())
    assert conflict == (409, "text/x.tlog.size", "20\n")


@pytest.mark.parametrize(
    ("to", "body", "status"),
    [
        (("GET", "/add-checkpoint"), b"", HTTPStatus.NOT_IMPLEMENTED),
        (("POST", "/elsewhere"), b"", HTTPStatus.NOT_FOUND),
        (ASKED, b"\xff", HTTPStatus.BAD_REQUEST),
        (ASKED, b"x" * (LONGEST + 1), HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
        (("POST", "/alert"), b"nothing", HTTPStatus.BAD_REQUEST),
    ],
)
def test_anything_else_is_refused(
    door: Door, to: tuple[str, str], body: bytes, status: HTTPStatus
) -> None:
    assert asked(door, body, to=to)[0] == status


def test_one_connection_asks_many_times(door: Door, growing: Growing) -> None:
    host, port = door.server_address[:2]
    connection = http.client.HTTPConnection(str(host), port, timeout=20)
    for old, size in ((0, 5), (5, 9)):
        connection.request(*ASKED, body=growing.body(old, size).encode())
        answer = connection.getresponse()
        assert (answer.status, answer.read()[:3]) == (200, "—".encode())
    connection.close()


@dataclass
class Sink:
    got: list[Message] = field(default_factory=list)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        self.got.append(message_from_bytes(envelope.content or b""))
        return "250 OK"


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@pytest.fixture
def sink() -> Iterator[tuple[Sink, ByMail]]:
    sink, port = Sink(), free_port()
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    yield sink, ByMail("127.0.0.1", port, "witness@example.org", ("operator@example.org",))
    controller.stop()


@pytest.fixture
def hook() -> Iterator[tuple[list[dict[str, str]], ByWebhook]]:
    heard: list[dict[str, str]] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Hook) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield heard, ByWebhook(f"http://127.0.0.1:{server.server_address[1]}/alarms")
        server.shutdown()
        thread.join()


def kinds(witness: Witness) -> list[str]:
    return [trouble.kind for trouble in alarms.look(witness, LIMITS)]


def test_silence_is_told_by_mail_and_webhook_once_and_ends(
    witness: Witness,
    clock: Clock,
    growing: Growing,
    sink: tuple[Sink, ByMail],
    hook: tuple[list[dict[str, str]], ByWebhook],
) -> None:
    witness.add_checkpoint(growing.body(0, 20))
    clock.now += LIMITS.silence
    assert kinds(witness) == []
    clock.now += 1
    ways = (sink[1], hook[1])
    for _look in range(2):
        alarms.tell(witness, alarms.look(witness, LIMITS), ways=ways)
    [mail], [said] = sink[0].got, hook[0]
    assert mail["Subject"] == f"[vaitiolo witness] {KEY.origin}: silence"
    assert (said["log"], said["kind"]) == (KEY.origin, "silence")
    clock.now += alarms.AGAIN
    alarms.tell(witness, alarms.look(witness, LIMITS), ways=ways)
    assert len(sink[0].got) == 2, "what lasts is told again"
    witness.add_checkpoint(growing.body(20, 21))
    assert kinds(witness) == []


def test_a_log_that_never_spoke_is_silent_too(witness: Witness, clock: Clock) -> None:
    assert kinds(witness) == []
    clock.now += LIMITS.silence + 1
    assert kinds(witness) == ["silence"]


def test_what_could_not_be_told_is_told_when_the_way_is_open_again(
    witness: Witness, clock: Clock, sink: tuple[Sink, ByMail]
) -> None:
    kinds(witness)
    clock.now += LIMITS.silence + 1
    nowhere = ByMail("127.0.0.1", free_port(), "a@example.org", ("b@example.org",))
    broken = ByWebhook(f"http://127.0.0.1:{free_port()}/")
    alarms.tell(witness, alarms.look(witness, LIMITS), ways=(nowhere, broken))
    alarms.tell(witness, alarms.look(witness, LIMITS), ways=(nowhere, sink[1]))
    assert len(sink[0].got) == 1


def test_a_rollback_is_told_unless_growth_follows_at_once(
    witness: Witness, clock: Clock, growing: Growing
) -> None:
    witness.add_checkpoint(growing.body(0, 40))
    assert witness.add_checkpoint(growing.body(40, 20)).status == HTTPStatus.BAD_REQUEST
    assert kinds(witness) == [], "a request out of order looks alike"
    witness.add_checkpoint(growing.body(40, 41))
    clock.now += alarms.GRACE
    assert kinds(witness) == []
    witness.add_checkpoint(growing.body(41, 20))
    clock.now += alarms.GRACE
    assert kinds(witness) == ["rollback"]


def test_two_roots_of_one_size_are_told_at_once_and_stay(
    witness: Witness, clock: Clock, growing: Growing
) -> None:
    witness.add_checkpoint(growing.body(0, 40))
    witness.add_checkpoint(Growing(make_log(80, seed=5)).body(40, 40))
    assert kinds(witness) == ["fork"]
    witness.add_checkpoint(growing.body(40, 41))
    clock.now += 1
    assert kinds(witness) == ["fork"], "two signatures are proof, whatever follows"


def test_a_failed_proof_is_told(witness: Witness, clock: Clock, growing: Growing) -> None:
    witness.add_checkpoint(growing.body(0, 40))
    witness.add_checkpoint(Growing(make_log(80, seed=5)).body(40, 60))
    clock.now += alarms.GRACE
    assert kinds(witness) == ["unproven"]


def test_the_check_s_exit_status_says_whether_all_is_well(
    witness: Witness, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    setting = Setting(witness, ("127.0.0.1", 0), LIMITS, (), None)
    assert check(setting) == 0
    clock.now += LIMITS.silence + 1
    assert check(setting) == 1
    assert "silence" in capsys.readouterr().out


def test_a_folder_is_made_once_and_its_settings_are_held_to(tmp_path: Path, clock: Clock) -> None:
    place = tmp_path / "witness"
    key = folder.make(place, NAME)
    assert (place / folder.KEY_FILE).stat().st_mode & 0o777 == 0o600
    with pytest.raises(WrongFolder):
        folder.make(place, NAME)
    made = folder.read(place, clock)
    assert made.witness.cosigner.key.verifier == key
    assert (made.address, made.limits) == (("127.0.0.1", 8470), Limits(600, 14400))
    settings = place / folder.SETTINGS_FILE
    good = settings.read_text()
    for wrong in (
        good.replace("600", "0"),
        good.replace("127.0.0.1:8470", "8470"),
        good + '\n[[log]]\nkey = "elsewhere"\n',
        good + "\n[mail]\nhost = 'x'\n",
        good.replace('name = "', 'name = "a b'),
        "name =",
    ):
        settings.write_text(wrong)
        with pytest.raises(WrongFolder):
            folder.read(place, clock)
    settings.write_text(f'{good}\n[[log]]\nkey = "{KEY.verifier}"\n')
    assert folder.read(place, clock).witness.logs == {KEY.origin: KEY}
