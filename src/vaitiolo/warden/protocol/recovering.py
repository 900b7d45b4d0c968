"""Messages about recovery: a ceremony's request and answer, officers' shares, contact cases."""

from dataclasses import dataclass, field
from uuid import UUID

from vaitiolo.warden.kinds import Caller
from vaitiolo.warden.parts import CasePatient, KnownCase, Sealed
from vaitiolo.warden.protocol.saying import Message, Question
from vaitiolo.warden.protocol.touching import over


def over_enrolling() -> bytes:
    """Return what the touch for EnrolShare is over."""
    return over("enrol-share")


def over_joining(case: UUID, list_hash: bytes) -> bytes:
    """Return what the touch for JoinCase is over: the case and its list."""
    return over("join-case", case, list_hash)


@dataclass(frozen=True, slots=True)
class ExportCeremony(Question):
    """An officer takes the recovery grants of named patients out, for one successor."""

    callers = frozenset({Caller.CONSOLE})
    cookie: bytes = field(repr=False)
    patients: tuple[UUID, ...]
    person: UUID
    purpose: int


@dataclass(frozen=True, slots=True)
class CeremonyExported(Message):
    """A request, to be carried to the computer without network."""

    request: bytes = field(repr=False)
    grants: int


@dataclass(frozen=True, slots=True)
class ImportCeremony(Question):
    """An officer brings the answer of a ceremony in, with the request that it answers."""

    callers = frozenset({Caller.CONSOLE})
    cookie: bytes = field(repr=False)
    request: bytes = field(repr=False)
    answer: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class CeremonyImported(Message):
    """How many grants are new, and how many were in already."""

    granted: int
    already: int


@dataclass(frozen=True, slots=True)
class EnrolShare(Question):
    """Lock an officer's share, typed from paper, with password and security key (touched)."""

    cookie: bytes = field(repr=False)
    share: str = field(repr=False)
    password: str = field(repr=False)
    prf: bytes = field(repr=False)
    assertion: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class AskOwnShare(Question):
    """Whether the asker holds a share of the contact key, and has locked it already."""

    cookie: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class OwnShare(Message):
    """A share is printed for the asker; with how many security keys it is locked."""

    is_officer: bool
    keys: int


@dataclass(frozen=True, slots=True)
class ListCases(Question):
    """Every case there is, for its officers."""

    cookie: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class CasesKnown(Message):
    """The cases of the house, the newest first."""

    cases: tuple[KnownCase, ...]


@dataclass(frozen=True, slots=True)
class OpenCase(Question):
    """Open a case for a list of patients, which never grows."""

    cookie: bytes = field(repr=False)
    patients: tuple[UUID, ...]
    reason: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class CaseOpened(Message):
    """A case, how many patients are on its list, and the hash that officers touch over."""

    case: UUID
    patients: int
    list_hash: bytes


@dataclass(frozen=True, slots=True)
class JoinCase(Question):
    """An officer joins a case with the own share; the touch is over the case and its list."""

    cookie: bytes = field(repr=False)
    case: UUID
    password: str = field(repr=False)
    prf: bytes = field(repr=False)
    assertion: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class CaseJoined(Message):
    """Whether two officers are in, so that the case runs."""

    is_running: bool


@dataclass(frozen=True, slots=True)
class NextOfCase(Question):
    """Some patients of a running case, from a place in its list on."""

    cookie: bytes = field(repr=False)
    case: UUID
    start: int
    count: int


@dataclass(frozen=True, slots=True)
class CaseListed(Message):
    """Patients whose opening was recorded, and whose identity may now be read."""

    patients: tuple[CasePatient, ...]


@dataclass(frozen=True, slots=True)
class ReadCase(Question):
    """Open one patient's identity record, which the pages keep sealed."""

    cookie: bytes = field(repr=False)
    case: UUID
    patient: UUID
    document: Sealed


@dataclass(frozen=True, slots=True)
class CloseCase(Question):
    """End a running case; its key is wiped."""

    cookie: bytes = field(repr=False)
    case: UUID


@dataclass(frozen=True, slots=True)
class CaseClosed(Message):
    """How many patients were handed out, and how many records were read."""

    listed: int
    read: int
