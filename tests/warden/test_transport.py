"""Frames over a socket whose other side misbehaves."""

import socket
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from vaitiolo.warden import client, frames, protocol
from vaitiolo.warden.client import QuestionBroken, TooLarge, WardenSilent
from vaitiolo.warden.transport import KEPT, OverSocket, WardenAway, receive

Side = Callable[[socket.socket], None]
FRAME = frames.encode(protocol.Check())
DONE = frames.encode(protocol.Done())


@contextmanager
def warden(*sides: Side) -> Iterator[OverSocket]:
    """A listening socket that treats its visitors one after another as told."""
    with tempfile.TemporaryDirectory(prefix="v-") as folder, listening(folder) as door:

        def serve() -> None:
            for side in sides:
                visit, _ = door.accept()
                with visit:
                    side(visit)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        transport = OverSocket(Path(folder) / "s")
        yield transport
        thread.join(timeout=30)
        transport.close()


@contextmanager
def listening(folder: str) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as door:
        door.bind(f"{folder}/s")
        door.listen()
        yield door


def answers_once(visit: socket.socket) -> None:
    receive(visit)
    visit.sendall(DONE)


def hangs_up(visit: socket.socket) -> None:
    receive(visit)


def breaks_off(visit: socket.socket) -> None:
    receive(visit)
    visit.sendall(DONE[:-1])


def breaks_off_in_the_length(visit: socket.socket) -> None:
    receive(visit)
    visit.sendall(b"\x00\x00")


def says_the_length_alone(visit: socket.socket) -> None:
    receive(visit)
    visit.sendall(DONE[:4])


def promises_too_much(visit: socket.socket) -> None:
    receive(visit)
    visit.sendall(b"\xff\xff\xff\xff")


@pytest.mark.parametrize(
    "side",
    [hangs_up, breaks_off, breaks_off_in_the_length, says_the_length_alone, promises_too_much],
)
def test_no_whole_answer_is_no_answer(side: Side) -> None:
    with warden(side) as transport, pytest.raises(WardenAway):
        transport.ask(FRAME)


def test_a_connection_that_died_meanwhile_is_replaced() -> None:
    with warden(answers_once, answers_once) as transport:
        for _ in range(2):
            assert frames.decode(transport.ask(FRAME)) == protocol.Done()


def test_no_more_than_a_few_connections_are_kept() -> None:
    with warden(*[answers_once] * (KEPT + 1)) as transport:
        for _ in range(KEPT + 1):
            transport._ask(transport._connect(), FRAME)
        assert len(transport._idle) == KEPT


def test_nobody_there_is_said_so() -> None:
    with pytest.raises(WardenSilent):
        client.check(OverSocket(Path("/nowhere/at/all")))


def test_a_socket_that_breaks_is_said_so() -> None:
    transport = OverSocket(Path("/nowhere/at/all"))
    ours, theirs = socket.socketpair()
    theirs.close()
    with pytest.raises(WardenAway):
        transport._ask(ours, FRAME)


class Says:
    """A transport with one answer to everything."""

    def __init__(self, answer: protocol.Message) -> None:
        self.answer = answer

    def ask(self, frame: bytes) -> bytes:
        assert frame
        return frames.encode(self.answer)[frames.LENGTH :]


def test_an_answer_that_does_not_fit_is_a_fault_of_ours() -> None:
    for answer in (protocol.Done(), protocol.Refused("question-broken")):
        with pytest.raises(QuestionBroken):
            client.check(Says(answer))


def test_every_reason_has_words_for_people() -> None:
    for reason, refusal in client.REFUSALS.items():
        with pytest.raises(refusal):
            client.check(Says(protocol.Refused(reason)))
        assert str(refusal.message)


def test_a_question_that_no_frame_holds_is_too_large() -> None:
    question = protocol.Recognise(bytes(frames.MAX_FRAME))
    with pytest.raises(TooLarge):
        client.ask(Says(protocol.Done()), question, protocol.Done)
