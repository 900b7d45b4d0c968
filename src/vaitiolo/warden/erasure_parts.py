"""What messages about erasing and reconciling are made of. Counts and ids; no key among them."""

from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Substance:
    """What an erasure takes: entries that lose their details, keys, and who could open with them.

    Times are in microseconds since 1970. ``holders`` are the members of staff with a grant.
    """

    is_staff: bool
    name: str = field(repr=False)
    entries: int
    details: int
    first_us: int
    last_us: int
    compartments: int
    grants: int
    holders: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class ErasureAsked:
    """An erasure that waits for a second person. ``request`` is the entry of the asking."""

    subject: UUID
    request: int
    asked: int
    asked_by: str = field(repr=False)
    is_own: bool
    basis: str
    reason: str = field(repr=False)
    gone: Substance


@dataclass(frozen=True, slots=True)
class ErasureDone:
    """An erasure as the ledger has it; names are empty where who did it was erased too."""

    index: int
    time: int
    basis: str
    details: int
    asked_by: str = field(repr=False)
    approved_by: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class OtherDeed:
    """Something that was done besides signing: a copy, or a step of a reminder, by its random id.

    ``act`` is the number of the act; ``is_settled`` says that its row must be there by now.
    """

    index: int
    act: int
    row: UUID
    time_us: int
    is_settled: bool
