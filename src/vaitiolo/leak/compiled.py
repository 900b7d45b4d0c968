"""The compiled loops and the room they work in. Importing this needs numba."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from vaitiolo.fingerprints import bulk, fast, fast_identifiers
from vaitiolo.fingerprints.bulk import Bytes, Places, Sampled, Words
from vaitiolo.fingerprints.secret import FingerprintKey
from vaitiolo.leak import fast_look
from vaitiolo.leak.blocks import FRONT
from vaitiolo.leak.corpus import Numbers
from vaitiolo.leak.kernels import BLOCK
from vaitiolo.leak.table import Table

_ROOM_FOR_IDENTIFIERS = 1 << 16


class Compiled:
    """The loops compiled by numba."""

    name = "numba"
    block = BLOCK

    def __init__(self, key: FingerprintKey) -> None:
        self._keys = bulk.unfolded(key)
        self._room = fast.scratch(BLOCK + FRONT)
        self._hits = fast_identifiers.room(_ROOM_FOR_IDENTIFIERS)

    def sample(self, block: Bytes) -> Sampled:
        return fast.sample(block, self._keys, self._room)

    def look(self, sampled: Sampled, table: Table, *, base: int, seen: Numbers) -> Numbers:
        return fast_look.look(sampled, self._keys, table, base=base, seen=seen)

    def identifiers(self, block: Bytes) -> Iterator[tuple[Words, Places]]:
        for hits in fast_identifiers.scan(block, self._keys, self._hits):
            yield hits.hashes, hits.places

    def entries(self, marks: Words, table: Table) -> NDArray[np.int64]:
        return fast_look.entries(marks, table)
