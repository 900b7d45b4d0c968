"""Copies of named notes for a named reader."""

from collections.abc import Sequence
from uuid import UUID

from vaitiolo.warden import protocol
from vaitiolo.warden.client.asking import ask
from vaitiolo.warden.client.compartments import OpenCompartment
from vaitiolo.warden.parts import Sealed


def copy_notes(
    opened: OpenCompartment, documents: Sequence[Sealed], reader: UUID, *, until: int
) -> tuple[UUID, tuple[Sealed, ...]]:
    """Copy notes of one's own for a reader, until a day since 1970; each is recorded first.

    Returns the copies' compartment and the copies. Raises NotAllowed, SealBroken.
    """
    session = opened.session
    question = protocol.CopyNotes(session.cookie, opened.handle, tuple(documents), reader, until)
    copied = ask(session.transport, question, protocol.Copied)
    return copied.compartment, copied.copies
