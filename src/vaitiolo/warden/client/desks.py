"""What is laid on colleagues' desks."""

from collections.abc import Sequence

from vaitiolo.warden import protocol
from vaitiolo.warden.client.asking import ask
from vaitiolo.warden.parts import ToDrop
from vaitiolo.warden.session import Session


def drop(session: Session, drops: Sequence[ToDrop]) -> tuple[bytes, ...]:
    """Seal things onto colleagues' desks without opening them."""
    question = protocol.Drop(session.cookie, tuple(drops))
    return ask(session.transport, question, protocol.SealedBack).sealed
