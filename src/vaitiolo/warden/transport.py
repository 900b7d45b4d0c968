"""Frames over the warden's Unix socket. A few connections are kept and reused."""

import socket
from collections import deque
from pathlib import Path
from typing import Final, Protocol

from vaitiolo.warden.frames import LENGTH, MAX_FRAME

KEPT: Final = 16
PATIENCE: Final = 30.0  # seconds; the longest question is a sign-in behind others


class WardenAway(OSError):
    """Nobody answers at the socket, or the answer broke off."""


class Transport(Protocol):
    """A way to the warden."""

    def ask(self, frame: bytes) -> bytes | bytearray:
        """Carry one frame (its length in front) there, and the answer (without) back."""


def receive(connection: socket.socket) -> bytearray | None:
    """Return the next frame, none when the other side has gone. Raises WardenAway."""
    head = _read(connection, LENGTH)
    if head is None:
        return None
    length = int.from_bytes(head)
    if length > MAX_FRAME:
        raise WardenAway("a frame longer than any")
    frame = _read(connection, length)
    if frame is None:
        raise WardenAway("the answer broke off")
    return frame


def _read(connection: socket.socket, length: int) -> bytearray | None:
    frame = bytearray(length)
    view = memoryview(frame)
    have = 0
    while have < length:
        got = connection.recv_into(view[have:])
        if got == 0:
            if have:
                raise WardenAway("the answer broke off")
            return None
        have += got
    return frame


class OverSocket:
    """The transport of every program. Safe to share between threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._idle: deque[socket.socket] = deque()

    def ask(self, frame: bytes) -> bytearray:
        """Ask over a kept connection, or a new one where the kept one has died meanwhile."""
        try:
            connection = self._idle.pop()
        except IndexError:
            return self._ask(self._connect(), frame)
        try:
            return self._ask(connection, frame)
        except (WardenAway, OSError):
            # A restart of the warden leaves dead connections behind. Asking twice may be
            # recorded twice, which the ledger allows for: it errs on the side of too much.
            return self._ask(self._connect(), frame)

    def close(self) -> None:
        """Hang up kept connections; the next question makes a new one."""
        while self._idle:
            self._idle.pop().close()

    def _connect(self) -> socket.socket:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(PATIENCE)
        try:
            connection.connect(str(self.path))
        except OSError as error:
            connection.close()
            raise WardenAway("nobody answers") from error
        return connection

    def _ask(self, connection: socket.socket, frame: bytes) -> bytearray:
        try:
            connection.sendall(frame)
            answer = receive(connection)
        except OSError as error:
            connection.close()
            raise WardenAway("the connection broke") from error
        if answer is None:
            connection.close()
            raise WardenAway("the warden hung up")
        self._idle.append(connection)
        if len(self._idle) > KEPT:
            self._idle.popleft().close()
        return answer
