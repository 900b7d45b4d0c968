"""Logs, entries and keys for the ledger's tests, made from a seed; written a second time by hand.

Nothing here uses the code that numbers and chains entries in the ledger itself.
"""

import hashlib
import random
import secrets
import struct
from dataclasses import dataclass, field

from vaitiolo.keys import signatures
from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.entries import Pending
from vaitiolo.ledger.verify.checkpoints import LogKey

ORIGIN = "ledger.example/1"
SEED = hashlib.sha256(b"a log key for tests").digest()
PUBLIC = signatures.public_of(SEED)
KEY = LogKey(ORIGIN, PUBLIC)

HELMI, OTSO = b"helmi-the-actor-", b"otso-the-actor--"
AINO, VEIKKO, SYSTEM = b"aino-the-patient", b"veikko-a-patient", b"a-system-subject"


def sign(message: bytes) -> bytes:
    return signatures.sign(SEED, message)


def pending(subject: bytes = AINO, actor: bytes = HELMI, act: Act = Act.OPEN_CHART) -> Pending:
    drawn = secrets.token_bytes(32)
    return Pending(act, subject, actor, drawn, b"sealed " + drawn, drawn[::-1])


def hash_leaf(leaf: bytes) -> bytes:
    return hashlib.sha256(b"\0" + leaf).digest()


def hash_node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def slow_root(hashes: list[bytes]) -> bytes:
    """RFC 6962 section 2.1, word by word."""
    if not hashes:
        return hashlib.sha256().digest()
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return hash_node(slow_root(hashes[:split]), slow_root(hashes[split:]))


@dataclass
class Log:
    """Leaves as they should be, chained by hand."""

    leaves: list[bytes] = field(default_factory=list)
    heads: dict[bytes, tuple[int, bytes]] = field(default_factory=dict)

    def add(self, subject: bytes, *, act: int = 2, time_us: int = 0, commit: bytes = b"") -> None:
        seq, prev = self.heads.get(subject, (0, bytes(32)))
        fixed = struct.pack(">BBQ", 1, act, time_us or 1_800_000_000_000_000 + len(self.leaves))
        commit = commit or hashlib.sha256(str(len(self.leaves)).encode()).digest()
        leaf = fixed + subject + HELMI + struct.pack(">Q", seq + 1) + prev + commit
        self.heads[subject] = (seq + 1, hash_leaf(leaf))
        self.leaves.append(leaf)

    def root(self, size: int | None = None) -> bytes:
        return slow_root([hash_leaf(leaf) for leaf in self.leaves[:size]])


def make_log(size: int, *, subjects: int = 20, seed: int = 1) -> Log:
    drawn, log = random.Random(seed), Log()  # noqa: S311 - the same log each time
    for _ in range(size):
        log.add(bytes([1 + drawn.randrange(subjects)]) * 16)
    return log


def chained(subjects: list[bytes]) -> Log:
    """Make a whole log anew over these subjects, as a forger who holds everything would."""
    log = Log()
    for subject in subjects:
        log.add(subject)
    return log
