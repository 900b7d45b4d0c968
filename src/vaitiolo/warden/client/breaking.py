"""Emergencies: who is on call, opening a record with a reason, and the answer the next morning."""

from collections.abc import Sequence
from uuid import UUID

from vaitiolo.warden import protocol
from vaitiolo.warden.client.asking import ask
from vaitiolo.warden.emergency_parts import DutyDocument, GlassOpening
from vaitiolo.warden.protocol import Done, Duty, FoundOnDuty, GlassBroken, Rosters
from vaitiolo.warden.session import Session


def over_roster(unit: UUID, persons: Sequence[UUID]) -> bytes:
    """Return what the touch is over with which a roster is set."""
    return protocol.over("roster", unit, *sorted(set(persons)))


def set_roster(session: Session, unit: UUID, persons: Sequence[UUID], *, assertion: bytes) -> None:
    """Say who is on call for a unit. Raises NotAllowed, GlassOff, NoTouch."""
    question = protocol.SetRoster(session.cookie, unit, tuple(persons), assertion)
    ask(session.transport, question, Done)


def ask_rosters(session: Session) -> Rosters:
    """Return who is on call for which unit; for registrars and managers."""
    return ask(session.transport, protocol.AskRosters(session.cookie), Rosters)


def ask_duty(session: Session) -> Duty:
    """Return what the asker could open in an emergency, and what is open so now."""
    return ask(session.transport, protocol.AskDuty(session.cookie), Duty)


def find_on_duty(
    session: Session, hetu: str, documents: Sequence[DutyDocument] = ()
) -> FoundOnDuty:
    """Return whose identity code this is, or whose identity documents would tell."""
    question = protocol.FindOnDuty(session.cookie, hetu, tuple(documents))
    return ask(session.transport, question, FoundOnDuty)


def over_breaking(patient: UUID, reason: str) -> bytes:
    """Return what the touch is over with which a record is opened in an emergency."""
    return protocol.over("break-glass", patient, reason)


def break_glass(session: Session, patient: UUID, reason: str, *, assertion: bytes) -> GlassBroken:
    """Open a patient's record in an emergency, recorded first.

    Raises GlassOff, OffCall, NoReason, Barred, NotGranted, OwnPatient, NoTouch, GlassSpent,
    NoWitness.
    """
    question = protocol.BreakGlass(session.cookie, patient, reason, assertion)
    return ask(session.transport, question, GlassBroken)


def end_glass(session: Session, patient: UUID) -> None:
    """End an opening of this session before its time."""
    ask(session.transport, protocol.EndGlass(session.cookie, patient), Done)


def note_told(session: Session, opening: int, *, way: str) -> None:
    """Say how the patient is told of an opening of one's own: email, sms or none."""
    ask(session.transport, protocol.NoteTold(session.cookie, opening, way), Done)


def list_glasses(session: Session) -> tuple[GlassOpening, ...]:
    """Return the openings that concern the asker, the newest first."""
    question = protocol.ListGlasses(session.cookie)
    return ask(session.transport, question, protocol.GlassesListed).openings


def review_glass(session: Session, opening: int, *, is_right: bool, words: str = "") -> UUID | None:
    """Answer for an opening; return the incident where it was not all right.

    Raises NotAllowed, NoReason.
    """
    question = protocol.ReviewGlass(session.cookie, opening, is_right, words)
    return ask(session.transport, question, protocol.GlassReviewed).incident


def bar_glass(session: Session, patient: UUID, *, is_barred: bool) -> None:
    """Bar a patient of one's own from emergencies, or allow it again. Raises NotGranted."""
    ask(session.transport, protocol.BarGlass(session.cookie, patient, is_barred), Done)
