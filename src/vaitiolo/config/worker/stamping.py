"""Asks an RFC 3161 time-stamp authority, each hour, to stamp the ledger's published checkpoint.

The authority sees a hash and nothing else. The token goes to the warden as it came.
"""

import http.client
import logging
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from vaitiolo.kit.errors import Refusal
from vaitiolo.ledger.verify import stamps
from vaitiolo.ledger.verify.stamps import INTEGER, OCTETS, SEQUENCE, SHA256, StampBroken
from vaitiolo.warden.transport import Transport
from vaitiolo.watch import access

EVERY: Final = timedelta(hours=1)
PATIENCE: Final = 20.0
LONGEST_ANSWER: Final = 64 * 1024
_VERSION: Final = bytes((INTEGER, 1, 1))
_WITH_CERTIFICATE: Final = bytes((0x01, 1, 0xFF))
_GRANTED: Final = frozenset({b"\x00", b"\x01"})
_SHORT: Final = 0x80

log = logging.getLogger(__name__)


class NotStamped(Exception):
    """The authority was not reached, or did not grant a token; in words for the operator."""


Ask = Callable[[str, bytes], bytes]


def ask(url: str, asked: bytes) -> bytes:
    """Post a query and return the response. Raises NotStamped."""
    request = urllib.request.Request(  # noqa: S310 - the operator's own address, https or http
        url, data=asked, headers={"Content-Type": "application/timestamp-query"}, method="POST"
    )
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310 - see above
            found: bytes = answer.read(LONGEST_ANSWER)
    except (OSError, http.client.HTTPException) as problem:
        raise NotStamped(type(problem).__name__) from None
    return found


@dataclass(slots=True)
class Stamps:
    """Where stamps are asked for. `ask` posts a query and returns the response."""

    transport: Transport
    url: str
    authority: str
    clock: Callable[[], datetime]
    ask: Ask = ask

    def go(self) -> None:
        """Have the ledger stamped when the last stamp is an hour old; log what is in the way."""
        try:
            self._go()
        except NotStamped as problem:
            log.error("the ledger was not time-stamped: %s", problem)  # noqa: TRY400 - an address may stand in the rest
        except Refusal as refused:
            log.error("the ledger was not time-stamped: %s", type(refused).__name__)  # noqa: TRY400 - see above

    def _go(self) -> None:
        standing = access.ask_standing(self.transport)
        if standing.anchored_at and timedelta(0) <= self.clock() - standing.anchored_at < EVERY:
            return
        wanted = access.begin_stamp(self.transport)
        # Its bits need not be secret: they show that an answer is to this question.
        nonce = uuid4().int >> 65
        token = token_of(self.ask(self.url, query(wanted.imprint, nonce)), nonce)
        access.bring_stamp(self.transport, size=wanted.size, authority=self.authority, token=token)


def query(imprint: bytes, nonce: int) -> bytes:
    """Return a TimeStampReq (RFC 3161 section 2.4.1) for a SHA-256, as DER."""
    stamped = _der(SEQUENCE, SHA256 + _der(OCTETS, imprint))
    number = _der(INTEGER, nonce.to_bytes(nonce.bit_length() // 8 + 1))
    return _der(SEQUENCE, _VERSION + stamped + number + _WITH_CERTIFICATE)


def token_of(response: bytes, nonce: int) -> bytes:
    """Return the token of a TimeStampResp (section 2.4.2) to this question. Raises NotStamped."""
    try:
        content, rest = stamps.take(response, SEQUENCE)
        status, token = stamps.take(content, SEQUENCE)
        granted, _why = stamps.take(status, INTEGER)
        if rest or granted not in _GRANTED or not token:
            raise NotStamped("the authority did not grant a token")
        if stamps.read(token).nonce != nonce:
            raise NotStamped("the answer is to another question")
    except StampBroken:
        raise NotStamped("the answer is not a time-stamp response") from None
    return token


def _der(kind: int, content: bytes) -> bytes:
    if len(content) >= _SHORT:
        raise ValueError("A query is short.")
    return bytes((kind, len(content))) + content
