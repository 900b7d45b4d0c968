"""The vectors of SLOT, read a second time from the page alone, without any of our own formats."""

import hashlib
import hmac
import json
import unicodedata
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tests.vectors import make_slots
from vaitiolo.keys import slots
from vaitiolo.keys.slots import SlotKind, SlotPolicy

VECTORS: list[dict[str, Any]] = json.loads(make_slots.FILE.read_text(encoding="utf-8"))["vectors"]


def hkdf(ikm: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(hashes.SHA512(), 32, salt, info).derive(ikm)


def factors(vector: dict[str, Any], header: bytes) -> tuple[bytes, bytes]:
    """The first factor and the last, by the table of kinds."""
    numbers = [int.from_bytes(header[at : at + width], "big") for at, width in COSTS]
    first = bytes.fromhex(vector["secret"])
    if vector["password"]:
        typed = unicodedata.normalize("NFKC", vector["password"])
        if vector["kind"] == 3:
            typed = typed.replace("-", "")
        memory, iterations, lanes = numbers
        kdf = Argon2id(
            salt=header[98:114], length=32, iterations=iterations, lanes=lanes, memory_cost=memory
        )
        first = kdf.derive(typed.encode())
    return first, bytes.fromhex(vector["prf"])


COSTS = ((89, 4), (93, 4), (97, 1))


def opened(vector: dict[str, Any]) -> bytes:
    stored = bytes.fromhex(vector["slot"])
    header, sealed = stored[:-124], stored[-124:]
    first, last = factors(vector, header)
    org, holder, slot = header[5:21], header[21:37], header[37:53]
    place = b"vaitiolo/1/slot-mac" + org + holder + slot + hashlib.sha256(first).digest()
    epoch = int.from_bytes(header[85:89], "big")
    mac = hmac.digest(bytes.fromhex(vector["kms_key"]), f"slot-{epoch}:".encode() + place, "sha256")
    kek = hkdf(first + mac + last, header[98:114], b"vaitiolo/1/slot-kek" + header)
    salt, commit = sealed[8:40], sealed[40:72]
    assert hkdf(kek, salt, b"COMMITKEY") == commit
    key = hkdf(kek, salt, b"\x04\x78DERIVEKEY")
    aad = sealed[:72] + b"vaitiolo/1/slot" + header
    plain = AESGCM(key).decrypt(bytes(11) + b"\x01", sealed[72:], aad)
    assert plain[:4] == bytes((0, 0, 0, 32))
    return plain[4:]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_a_second_reader_finds_the_seed(vector: dict[str, Any]) -> None:
    assert opened(vector).hex() == vector["seed"]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_our_own_reader_finds_it_too(vector: dict[str, Any]) -> None:
    slot = slots.parse(bytes.fromhex(vector["slot"]))
    seed = slots.unlock(
        slot,
        make_slots.given_for(slot.kind),
        kms=make_slots.FixedKms(bytes.fromhex(vector["kms_key"])),
        policy=SlotPolicy(slot.owner.org, frozenset({slot.kind})),
        card_of=lambda _seed: bytes.fromhex(vector["card"]),
    )
    assert seed.hex() == vector["seed"]


def test_there_is_a_vector_of_every_kind_and_it_is_made_again_alike() -> None:
    assert [vector["kind"] for vector in VECTORS] == list(SlotKind)
    assert make_slots.written() == make_slots.FILE.read_text(encoding="utf-8")
