"""What was signed, for whoever counts the rows: random ids and versions, nothing else."""

from vaitiolo.warden import protocol
from vaitiolo.warden.client.asking import ask
from vaitiolo.warden.protocol import OthersListed, SignedListed
from vaitiolo.warden.transport import Transport

__all__ = ["OthersListed", "list_others", "list_signed", "note_reconciled"]


def list_signed(transport: Transport, since: int) -> SignedListed:
    """Return some of the documents that the ledger says were signed, from an index on."""
    return ask(transport, protocol.ListSigned(since), SignedListed)


def list_others(transport: Transport, since: int) -> OthersListed:
    """Return some of the copies, reminders and erasures in the ledger, from an index on."""
    return ask(transport, protocol.ListOthers(since), OthersListed)


def note_reconciled(
    transport: Transport, *, entries: int, rows: int, dangling: int, missing: int
) -> None:
    """Have the outcome recorded. Rows without an entry are an alert."""
    question = protocol.NoteReconciled(entries, rows, dangling, missing)
    ask(transport, question, protocol.Done)
