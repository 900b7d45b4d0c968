"""Inviting somebody, and joining: what the registrar's and the newcomer's pages ask."""

from uuid import UUID

from vaitiolo.warden import protocol
from vaitiolo.warden.client.asking import ask
from vaitiolo.warden.parts import Invitation
from vaitiolo.warden.protocol import EnrolmentBegun, EnrolmentState, Invited
from vaitiolo.warden.session import Session


def invite(session: Session, *, name: str, role: int, unit: UUID | None, sign_in: str) -> Invited:
    """Make an invitation; its code is said this once. Raises NotAllowed, NameTaken."""
    return ask(
        session.transport, protocol.Invite(session.cookie, name, role, unit, sign_in), Invited
    )


def list_invitations(session: Session) -> tuple[Invitation, ...]:
    """Return who has not come yet."""
    question = protocol.Invitations(session.cookie)
    return ask(session.transport, question, protocol.InvitationList).invitations


def withdraw_invitation(session: Session, invitation: UUID) -> None:
    """Take an invitation back."""
    question = protocol.WithdrawInvitation(session.cookie, invitation)
    ask(session.transport, question, protocol.Done)


def begin_enrolment(session: Session, code: str) -> EnrolmentBegun:
    """Return whom a code is for. The session is one of its own, in which nobody is signed in."""
    question = protocol.BeginEnrolment(session.cookie, code)
    return ask(session.transport, question, EnrolmentBegun)


def enrol(
    session: Session, code: str, password: str, *, attestation: bytes = b"", prf: bytes = b""
) -> bytes:
    """Draw a newcomer's seed and ask for a card; return its id.

    Raises NoInvitation, WeakPassword, NoTouch.
    """
    question = protocol.Enrol(session.cookie, code, password, attestation, prf)
    return ask(session.transport, question, protocol.Enrolled).card


def enrolment(session: Session, card: bytes) -> EnrolmentState:
    """Return how far an enrolment is, in the browser that began it."""
    return ask(session.transport, protocol.Enrolment(session.cookie, card), EnrolmentState)
