"""The phone book and the index of identity codes."""

from uuid import UUID

from vaitiolo.warden import protocol
from vaitiolo.warden.client.asking import ask
from vaitiolo.warden.session import Session


def find(session: Session, book: UUID, text: str) -> protocol.Found:
    """Look in a phone book; ``is_loaded`` is false when its rows must be loaded first."""
    return ask(session.transport, protocol.Find(session.cookie, book, text), protocol.Found)


def find_hetu(session: Session, book: UUID, hetu: str) -> protocol.HetuFound:
    """Ask whether an identity code is known here, perhaps elsewhere, or nowhere."""
    question = protocol.FindHetu(session.cookie, book, hetu)
    return ask(session.transport, question, protocol.HetuFound)


def put_hetu(session: Session, identity: UUID, hetu: str) -> None:
    """Enter a new patient's identity code into the index."""
    ask(session.transport, protocol.PutHetu(session.cookie, identity, hetu), protocol.Done)
