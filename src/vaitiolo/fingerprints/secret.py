"""The fingerprint key: without it a fingerprint says nothing about any text.

Three keys in one: for the table of the rolling hash, for what comes out of it, for identifiers.
Never written, never logged; whoever holds it and the fingerprints can test guesses.
"""

from dataclasses import dataclass, field
from typing import Final, Self

from vaitiolo.fingerprints.canonical import KEPT
from vaitiolo.fingerprints.siphash import KEY_LENGTH, siphash

LENGTH: Final = 3 * KEY_LENGTH


@dataclass(frozen=True, slots=True)
class FingerprintKey:
    """The three keys; not shown in errors."""

    rolling: bytes = field(repr=False)
    marks: bytes = field(repr=False)
    identifiers: bytes = field(repr=False)
    _table: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Make the table, once: every text needs it."""
        words = (siphash(self.rolling, bytes([symbol])) for symbol in range(len(KEPT)))
        object.__setattr__(self, "_table", tuple(words))

    @classmethod
    def from_bytes(cls, raw: bytes) -> Self:
        """Read 48 bytes. Raises ValueError for another length."""
        if len(raw) != LENGTH:
            raise ValueError("A fingerprint key has 48 bytes.")
        return cls(raw[:16], raw[16:32], raw[32:])

    def table(self) -> tuple[int, ...]:
        """Return the 64-bit words of the rolling hash, one for each symbol."""
        return self._table
