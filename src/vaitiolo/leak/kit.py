"""An incident kit: what its sections hold, how it is made, and how it is opened.

A kit on disk is sealed in every part that says anything. What is opened stays in memory.
"""

import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final
from uuid import UUID

from vaitiolo.fingerprints import secret
from vaitiolo.fingerprints.secret import FingerprintKey
from vaitiolo.keys import cards, contact, kits
from vaitiolo.keys.cards import CardClass, Terms
from vaitiolo.keys.holders import HolderKeys
from vaitiolo.keys.kinds import RecoveryRole
from vaitiolo.keys.kits import Front, Section, SectionKind
from vaitiolo.keys.octets import digest, wipe
from vaitiolo.keys.refused import Refused
from vaitiolo.leak.corpus import Corpus, Gathering, Identifier, KitRefused, Version

SEGMENT: Final = 64  # versions under one key
SEED_LENGTH: Final = 32
_DECOY: Final = struct.Struct(">16sI")
_READ: Final = 1 << 22


@dataclass(frozen=True, slots=True)
class Opened:
    """An open kit: its fingerprints, the seed that signs the result, and what the result names."""

    front: Front
    corpus: Corpus
    digest: bytes
    result_seed: bytearray = field(repr=False)


@dataclass(slots=True)
class _Texts:
    records: Gathering
    key: list[bytearray] = field(default_factory=list)
    seed: list[bytearray] = field(default_factory=list)
    decoys: dict[bytes, int] = field(default_factory=dict)


def write(file: BinaryIO, front: Front, sections: Iterable[bytes]) -> None:
    """Write a kit: its front and the sections, each of which is sealed already."""
    file.write(front.encode())
    file.writelines(kits.framed(section) for section in sections)


def encoded(one: Version | Identifier | tuple[bytes, int]) -> bytes:
    """Return one record as it stands in its section, before it is sealed."""
    return _DECOY.pack(*one) if isinstance(one, tuple) else one.encode()


def seed_of(front: Front, typed: Mapping[UUID, bytearray]) -> bytearray:
    """Return the seed of `incident` that two officers' shares open. Raises KitRefused."""
    for pair, sealed in front.pairs:
        if set(pair) <= set(typed):
            try:
                return contact.open_pair(sealed, typed, pair=pair, org=front.org)
            except Refused:
                break
    raise KitRefused("These two shares do not open the kit. Nothing was searched.")


def open_kit(path: Path, seed: bytearray) -> Opened:
    """Open a kit with the seed of `incident`. Raises KitRefused, OSError.

    One damaged section refuses the whole kit: a search with some patients missing would say of
    them that they are not in the leak.
    """
    with path.open("rb") as file:
        whole = digest(iter(lambda: file.read(_READ), b""))
        file.seek(0)
        try:
            front = kits.read_front(file)
            # All that is in a kit is shorter than the kit.
            texts = _Texts(Gathering(path.stat().st_size))
            _open(front, kits.read_sections(file), seed, into=texts)
        except (Refused, ValueError, struct.error):
            raise KitRefused(
                "The kit is damaged, or sealed to another card. Nothing was searched."
            ) from None
    if len(texts.key) != 1 or len(texts.seed) != 1 or len(texts.key[0]) != secret.LENGTH:
        raise KitRefused("The kit lacks its keys. Nothing was searched.")
    key = FingerprintKey.from_bytes(bytes(texts.key[0]))
    return Opened(front, texts.records.corpus(key, texts.decoys), whole, texts.seed[0])


def _open(front: Front, sections: Iterator[Section], seed: bytearray, *, into: _Texts) -> None:
    with HolderKeys(seed, front.org) as keys:
        terms = Terms(
            org=front.org,
            holder=UUID(int=0),
            klass=CardClass.RECOVERY,
            role=RecoveryRole.INCIDENT,
        )
        if cards.request(keys, terms).id != front.card:
            raise Refused("kit.card")
        for section in sections:
            opened = kits.open_section(section, org=front.org, keys=keys)
            _sort_in(section.kind, opened, into)
            if section.kind not in {SectionKind.FINGERPRINT_KEY, SectionKind.RESULT_SEED}:
                wipe(*opened)


def _sort_in(kind: SectionKind, opened: list[bytearray], texts: _Texts) -> None:
    if kind is SectionKind.FINGERPRINT_KEY:
        texts.key += opened
    elif kind is SectionKind.RESULT_SEED:
        texts.seed += opened
    elif kind is SectionKind.VERSIONS:
        texts.records.versions(opened)
    elif kind is SectionKind.IDENTIFIERS:
        texts.records.identifiers(opened)
    else:
        texts.decoys.update(_DECOY.unpack(text) for text in opened)
