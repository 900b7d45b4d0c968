"""How the warden says no: a reason that may be told, and what the ledger shall hold of it."""

from uuid import UUID


class No(Exception):
    """An expected refusal.

    ``reason`` is one of the words that the asking half knows, ``subject`` is whose chain the
    refusal joins, ``because`` is for the ledger's detail alone and never leaves the warden.
    """

    def __init__(self, reason: str, *, subject: UUID | None = None, because: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.subject = subject
        self.because = because
