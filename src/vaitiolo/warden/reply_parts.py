"""What messages about replies are made of."""

from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ReplyBoxKey:
    """The public key that replies of a telling are sealed to, and its sealed private half."""

    incident: UUID
    telling: UUID
    public: bytes = field(repr=False)
    sealed_seed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class BroughtReply:
    """A reply as it is stored; its file only where that is asked for."""

    row: UUID
    sealed: bytes = field(repr=False)
    sealed_file: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class KnownReply:
    """A reply as it was read. ``at`` is in seconds since 1970; ``sha256``, ``size`` are a file's.

    ``state`` is ``whole``, ``broken`` where it is not what was taken, or ``strange`` where the
    ledger knows nothing of it. ``index`` is its entry's.
    """

    row: UUID
    index: int
    at: int
    kind: str
    state: str
    words: bytes = field(repr=False)
    sha256: str
    size: int
