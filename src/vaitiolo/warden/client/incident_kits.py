"""The incident kit, as two officers take it out at the console."""

from vaitiolo.warden import protocol
from vaitiolo.warden.client.asking import ask
from vaitiolo.warden.protocol import IncidentKey, KitBegun, KitHashed, KitPart
from vaitiolo.warden.session import Session

__all__ = [
    "IncidentKey",
    "adopt_incident_key",
    "ask_incident_key",
    "begin_kit",
    "hash_kit",
    "read_kit",
]


def ask_incident_key(session: Session) -> IncidentKey:
    """Say whether the house keeps what a leak is searched with. Raises NotAllowed."""
    return ask(session.transport, protocol.AskIncidentKey(session.cookie), IncidentKey)


def adopt_incident_key(session: Session, key: bytes) -> None:
    """Bring a ceremony's incident key in; twice is harmless. Raises NotAllowed."""
    ask(session.transport, protocol.AdoptIncidentKey(session.cookie, key), protocol.Done)


def begin_kit(first: Session, second: Session) -> KitBegun:
    """Two officers begin to take a kit out. Raises NotAllowed, NoIncidentKey."""
    question = protocol.BeginKit(first.cookie, second.cookie)
    return ask(first.transport, question, KitBegun)


def hash_kit(session: Session, kit: bytes) -> KitHashed:
    """Go on with the kit's hash; with the last segment its entry is made. Raises NoWitness."""
    return ask(session.transport, protocol.HashKit(session.cookie, kit), KitHashed)


def read_kit(session: Session, kit: bytes, *, start: int) -> KitPart:
    """Return some of the kit. Raises NotAllowed before its entry was made."""
    return ask(session.transport, protocol.ReadKit(session.cookie, kit, start), KitPart)
