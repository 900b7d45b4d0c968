"""A register that two officers bring in."""

from collections.abc import Sequence

from vaitiolo.warden import protocol
from vaitiolo.warden.client.asking import ask
from vaitiolo.warden.parts import Arrival, Arrived
from vaitiolo.warden.session import Session
from vaitiolo.warden.transport import Transport


def begin_bringing_in(first: Session, second: Session, *, source: str, patients: int) -> bytes:
    """Two officers begin to bring a register in; return what its patients are sent with."""
    question = protocol.BeginBringingIn(first.cookie, second.cookie, source, patients)
    return ask(first.transport, question, protocol.BringingIn).batch


def bring_in(
    transport: Transport, batch: bytes, arrivals: Sequence[Arrival]
) -> tuple[Arrived, ...]:
    """Seal some patients of a register."""
    question = protocol.BringIn(batch, tuple(arrivals))
    return ask(transport, question, protocol.BroughtIn).arrived


def end_bringing_in(transport: Transport, batch: bytes) -> None:
    """Say that the register is in."""
    ask(transport, protocol.EndBringingIn(batch), protocol.Done)
