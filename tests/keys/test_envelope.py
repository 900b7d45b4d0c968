import os
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.keys.clinic import id_of, named
from tests.keys.mutations import refuses_all_but
from vaitiolo.keys import envelope, primitives
from vaitiolo.keys.bodies import Place
from vaitiolo.keys.envelope import Padding
from vaitiolo.keys.kinds import Kind
from vaitiolo.keys.refused import Refused

DK = named("a key")
PLACE = Place(id_of("clinic"), id_of("chart"), Kind.NOTE, id_of("row"), 1)
HERE = envelope.document_context(PLACE, epoch=1)
TEXT = b"Potilas nukkui paremmin."
BLOCK = 16


def sealed(text: bytes = TEXT, *, padding: Padding = Padding.DOCUMENT, **more: Any) -> bytes:
    return envelope.seal(DK, HERE, text, epoch=1, padding=padding, **more)


def unsealed(raw: bytes, *, padding: Padding = Padding.DOCUMENT) -> bytearray:
    return envelope.unseal(DK, HERE, raw, epoch=1, padding=padding)


@pytest.mark.parametrize("padding", Padding)
@pytest.mark.parametrize("length", [0, 1, 252, 253, 1020, 1021, 16_380, 16_381, 70_000])
def test_what_was_sealed_opens(padding: Padding, length: int) -> None:
    text = os.urandom(length)
    assert unsealed(sealed(text, padding=padding), padding=padding) == text


@settings(max_examples=60, deadline=None)
@given(text=st.binary(max_size=40_000), padding=st.sampled_from(Padding))
def test_any_text_comes_back_whole(text: bytes, padding: Padding) -> None:
    assert unsealed(sealed(text, padding=padding), padding=padding) == text


def test_a_context_is_71_bytes_and_starts_with_its_label() -> None:
    assert len(HERE) == 71
    assert HERE.startswith(b"vaitiolo/1/doc" + PLACE.org.bytes)


def test_a_sealed_text_shows_its_length_in_steps_only() -> None:
    assert len(sealed(b"")) == len(sealed(bytes(1020))) == 88 + 1024
    assert len(sealed(bytes(1021))) == 88 + 2048
    assert len(sealed(bytes(16_381))) == 88 + 17_408
    assert len(sealed(b"", padding=Padding.PHONEBOOK)) == 88 + 256
    assert len(sealed(bytes(32), padding=Padding.NONE)) == 124


@pytest.mark.parametrize("length", [16_385, 20_000, 1 << 20, (1 << 20) + 4, 123_456_789])
def test_padme_adds_at_most_twelve_percent(length: int) -> None:
    exponent = length.bit_length() - 1
    kept = len(bin(exponent)) - 2
    padded = envelope.padded_length(length - 4, Padding.DOCUMENT)
    assert padded % (1 << (exponent - kept)) == 0
    assert length <= padded < length * 1.12
    assert padded - length < 1 << (exponent - kept)


def test_every_flipped_missing_or_added_byte_is_refused() -> None:
    raw = sealed()
    assert refuses_all_but(raw, unsealed) > 3 * len(raw) - 100


@pytest.mark.parametrize("padding", [Padding.PHONEBOOK, Padding.NONE])
def test_one_padding_is_not_opened_as_another(padding: Padding) -> None:
    with pytest.raises(Refused):
        unsealed(sealed(), padding=padding)


@pytest.mark.parametrize(
    "moved",
    [
        Place(id_of("other"), PLACE.compartment, PLACE.kind, PLACE.row, 1),
        Place(PLACE.org, id_of("other"), PLACE.kind, PLACE.row, 1),
        Place(PLACE.org, PLACE.compartment, Kind.LETTER, PLACE.row, 1),
        Place(PLACE.org, PLACE.compartment, PLACE.kind, id_of("other"), 1),
        Place(PLACE.org, PLACE.compartment, PLACE.kind, PLACE.row, 2),
    ],
)
def test_row_swap_and_cell_rollback_are_refused(moved: Place) -> None:
    there = envelope.document_context(moved, epoch=1)
    with pytest.raises(Refused) as refusal:
        envelope.unseal(DK, there, sealed(), epoch=1, padding=Padding.DOCUMENT)
    assert refusal.value.reason == "seal.tag"


