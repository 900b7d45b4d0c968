"""Sections (SECTION, type 0x0D) sealed to the recovery card `incident`, and the kit (KIT, 0x0C).

A section has one key, sealed once to the card, and any number of texts under it; while it grows it
is a segment. A kit is sections after each other behind a front that says whose they are. No server
can open one.
"""

import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import BinaryIO, Final, Self
from uuid import UUID

from vaitiolo.keys import envelope, primitives
from vaitiolo.keys.contact import Pair
from vaitiolo.keys.envelope import Padding, Sealer
from vaitiolo.keys.fields import KIT, SECTION, Fields, head
from vaitiolo.keys.holders import HolderKeys
from vaitiolo.keys.primitives import Readable
from vaitiolo.keys.refused import Refused

SEED_LENGTH: Final = 32  # of what signs the result
_SECTION: Final = struct.Struct(">4sBQ")
_FRONT: Final = struct.Struct(">4s16sQ32s32sB")
_PAIR: Final = struct.Struct(">16s16sH")
_LENGTH: Final = struct.Struct(">I")
_SEALED_KEY_LENGTH: Final = primitives.HPKE_OVERHEAD + primitives.KEY_LENGTH
_MOST_PAIRS: Final = 10
_MOST_SECTION: Final = 1 << 28
_VERSION: Final = struct.Struct(">16s16sIIQ")
_IDENTIFIER: Final = struct.Struct(">16sBQ")
_DECOY: Final = struct.Struct(">16sI")
_NO_EPOCH: Final = 0  # The key serves this one section.


class SectionKind(IntEnum):
    """What the texts of a section are."""

    FINGERPRINT_KEY = 1
    RESULT_SEED = 2
    VERSIONS = 3
    IDENTIFIERS = 4
    DECOYS = 5


