"""Messages about leaks: results of searches, the accounts they are consistent with, decoys."""

from dataclasses import dataclass, field
from uuid import UUID

from vaitiolo.warden.incident_parts import AddedEntry
from vaitiolo.warden.leak_parts import (
    ConsistentFacts,
    DecoyExport,
    DecoyPerson,
    LeakedPatient,
    StoredResult,
)
from vaitiolo.warden.protocol.saying import Message, Question


@dataclass(frozen=True, slots=True)
class PutLeakResult(Question):
    """Put the signed result of a search into an incident. ``result`` is the file, in zlib."""

    cookie: bytes = field(repr=False)
    incident: UUID
    result: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class LeakResultPut(Message):
    """The entry as it is to be stored, the result in its pieces."""

    entry: AddedEntry


@dataclass(frozen=True, slots=True)
class ReadLeakResults(Question):
    """Read results that lie in an incident; the looking is recorded first."""

    cookie: bytes = field(repr=False)
    incident: UUID
    results: tuple[StoredResult, ...]


@dataclass(frozen=True, slots=True)
class LeakResultsRead(Message):
    """The results in the order asked, each in zlib. Ids and places, never text."""

    results: tuple[bytes, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class AskConsistent(Question):
    """Ask which accounts a leak is consistent with: who opened these in this time (microseconds).

    The log is read whole, up to a signed state. An answer is never proof of a person.
    """

    cookie: bytes = field(repr=False)
    incident: UUID
    patients: tuple[LeakedPatient, ...]
    since: int
    until: int


@dataclass(frozen=True, slots=True)
class ConsistentFound(Message):
    """The accounts."""

    facts: ConsistentFacts


@dataclass(frozen=True, slots=True)
class IssueDecoys(Question):
    """Have three invented people made for one export in bulk. ``purpose`` is what it is for."""

    cookie: bytes = field(repr=False)
    purpose: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class DecoysIssued(Message):
    """The number of the export, and its people. They are told once."""

    export: int
    people: tuple[DecoyPerson, ...]


@dataclass(frozen=True, slots=True)
class ListDecoys(Question):
    """Ask which exports were given decoys."""

    cookie: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class DecoysListed(Message):
    """The exports, the newest first."""

    exports: tuple[DecoyExport, ...]


@dataclass(frozen=True, slots=True)
class FindDecoy(Question):
    """Ask whose decoy somebody is: an identity code or an e-mail address, out of a claim."""

    cookie: bytes = field(repr=False)
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class DecoyFound(Message):
    """The export whose decoy it is; 0 for nobody's. ``is_reserved``: a code given to no one."""

    export: int
    is_reserved: bool
