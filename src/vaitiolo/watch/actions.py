"""What officers do about alerts, and about requests for reports."""

from uuid import UUID

from vaitiolo.people.actor import Actor
from vaitiolo.watch import access
from vaitiolo.watch.access import ReportDecision


def acknowledge(actor: Actor, index: int) -> None:
    """Take note of a critical alert. Raises NotAllowed where it is not open."""
    access.acknowledge(actor, index)


def decide_report(actor: Actor, patient: UUID, decision: ReportDecision) -> ReportDecision:
    """Decide on a request for a report, and return what was recorded. Raises PatientUnknown."""
    return access.decide_report(actor, patient, decision)
