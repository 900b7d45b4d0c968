"""What officers do about alerts."""

from vaitiolo.people.actor import Actor
from vaitiolo.watch import access


def acknowledge(actor: Actor, index: int) -> None:
    """Take note of a critical alert. Raises NotAllowed where it is not open."""
    access.acknowledge(actor, index)
