"""Replies (REPLY, type 0x0F): what people send in by their page, sealed as it arrives.

Sealed to the key pair of a telling, whose private half lies under an incident's key. Whether a
reply is one that the warden took is for the ledger to say: sealing has no sender.
"""

from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from vaitiolo.keys import envelope, primitives
from vaitiolo.keys.envelope import Padding
from vaitiolo.keys.fields import REPLY, Fields, head
from vaitiolo.keys.primitives import Readable, XWingKey
from vaitiolo.keys.refused import Refused

_SEALED_KEY_LENGTH: Final = primitives.HPKE_OVERHEAD + primitives.KEY_LENGTH
_NO_EPOCH: Final = 0  # The key serves this one reply.


@dataclass(frozen=True, slots=True)
class ReplySpot:
    """Where a reply belongs: the telling, a row of its own, and whose page it came by."""

    org: UUID
    telling: UUID
    row: UUID
    lookup: bytes

    def front(self) -> bytes:
        """Return the 52 bytes before the sealed key."""
        return head(REPLY) + self.telling.bytes + self.row.bytes + self.lookup


@dataclass(frozen=True, slots=True)
class SealedReply:
    """A reply as it is stored: words and what goes with them, and a file or nothing."""

    sealed: bytes = field(repr=False)
    sealed_file: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class OpenedReply:
    """A reply that was opened."""

    spot: ReplySpot
    words: bytearray = field(repr=False)
    file: bytearray = field(repr=False)


def make_box(dk: Readable, *, org: UUID, telling: UUID, epoch: int) -> tuple[bytes, bytes]:
    """Return a fresh public key (X-Wing) and its seed sealed under an incident's key."""
    seed = primitives.random_bytes(primitives.KEY_LENGTH)
    try:
        public = XWingKey(seed).public()
        context = _box_context(org, telling, public)
        return public, envelope.seal(dk, context, seed, epoch=epoch, padding=Padding.NONE)
    finally:
        primitives.wipe(seed)


def seal_reply(public: bytes, spot: ReplySpot, *, words: bytes, file: bytes) -> SealedReply:
    """Seal a reply: a fresh key in HPKE base mode (RFC 9180), words and file under it."""
    key = primitives.random_bytes(primitives.KEY_LENGTH)
    try:
        sealed_key = primitives.hpke_seal(key, public, _context(spot))
        return SealedReply(
            spot.front() + sealed_key + _sealed(key, spot, words, part=b"words"),
            _sealed(key, spot, file, part=b"file") if file else b"",
        )
    finally:
        primitives.wipe(key)


class ReplyKey:
    """The private half of a box, for as long as it is open. Leaving the block wipes its seed."""

    def __init__(
        self, dk: Readable, *, org: UUID, telling: UUID, public: bytes, sealed_seed: bytes
    ) -> None:
        epoch = envelope.epoch_of(sealed_seed)
        context = _box_context(org, telling, public)
        seed = envelope.unseal(dk, context, sealed_seed, epoch=epoch, padding=Padding.NONE)
        try:
            self._key = XWingKey(seed)
        finally:
            primitives.wipe(seed)
        if self._key.public() != public:
            raise Refused("reply.public")
        self._org, self._telling = org, telling

    def open(self, sealed: bytes, sealed_file: bytes = b"") -> OpenedReply:
        """Open a reply of this telling; raise `Refused` when anything about it is different."""
        fields = Fields(sealed, REPLY)
        spot = ReplySpot(self._org, fields.id(), fields.id(), fields.take(16))
        if spot.telling != self._telling:
            raise Refused("reply.telling")
        key = self._key.open(fields.take(_SEALED_KEY_LENGTH), _context(spot))
        try:
            words = _opened(key, spot, fields.rest(), part=b"words")
            file = _opened(key, spot, sealed_file, part=b"file") if sealed_file else bytearray()
        finally:
            primitives.wipe(key)
        return OpenedReply(spot, words, file)


def _sealed(key: Readable, spot: ReplySpot, text: bytes, *, part: bytes) -> bytes:
    context = _context(spot) + part
    return envelope.seal(key, context, text, epoch=_NO_EPOCH, padding=Padding.DOCUMENT)


def _opened(key: Readable, spot: ReplySpot, sealed: bytes, *, part: bytes) -> bytearray:
    context = _context(spot) + part
    return envelope.unseal(key, context, sealed, epoch=_NO_EPOCH, padding=Padding.DOCUMENT)


def _context(spot: ReplySpot) -> bytes:
    return b"vaitiolo/1/reply" + spot.org.bytes + spot.front()


def _box_context(org: UUID, telling: UUID, public: bytes) -> bytes:
    label = b"vaitiolo/1/reply-box" + org.bytes + telling.bytes
    return label + primitives.sha256(public)
