"""The door to exercises: the ledger keeps which were asked for, and what they came to."""

from vaitiolo.people.actor import Actor
from vaitiolo.warden.client import drilling
from vaitiolo.warden.client.drilling import KnownDrill
from vaitiolo.warden.transport import Transport

__all__ = ["KnownDrill"]


def ask(actor: Actor) -> int:
    """Ask for an exercise. Raises NotAllowed."""
    return drilling.ask_drill(actor.session)


def list_all(actor: Actor) -> tuple[KnownDrill, ...]:
    """Return every exercise, the newest first. Raises NotAllowed."""
    return drilling.list_drills(actor.session)


def begin(transport: Transport) -> int | None:
    """Take the exercise that waits, if one does; the worker's."""
    drill = drilling.begin_drill(transport)
    return drill if drill >= 0 else None


def end(transport: Transport, drill: int, *, score: str) -> None:
    """Record what an exercise came to; empty where it broke off."""
    drilling.end_drill(transport, drill, score=score)
