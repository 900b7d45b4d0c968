"""What officers do: about alerts, about requests for reports, and about erasing somebody."""

from datetime import datetime
from uuid import UUID

from vaitiolo.people import erasing
from vaitiolo.people.actor import Actor
from vaitiolo.watch import access
from vaitiolo.watch.access import ErasureAsked, NobodyToErase, ReportDecision


def acknowledge(actor: Actor, index: int) -> None:
    """Take note of a critical alert. Raises NotAllowed where it is not open."""
    access.acknowledge(actor, index)


def decide_report(actor: Actor, patient: UUID, decision: ReportDecision) -> ReportDecision:
    """Decide on a request for a report, and return what was recorded. Raises PatientUnknown."""
    return access.decide_report(actor, patient, decision)


def ask_erasure(actor: Actor, subject: UUID, *, basis: str, reason: str, assertion: bytes) -> None:
    """Ask for somebody's erasure; nothing is erased by that."""
    access.ask_erasure(actor, subject, basis=basis, reason=reason, assertion=assertion)


def approve_erasure(actor: Actor, asked: ErasureAsked, *, assertion: bytes, at: datetime) -> None:
    """Erase what another asked for: by the warden first, then the rows that no key opens now.

    Whose rows are to go is noted before, so that a failure between the two leaves none for good.
    """
    erasing.begin(asked.subject)
    try:
        access.approve_erasure(actor, asked, assertion=assertion)
    except (access.NotAllowed, access.NoErasure, access.NoTouch, access.NoWitness):
        erasing.leave(asked.subject)
        raise
    _remove(actor, asked.subject, holders=asked.gone.holders, at=at)


def end_erasure(actor: Actor, asked: ErasureAsked, *, reason: str) -> None:
    """Take one's own asking back, or decline another's."""
    access.end_erasure(actor, asked, reason=reason)


def finish_erasures(actor: Actor, *, at: datetime) -> None:
    """Remove rows that a failure left behind; those of whom the warden did not erase stay."""
    for patient_id in erasing.list_begun():
        try:
            access.look_at_erasure(actor, patient_id)
        except NobodyToErase:
            _remove(actor, patient_id, holders=(), at=at)
        else:
            erasing.leave(patient_id)


def _remove(actor: Actor, subject: UUID, *, holders: tuple[UUID, ...], at: datetime) -> None:
    if erasing.remove_rows(subject):
        erasing.take_off_desks(actor, subject, holders, at=at)
