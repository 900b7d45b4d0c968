"""Asks an RFC 3161 time-stamp authority, each hour, to stamp the ledger's published checkpoint.

The authority sees a hash and nothing else. The token goes to the warden as it came, unread.
"""

import http.client
import logging
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from vaitiolo.kit.errors import Refusal
from vaitiolo.warden.transport import Transport
from vaitiolo.watch import access

EVERY: Final = timedelta(hours=1)
PATIENCE: Final = 20.0
LONGEST_ANSWER: Final = 64 * 1024
# AlgorithmIdentifier of SHA-256 (RFC 5754), as DER.
_SHA256: Final = bytes.fromhex("300d06096086480165030402010500")
_SEQUENCE, _INTEGER, _OCTETS = 0x30, 0x02, 0x04
_VERSION: Final = bytes((_INTEGER, 1, 1))
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
        token = token_of(self.ask(self.url, query(wanted.imprint)))
        access.bring_stamp(self.transport, size=wanted.size, authority=self.authority, token=token)


def query(imprint: bytes) -> bytes:
    """Return a TimeStampReq (RFC 3161 section 2.4.1) for a SHA-256, as DER.

    Without a nonce: nobody can have stamped this hash before the checkpoint was signed.
    """
    stamped = _der(_SEQUENCE, _SHA256 + _der(_OCTETS, imprint))
    return _der(_SEQUENCE, _VERSION + stamped + _WITH_CERTIFICATE)


def token_of(response: bytes) -> bytes:
    """Return the token of a TimeStampResp (section 2.4.2). Raises NotStamped."""
    try:
        content, rest = _read(response, _SEQUENCE)
        status, token = _read(content, _SEQUENCE)
        granted, _why = _read(status, _INTEGER)
    except IndexError:
        raise NotStamped("the answer is not a time-stamp response") from None
    if rest or granted not in _GRANTED or not token:
        raise NotStamped("the authority did not grant a token")
    return token


def _der(kind: int, content: bytes) -> bytes:
    if len(content) >= _SHORT:
        raise ValueError("A query is short.")
    return bytes((kind, len(content))) + content


def _read(der: bytes, kind: int) -> tuple[bytes, bytes]:
    """Return content and rest of a DER value. Raises IndexError where it is none of this kind."""
    length, start = der[1], 2
    if length >= _SHORT:
        start += length - _SHORT
        length = int.from_bytes(der[2:start])
    if der[0] != kind or len(der) < start + length:
        raise IndexError
    return der[start : start + length], der[start + length :]
