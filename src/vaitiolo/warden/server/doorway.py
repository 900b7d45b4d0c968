"""The warden's sockets: one for each program, and whose user may knock at it."""

import contextlib
import logging
import os
import socket
import socketserver
import struct
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Self

from django.db import connections

from vaitiolo.warden.kinds import Caller
from vaitiolo.warden.server.agent import Agent
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.transport import WardenAway, receive

log = logging.getLogger(__name__)

CREDENTIALS: Final = struct.Struct("3i")
SOCKET_MODE: Final = 0o660


class Visit(socketserver.BaseRequestHandler):
    """One connection: questions one after another until the other side hangs up."""

    server: "Door"

    def handle(self) -> None:
        """Answer frames; whoever is not welcome gets no answer at all."""
        if peer(self.request) not in self.server.welcome:
            log.warning("a stranger knocked at %s", self.server.agent.caller)
            return
        try:
            while (frame := receive(self.request)) is not None:
                self.request.sendall(self.server.agent.answer(frame))
        except (WardenAway, OSError):
            return

    def finish(self) -> None:
        """Give the thread's database connection back."""
        connections.close_all()


class Door(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """One listening socket."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, path: Path, agent: Agent, welcome: frozenset[int]) -> None:
        self.agent = agent
        self.welcome = welcome
        with contextlib.suppress(FileNotFoundError):
            path.unlink()
        before = os.umask(0o117)
        try:
            super().__init__(str(path), Visit)
        finally:
            os.umask(before)

    def service_actions(self) -> None:
        """Forget lapsed sessions, while waiting for the next knock: nobody has to ask for it."""
        try:
            self.agent.install.forget_lapsed()
        except Exception:
            # A fault in tidying up must not close the door.
            log.exception("lapsed sessions could not be forgotten")

    def handle_error(self, request: object, client_address: object) -> None:
        """Note a fault of ours by its type; what an error says may be somebody's words."""
        del request, client_address
        log.error("a fault while answering %s", self.agent.caller, exc_info=sys.exc_info())


class Doorway:
    """All sockets of one warden, served until it is closed."""

    def __init__(
        self, install: Installation, folder: Path, *, welcome: Mapping[Caller, frozenset[int]]
    ) -> None:
        folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        self.doors = [
            Door(folder / f"{caller}.sock", Agent(install, caller=caller), welcome[caller])
            for caller in Caller
        ]

    def __enter__(self) -> Self:
        for door in self.doors:
            threading.Thread(target=door.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *raised: object) -> None:
        for door in self.doors:
            door.shutdown()
            door.server_close()


def peer(connection: socket.socket) -> int:
    """Return the user id of the process at the other end, as the kernel knows it."""
    raw = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, CREDENTIALS.size)
    _process, user, _group = CREDENTIALS.unpack(raw)
    return int(user)
