"""Touches: what is asked, in the bytes that a security key's answer is bound to."""

from vaitiolo.warden import protocol
from vaitiolo.warden.client.asking import ask
from vaitiolo.warden.protocol.touching import over
from vaitiolo.warden.session import Session

__all__ = ["begin_touch", "over"]


def begin_touch(session: Session, request: bytes) -> protocol.Touching:
    """Ask for a challenge for a request of one's own."""
    return ask(session.transport, protocol.BeginTouch(session.cookie, request), protocol.Touching)
