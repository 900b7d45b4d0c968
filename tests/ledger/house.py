"""An installation's folders, wardens that publish into them, and a stranger who reads them."""

from collections.abc import Callable
from pathlib import Path

from tlog_scales import backend, reader
from tlog_scales.signing import Vkey
from tlog_scales.tiles import leaf_hash

from tests.ledger.logs import KEY, ORIGIN, PUBLIC, sign
from vaitiolo.ledger.publishing import Folders, Publisher
from vaitiolo.ledger.recorder import Recorder


class House:
    """An installation's folders, and wardens that publish into them."""

    def __init__(self, home: Path, clock: Callable[[], int]) -> None:
        self.public, self.inside, self.clock = home / "ledger", home / "ledger-entries", clock
        self.recorders: list[Recorder] = []

    def publisher(self) -> Publisher:
        return Publisher(Folders(self.public, self.inside), KEY)

    def warden(self, publish: Callable[[str], None] | None = None) -> Recorder:
        recorder = Recorder(
            origin=ORIGIN,
            public=PUBLIC,
            sign=sign,
            clock=self.clock,
            on_checkpoint=publish or self.publisher(),
        )
        self.recorders.append(recorder)
        note = self.public / "checkpoint"
        recorder.start(note.read_text() if note.exists() else "")
        return recorder

    def check(self) -> int:
        """Read everything as a stranger does, with a stranger's program; return the size."""
        theirs = reader.TilesReader(Both(self.public, self.inside))
        stated = theirs.get_checkpoint()
        stated.verify(Vkey.from_string(KEY.verifier))
        assert theirs.calculate_root_hash() == stated.root_hash
        for index in range(0, stated.size, max(1, stated.size // 700)):
            proof = theirs.get_inclusion_proof(index, stated.size)
            proof.check(leaf_hash(theirs.get_entry(index)), stated.root_hash)
        return stated.size


class Both:
    """Entries from the one folder, everything else from the other."""

    def __init__(self, public: Path, inside: Path) -> None:
        self.public, self.inside = backend.LocalBackend(public), backend.LocalBackend(inside)

    def get(self, *path: str) -> bytes | None:
        return (self.inside if "entries" in path else self.public).get(*path)
