"""Turning keys, and taking a colleague's access away."""

from collections.abc import Sequence
from uuid import UUID

from vaitiolo.warden import protocol
from vaitiolo.warden.client.asking import ask
from vaitiolo.warden.parts import Sealed
from vaitiolo.warden.session import Session


def withdraw(
    session: Session, compartments: Sequence[UUID], person: UUID, *, keep: int | None = None
) -> None:
    """Take a colleague's access away, all or none, recorded first. Raises NotAllowed.

    What ends on the day ``keep`` (since 1970), or before, stays as it is.
    """
    question = protocol.Withdraw(session.cookie, tuple(compartments), person, keep)
    ask(session.transport, question, protocol.Done)


def due_rotations(session: Session) -> protocol.Due:
    """Return which compartments the asker could turn the key of."""
    return ask(session.transport, protocol.DueRotations(session.cookie), protocol.Due)


def begin_rotation(session: Session, compartment: UUID) -> int:
    """Make a compartment's next key; return its epoch. One that is begun already is the same."""
    question = protocol.BeginRotation(session.cookie, compartment)
    return ask(session.transport, question, protocol.RotationBegun).epoch


def rotate_documents(
    session: Session, compartment: UUID, documents: Sequence[Sealed]
) -> tuple[bytes, ...]:
    """Have documents sealed anew, in order; empty bytes for one that does not open."""
    question = protocol.RotateDocuments(session.cookie, compartment, tuple(documents))
    return ask(session.transport, question, protocol.SealedBack).sealed


def commit_rotation(session: Session, compartment: UUID) -> None:
    """Say that every document is sealed anew. Raises NotAllowed before the warden's time."""
    ask(session.transport, protocol.CommitRotation(session.cookie, compartment), protocol.Done)
