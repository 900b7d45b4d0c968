"""Messages about touches: a security key's answer to a challenge, for one request."""

from dataclasses import dataclass, field
from uuid import UUID

from vaitiolo.warden.parts import TouchKey
from vaitiolo.warden.protocol.saying import Message, Question


@dataclass(frozen=True, slots=True)
class BeginTouch(Question):
    """Ask for a challenge for one request of one's own; ``over`` says which, in bytes."""

    cookie: bytes = field(repr=False)
    over: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Touching(Message):
    """A challenge for two minutes, and the asker's own security keys."""

    challenge: bytes = field(repr=False)
    rp_id: str
    keys: tuple[TouchKey, ...] = field(repr=False)


def over(word: str, *about: UUID | str | bytes) -> bytes:
    """Return a request as the bytes that a touch is bound to; both halves build them alike.

    A word for what is asked and what it is about, each with its length in front.
    """
    return b"".join(len(one).to_bytes(4) + one for one in map(_bytes, (word, *about)))


def _bytes(value: UUID | str | bytes) -> bytes:
    if isinstance(value, UUID):
        return value.bytes
    return value.encode() if isinstance(value, str) else value
