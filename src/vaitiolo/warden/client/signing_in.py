"""Signing in and out."""

from dataclasses import dataclass, field
from typing import Final

from vaitiolo.warden import protocol
from vaitiolo.warden.client.asking import ask
from vaitiolo.warden.protocol import AskedToSignIn, Recognised, WaysIn
from vaitiolo.warden.session import Session
from vaitiolo.warden.transport import Transport

WITH_KEY, KEY_ALONE, WITH_CODE, PASSWORD_ALONE = 1, 2, 3, 4


@dataclass(frozen=True, slots=True)
class Touched:
    """What a security key gave: its signed answer, and the secret that only the warden may use."""

    assertion: bytes = field(default=b"", repr=False)
    prf: bytes = field(default=b"", repr=False)


UNTOUCHED: Final = Touched()


def ways_to_sign_in(transport: Transport) -> WaysIn:
    """Return which ways in the policy allows. Raises WardenSilent."""
    return ask(transport, protocol.WaysToSignIn(), WaysIn)


def ask_to_sign_in(transport: Transport, name: str) -> AskedToSignIn:
    """Ask for what a security key needs; the answer looks alike for every name."""
    return ask(transport, protocol.AskToSignIn(name), AskedToSignIn)


def sign_in(
    session: Session,
    *,
    name: str,
    password: str,
    network: str,
    kind: int = PASSWORD_ALONE,
    touched: Touched = UNTOUCHED,
) -> Recognised:
    """Open a slot of a kind. Raises WrongSignIn, TooManyTries."""
    question = protocol.SignIn(
        session.cookie, name, kind, password, touched.prf, touched.assertion, network
    )
    return ask(session.transport, question, Recognised)


def recognise(session: Session) -> Recognised:
    """Return the person behind a cookie. Raises SignedOut, CardEnded."""
    return ask(session.transport, protocol.Recognise(session.cookie), Recognised)


def sign_out(session: Session) -> None:
    """End a session; the warden forgets its seed."""
    ask(session.transport, protocol.SignOut(session.cookie), protocol.Done)
