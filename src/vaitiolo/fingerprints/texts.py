"""What of a signed document is read by people, and what of an identity names somebody.

Takes any bytes and never fails: a signature must not be lost because a text is odd. Keeps nothing.
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from typing import Any, Final

from vaitiolo.fingerprints.identifiers import Kind, hashes_of
from vaitiolo.fingerprints.secret import FingerprintKey

# Not words of anybody: days, ids, the names of forms and registers.
_UNREAD: Final = frozenset({"held_at", "source", "template", "written_by"})
_FIRST: Final = "text"
_EPOCH: Final = date(1970, 1, 1)
_NAMING: Final = (("hetu", Kind.CODE), ("email", Kind.MAIL), ("phone", Kind.PHONE))


def text_of(body: bytes) -> bytes:
    """Return what a reader sees of a document: its text first, then its other words, by lines.

    What is no object of JSON is its own text.
    """
    read = _object(body)
    if read is None:
        return body
    words = [*_words(read.pop(_FIRST, "")), *_words(read)]
    return "\n".join(words).encode("utf-8", "replace")


def held_on(body: bytes, otherwise: int) -> int:
    """Return the day that a document is about, in days since 1970, or the other one."""
    said = (_object(body) or {}).get("held_at")
    with suppress(ValueError):
        return max(0, (date.fromisoformat(str(said)[:10]) - _EPOCH).days)
    return otherwise


def identifiers_of(body: bytes, key: FingerprintKey) -> list[tuple[Kind, int]]:
    """Return the keyed hashes of an identity's code, address and number; next of kin has none."""
    read = _object(body) or {}
    said = [(read.get(name), kind) for name, kind in _NAMING]
    return [
        (kind, hashed)
        for value, kind in said
        if isinstance(value, str)
        for hashed in hashes_of(value.encode("utf-8", "replace").decode(), kind, key)
    ]


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        read = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return read if isinstance(read, dict) else None


def _words(value: object) -> Iterator[str]:
    # A list of what is left instead of a call in a call: no depth can exhaust it.
    left = [value]
    while left:
        one = left.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            left += [one[name] for name in sorted(one, reverse=True) if name not in _UNREAD]
        elif isinstance(one, list):
            left += reversed(one)
