"""The one answer to everything cryptographic that is not as it should be.

It never says what was wrong: the reason is for the ledger, and not part of the text.
"""

MESSAGE = "This could not be opened or verified, so nothing was done."


class Refused(Exception):
    """Raised for every malformed, foreign, forged, lapsed or damaged object; one message for all.

    The warden writes ``reason`` into the ledger. Neither ``str`` nor ``repr`` shows it.
    """

    __slots__ = ("_reason",)

    def __init__(self, reason: str) -> None:
        super().__init__(MESSAGE)
        self._reason = reason

    def __reduce__(self) -> tuple[type["Refused"], tuple[str]]:
        return (Refused, (self._reason,))

    @property
    def reason(self) -> str:
        """Return the code for the ledger; it must not reach whoever asked."""
        return self._reason
