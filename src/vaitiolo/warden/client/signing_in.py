"""Signing in and out."""

from vaitiolo.warden import protocol
from vaitiolo.warden.client.asking import ask
from vaitiolo.warden.protocol import Recognised
from vaitiolo.warden.session import Session


def sign_in(session: Session, *, name: str, password: str, network: str) -> Recognised:
    """Open a slot. Raises WrongSignIn, TooManyTries."""
    question = protocol.SignIn(session.cookie, name, password, network)
    return ask(session.transport, question, Recognised)


def recognise(session: Session) -> Recognised:
    """Return the person behind a cookie. Raises SignedOut, CardEnded."""
    return ask(session.transport, protocol.Recognise(session.cookie), Recognised)


def sign_out(session: Session) -> None:
    """End a session; the warden forgets its seed."""
    ask(session.transport, protocol.SignOut(session.cookie), protocol.Done)
