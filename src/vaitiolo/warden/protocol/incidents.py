"""Messages about incidents: opening one, what is added to it, reading it, letting officers in.

An incident is not a contact case: it has evidence, tasks and decisions, and reaches no patient.
"""

from dataclasses import dataclass, field
from uuid import UUID

from vaitiolo.warden.incident_parts import AddedEntry, IncidentLine, KnownIncident
from vaitiolo.warden.kinds import Caller
from vaitiolo.warden.parts import Sealed
from vaitiolo.warden.protocol.saying import Message, Question


@dataclass(frozen=True, slots=True)
class OpenIncident(Question):
    """Open an incident, with a report for its officers. Anybody on the staff may.

    ``alert`` is the index of a critical alert that it comes from, an officer's alone to name;
    ``resumes`` an incident whose opening was cut off before anybody could be let in.
    """

    cookie: bytes = field(repr=False)
    cause: str
    body: bytes = field(repr=False)
    alert: int | None = None
    resumes: UUID | None = None


@dataclass(frozen=True, slots=True)
class IncidentOpened(Message):
    """Its number, as the ledger counts incidents, its compartment, and the sealed report."""

    incident: UUID
    number: int
    compartment: UUID
    entry: AddedEntry | None


@dataclass(frozen=True, slots=True)
class ListIncidents(Question):
    """All incidents for an officer; for anybody else those that the asker reported."""

    cookie: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class IncidentsListed(Message):
    """The newest first."""

    incidents: tuple[KnownIncident, ...]


@dataclass(frozen=True, slots=True)
class ReadIncident(Question):
    """Read an incident, with the sealed entries that are stored of it."""

    cookie: bytes = field(repr=False)
    incident: UUID
    entries: tuple[Sealed, ...]


@dataclass(frozen=True, slots=True)
class IncidentRead(Message):
    """What the ledger has of an incident, each line with the words of its entry.

    ``strays`` is how many of the entries brought along the ledger knows nothing of.
    """

    incident: KnownIncident
    lines: tuple[IncidentLine, ...]
    strays: int


@dataclass(frozen=True, slots=True)
class AddToIncident(Question):
    """Add an entry, or evidence with its file. ``step`` is one of the warden's own words."""

    cookie: bytes = field(repr=False)
    incident: UUID
    step: str
    body: bytes = field(repr=False)
    file: bytes = field(default=b"", repr=False)
    alert: int | None = None


@dataclass(frozen=True, slots=True)
class IncidentAdded(Message):
    """The entry as it is to be stored."""

    entry: AddedEntry


@dataclass(frozen=True, slots=True)
class TakeEvidence(Question):
    """Take out the file of an entry; the taking is an entry of the ledger before it is given."""

    cookie: bytes = field(repr=False)
    incident: UUID
    entry: Sealed
    chunks: tuple[Sealed, ...]


@dataclass(frozen=True, slots=True)
class EvidenceTaken(Message):
    """What the entry says of the file, and the file; its hash was compared."""

    body: bytes = field(repr=False)
    file: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class LetIntoIncident(Question):
    """Let another officer, or an operator, into an incident that the asker holds."""

    cookie: bytes = field(repr=False)
    incident: UUID
    person: UUID


@dataclass(frozen=True, slots=True)
class EscalateIncidents(Question):
    """Cry out about critical alerts and incidents that nobody has acted on in time."""

    callers = frozenset({Caller.WORKER})


@dataclass(frozen=True, slots=True)
class IncidentsEscalated(Message):
    """Which alerts (by index) and incidents (by number) were cried out about just now.

    ``waiting`` are the incidents that no officer has looked at yet.
    """

    alerts: tuple[int, ...]
    unseen: tuple[int, ...]
    undecided: tuple[int, ...]
    waiting: tuple[int, ...]
