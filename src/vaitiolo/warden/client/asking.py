"""Asks the warden one question, and turns what it refuses into words."""

from typing import TypeVar

from vaitiolo.warden import frames, protocol
from vaitiolo.warden.client.refusals import (
    REFUSALS,
    QuestionBroken,
    TooLarge,
    WardenSilent,
)
from vaitiolo.warden.protocol import Health
from vaitiolo.warden.transport import Transport, WardenAway

A = TypeVar("A", bound=protocol.Message)


def ask(transport: Transport, question: protocol.Question, answer: type[A]) -> A:
    """Ask the warden; return its answer or raise the refusal it gave."""
    try:
        frame = frames.encode(question)
    except frames.FrameBroken:
        raise TooLarge from None
    try:
        said = frames.decode(transport.ask(frame))
    except WardenAway:
        raise WardenSilent from None
    if isinstance(said, protocol.Refused):
        if said.reason in REFUSALS:
            raise REFUSALS[said.reason]
        raise QuestionBroken(said.reason)
    if not isinstance(said, answer):
        raise QuestionBroken(type(said).__name__)
    return said


def check(transport: Transport) -> Health:
    """Return how the warden is. Raises WardenSilent, LedgerSilent."""
    return ask(transport, protocol.Check(), Health)
