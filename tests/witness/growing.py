"""A log that grows, the requests that carry it to a witness, and a witness to take them."""

import base64
import hashlib
import struct
from dataclasses import dataclass, field

from tests.ledger.logs import KEY, Log, hash_leaf, make_log, sign
from vaitiolo.ledger.verify import checkpoints, tree
from vaitiolo.ledger.verify.checkpoints import Checkpoint
from vaitiolo.ledger.verify.cosignatures import Cosigner
from vaitiolo.ledger.verify.proofs import Growth
from vaitiolo.witness.answering import Witness
from vaitiolo.witness.keeping import Memory

NAME = "witness.example/1"
SEED = hashlib.sha256(b"a witness for tests").digest()
NOON = 1_800_000_000


@dataclass
class Clock:
    now: int = NOON

    def __call__(self) -> int:
        return self.now


@dataclass
class Growing:
    """A log of so many entries, seen at any of its sizes."""

    log: Log = field(default_factory=lambda: make_log(80))

    def stated(self, size: int) -> Checkpoint:
        return Checkpoint(size, self.log.root(size))

    def note(self, size: int) -> str:
        return checkpoints.sign(KEY, self.stated(size), signer=sign)

    def body(self, old: int, size: int) -> str:
        hashes = [hash_leaf(leaf) for leaf in self.log.leaves[:size]]
        path = tree.prove_growth(hashes, old) if old < size else []
        return Growth(old, path, self.note(size)).write()


def make_witness(memory: Memory, clock: Clock) -> Witness:
    return Witness(Cosigner(NAME, SEED), {KEY.origin: KEY}, memory, clock)


def verify_by_hand(public: bytes, line: str, note: str) -> int:
    """Check a cosignature from its description alone; return its time."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415 - a second opinion

    mark, name, encoded = line.rstrip("\n").split(" ")
    raw = base64.b64decode(encoded)
    assert mark == "—"
    assert raw[:4] == hashlib.sha256(name.encode() + b"\n\x04" + public).digest()[:4]
    (at,) = struct.unpack(">Q", raw[4:12])
    text = note[: note.index("\n\n") + 1]
    message = f"cosignature/v1\ntime {at}\n{text}".encode()
    Ed25519PublicKey.from_public_bytes(public).verify(raw[12:], message)
    return at