def test_another_epoch_or_key_is_refused() -> None:
    raw = sealed()
    with pytest.raises(Refused) as epoch:
        envelope.unseal(DK, HERE, raw, epoch=2, padding=Padding.DOCUMENT)
    with pytest.raises(Refused) as key:
        envelope.unseal(named("other"), HERE, raw, epoch=1, padding=Padding.DOCUMENT)
    assert (epoch.value.reason, key.value.reason) == ("seal.epoch", "seal.commit")


def test_padding_that_is_not_zero_is_refused_after_the_tag() -> None:
    # A sealer of our own making: everything right but one byte behind the text.
    padded = bytearray(1024)
    padded[:5], padded[-1] = b"\x00\x00\x00\x01x", 1
    raw = forged(bytes(padded), named("salt"))
    with pytest.raises(Refused) as refusal:
        unsealed(raw)
    assert refusal.value.reason == "seal.padding"


def test_a_length_beyond_the_text_is_refused() -> None:
    with pytest.raises(Refused) as refusal:
        unsealed(forged(b"\xff\xff\xff\xff" + bytes(1020), named("salt")))
    assert refusal.value.reason == "seal.padding"


def forged(padded: bytes, salt: bytes) -> bytes:
    """What somebody who holds the key could write without our code."""
    front = b"VT\x01\x01\x00\x00\x00\x01" + salt + primitives.hkdf(DK, salt, b"COMMITKEY")
    key = primitives.hkdf(DK, salt, b"\x04\x78DERIVEKEY")
    return front + AESGCM(bytes(key)).encrypt(bytes(11) + b"\x01", padded, front + HERE)


# --- a frozen generator -------------------------------------------------------


def frozen(length: int) -> bytearray:
    return bytearray(length)


def test_under_a_frozen_generator_two_texts_or_places_still_get_two_salts() -> None:
    there = envelope.document_context(
        Place(PLACE.org, PLACE.compartment, Kind.NOTE, UUID(int=7), 1), epoch=1
    )
    one, two = sealed(draw=frozen), sealed(TEXT + b".", draw=frozen)
    moved = envelope.seal(DK, there, TEXT, epoch=1, padding=Padding.DOCUMENT, draw=frozen)
    assert len({raw[8:40] for raw in (one, two, moved)}) == 3
    assert sealed(draw=frozen) == one


def test_many_texts_of_one_sealer_are_sealed_as_each_alone() -> None:
    texts = (b"one", b"two", b"three")
    with envelope.Sealer(DK, draw=frozen) as sealer:
        many = [sealer.seal(HERE, text, epoch=1, padding=Padding.DOCUMENT) for text in texts]
        hedge = sealer._hedge
        assert any(hedge)
    assert many == [sealed(text, draw=frozen) for text in texts]
    assert not any(hedge)
    with pytest.raises(Refused):
        sealer.seal(HERE, b"four", epoch=1, padding=Padding.DOCUMENT)


def test_no_salt_repeats_in_many_seals() -> None:
    salts = {sealed(b"", padding=Padding.NONE)[8:40] for _ in range(20_000)}
    assert len(salts) == 20_000


# --- one text with two readings -----------------------------------------------

FIELD = 0xE1 << 120


def times(one: int, other: int) -> int:
    """Multiply in the field of GHASH (SP 800-38D 6.3)."""
    product = 0
    for bit in range(127, -1, -1):
        if other >> bit & 1:
            product ^= one
        one = one >> 1 ^ (FIELD if one & 1 else 0)
    return product


def inverse(value: int) -> int:
    result, power = 1 << 127, value
    for _ in range(127):
        power = times(power, power)
        result = times(result, power)
    return result


