"""One's own ways in: seen, added, changed and removed by their owner alone."""

from uuid import UUID

from vaitiolo.warden import protocol
from vaitiolo.warden.client.asking import ask
from vaitiolo.warden.client.signing_in import Touched
from vaitiolo.warden.protocol import Done, NewKey, OwnKeys
from vaitiolo.warden.protocol.own_keys import NEW_CODE, NEW_KEY, removal
from vaitiolo.warden.session import Session

__all__ = ["NEW_CODE", "NEW_KEY", "removal"]


def list_own_keys(session: Session) -> OwnKeys:
    """Return the own ways in."""
    return ask(session.transport, protocol.ListOwnKeys(session.cookie), OwnKeys)


def over_own_change(person: UUID, deed: str) -> bytes:
    """Return what the touch is over with which somebody shows that they want a change."""
    return protocol.over("own-keys", person, deed)


def confirm_self(
    session: Session, deed: str, *, password: str = "", assertion: bytes = b""
) -> None:
    """Show that one wants a change. Raises WrongSignIn, NoTouch, TooManyTries, NotGranted."""
    question = protocol.ConfirmSelf(session.cookie, deed, password, assertion)
    ask(session.transport, question, Done)


def begin_own_key(session: Session) -> NewKey:
    """Ask for what a new security key is made with. Raises ConfirmFirst, NotAllowed."""
    return ask(session.transport, protocol.BeginOwnKey(session.cookie), NewKey)


def add_own_key(
    session: Session, made: Touched, *, password: str, prf_salt: bytes, label: str
) -> None:
    """Lock the own seed for a new key. Raises ConfirmFirst, NoTouch, NotAllowed."""
    question = protocol.AddOwnKey(
        session.cookie, password, made.prf, prf_salt, made.assertion, label
    )
    ask(session.transport, question, Done)


def add_own_code(session: Session, code: str) -> None:
    """Lock the own seed for a printed code. Raises ConfirmFirst, NotAllowed."""
    ask(session.transport, protocol.AddOwnCode(session.cookie, code), Done)


def change_own_password(session: Session, touched: Touched, *, old: str, new: str) -> None:
    """Change the password. Raises WrongSignIn, NoTouch, TooManyTries."""
    question = protocol.ChangeOwnPassword(session.cookie, old, new, touched.prf, touched.assertion)
    ask(session.transport, question, Done)


def remove_own_slot(session: Session, slot: UUID) -> None:
    """Remove an own way in. Raises ConfirmFirst, NotGranted, LastWayIn."""
    ask(session.transport, protocol.RemoveOwnSlot(session.cookie, slot), Done)
