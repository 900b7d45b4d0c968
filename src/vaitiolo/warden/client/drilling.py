"""Exercises of the breach desk: asked for by an officer, made by the worker, kept in the ledger."""

from vaitiolo.warden import protocol
from vaitiolo.warden.client.asking import ask
from vaitiolo.warden.drill_parts import KnownDrill
from vaitiolo.warden.session import Session
from vaitiolo.warden.transport import Transport

__all__ = ["KnownDrill", "ask_drill", "begin_drill", "end_drill", "list_drills"]


def ask_drill(session: Session) -> int:
    """Ask for an exercise and return its number, or that of the one that waits or runs.

    Raises NotAllowed.
    """
    return ask(session.transport, protocol.AskDrill(session.cookie), protocol.DrillAsked).drill


def list_drills(session: Session) -> tuple[KnownDrill, ...]:
    """Return every exercise that was asked for, the newest first. Raises NotAllowed."""
    return ask(session.transport, protocol.ListDrills(session.cookie), protocol.DrillsListed).drills


def begin_drill(transport: Transport) -> int:
    """Take the exercise that waits; -1 if none does. Recorded."""
    return ask(transport, protocol.BeginDrill(), protocol.DrillAsked).drill


def end_drill(transport: Transport, drill: int, *, score: str) -> None:
    """Record what an exercise came to; an empty score says that it broke off."""
    ask(transport, protocol.EndDrill(drill, score), protocol.Done)
