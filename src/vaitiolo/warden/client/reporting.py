"""A patient's report, for the privacy officer; each page is recorded before it is given."""

from uuid import UUID

from vaitiolo.warden import protocol
from vaitiolo.warden.client.asking import ask
from vaitiolo.warden.parts import ReportLine
from vaitiolo.warden.protocol import Reported
from vaitiolo.warden.session import Session

__all__ = ["ReportLine", "Reported", "ask_report"]


def ask_report(
    session: Session, patient: UUID, *, reason: str, older: str, after: int, is_file: bool
) -> Reported:
    """Return a page of a report. Raises NotAllowed, NotGranted, OverBudget, ReportIncomplete."""
    question = protocol.AskReport(session.cookie, patient, reason, older, after, is_file)
    return ask(session.transport, question, Reported)
