"""Who works here: cards to be signed, roles, and the end of an access."""

from uuid import UUID

from vaitiolo.warden import protocol
from vaitiolo.warden.client.asking import ask
from vaitiolo.warden.parts import CardRequest, Colleague
from vaitiolo.warden.protocol import Left
from vaitiolo.warden.session import Session


def list_colleagues(session: Session) -> tuple[Colleague, ...]:
    """Return everyone on the staff."""
    return ask(session.transport, protocol.Colleagues(session.cookie), protocol.Staff).colleagues


def revoke_card(session: Session, person: UUID, *, reason: int) -> None:
    """End a colleague's card at once; for registrars."""
    ask(session.transport, protocol.RevokeCard(session.cookie, person, reason), protocol.Done)


def left_behind(session: Session, person: UUID) -> Left:
    """Return how much waits to be turned without somebody who has left; for registrars."""
    return ask(session.transport, protocol.LeftBehind(session.cookie, person), Left)


def list_card_requests(session: Session) -> tuple[CardRequest, ...]:
    """Return the cards that wait for a registrar, each with its eight words."""
    question = protocol.CardRequests(session.cookie)
    return ask(session.transport, question, protocol.RequestList).requests


def over_card(card: bytes) -> bytes:
    """Return what the touch is over with which a registrar signs a card."""
    return protocol.over("sign-card", card)


def sign_card(session: Session, card: bytes, *, assertion: bytes) -> bool:
    """Sign a card; return whether it is complete. Raises NoTouch, NotAllowed, NoRequest."""
    question = protocol.SignCard(session.cookie, card, assertion)
    return ask(session.transport, question, protocol.CardSigned).is_complete


def refuse_card(session: Session, card: bytes) -> None:
    """Refuse a card whose words differ; somebody is told."""
    ask(session.transport, protocol.RefuseCard(session.cookie, card), protocol.Done)


def propose_role(session: Session, person: UUID, *, role: int, unit: UUID | None) -> None:
    """Propose another role or unit to a colleague."""
    question = protocol.ProposeRole(session.cookie, person, role, unit)
    ask(session.transport, question, protocol.Done)


def settle_staff(session: Session) -> None:
    """Finish what signing and revoking have begun; for registrars."""
    ask(session.transport, protocol.SettleStaff(session.cookie), protocol.Done)


def list_waiting_for_role(session: Session) -> tuple[Colleague, ...]:
    """Return the colleagues whom the asker could let into their common role."""
    question = protocol.WaitingForRole(session.cookie)
    return ask(session.transport, question, protocol.Staff).colleagues


def let_into_role(session: Session, person: UUID) -> None:
    """Let a colleague act with the role card that the asker holds."""
    ask(session.transport, protocol.LetIntoRole(session.cookie, person), protocol.Done)
