"""Carries checkpoints to the ledger's witnesses and their cosignatures back, one thread for each.

It holds no key and is not trusted: what it brings is verified by the warden, what it withholds is
missed by the witness.
"""

import http.client
import logging
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

from vaitiolo.kit.errors import Refusal
from vaitiolo.warden.transport import Transport
from vaitiolo.watch import access

# Seconds between two visits, unless somebody waits: with the second until a checkpoint is signed
# and those for which it is offered, an entry is seen from outside within ten.
EVERY: Final = 7.0
# So long a courier waits at the warden at a time, so that its end is soon heard.
SLICE: Final = 1
PATIENCE: Final = 10.0
LONGEST_ANSWER: Final = 64 * 1024
PAUSE: Final = 2.0
# So often one visit shows the log again to a witness that others have shown more meanwhile.
MOST_TIMES: Final = 5
INCONSISTENT: Final = frozenset({HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY})

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Posted:
    """What somebody answered to a post."""

    status: int
    text: str


class Away(Exception):
    """The witness was not reached, or broke off."""


Post = Callable[[str, bytes], Posted]


def post(url: str, body: bytes) -> Posted:
    """Post something and return the answer, whatever its status. Raises Away."""
    request = urllib.request.Request(url, data=body, method="POST")  # noqa: S310 - checked in `addresses`
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310 - see above
            return Posted(answer.status, _text(answer.read(LONGEST_ANSWER)))
    except urllib.error.HTTPError as refused:
        with refused:
            return Posted(refused.code, _text(refused.read(LONGEST_ANSWER)))
    except (OSError, http.client.HTTPException) as problem:
        raise Away(type(problem).__name__) from None


@dataclass(slots=True)
class Courier:
    """One witness's courier, and what it knows of how far that witness is."""

    transport: Transport
    witness: str
    url: str
    post: Post = post
    old: int = field(default=0, init=False)
    told_upto: int = field(default=-1, init=False)
    said: str = field(default="", init=False)

    def visit(self) -> bool:
        """Carry once, there and back; say whether the witness cosigned. Raises Away, Refusal."""
        for _time in range(MOST_TIMES):
            size, answer = self._show()
            if not self._learns(answer):
                return self._takes(answer, size=size)
        # Others were quicker each time; what they brought counts as much.
        return False

    def _takes(self, answer: Posted, *, size: int) -> bool:
        if answer.status == HTTPStatus.OK:
            access.bring_cosignature(self.transport, self.witness, size=size, lines=answer.text)
            self.old = size
            return True
        if answer.status in INCONSISTENT:
            access.tell_refusal(self.transport, self.witness, status=answer.status, size=size)
        return False

    def carry_alerts(self) -> None:
        """Tell the witness of critical alerts and of what became of them."""
        out = access.alerts_for_witnesses(self.transport, after=self.told_upto)
        for body in out.bodies:
            if self.post(f"{self.url}/alert", body.encode()).status != HTTPStatus.OK:
                return
        self.told_upto = out.upto

    def go(self) -> None:
        """Visit, and say in the log what is new to say."""
        try:
            now = "" if self.visit() else "refuses to cosign"
            self.carry_alerts()
        except Away as away:
            now = f"is not reached ({away})"
        except Refusal as refused:
            now = f"gets nothing ({type(refused).__name__})"
        if now != self.said:
            level = logging.ERROR if now else logging.INFO
            log.log(level, "witness %s: %s", self.witness, now or "cosigns")
        self.said = now

    def _show(self) -> tuple[int, Posted]:
        out = access.checkpoint_for(self.transport, self.witness, old=self.old)
        return out.size, self.post(f"{self.url}/add-checkpoint", out.body.encode())

    def _learns(self, answer: Posted) -> bool:
        """Take the size that a witness has seen, and say whether it is another than was thought."""
        size = answer.text.strip()
        if answer.status != HTTPStatus.CONFLICT or not size.isascii() or not size.isdigit():
            return False
        before, self.old = self.old, min(int(size), 1 << 62)
        return self.old != before


@contextmanager
def carrying(
    transport: Transport, addresses: Mapping[str, str], *, visits: Post = post
) -> Iterator[list[Courier]]:
    """Carry to all witnesses until the block ends."""
    over = threading.Event()
    couriers = [Courier(transport, name, url, visits) for name, url in addresses.items()]
    threads = [
        threading.Thread(target=_go_on, args=(one, over), name="courier", daemon=True)
        for one in couriers
    ]
    for thread in threads:
        thread.start()
    try:
        yield couriers
    finally:
        over.set()
        for thread in threads:
            thread.join()


def _go_on(courier: Courier, over: threading.Event) -> None:
    while not over.is_set():
        try:
            courier.go()
            _rest(courier, over)
        except Exception:
            # Whatever it was: the next visit is tried, or the witness will cry out.
            log.exception("a courier stumbled")
            over.wait(PAUSE)


def _rest(courier: Courier, over: threading.Event) -> None:
    """Wait until somebody needs this witness, or for the usual time."""
    # All set out together, so that they are given the same checkpoint.
    until = time.monotonic() + EVERY - time.time() % EVERY
    while not over.is_set() and time.monotonic() < until:
        try:
            wanted = access.await_checkpoint(courier.transport, seen=courier.old, seconds=SLICE)
        except Refusal:
            over.wait(PAUSE)
            return
        if wanted.is_wanted:
            # Where the witness is away meanwhile: knock again soon, and not without a pause.
            over.wait(1.0 if courier.said else 0.0)
            return


def _text(body: bytes) -> str:
    return body.decode("utf-8", "replace")