def ghash(h: int, aad: bytes, text: bytes) -> int:
    def padded(part: bytes) -> bytes:
        return part + bytes(-len(part) % BLOCK)

    lengths = (len(aad) * 8).to_bytes(8, "big") + (len(text) * 8).to_bytes(8, "big")
    value = 0
    whole = padded(aad) + padded(text) + lengths
    for start in range(0, len(whole), BLOCK):
        value = times(value ^ int.from_bytes(whole[start : start + BLOCK], "big"), h)
    return value


def block(key: bytes, text: bytes) -> bytes:
    return Cipher(algorithms.AES(key), modes.ECB()).encryptor().update(text)  # noqa: S305  # one block, to forge with


def two_faced(keys: tuple[bytes, bytes], faces: tuple[bytes, bytes], aad: bytes) -> bytes:
    """Return ciphertext and tag that verify under both keys; the third block pays for it."""
    nonce = bytes(11) + b"\x01"
    counters = [nonce + number.to_bytes(4, "big") for number in (1, 2, 3)]
    text = bytearray(3 * BLOCK)
    for face, (key, said) in enumerate(zip(keys, faces, strict=True)):
        stream = block(key, counters[face + 1])
        text[face * BLOCK : (face + 1) * BLOCK] = bytes(
            a ^ b for a, b in zip(said, stream, strict=True)
        )
    hs = [int.from_bytes(block(key, bytes(BLOCK)), "big") for key in keys]
    masks = [int.from_bytes(block(key, counters[0]), "big") for key in keys]
    sums = [ghash(h, aad, bytes(text)) ^ mask for h, mask in zip(hs, masks, strict=True)]
    # The free block is followed by the lengths alone, so it is multiplied by the square of H.
    slope = times(hs[0], hs[0]) ^ times(hs[1], hs[1])
    text[2 * BLOCK :] = times(sums[0] ^ sums[1], inverse(slope)).to_bytes(BLOCK, "big")
    tag = ghash(hs[0], aad, bytes(text)) ^ masks[0]
    return bytes(text) + tag.to_bytes(BLOCK, "big")


def test_salamander_reads_two_ways_under_plain_aes_gcm() -> None:
    keys = named("one"), named("two")
    faces = b"Potilas voi hyvi", b"Potilas uhkaa it"
    text = two_faced(keys, faces, b"")
    readings = [AESGCM(key).decrypt(bytes(11) + b"\x01", text, b"") for key in keys]
    assert readings[0][:BLOCK] == faces[0]
    assert readings[1][BLOCK : 2 * BLOCK] == faces[1]


def test_salamander_is_refused_under_its_second_key() -> None:
    other, salt = named("a second key"), named("salt")
    front = b"VT\x01\x01\x00\x00\x00\x01" + salt + primitives.hkdf(DK, salt, b"COMMITKEY")
    first, second = (bytes(primitives.hkdf(dk, salt, b"\x04\x78DERIVEKEY")) for dk in (DK, other))
    body = two_faced((first, second), (bytes(BLOCK), bytes(BLOCK)), front + HERE)
    # The cipher itself is content with the second key; the commitment is not.
    assert AESGCM(second).decrypt(bytes(11) + b"\x01", body, front + HERE)
    with pytest.raises(Refused) as refusal:
        envelope.unseal(other, HERE, front + body, epoch=1, padding=Padding.NONE)
    assert refusal.value.reason == "seal.commit"


def test_swapping_the_commitment_breaks_the_tag() -> None:
    other, salt = named("a second key"), named("salt")
    commit = primitives.hkdf(other, salt, b"COMMITKEY")
    raw = forged(bytes(1024), salt)
    with pytest.raises(Refused) as refusal:
        envelope.unseal(
            other, HERE, raw[:40] + commit + raw[72:], epoch=1, padding=Padding.DOCUMENT
        )
    assert refusal.value.reason == "seal.tag"
