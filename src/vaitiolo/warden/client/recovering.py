"""Recovery: ceremonies at the console, officers' shares, contact cases."""

from collections.abc import Sequence
from uuid import UUID

from vaitiolo.warden import protocol
from vaitiolo.warden.client.asking import ask
from vaitiolo.warden.parts import CasePatient, KnownCase, Read, Sealed
from vaitiolo.warden.protocol import (
    CaseClosed,
    CaseOpened,
    CeremonyExported,
    CeremonyImported,
    OwnShare,
)
from vaitiolo.warden.protocol.recovering import over_enrolling, over_joining
from vaitiolo.warden.session import Session

__all__ = [
    "CeremonyExported",
    "CeremonyImported",
    "KnownCase",
    "OwnShare",
    "ask_own_share",
    "close_case",
    "enrol_share",
    "export_ceremony",
    "import_ceremony",
    "join_case",
    "list_cases",
    "next_of_case",
    "open_case",
    "over_enrolling",
    "over_joining",
    "read_case",
]


def export_ceremony(
    session: Session, patients: Sequence[UUID], *, to: UUID, purpose: int
) -> CeremonyExported:
    """Return a ceremony's request for named patients and one successor. Raises NotAllowed."""
    question = protocol.ExportCeremony(session.cookie, tuple(patients), to, purpose)
    return ask(session.transport, question, CeremonyExported)


def import_ceremony(session: Session, *, request: bytes, answer: bytes) -> CeremonyImported:
    """Bring an answer in; twice is harmless. Raises NotAllowed, SealBroken."""
    question = protocol.ImportCeremony(session.cookie, request, answer)
    return ask(session.transport, question, CeremonyImported)


def enrol_share(
    session: Session, share: str, *, password: str, prf: bytes, assertion: bytes
) -> None:
    """Lock the asker's own share of the contact key. Raises WrongShare, NoTouch, NotAllowed."""
    question = protocol.EnrolShare(session.cookie, share, password, prf, assertion)
    ask(session.transport, question, protocol.Done)


def ask_own_share(session: Session) -> OwnShare:
    """Return whether the asker holds a share, and with how many keys it is locked."""
    return ask(session.transport, protocol.AskOwnShare(session.cookie), OwnShare)


def list_cases(session: Session) -> tuple[KnownCase, ...]:
    """Return every case, the newest first. Raises NotAllowed."""
    return ask(session.transport, protocol.ListCases(session.cookie), protocol.CasesKnown).cases


def open_case(session: Session, patients: Sequence[UUID], *, reason: str) -> CaseOpened:
    """Open a case for these patients and no others. Raises NotAllowed."""
    question = protocol.OpenCase(session.cookie, tuple(patients), reason)
    return ask(session.transport, question, CaseOpened)


def join_case(session: Session, case: UUID, *, password: str, prf: bytes, assertion: bytes) -> bool:
    """Join a case; return whether it runs now. Raises WrongShare, NoTouch, NotAllowed."""
    question = protocol.JoinCase(session.cookie, case, password, prf, assertion)
    return ask(session.transport, question, protocol.CaseJoined).is_running


def next_of_case(
    session: Session, case: UUID, *, start: int, count: int
) -> tuple[CasePatient, ...]:
    """Return some patients of a running case; each opening is recorded. Raises NotAllowed."""
    question = protocol.NextOfCase(session.cookie, case, start, count)
    return ask(session.transport, question, protocol.CaseListed).patients


def read_case(session: Session, case: UUID, patient: UUID, *, document: Sealed) -> Read:
    """Return one identity record of a patient that `next_of_case` gave. Raises NotGranted."""
    question = protocol.ReadCase(session.cookie, case, patient, document)
    return ask(session.transport, question, protocol.Unsealed).documents[0]


def close_case(session: Session, case: UUID) -> CaseClosed:
    """End a running case. Raises NotAllowed."""
    return ask(session.transport, protocol.CloseCase(session.cookie, case), CaseClosed)
