"""Messages about what is laid on colleagues' desks."""

from dataclasses import dataclass, field

from vaitiolo.warden.parts import ToDrop
from vaitiolo.warden.protocol.saying import Question


@dataclass(frozen=True, slots=True)
class Drop(Question):
    """Seal something onto colleagues' desks without opening them."""

    cookie: bytes = field(repr=False)
    drops: tuple[ToDrop, ...]


@dataclass(frozen=True, slots=True)
class OpenDrops(Question):
    """Read what others laid on the own desk."""

    cookie: bytes = field(repr=False)
    handle: bytes = field(repr=False)
    drops: tuple[bytes, ...] = field(repr=False)
