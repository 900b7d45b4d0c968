"""What is done about exercises: one is asked for."""

from vaitiolo.breach.drills import access
from vaitiolo.people.actor import Actor


def ask(actor: Actor) -> None:
    """Ask for an exercise; while one waits or runs, nothing new begins. Raises NotAllowed."""
    access.ask(actor)
