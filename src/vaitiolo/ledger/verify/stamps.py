"""What an RFC 3161 time-stamp token states: of which hash, when, in answer to which question.

Reads DER and checks no signature: for that there is `openssl ts -verify`, with an authority's
certificate that somebody trusts.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

SEQUENCE: Final = 0x30
INTEGER: Final = 0x02
OCTETS: Final = 0x04
_SET, _OID, _TIME, _INSIDE = 0x31, 0x06, 0x18, 0xA0
# id-signedData (RFC 5652) and id-ct-TSTInfo (RFC 3161), as DER.
_SIGNED: Final = bytes.fromhex("2a864886f70d010702")
_STATED: Final = bytes.fromhex("2a864886f70d0109100104")
# AlgorithmIdentifier of SHA-256 (RFC 5754), with parameters NULL and without.
SHA256: Final = bytes.fromhex("300d06096086480165030402010500")
_SHA256: Final = frozenset({SHA256, bytes.fromhex("300b0609608648016503040201")})
_MOMENT: Final = re.compile(rb"([0-9]{14})(?:\.[0-9]+)?Z")
_SHORT: Final = 0x80
_LONGEST_LENGTH: Final = 4


class StampBroken(ValueError):
    """These bytes are not a time-stamp token in DER over a SHA-256."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """A token's TSTInfo: the SHA-256 it is of, when in seconds since 1970, and the nonce if any."""

    imprint: bytes
    at: int
    nonce: int | None


def read(token: bytes) -> Stamp:
    """Return what a token states (RFC 3161 section 2.4.2); raises StampBroken.

    Whether the authority signed it is not checked here.
    """
    content, rest = take(token, SEQUENCE)
    if rest:
        raise StampBroken
    signed, _ = take(_of_kind(content, _SIGNED), SEQUENCE)
    _version, signed = take(signed, INTEGER)
    _algorithms, signed = take(signed, _SET)
    stated, _ = take(signed, SEQUENCE)
    octets, _ = take(_of_kind(stated, _STATED), OCTETS)
    fields, rest = take(octets, SEQUENCE)
    if rest:
        raise StampBroken
    return _read_fields(fields)


def take(der: bytes, kind: int) -> tuple[bytes, bytes]:
    """Return content and rest of a DER value of a kind; raises StampBroken where it is none."""
    if len(der) < 2 or der[0] != kind:  # noqa: PLR2004 - kind and length
        raise StampBroken
    length, start = der[1], 2
    if length >= _SHORT:
        octets = length - _SHORT
        start += octets
        if not 0 < octets <= _LONGEST_LENGTH:
            raise StampBroken
        length = int.from_bytes(der[2:start])
    if len(der) < start + length:
        raise StampBroken
    return der[start : start + length], der[start + length :]


def _of_kind(content: bytes, oid: bytes) -> bytes:
    """Return what a ContentInfo or EncapsulatedContentInfo of a kind holds."""
    kind, rest = take(content, _OID)
    held, rest = take(rest, _INSIDE)
    if kind != oid or rest:
        raise StampBroken
    return held


def _read_fields(fields: bytes) -> Stamp:
    _version, rest = take(fields, INTEGER)
    _policy, rest = take(rest, _OID)
    imprint, rest = take(rest, SEQUENCE)
    _serial, rest = take(rest, INTEGER)
    moment, rest = take(rest, _TIME)
    hashed = next((imprint.removeprefix(one) for one in _SHA256 if imprint.startswith(one)), b"")
    octets, after = take(hashed, OCTETS)
    if after:
        raise StampBroken
    return Stamp(octets, _seconds(moment), _nonce(rest))


def _seconds(moment: bytes) -> int:
    found = _MOMENT.fullmatch(moment)
    if not found:
        raise StampBroken
    try:
        stated = datetime.strptime(found[1].decode(), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        raise StampBroken from None
    return int(stated.timestamp())


def _nonce(rest: bytes) -> int | None:
    """Look for the one INTEGER among the fields that may be left out."""
    while rest:
        kind = rest[0]
        content, rest = take(rest, kind)
        if kind == INTEGER:
            return int.from_bytes(content, signed=True)
    return None
