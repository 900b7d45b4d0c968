"""Messages about erasing: what would go, who asks, who approves, and what was erased."""

from dataclasses import dataclass, field
from uuid import UUID

from vaitiolo.warden.erasure_parts import ErasureAsked, ErasureDone, Substance
from vaitiolo.warden.protocol.saying import Message, Question
from vaitiolo.warden.protocol.touching import over


def over_asking(subject: UUID, basis: str, reason: str) -> bytes:
    """Return what the touch for AskErasure is over: whose details, on which ground, and why."""
    return over("ask-erasure", subject, basis, reason)


def over_approving(subject: UUID, basis: str, request: int) -> bytes:
    """Return what the touch for ApproveErasure is over: the one asking, by its entry."""
    return over("approve-erasure", subject, basis, str(request))


@dataclass(frozen=True, slots=True)
class LookAtErasure(Question):
    """An officer asks what an erasure would take. Counts alone."""

    cookie: bytes = field(repr=False)
    subject: UUID


@dataclass(frozen=True, slots=True)
class ErasureShown(Message):
    """What an erasure would take."""

    gone: Substance


@dataclass(frozen=True, slots=True)
class AskErasure(Question):
    """A privacy officer asks for somebody's erasure; nothing is erased by that (touched)."""

    cookie: bytes = field(repr=False)
    subject: UUID
    basis: str
    reason: str = field(repr=False)
    assertion: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ApproveErasure(Question):
    """A second person approves what was asked, and it is erased (touched)."""

    cookie: bytes = field(repr=False)
    subject: UUID
    request: int
    assertion: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class EndErasure(Question):
    """Whoever asked takes it back, or another officer declines it; nothing is erased."""

    cookie: bytes = field(repr=False)
    subject: UUID
    request: int
    reason: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ErasureMade(Message):
    """The entry of the erasure, and how many details, compartments and grants are gone."""

    index: int
    details: int
    compartments: int
    grants: int


@dataclass(frozen=True, slots=True)
class ListErasures(Question):
    """Erasures that wait, and those that were done; for officers."""

    cookie: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ErasuresListed(Message):
    """What waits, the oldest first, and what was done, the newest first."""

    waiting: tuple[ErasureAsked, ...]
    done: tuple[ErasureDone, ...]
