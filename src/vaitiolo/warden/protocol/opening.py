"""Messages about opening compartments, and reading and sealing what is in them."""

from dataclasses import dataclass, field

from vaitiolo.warden.parts import OpenedOne, Plain, Read, Sealed, Wanted
from vaitiolo.warden.protocol.saying import Message, Question


@dataclass(frozen=True, slots=True)
class Open(Question):
    """Open compartments, all or none, each recorded before any is opened."""

    cookie: bytes = field(repr=False)
    wanted: tuple[Wanted, ...]


@dataclass(frozen=True, slots=True)
class Opened(Message):
    """Handles, in the order asked."""

    compartments: tuple[OpenedOne, ...]


@dataclass(frozen=True, slots=True)
class Unseal(Question):
    """Read documents of one open compartment, all in one question."""

    cookie: bytes = field(repr=False)
    handle: bytes = field(repr=False)
    documents: tuple[Sealed, ...]


@dataclass(frozen=True, slots=True)
class Unsealed(Message):
    """What they said, in the order asked."""

    documents: tuple[Read, ...]


@dataclass(frozen=True, slots=True)
class Seal(Question):
    """Seal documents; those of a signed kind are signed by the asker and recorded first."""

    cookie: bytes = field(repr=False)
    handle: bytes = field(repr=False)
    documents: tuple[Plain, ...]


@dataclass(frozen=True, slots=True)
class SealedBack(Message):
    """Sealed bytes, in the order asked."""

    sealed: tuple[bytes, ...] = field(repr=False)
