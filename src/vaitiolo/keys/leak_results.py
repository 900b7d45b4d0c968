"""The result of a search of a leak as bytes: one line of JSON, and one of the signature over it.

Made by a search without network, under the key that its incident kit holds; read by the warden.
"""

import json
from typing import Any, Final

from vaitiolo.keys import signatures
from vaitiolo.keys.primitives import Readable
from vaitiolo.keys.refused import Refused

FORMAT: Final = 1
LABEL: Final = b"vaitiolo/1/leak-result\n"


def signed(content: dict[str, Any], seed: bytearray) -> bytes:
    """Return the two lines of a result: JSON, and Ed25519 (RFC 8032) over label and that line."""
    return sealed(json.dumps(content, separators=(",", ":"), ensure_ascii=True).encode(), seed)


def sealed(line: bytes, seed: bytearray) -> bytes:
    """Return a result's line with the one of its signature."""
    return line + b"\n" + signatures.sign(seed, LABEL + line).hex().encode() + b"\n"


def read(raw: bytes, public: Readable) -> dict[str, Any]:
    """Return a result whose signature is good under the key of its kit, or raise `Refused`."""
    line, signature = _split(raw)
    signatures.verify(public, LABEL + line, signature)
    return _content(line)


def unproved(raw: bytes) -> dict[str, Any]:
    """Return what a result says before its signature is looked at: which kit's key to look for.

    Nothing of it may be believed or kept. Raises `Refused` for what has not the form of one.
    """
    return _content(_split(raw)[0])


def _split(raw: bytes) -> tuple[bytes, bytes]:
    line, _, rest = raw.partition(b"\n")
    try:
        return line, bytes.fromhex(rest.decode("ascii").strip())
    except ValueError:
        raise Refused("result.signature") from None


def _content(line: bytes) -> dict[str, Any]:
    try:
        content = json.loads(line)
    except (ValueError, RecursionError):
        raise Refused("result.form") from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise Refused("result.format")
    return content
