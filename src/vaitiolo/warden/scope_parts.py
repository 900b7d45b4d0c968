"""What questions and answers about a scope are made of. Random ids, marks and counts; no name."""

from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ScopeQuery:
    """What is asked: a loss, from when until when (microseconds, both within), and whose.

    ``network``, ``session`` and ``card`` narrow what was opened to a place, one session, or one
    card or slot by its id. ``is_thorough`` reads each grant's entry under seal, too.
    """

    loss: int
    since: int
    until: int
    person: UUID | None = None
    unit: UUID | None = None
    session: UUID | None = None
    network: str = field(default="", repr=False)
    card: bytes = b""
    is_thorough: bool = False


@dataclass(frozen=True, slots=True)
class ScopeCount:
    """How many patients have a part of their record in a tier; of part 0 all that is left apart."""

    klass: int
    tier: int
    patients: int


@dataclass(frozen=True, slots=True)
class ScopeOther:
    """What was opened or searched of a unit, a colleague or a case: nobody's record by itself."""

    subject: UUID | None
    act: int
    count: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class ScopeController:
    """Of one controller's patients, how many there are on the list."""

    name: str
    patients: int


@dataclass(frozen=True, slots=True)
class ScopeKind:
    """One part of a patient's record: how far it came, what was done, how often, when."""

    klass: int
    tier: int
    done: int
    count: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class ScopePatient:
    """A patient on the list; none for one who was erased. Whether perhaps listed twice.

    ``mark`` stands for the patient in the hash of the list, and leads to no chain of the ledger.
    """

    patient: UUID | None
    mark: str
    controllers: tuple[str, ...]
    perhaps_twice: bool
    refused: int
    kinds: tuple[ScopeKind, ...]


@dataclass(frozen=True, slots=True)
class ScopeFacts:
    """A scope: its number (the index of its entry), the log it was read from, hash and counts.

    ``staff`` are members of staff whose own data the loss touches. ``pace`` is how many patients
    the budgets let a session open in an hour and in a day; 0 for no such bound.
    """

    scope: int
    query: ScopeQuery
    asked: int
    size: int
    list_hash: bytes
    words: tuple[str, ...]
    patients: int
    refused: int
    counts: tuple[ScopeCount, ...]
    others: tuple[ScopeOther, ...]
    controllers: tuple[ScopeController, ...]
    staff: tuple[UUID, ...]
    says: tuple[str, ...]
    adversary: str
    pace_hour: int
    pace_day: int
    reminders: int
    erased: int
    unknown: int
    perhaps_twice: int
    by_chance: int


@dataclass(frozen=True, slots=True)
class KnownScope:
    """A scope that was asked before, as the ledger has it; ``kept`` is its name if it has one."""

    scope: int
    query: ScopeQuery
    at: int
    by: str = field(repr=False)
    reason: str = field(repr=False)
    patients: int
    list_hash: bytes
    kept: str = field(repr=False)
