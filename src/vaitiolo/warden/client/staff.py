"""Who works here, and the end of an access."""

from uuid import UUID

from vaitiolo.warden import protocol
from vaitiolo.warden.client.asking import ask
from vaitiolo.warden.parts import Colleague
from vaitiolo.warden.session import Session


def list_colleagues(session: Session) -> tuple[Colleague, ...]:
    """Return everyone on the staff."""
    return ask(session.transport, protocol.Colleagues(session.cookie), protocol.Staff).colleagues


def revoke_card(session: Session, person: UUID, *, reason: int) -> None:
    """End a colleague's card at once; for registrars."""
    ask(session.transport, protocol.RevokeCard(session.cookie, person, reason), protocol.Done)
