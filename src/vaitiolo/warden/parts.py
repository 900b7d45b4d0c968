"""What messages of the warden are made of: places, documents, readers, rows. No key among them."""

from dataclasses import dataclass, field
from uuid import UUID

from vaitiolo.warden.emergency_parts import (  # noqa: F401 - one place names every part there is
    DutyDocument,
    GlassOpening,
    LivingGlass,
    Roster,
)
from vaitiolo.warden.incident_parts import (  # noqa: F401 - one place names every part there is
    AddedEntry,
    IncidentLine,
    KnownIncident,
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document belongs. It is sealed for this place and opens in no other."""

    kind: int
    row: UUID
    version: int


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed document and its place."""

    place: Place
    sealed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Plain:
    """Words to be sealed, and the sealed version before them (empty for the first)."""

    place: Place
    body: bytes = field(repr=False)
    previous: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Read:
    """What a sealed document said, and who signed it (none for what is not signed)."""

    body: bytes = field(repr=False)
    author: UUID | None = None
    author_name: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Reader:
    """Someone who can open a compartment: a person, or a unit's role (then ``person`` is none)."""

    person: UUID | None
    name: str = field(repr=False)
    role: int
    unit: UUID | None
    until: int | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """One compartment to be opened, for what, and on what ground."""

    compartment: UUID
    mode: str
    purpose: str
    ground: str = ""


@dataclass(frozen=True, slots=True)
class OpenedOne:
    """A short-lived handle on one compartment. There is no key in it."""

    handle: bytes = field(repr=False)
    compartment: UUID
    klass: int
    readers: tuple[Reader, ...]
    recoveries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NewCompartment:
    """A compartment to be made. Recovery is granted by itself, as the class demands."""

    klass: int
    subject: UUID
    persons: tuple[UUID, ...]
    units: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of staff, as others on the staff see one.

    ``since`` is the first day of the first card, ``card_until`` the last day of the present one;
    ``desk`` is none until a registrar has made it.
    """

    person: UUID
    name: str = field(repr=False)
    role: int
    unit: UUID | None
    is_active: bool
    since: int = 0
    card_until: int = 0
    desk: UUID | None = None


@dataclass(frozen=True, slots=True)
class BookRow:
    """A line of the phone book; the identity code never leaves the warden with it."""

    patient: UUID
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ToDrop:
    """Something to be laid on somebody's desk."""

    person: UUID
    row: UUID
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Hit:
    """A note that holds the words looked for. The text comes when the note is opened."""

    compartment: UUID
    place: Place


@dataclass(frozen=True, slots=True)
class Turning:
    """A compartment whose key is to be turned; with an epoch, is being turned to it.

    ``is_settled`` says that all that was sealed before the beginning stands in its row by now.
    """

    compartment: UUID
    klass: int
    subject: UUID
    epoch: int | None
    is_settled: bool


@dataclass(frozen=True, slots=True)
class Arrival:
    """One patient of a register that is brought in. ``notes`` are signed by the officer."""

    patient: UUID
    unit: UUID
    therapist: UUID | None
    hetu: str = field(repr=False)
    identity: Plain
    phonebook: Plain
    notes: tuple[Plain, ...]


@dataclass(frozen=True, slots=True)
class Arrived:
    """The same patient, sealed: ids of the compartments made, and what goes into rows."""

    patient: UUID
    identity: UUID
    chart: UUID | None
    shared: UUID | None
    sealed_identity: bytes = field(repr=False)
    sealed_phonebook: bytes = field(repr=False)
    sealed_notes: tuple[bytes, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class KnownCase:
    """A contact case as its officers see one. No patient is in it, only how many there are.

    ``joined`` names everybody who ever joined it; ``present`` those who are in now, one who waits
    or two for whom it runs until ``until``. Times are in seconds since 1970, and 0 where there is
    none; ``listed`` and ``read`` are the counts of the last time that it was closed.
    """

    case: UUID
    opened: int
    opened_by: str = field(repr=False)
    reason: str = field(repr=False)
    patients: int
    list_hash: bytes
    words: tuple[str, ...]
    joined: tuple[str, ...] = field(repr=False)
    present: tuple[str, ...] = field(repr=False)
    is_present: bool
    is_running: bool
    until: int
    closed: int
    listed: int
    read: int


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """Somebody with a card, and what a thief of this person's session would reach.

    ``hour`` and ``day`` are how many patients the policy lets be opened; none: no such figure.
    """

    person: UUID
    name: str = field(repr=False)
    role: int
    unit: UUID | None
    is_active: bool
    is_signed_in: bool
    card: bytes
    card_until: int
    generation: int
    slots: tuple[int, ...]
    patients: int
    charts: int
    hour: int | None
    day: int


@dataclass(frozen=True, slots=True)
class KeyEpoch:
    """An epoch of a family of the key service's keys, and how many slots are still of it."""

    family: str
    number: int
    is_current: bool
    slots: int


@dataclass(frozen=True, slots=True)
class HeldCompartment:
    """A compartment, its epoch, and who can open it: by valid grants alone."""

    compartment: UUID
    klass: int
    epoch: int
    pending_epoch: int | None
    readers: tuple[Reader, ...]
    recoveries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Seated:
    """One session of the asker's own. ``since`` and ``seen`` are seconds since 1970."""

    session: UUID
    since: int
    seen: int
    network: str = field(repr=False)
    kind: int
    words: str = field(repr=False)
    is_this: bool


@dataclass(frozen=True, slots=True)
class OwnSlot:
    """One of the asker's own ways in. ``since`` is in seconds since 1970, 0 where nothing says."""

    slot: UUID
    kind: int
    since: int
    label: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class TouchKey:
    """A security key that may be touched: its id, and the salt of its PRF. Neither is secret."""

    id: bytes
    prf_salt: bytes


@dataclass(frozen=True, slots=True)
class Invitation:
    """Somebody who is asked to join, until a day. The code is not in it, and not kept anywhere."""

    id: UUID
    name: str = field(repr=False)
    role: int
    unit: UUID | None
    until: int


@dataclass(frozen=True, slots=True)
class CardRequest:
    """A card that waits for registrars. Its role is the card's own word.

    ``why`` is one of ``joins``, ``changes``, ``renews``, ``role-card``; a ``broken`` one is not
    what was stored, and can only be refused.
    """

    card: bytes
    person: UUID
    why: str
    name: str = field(repr=False)
    role: int
    unit: UUID | None
    words: tuple[str, ...]
    signed_by_asker: bool
    missing: int


@dataclass(frozen=True, slots=True)
class SignedDeed:
    """A document that was signed; a settled one has its row. ``mark``: its fingerprints' record."""

    index: int
    kind: int
    row: UUID
    version: int
    is_settled: bool
    mark: int = 0


@dataclass(frozen=True, slots=True)
class CasePatient:
    """A patient of a case, and the compartment with who that is; none where there is none."""

    patient: UUID
    identity: UUID | None


@dataclass(frozen=True, slots=True)
class WitnessSeen:
    """How far a witness has followed the ledger, and when it last said so; 0 for never."""

    name: str
    size: int
    time: int


@dataclass(frozen=True, slots=True)
class OpenAlert:
    """A critical alert that nobody has acknowledged; `rule` is one of the warden's own words."""

    index: int
    since: int
    rule: str


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One entry of a patient's report, as far as it is told to the patient.

    ``person`` is none where the system acted or the actor was erased. ``klass`` is the part of the
    record. ``other`` got or lost access: a person, or a unit where a unit's role did. ``question``
    and ``reason`` are the words of a refusal. Of an erased entry the act and the time remain.
    """

    index: int
    sequence: int
    time_us: int
    act: int
    person: UUID | None
    name: str = field(repr=False)
    role: int
    klass: int
    purpose: str
    ground: str = field(repr=False)
    other: UUID | None
    other_name: str = field(repr=False)
    question: str
    reason: str
    is_erased: bool


@dataclass(frozen=True, slots=True)
class ReportDecision:
    """What was decided on a request for a report; the newest of a patient's is in force.

    ``outcome`` is granted, partly or refused; ``ground`` why something is not given. ``older`` says
    whether entries older than two years are given; ``withheld`` are numbers of the chain.
    """

    sequence: int
    time_us: int
    name: str = field(repr=False)
    outcome: str
    ground: str
    request: str = field(repr=False)
    reason: str = field(repr=False)
    older: bool
    withheld: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class BundleFile:
    """One file of a proof bundle."""

    name: str
    content: bytes = field(repr=False)
