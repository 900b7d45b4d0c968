"""What messages about leaks are made of: sealed results, leaked patients, accounts, decoys."""

from dataclasses import dataclass, field
from uuid import UUID

from vaitiolo.warden.parts import Sealed


@dataclass(frozen=True, slots=True)
class StoredResult:
    """A search's result as it is stored: its entry in the incident, and the pieces of its file."""

    entry: Sealed
    chunks: tuple[Sealed, ...]


@dataclass(frozen=True, slots=True)
class LeakedVersion:
    """A version of a note that was found in a leak."""

    note: UUID
    version: int


@dataclass(frozen=True, slots=True)
class LeakedPatient:
    """A patient in a leak: whether with notes, or with identifiers alone, and which versions."""

    patient: UUID
    is_noted: bool
    versions: tuple[LeakedVersion, ...]


@dataclass(frozen=True, slots=True)
class AccountSession:
    """One session in which leaked records were opened; times in microseconds."""

    session: str
    network: str = field(repr=False)
    patients: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Account:
    """What one account opened of the leaked patients in time, and what it did not.

    ``others`` is how many patients it opened besides. ``missing`` are some of those it did not.
    """

    person: UUID | None
    name: str = field(repr=False)
    role: int
    unit: UUID | None
    covered: int
    others: int
    first: int
    last: int
    missing: tuple[UUID, ...]
    sessions: tuple[AccountSession, ...]


@dataclass(frozen=True, slots=True)
class ConsistentFacts:
    """With which accounts a leak is consistent, out of the whole log up to ``size``.

    ``accounts`` are the likeliest first, of ``total``; ``whole`` of them opened all that leaked.
    ``versions`` is how many leaked versions could be dated, ``erased`` how many patients are gone.
    """

    asked: int
    size: int
    patients: int
    erased: int
    versions: int
    whole: int
    total: int
    accounts: tuple[Account, ...]


@dataclass(frozen=True, slots=True)
class DecoyPerson:
    """An invented person of one export. The code's number is one that is given to nobody."""

    id: UUID
    name: str = field(repr=False)
    code: str = field(repr=False)
    mail: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class DecoyExport:
    """An export that was given decoys: its number is that of its entry; no decoy is told."""

    export: int
    at: int
    by: str = field(repr=False)
    purpose: str = field(repr=False)
    people: int
