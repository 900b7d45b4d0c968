import ast
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.keys.clinic import named
from vaitiolo.keys import primitives, signatures
from vaitiolo.keys.primitives import XWingKey
from vaitiolo.keys.refused import MESSAGE, Refused

ROOM = Path(primitives.__file__).parent


def reason(call: Callable[..., object], *given: Any, **named_ones: Any) -> str:
    with pytest.raises(Refused) as refusal:
        call(*given, **named_ones)
    assert str(refusal.value) == MESSAGE
    return refusal.value.reason


def test_one_file_imports_the_library_and_it_stays_small() -> None:
    importers = set()
    for file in ROOM.parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            if any(name.split(".")[0] == "cryptography" for name in names):
                importers.add(file)
    assert importers == {ROOM / "primitives.py"}
    assert len((ROOM / "primitives.py").read_text().splitlines()) <= 240


def test_nothing_in_this_room_remembers_its_arguments() -> None:
    for file in ROOM.rglob("*.py"):
        assert "functools" not in file.read_text(), file


def test_a_refusal_keeps_its_reason_to_itself() -> None:
    refusal = Refused("grant.until")
    assert "grant" not in str(refusal) + repr(refusal)
    assert pickle.loads(pickle.dumps(refusal)).reason == "grant.until"  # noqa: S301  # our own


def test_every_malformed_input_is_refused_alike() -> None:
    key, seed = named("key"), named("seed")
    public = XWingKey(seed).public()
    sealed = primitives.hpke_seal(key, public, b"info")
    opener = XWingKey(seed)
    assert opener.open(sealed, b"info") == key
    assert reason(opener.open, sealed, b"other") == "hpke.open"
    assert reason(opener.open, sealed[:-1], b"info") == "hpke.open"
    assert reason(opener.open, sealed[:1135], b"info") == "hpke.length"
    assert reason(XWingKey, seed[:31]) == "hpke.seed"
    assert reason(primitives.hpke_seal, key, public[:-1], b"") == "hpke.public"
    assert reason(primitives.hpke_seal, key, b"\xff" * 1216, b"") == "hpke.public"
    assert reason(primitives.aead_open, key, bytes(15), nonce=bytes(12), aad=b"") == "seal.length"
    assert reason(primitives.aead_open, key, bytes(16), nonce=bytes(12), aad=b"") == "seal.tag"
    assert reason(primitives.ed25519_verify, b"", b"", b"") == "signature.ed25519"
    assert reason(primitives.mldsa65_verify, b"", b"", b"") == "signature.mldsa65"


def test_two_sealings_of_one_key_differ() -> None:
    public = XWingKey(named("seed")).public()
    assert primitives.hpke_seal(b"k", public, b"") != primitives.hpke_seal(b"k", public, b"")


def test_wiping_leaves_zeros() -> None:
    one, two = primitives.random_bytes(32), primitives.random_bytes(7)
    primitives.wipe(one, two)
    assert (one, two) == (bytes(32), bytes(7))


def test_secrets_are_compared_whole() -> None:
    assert primitives.same(bytearray(b"ab"), b"ab")
    assert not primitives.same(b"ab", b"abc")


def test_checkpoints_are_signed_with_bytes_alone() -> None:
    seed = signatures.new_seed()
    public, signature = signatures.public_of(seed), signatures.sign(seed, b"note")
    signatures.verify(public, b"note", signature)
    assert reason(signatures.verify, public, b"other", signature) == "signature.ed25519"
