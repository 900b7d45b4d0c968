"""Erasing somebody, as two officers ask for it: looking, asking, approving, ending, listing."""

from uuid import UUID

from vaitiolo.warden import protocol
from vaitiolo.warden.client.asking import ask
from vaitiolo.warden.erasure_parts import ErasureAsked, ErasureDone, Substance
from vaitiolo.warden.protocol import ErasureMade, ErasuresListed
from vaitiolo.warden.protocol.erasing import over_approving, over_asking
from vaitiolo.warden.session import Session

__all__ = [
    "ErasureAsked",
    "ErasureDone",
    "ErasureMade",
    "ErasuresListed",
    "Substance",
    "approve_erasure",
    "ask_erasure",
    "end_erasure",
    "list_erasures",
    "look_at_erasure",
    "over_approving",
    "over_asking",
]


def look_at_erasure(session: Session, subject: UUID) -> Substance:
    """Return what an erasure would take. Raises NotAllowed, NotGranted."""
    question = protocol.LookAtErasure(session.cookie, subject)
    return ask(session.transport, question, protocol.ErasureShown).gone


def ask_erasure(
    session: Session, subject: UUID, *, basis: str, reason: str, assertion: bytes
) -> None:
    """Ask for somebody's erasure. Raises NotAllowed, NotGranted, NoTouch, ErasureWaits."""
    question = protocol.AskErasure(session.cookie, subject, basis, reason, assertion)
    ask(session.transport, question, protocol.Done)


def approve_erasure(
    session: Session, subject: UUID, request: int, *, assertion: bytes
) -> ErasureMade:
    """Approve what another asked; it is erased.

    Raises NotAllowed, NoErasure, NoTouch, NoWitness; then nothing is.
    """
    question = protocol.ApproveErasure(session.cookie, subject, request, assertion)
    return ask(session.transport, question, ErasureMade)


def end_erasure(session: Session, subject: UUID, request: int, *, reason: str) -> None:
    """Take one's own asking back, or decline another's. Raises NotAllowed, NoErasure."""
    question = protocol.EndErasure(session.cookie, subject, request, reason)
    ask(session.transport, question, protocol.Done)


def list_erasures(session: Session) -> ErasuresListed:
    """Return what waits and what was done. Raises NotAllowed."""
    return ask(session.transport, protocol.ListErasures(session.cookie), ErasuresListed)
