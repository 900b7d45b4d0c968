"""The warden's sockets, as the kernel shows them."""

import logging
import os
import socket
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from tests.cast import Clinic
from vaitiolo.warden import client, frames, protocol
from vaitiolo.warden.client import WardenSilent
from vaitiolo.warden.kinds import Caller
from vaitiolo.warden.server.doorway import Doorway
from vaitiolo.warden.session import Session
from vaitiolo.warden.transport import OverSocket

OURS = frozenset({os.getuid()})
NOBODYS = frozenset({os.getuid() + 1})


@pytest.fixture
def folder() -> Iterator[Path]:
    # A socket's path may have some hundred letters and no more.
    with tempfile.TemporaryDirectory(prefix="v-") as made:
        yield Path(made) / "run"


def welcome(**others: frozenset[int]) -> dict[Caller, frozenset[int]]:
    return {caller: others.get(caller.value, OURS) for caller in Caller}


def check(folder: Path, caller: str = "web") -> protocol.Health:
    transport = OverSocket(folder / f"{caller}.sock")
    try:
        return client.check(transport)
    finally:
        transport.close()


def test_questions_are_answered_one_after_another_on_one_connection(
    clinic: Clinic, folder: Path
) -> None:
    cookie = clinic.session("helmi").cookie
    with Doorway(clinic.install, folder, welcome=welcome()):
        transport = OverSocket(folder / "web.sock")
        for _ in range(3):
            assert client.recognise(Session(cookie, transport)).name == "Helmi Halla"
        assert len(transport._idle) == 1
        assert check(folder, "worker").version == protocol.VERSION
        with pytest.raises(client.NotAllowed):
            client.take_outbox(transport, uuid4())
        mode = (folder / "web.sock").stat().st_mode
        assert stat.S_ISSOCK(mode)
        assert stat.S_IMODE(mode) == 0o660
        transport.close()


def test_a_strangers_program_gets_no_answer(
    clinic: Clinic, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with Doorway(clinic.install, folder, welcome=welcome(web=NOBODYS)):
        transport = OverSocket(folder / "web.sock")
        with pytest.raises(WardenSilent):
            client.recognise(Session(clinic.session("helmi").cookie, transport))
    assert "a stranger knocked at web" in caplog.text


def test_a_socket_that_a_crash_left_behind_is_replaced(clinic: Clinic, folder: Path) -> None:
    folder.mkdir()
    (folder / "web.sock").touch()
    with Doorway(clinic.install, folder, welcome=welcome()):
        assert check(folder).is_demo
    with pytest.raises(WardenSilent):
        check(folder)


def knock(folder: Path, sent: bytes) -> bytes:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(30)
        connection.connect(str(folder / "web.sock"))
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        received = b""
        while more := connection.recv(65_536):
            received += more
        return received


def test_broken_frames_are_refused_and_huge_ones_hung_up_on(clinic: Clinic, folder: Path) -> None:
    with Doorway(clinic.install, folder, welcome=welcome()):
        answer = frames.decode(knock(folder, b"\x00\x00\x00\x04junk")[frames.LENGTH :])
        assert answer == protocol.Refused("question-broken")
        assert knock(folder, (frames.MAX_FRAME + 1).to_bytes(4)) == b""
        assert knock(folder, b"\x00\x00\x00\x09half") == b""
        assert knock(folder, b"\x00\x00") == b""
        assert check(folder).org == clinic.install.org


def test_a_fault_of_ours_is_logged_by_its_type_and_hangs_up(
    clinic: Clinic,
    folder: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    clinic.install.memory = None  # type: ignore[assignment]  # so that the next answer fails
    caplog.set_level(logging.ERROR)
    with Doorway(clinic.install, folder, welcome=welcome()):
        frame = frames.encode(protocol.SignOut(b"a secret cookie"))
        assert knock(folder, frame) == b""
    assert "could not be forgotten" in caplog.text
    assert "a fault while answering web" in caplog.text
    assert "Traceback" not in capfd.readouterr().err


def test_what_lapsed_is_forgotten_while_nobody_knocks(clinic: Clinic, folder: Path) -> None:
    clinic.session("helmi")
    clinic.clock.ahead += 16 * 60_000_000
    with Doorway(clinic.install, folder, welcome=welcome()) as doorway:
        doorway.doors[0].service_actions()
    assert not clinic.install.memory._seats
