"""Pages of victims (PAGE, type 0x0E): sealed to a code alone, opened by the reader's own browser.

A code is 95 random bits, so it needs no slow derivation; who has none of it has noise.
"""

import struct
from collections.abc import Callable
from typing import Final

from vaitiolo.keys import primitives
from vaitiolo.keys.fields import PAGE, Fields, head
from vaitiolo.keys.primitives import Readable
from vaitiolo.keys.refused import Refused

LOOKUP_LENGTH: Final = 16
NONCE_LENGTH: Final = 12
STEP: Final = 1024

_SALT: Final = b"vaitiolo/1/page"
_LENGTH: Final = struct.Struct(">I")


def token_of(code: str) -> bytes:
    """Return the 32 bytes that show that somebody has the code, without giving it away."""
    return bytes(primitives.hkdf(code.encode(), _SALT, b"vaitiolo/1/page-token"))


def lookup_of(code: str) -> bytes:
    """Return the 16 bytes under which a code's page is found; they say nothing of the code."""
    return lookup_of_token(token_of(code))


def lookup_of_token(token: Readable) -> bytes:
    """Return where the page of a token lies. Lookups are public, and lead to no token."""
    return primitives.sha256(b"vaitiolo/1/page-lookup", token)[:LOOKUP_LENGTH]


def bucket_of(code: str) -> str:
    """Return the bucket (three hexadecimal digits) of a code's page and of a message's mark."""
    return lookup_of(code).hex()[:3]


def seal_page(
    code: str, body: Readable, *, draw: Callable[[int], bytearray] = primitives.random_bytes
) -> bytes:
    """Seal a page's body under its code: AES-256-GCM (SP 800-38D), padded to steps of 1 KiB."""
    key, nonce, padded = _key(code), draw(NONCE_LENGTH), _pad(body)
    try:
        sealed = primitives.aead_seal(key, padded, nonce=nonce, aad=_aad(code))
    finally:
        primitives.wipe(key, padded)
    return head(PAGE) + bytes(nonce) + sealed


def open_page(code: str, sealed: Readable) -> bytearray:
    """Return the body of a sealed page; raise `Refused` when it is not this code's, or changed."""
    fields = Fields(sealed, PAGE)
    nonce, rest = fields.take(NONCE_LENGTH), fields.rest()
    key = _key(code)
    try:
        padded = primitives.aead_open(key, rest, nonce=nonce, aad=_aad(code))
    finally:
        primitives.wipe(key)
    length = int.from_bytes(padded[: _LENGTH.size], "big")
    body = padded[_LENGTH.size : _LENGTH.size + length]
    if padded != _pad(body):
        raise Refused("page.padding")
    return body


def _key(code: str) -> bytearray:
    return primitives.hkdf(code.encode(), _SALT, b"vaitiolo/1/page-key")


def _aad(code: str) -> bytes:
    return head(PAGE) + lookup_of(code)


def _pad(body: Readable) -> bytearray:
    padded = bytearray(_LENGTH.pack(len(body))) + body
    padded += bytes(-len(padded) % STEP)
    return padded