@dataclass(frozen=True, slots=True)
class Section:
    """One section as it was read. Nothing of it is open yet."""

    kind: SectionKind
    number: int
    sealed_key: bytes = field(repr=False)
    texts: tuple[bytes, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Front:
    """Whose kit it is, when it was made, where the chain of records ended, for which card.

    Each pair of officers has the card's seed, sealed so that both shares are needed.
    """

    org: UUID
    made: int
    chain: bytes
    card: bytes
    pairs: tuple[tuple[Pair, bytes], ...] = field(repr=False)

    def encode(self) -> bytes:
        """Return the bytes before the first section."""
        front = _FRONT.pack(
            head(KIT), self.org.bytes, self.made, self.chain, self.card, len(self.pairs)
        )
        return front + b"".join(
            _PAIR.pack(one.bytes, other.bytes, len(sealed)) + sealed
            for (one, other), sealed in self.pairs
        )


class Segment:
    """A section that grows: its key stays in memory until it is closed, and seals each text.

    Leaving the block closes it. Not for two threads at a time.
    """

    __slots__ = ("_key", "_org", "_sealer", "count", "kind", "number", "sealed_key")

    def __init__(
        self,
        kind: SectionKind,
        number: int,
        *,
        org: UUID,
        xwing: Readable,
        draw: Callable[[int], bytearray] = primitives.random_bytes,
    ) -> None:
        """Draw the key and seal it in HPKE base mode (RFC 9180). Raises `Refused`."""
        self.kind, self.number, self.count = kind, number, 0
        self._org = org
        self._key = draw(primitives.KEY_LENGTH)
        self.sealed_key = primitives.hpke_seal(self._key, xwing, _info(kind, number, org))
        self._sealer = Sealer(self._key, draw=draw)

    def __enter__(self) -> Self:
        self._sealer.__enter__()
        return self

    def __exit__(self, *_raised: object) -> None:
        self.close()

    def seal(self, text: Readable) -> tuple[int, bytes]:
        """Return the next place and SEALED, padded to steps of 256 bytes. Raises `Refused`."""
        place = self.count
        context = _context(self.kind, self.number, self._org, place=place)
        sealed = self._sealer.seal(context, text, epoch=_NO_EPOCH, padding=Padding.PHONEBOOK)
        self.count += 1
        return place, sealed

    def close(self) -> None:
        """Wipe the key: nothing more is sealed, and only the card opens what was."""
        self._sealer.__exit__()
        primitives.wipe(self._key)


def seal_section(
    kind: SectionKind,
    number: int,
    texts: Sequence[Readable],
    *,
    org: UUID,
    xwing: Readable,
    draw: Callable[[int], bytearray] = primitives.random_bytes,
) -> bytes:
    """Return SECTION with each text in its place. Raises `Refused` for a key that is none."""
    with Segment(kind, number, org=org, xwing=xwing, draw=draw) as segment:
        sealed = [segment.seal(text)[1] for text in texts]
    return assembled(kind, number, segment.sealed_key, texts=sealed)


def assembled(
    kind: SectionKind, number: int, sealed_key: bytes, *, texts: Iterable[bytes]
) -> bytes:
    """Return SECTION of sealed texts in the order of their places; an empty one was erased."""
    front = _SECTION.pack(head(SECTION), kind, number) + sealed_key
    return front + b"".join(_LENGTH.pack(len(text)) + text for text in texts)


def of_version(
    patient: bytes, note: bytes, number: int, *, held_on: int, created: int, marks: bytes
) -> bytes:
    """Return the text that a section holds of one version; the marks stand in its order."""
    return _VERSION.pack(patient, note, number, held_on, created) + marks


def of_identifiers(patient: bytes, known: Iterable[tuple[int, int]]) -> bytes:
    """Return the text that a section holds of what names a patient: kinds and keyed hashes."""
    return b"".join(_IDENTIFIER.pack(patient, kind, hashed) for kind, hashed in known)


def of_decoy(person: bytes, export: int) -> bytes:
    """Return the text that a section holds of an invented person of one bulk export."""
    return _DECOY.pack(person, export)


def parse_section(raw: Readable) -> Section:
    """Read a section, all of it and nothing more, or raise `Refused`. It is not opened here."""
    fields = Fields(raw, SECTION)
    kind, number = fields.number(1), fields.number(8)
    if kind not in list(SectionKind):
        raise Refused("section.kind")
    sealed_key, rest = fields.take(_SEALED_KEY_LENGTH), memoryview(fields.rest())
    texts, at = [], 0
    while at < len(rest):
        length = int.from_bytes(rest[at : at + _LENGTH.size], "big")
        at += _LENGTH.size + length
        if at > len(rest):
            raise Refused("format.short")
        texts.append(bytes(rest[at - length : at]))
    return Section(SectionKind(kind), number, sealed_key, tuple(texts))


def open_section(section: Section, *, org: UUID, keys: HolderKeys) -> list[bytearray]:
    """Return a section's texts without the erased; raise `Refused` when anything is different."""
    key = keys.open_sealed_key(section.sealed_key, _info(section.kind, section.number, org))
    try:
        return [
            envelope.unseal(
                key,
                _context(section.kind, section.number, org, place=place),
                text,
                epoch=_NO_EPOCH,
                padding=Padding.PHONEBOOK,
            )
            for place, text in enumerate(section.texts)
            if text
        ]
    finally:
        primitives.wipe(key)


def read_front(file: BinaryIO) -> Front:
    """Read what stands before the sections, or raise `Refused`. It says nothing of who made it."""
    raw = _exactly(file, _FRONT.size)
    start, org, made, chain, card, count = _FRONT.unpack(raw)
    if start != head(KIT) or count > _MOST_PAIRS:
        raise Refused("format.head")
    pairs = []
    for _ in range(count):
        one, other, length = _PAIR.unpack(_exactly(file, _PAIR.size))
        pairs.append(((UUID(bytes=one), UUID(bytes=other)), _exactly(file, length)))
    return Front(UUID(bytes=org), made, chain, card, tuple(pairs))


def read_sections(file: BinaryIO) -> Iterator[Section]:
    """Give the sections behind the front, one at a time. Raises `Refused`."""
    while start := file.read(_LENGTH.size):
        length = int.from_bytes(start, "big")
        if len(start) < _LENGTH.size or length > _MOST_SECTION:
            raise Refused("format.short")
        yield parse_section(_exactly(file, length))


def framed(section: bytes) -> bytes:
    """Return a section as it stands in a kit, after its length."""
    return _LENGTH.pack(len(section)) + section


def _info(kind: SectionKind, number: int, org: UUID) -> bytes:
    return b"vaitiolo/1/section" + org.bytes + bytes([kind]) + number.to_bytes(8, "big")


def _context(kind: SectionKind, number: int, org: UUID, *, place: int) -> bytes:
    front = b"vaitiolo/1/section-text" + org.bytes + bytes([kind])
    return front + number.to_bytes(8, "big") + _LENGTH.pack(place)


def _exactly(file: BinaryIO, length: int) -> bytes:
    raw = file.read(length)
    if len(raw) != length:
        raise Refused("format.short")
    return raw
