"""Messages that only the worker can open."""

from uuid import UUID

from vaitiolo.warden import protocol
from vaitiolo.warden.client.asking import ask
from vaitiolo.warden.session import Session
from vaitiolo.warden.transport import Transport


def put_outbox(session: Session, *, row: UUID, due: int, body: bytes) -> bytes:
    """Seal a message for the worker alone; ``due`` in seconds since 1970."""
    question = protocol.PutOutbox(session.cookie, row, due, body)
    return ask(session.transport, question, protocol.SealedBack).sealed[0]


def take_outbox(transport: Transport, row: UUID) -> None:
    """Record that the worker is about to open a row of the outbox."""
    ask(transport, protocol.TakeOutbox(row), protocol.Done)


def settle_outbox(transport: Transport, row: UUID, *, was_sent: bool) -> None:
    """Record that a row of the outbox was sent, or given up."""
    ask(transport, protocol.OutboxSent(row, was_sent), protocol.Done)
