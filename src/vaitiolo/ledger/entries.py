"""What an entry is, byte by byte: the leaf, and what the warden hands over before it is numbered.

Neither knows a person: tags and commitments are made by the keys room, and only carried here.
"""

import struct
from dataclasses import dataclass
from typing import Self, TypeAlias

from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.verify.tree import leaf_hash

VERSION = 1
TAG_BYTES = 16
HASH_BYTES = 32
NO_PREVIOUS = bytes(HASH_BYTES)

# version, act, time_us, patient_tag, actor_tag, patient_seq, patient_prev, detail_commit
LAYOUT = struct.Struct(">BBQ16s16sQ32s32s")
LEAF_BYTES = LAYOUT.size
# Databases count in signed 64 bits.
_LIMIT = 1 << 63
_ACTS = frozenset(int(act) for act in Act)

Fields: TypeAlias = tuple[int, int, int, bytes, bytes, int, bytes, bytes]


class LeafBroken(ValueError):
    """These bytes are not a leaf of a version and an act known here, or not a possible one."""


class PendingBroken(ValueError):
    """What was handed over cannot become an entry: a length is wrong."""


def unpack(encoded: bytes) -> Fields:
    """Return the fields of a leaf in their order; raises LeafBroken for everything that is none.

    The quick way for whoever reads millions; `Leaf.parse` is the same with names.
    """
    if len(encoded) != LEAF_BYTES:
        raise LeafBroken
    fields: Fields = LAYOUT.unpack(encoded)
    version, act, time_us, _, _, seq, prev, _ = fields
    if version != VERSION or act not in _ACTS:
        raise LeafBroken
    if not 0 < seq < _LIMIT or time_us >= _LIMIT:
        raise LeafBroken
    if (seq == 1) != (prev == NO_PREVIOUS):
        raise LeafBroken
    return fields


@dataclass(frozen=True, slots=True)
class Leaf:
    """One entry of the log, 114 bytes (docs/formats-ledger.md, section 1)."""

    version: int
    act: Act
    time_us: int
    patient_tag: bytes
    actor_tag: bytes
    patient_seq: int
    patient_prev: bytes
    detail_commit: bytes

    @classmethod
    def parse(cls, encoded: bytes) -> Self:
        """Read 114 bytes; raises LeafBroken for everything else."""
        version, act, time_us, patient, actor, seq, prev, commit = unpack(encoded)
        return cls(version, Act(act), time_us, patient, actor, seq, prev, commit)

    def encode(self) -> bytes:
        """Return the 114 bytes."""
        return LAYOUT.pack(
            self.version,
            self.act,
            self.time_us,
            self.patient_tag,
            self.actor_tag,
            self.patient_seq,
            self.patient_prev,
            self.detail_commit,
        )

    @property
    def hash(self) -> bytes:
        """The leaf hash of RFC 6962."""
        return leaf_hash(self.encode())


@dataclass(frozen=True, slots=True)
class Pending:
    """What is to be recorded, before it has a number, a time and a place in its chain.

    `subject_tag` is whose chain it joins: a patient, unit, holder, incident or part of the system.
    `detail_commit` is HMAC-SHA256(salt, JCS(detail)); `sealed_detail` is that detail under seal,
    or, for an act about the ledger itself, the JCS in clear (`verify.specials`). Wrong lengths
    raise PendingBroken here, so that one caller's mistake never fails the batch it would share.
    """

    act: Act
    subject_tag: bytes
    actor_tag: bytes
    detail_commit: bytes
    sealed_detail: bytes
    salt: bytes

    def __post_init__(self) -> None:
        tags = len(self.subject_tag) == len(self.actor_tag) == TAG_BYTES
        hashes = len(self.detail_commit) == len(self.salt) == HASH_BYTES
        if not (tags and hashes and self.act in _ACTS):
            raise PendingBroken
