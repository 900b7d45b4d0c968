"""What stands inside the seal of a signed document: predecessor, author, signature, JSON.

The signature covers the place and the text but not the epoch, so it survives a rotation by somebody
else. Never hands out a hash of plaintext for use outside a seal.
"""

import json
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from vaitiolo.keys import primitives
from vaitiolo.keys.fields import ZERO
from vaitiolo.keys.kinds import Kind
from vaitiolo.keys.primitives import Readable
from vaitiolo.keys.refused import Refused
from vaitiolo.keys.signatures import Signer

__all__ = ["ZERO", "Place", "SignedBody", "canonical_json", "check_body", "predecessor_hash"]

HEAD_LENGTH = 128


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document belongs: the same bytes do not open, or verify, anywhere else."""

    org: UUID
    compartment: UUID
    kind: Kind
    row: UUID
    version: int

    def encode(self) -> bytes:
        """Return org16, compartment16, kind u8, row16, version u32; raise `Refused` beyond u32."""
        try:
            numbers = struct.pack(">B16sI", self.kind, self.row.bytes, self.version)
        except struct.error:
            raise Refused("place.range") from None
        return self.org.bytes + self.compartment.bytes + numbers


@dataclass(frozen=True, slots=True)
class SignedBody:
    """A body whose signature has been checked."""

    prev: bytes
    author: bytes
    text: bytes = field(repr=False)


def canonical_json(value: object) -> bytes:
    """Return JSON in the one form that is signed: UTF-8, sorted ASCII keys, no spaces, no floats.

    Raise `TypeError` for what other languages would write differently.
    """
    _demand_plain(value)
    text = json.dumps(
        value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True
    )
    return text.encode()


def sign_body(text: bytes, place: Place, *, keys: Signer, card: bytes, prev: bytes) -> bytes:
    """Return prev 32, author's card 32, Ed25519 (RFC 8032) 64, text: what is sealed.

    ``prev`` is `predecessor_hash` of the version before, or 32 zeros for version 1.
    """
    return prev + card + keys.sign(_statement(text, place, author=card, prev=prev)) + text


def check_body(
    body: Readable, place: Place, *, public_key_of: Callable[[bytes], bytes]
) -> SignedBody:
    """Return what a body says, once its author's signature for this place is good, else `Refused`.

    ``public_key_of`` takes a card's id and returns its Ed25519 key, or raises `Refused`.
    """
    if len(body) < HEAD_LENGTH:
        raise Refused("body.short")
    prev, author = bytes(body[:32]), bytes(body[32:64])
    text = bytes(body[HEAD_LENGTH:])
    if (place.version == 1) != (prev == ZERO):
        raise Refused("body.prev")
    statement = _statement(text, place, author=author, prev=prev)
    primitives.ed25519_verify(public_key_of(author), statement, bytes(body[64:HEAD_LENGTH]))
    return SignedBody(prev=prev, author=author, text=text)


def predecessor_hash(body: Readable) -> bytes:
    """Return what the next version says of this one. It belongs inside that version's seal only."""
    return primitives.sha256(b"vaitiolo/1/prev", body)


def _statement(text: bytes, place: Place, *, author: bytes, prev: bytes) -> bytes:
    digest = primitives.sha256(text)
    return b"vaitiolo/1/note-sig" + place.encode() + prev + author + digest


def _demand_plain(value: object) -> None:
    if isinstance(value, dict):
        if not all(isinstance(key, str) and key.isascii() for key in value):
            raise TypeError("keys are ASCII texts")
        value = list(value.values())
    if isinstance(value, list | tuple):
        for part in value:
            _demand_plain(part)
    elif not isinstance(value, str | int | None):
        raise TypeError("texts, integers, true, false, null, lists and objects only")
