"""A person's own sessions: where they are signed in, and ending it there."""

from uuid import UUID

from vaitiolo.warden import protocol
from vaitiolo.warden.client.asking import ask
from vaitiolo.warden.parts import Seated
from vaitiolo.warden.session import Session


def name_session(session: Session, words: str) -> Seated | None:
    """Say which browser a session is in; return the earlier session that had to end for it."""
    question = protocol.NameSession(session.cookie, words)
    answer = ask(session.transport, question, protocol.SessionNamed)
    return next(iter(answer.ended), None)


def list_sessions(session: Session) -> tuple[Seated, ...]:
    """Return where the asker is signed in, the latest first. Raises SignedOut."""
    question = protocol.ListSessions(session.cookie)
    return ask(session.transport, question, protocol.SessionsListed).sessions


def end_session(session: Session, which: UUID) -> None:
    """End one of the asker's own sessions. Raises NotGranted for somebody else's."""
    ask(session.transport, protocol.EndSession(session.cookie, which), protocol.Done)


def end_all_sessions(session: Session, *, but_this: bool) -> None:
    """End all of the asker's own sessions, or all but this one."""
    ask(session.transport, protocol.EndAllSessions(session.cookie, but_this), protocol.Done)
