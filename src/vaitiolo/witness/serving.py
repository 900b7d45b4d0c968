"""The witness over HTTP: two addresses to post to, small bodies, nothing to read.

It logs no address of whoever asks. What it answers was decided and stored elsewhere.
"""

import ssl
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import socket
from typing import Any, Final

from vaitiolo.witness import hearing
from vaitiolo.witness.answering import NOT_A_REQUEST, Answer, Witness

# 63 hashes, a checkpoint and a few signatures need a tenth of it.
LONGEST: Final = 128 * 1024
AT_ONCE: Final = 64
SECONDS: Final = 15

Address = tuple[str, int]


class Visit(BaseHTTPRequestHandler):
    """One connection; kept open for the next question, for a while."""

    protocol_version = "HTTP/1.1"
    timeout = SECONDS
    server: "Door"

    def version_string(self) -> str:
        """Say what this is, and not which Python."""
        return "vaitiolo-witness"

    def do_POST(self) -> None:
        """Answer a post."""
        answerer = self.server.answerers.get(self.path)
        length = self.headers.get("Content-Length", "")
        if answerer is None:
            self._end(Answer(HTTPStatus.NOT_FOUND))
        elif not length.isascii() or not length.isdigit():
            self._end(Answer(HTTPStatus.LENGTH_REQUIRED))
        elif int(length) > LONGEST:
            self._end(Answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE))
        else:
            self._answer(self._decided(answerer, self.rfile.read(int(length))))

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is http.server's
        """Log nothing of anybody."""

    def _decided(self, answerer: Callable[[str], Answer], body: bytes) -> Answer:
        try:
            return answerer(body.decode())
        except UnicodeDecodeError:
            return NOT_A_REQUEST

    def _end(self, answer: Answer) -> None:
        """Answer without having read the body, so that nothing of it is taken for a question."""
        self.close_connection = True
        self._answer(answer)

    def _answer(self, answer: Answer) -> None:
        body = answer.body.encode()
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)


class Door(ThreadingHTTPServer):
    """A listening socket with so many visitors at once and no more."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: Address, witness: Witness, secure: ssl.SSLContext | None) -> None:
        """Listen at an address. Raises OSError."""
        self.answerers: dict[str, Callable[[str], Answer]] = {
            "/add-checkpoint": witness.add_checkpoint,
            "/alert": lambda body: hearing.alert(witness, body),
        }
        self._secure = secure
        self._places = threading.Semaphore(AT_ONCE)
        super().__init__(address, Visit)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Let somebody in, or hang up when it is full."""
        if self._places.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve one visitor; a handshake that drags on keeps nobody else waiting."""
        try:
            request.settimeout(SECONDS)
            super().process_request_thread(self._secured(request), client_address)
        except OSError:
            self.shutdown_request(request)
        finally:
            self._places.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say which fault it was, and not whose question."""
        del request, client_address
        kind = sys.exc_info()[0]
        sys.stderr.write(f"vaitiolo witness: a question failed ({kind and kind.__name__}).\n")

    def _secured(self, request: socket) -> socket:
        return self._secure.wrap_socket(request, server_side=True) if self._secure else request


def secured_by(certificate: Path, key: Path) -> ssl.SSLContext:
    """Return TLS with a certificate. Raises OSError."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate, key)
    return context


@contextmanager
def serving(
    address: Address, witness: Witness, *, secure: ssl.SSLContext | None = None
) -> Iterator[Door]:
    """Answer at an address until the block ends. Raises OSError where it is taken."""
    with Door(address, witness, secure) as door:
        thread = threading.Thread(target=door.serve_forever, args=(0.1,), name="witness")
        thread.start()
        try:
            yield door
        finally:
            door.shutdown()
            thread.join()
