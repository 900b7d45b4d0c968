"""A machine that was cloned has a frozen generator: the same "random" bytes, again and again.

`python -m tests.keys.test_frozen_generator` tries a million seals instead of ten thousand.
"""

import sys
from collections.abc import Iterator
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.keys.clinic import id_of, named
from vaitiolo.keys import envelope
from vaitiolo.keys.bodies import Place
from vaitiolo.keys.envelope import Padding
from vaitiolo.keys.kinds import Kind

SEALS: Final = 10_000
A_MILLION: Final = 1_000_000
DK: Final = named("dk")
SALT: Final = slice(8, 40)
TAG: Final = 16


def frozen(length: int) -> bytearray:
    return bytearray(b"\x2a" * length)


def salts(count: int) -> Iterator[bytes]:
    """Seal so many texts, each other one the same text in another row."""
    for number in range(count):
        text = b"the same words" if number % 2 else b"note %d" % number
        yield sealed(text, UUID(int=number))[SALT]


def sealed(text: bytes, row: UUID) -> bytes:
    place = Place(id_of("org"), id_of("chart"), Kind.NOTE, row, 1)
    context = envelope.document_context(place, epoch=1)
    return envelope.seal(DK, context, text, epoch=1, padding=Padding.NONE, draw=frozen)


def careless(text: bytes) -> bytes:
    """Seal as most do: a nonce out of the generator, and one key for all."""
    return AESGCM(DK).encrypt(bytes(frozen(12)), text, b"")


def test_no_salt_is_drawn_twice_for_another_text_or_place() -> None:
    assert len(set(salts(SEALS))) == SEALS


def test_a_careless_seal_gives_two_texts_away() -> None:
    known, secret = b"Potilas voi hyvin.", b"Potilas pelkaa nyt"
    together = different(careless(known)[:-TAG], careless(secret)[:-TAG])
    # Whoever knows or guesses one of them reads the other, without any key.
    assert different(together, known) == secret
    # Here the same two, under the same frozen generator, share no key to be laid over each other.
    one, two = (sealed(text, UUID(int=1))[envelope.HEAD_LENGTH : -TAG] for text in (known, secret))
    assert secret not in different(different(one, two), b"\x00\x00\x00\x12" + known)


def different(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def main() -> int:
    found = len(set(salts(A_MILLION)))
    sys.stdout.write(f"{A_MILLION:,} seals, frozen generator: {found:,} different salts\n")
    return 0 if found == A_MILLION else 1


if __name__ == "__main__":
    sys.exit(main())
