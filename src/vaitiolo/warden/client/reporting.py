"""A patient's report, for the privacy officer; each page is recorded before it is given."""

from uuid import UUID

from vaitiolo.warden import protocol
from vaitiolo.warden.client.asking import ask
from vaitiolo.warden.parts import BundleFile, ReportDecision, ReportLine
from vaitiolo.warden.protocol import BundleBegun, BundlePart, ReportDecided, Reported
from vaitiolo.warden.session import Session

__all__ = [
    "BundleBegun",
    "BundleFile",
    "BundlePart",
    "ReportDecision",
    "ReportLine",
    "Reported",
    "ask_bundle",
    "ask_bundle_part",
    "ask_report",
    "decide_report",
]


def ask_report(
    session: Session, patient: UUID, *, reason: str, older: str, after: int, is_file: bool
) -> Reported:
    """Return a page of a report. Raises NotAllowed, NotGranted, OverBudget, ReportIncomplete."""
    question = protocol.AskReport(session.cookie, patient, reason, older, after, is_file)
    return ask(session.transport, question, Reported)


def decide_report(session: Session, patient: UUID, decision: ReportDecision) -> ReportDecision:
    """Decide on a request for a report, and return it as it was recorded.

    Number, time and name of what is passed are not looked at. Raises NotAllowed, NotGranted.
    """
    question = protocol.DecideReport(
        session.cookie,
        patient,
        decision.outcome,
        decision.ground,
        decision.request,
        decision.reason,
        decision.older,
        decision.withheld,
    )
    return ask(session.transport, question, ReportDecided).decision


def ask_bundle(session: Session, patient: UUID, *, reason: str, older: str) -> BundleBegun:
    """Begin a proof bundle. Raises what `ask_report` does, and ReportRefused and NoWitness."""
    question = protocol.AskBundle(session.cookie, patient, reason, older)
    return ask(session.transport, question, BundleBegun)


def ask_bundle_part(
    session: Session, patient: UUID, begun: BundleBegun, *, after: int
) -> BundlePart:
    """Return entries of a bundle that was just begun. Raises NotAllowed, ReportIncomplete."""
    question = protocol.AskBundlePart(session.cookie, patient, begun.made, begun.size, after)
    return ask(session.transport, question, BundlePart)
