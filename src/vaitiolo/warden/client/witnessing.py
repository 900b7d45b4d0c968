"""What a courier carries between the warden and the ledger's witnesses, and how it stands."""

from vaitiolo.warden import protocol
from vaitiolo.warden.client.asking import ask
from vaitiolo.warden.protocol import AlertsOut, CheckpointOut, CheckpointWanted, LedgerStands
from vaitiolo.warden.session import Session
from vaitiolo.warden.transport import Transport

__all__ = [
    "AlertsOut",
    "CheckpointOut",
    "CheckpointWanted",
    "LedgerStands",
    "acknowledge_alert",
    "alerts_for_witnesses",
    "ask_standing",
    "await_checkpoint",
    "begin_stamp",
    "bring_cosignature",
    "bring_stamp",
    "checkpoint_for",
    "ledger_standing",
    "tell_refusal",
]


def await_checkpoint(transport: Transport, *, seen: int, seconds: int) -> CheckpointWanted:
    """Wait until somebody needs a cosignature beyond a size, or for some seconds at most."""
    return ask(transport, protocol.AwaitCheckpoint(seen, seconds), CheckpointWanted)


def checkpoint_for(transport: Transport, witness: str, *, old: int) -> CheckpointOut:
    """Return what to send to a witness that has seen the log up to a size."""
    return ask(transport, protocol.CheckpointFor(witness, old), CheckpointOut)


def bring_cosignature(transport: Transport, witness: str, *, size: int, lines: str) -> None:
    """Hand over what a witness answered. Raises CosignatureBroken."""
    ask(transport, protocol.BringCosignature(witness, size, lines), protocol.Done)


def tell_refusal(transport: Transport, witness: str, *, status: int, size: int) -> None:
    """Tell that a witness refused a checkpoint as inconsistent; it is an alert in the ledger."""
    ask(transport, protocol.WitnessRefuses(witness, status, size), protocol.Done)


def alerts_for_witnesses(transport: Transport, *, after: int) -> AlertsOut:
    """Return critical alerts and acknowledgements behind an index, ready to be sent."""
    return ask(transport, protocol.AlertsForWitnesses(after), AlertsOut)


def ask_standing(transport: Transport) -> LedgerStands:
    """Return how the ledger stands, for the daily page."""
    return ask(transport, protocol.AskStanding(), LedgerStands)


def ledger_standing(session: Session) -> LedgerStands:
    """Return how the ledger stands, for an officer. Raises NotAllowed."""
    return ask(session.transport, protocol.LedgerStanding(session.cookie), LedgerStands)


def acknowledge_alert(session: Session, index: int) -> None:
    """Take note of a critical alert; recorded, and told to the witnesses. Raises NotAllowed."""
    ask(session.transport, protocol.AcknowledgeAlert(session.cookie, index), protocol.Done)


def begin_stamp(transport: Transport) -> protocol.ToStamp:
    """Return what a time-stamp authority is to stamp."""
    return ask(transport, protocol.BeginStamp(), protocol.ToStamp)


def bring_stamp(transport: Transport, *, size: int, authority: str, token: bytes) -> None:
    """Hand over a token; it is kept as it is, and its hash is written into the ledger."""
    ask(transport, protocol.BringStamp(size, authority, token), protocol.Done)
