"""Which loops the search runs on: the compiled ones, or NumPy's where numba cannot be loaded."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from vaitiolo.fingerprints import bulk, identifiers
from vaitiolo.fingerprints.bulk import Bytes, Keys, Places, Sampled, Words
from vaitiolo.fingerprints.secret import FingerprintKey
from vaitiolo.leak import look
from vaitiolo.leak.corpus import Numbers
from vaitiolo.leak.table import Table

BLOCK: Final = 8 << 20
SMALL_BLOCK: Final = 1 << 20  # NumPy is fastest where its arrays stay in the cache


class Kernel(Protocol):
    """The loops, with room of their own: one for each thread."""

    name: str
    block: int

    def sample(self, block: Bytes) -> Sampled:
        """Return the sampled windows of a block; valid until the next one."""
        ...

    def look(self, sampled: Sampled, table: Table, *, base: int, seen: Numbers) -> Numbers:
        """Note what is met, and return what each cell has and knows."""
        ...

    def identifiers(self, block: Bytes) -> Iterator[tuple[Words, Places]]:
        """Give hashes and places of identifiers, in portions valid until the next one."""
        ...

    def entries(self, marks: Words, table: Table) -> NDArray[np.int64]:
        """Return the first entry of each fingerprint, or -1."""
        ...


def kernel(key: FingerprintKey, *, compiled: bool = True) -> Kernel:
    """Return the fastest loops that there are here."""
    if compiled:
        try:
            from vaitiolo.leak.compiled import Compiled  # noqa: PLC0415 - numba may be missing
        except ImportError:
            pass
        else:
            return Compiled(key)
    return Plain(key)


@dataclass(slots=True)
class _Keys:
    whole: FingerprintKey
    unfolded: Keys


class Plain:
    """The loops in NumPy."""

    name = "numpy"
    block = SMALL_BLOCK

    def __init__(self, key: FingerprintKey) -> None:
        self._key = _Keys(key, bulk.unfolded(key))

    def sample(self, block: Bytes) -> Sampled:
        return bulk.sample(block.tobytes(), self._key.unfolded)

    def look(self, sampled: Sampled, table: Table, *, base: int, seen: Numbers) -> Numbers:
        return look.look(sampled, self._key.unfolded, table, base=base, seen=seen)

    def identifiers(self, block: Bytes) -> Iterator[tuple[Words, Places]]:
        found = [
            (identifiers.hashed(one, self._key.whole), one.place)
            for one in identifiers.find(block.tobytes())
        ]
        yield (
            np.array([hashed for hashed, _ in found], dtype=np.uint64),
            np.array([place for _, place in found], dtype=np.uint32),
        )

    def entries(self, marks: Words, table: Table) -> NDArray[np.int64]:
        return look.entries_of(marks, table)
