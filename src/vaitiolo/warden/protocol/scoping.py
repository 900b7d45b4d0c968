"""Messages about a scope: whom a loss reached, with what, and the evidence of it."""

from dataclasses import dataclass, field
from uuid import UUID

from vaitiolo.warden.protocol.saying import Message, Question
from vaitiolo.warden.scope_parts import KnownScope, ScopeFacts, ScopePatient, ScopeQuery


@dataclass(frozen=True, slots=True)
class AskScope(Question):
    """An officer asks whom a loss reached. ``incident`` is whose chain the entries join."""

    cookie: bytes = field(repr=False)
    incident: UUID | None
    query: ScopeQuery
    reason: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ScopeFound(Message):
    """The scope. Its list is fixed by its hash, which is in the ledger."""

    facts: ScopeFacts


@dataclass(frozen=True, slots=True)
class ListScope(Question):
    """Ask for some patients of a scope: of one controller where one is named."""

    cookie: bytes = field(repr=False)
    incident: UUID | None
    scope: int
    start: int
    count: int
    controller: str


@dataclass(frozen=True, slots=True)
class ScopeListed(Message):
    """Some of them in the order of the list, and how many there are."""

    facts: ScopeFacts
    patients: tuple[ScopePatient, ...]
    total: int


@dataclass(frozen=True, slots=True)
class ListScopes(Question):
    """Ask which scopes were asked before, the newest first."""

    cookie: bytes = field(repr=False)
    incident: UUID | None


@dataclass(frozen=True, slots=True)
class ScopesKnown(Message):
    """What the ledger says of them."""

    scopes: tuple[KnownScope, ...]


@dataclass(frozen=True, slots=True)
class KeepScope(Question):
    """Say that a scope is the one that counts, under a name."""

    cookie: bytes = field(repr=False)
    incident: UUID | None
    scope: int
    name: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class CompareScope(Question):
    """Ask the same question again, of the log as it stands now."""

    cookie: bytes = field(repr=False)
    incident: UUID | None
    scope: int


@dataclass(frozen=True, slots=True)
class ScopeCompared(Message):
    """The new scope, and who came, went, or is touched otherwise than then, by their marks.

    ``is_repeatable`` says that the old question gave the old list again; an erasure since changes
    that, and so does nothing else.
    """

    facts: ScopeFacts
    came: tuple[str, ...]
    gone: tuple[str, ...]
    changed: tuple[str, ...]
    is_repeatable: bool


@dataclass(frozen=True, slots=True)
class ProveScope(Question):
    """Ask for the evidence of a scope as a file. It leaves the house, so witnesses come first."""

    cookie: bytes = field(repr=False)
    incident: UUID | None
    scope: int


@dataclass(frozen=True, slots=True)
class ScopeProved(Message):
    """The evidence: JSON with the list's hash, the entries relied on, and their proofs.

    ``taken`` is the entry that recorded the taking.
    """

    evidence: bytes
    taken: int
