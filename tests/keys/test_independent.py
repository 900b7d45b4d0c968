"""Vectors that nobody here wrote. A test fails when it sees fewer than were seen before."""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import cryptography_vectors
import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.bindings._rust import openssl
from cryptography.hazmat.primitives import hashes, hpke
from cryptography.hazmat.primitives.asymmetric import mlkem, x25519
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PublicKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from vaitiolo.keys import primitives
from vaitiolo.keys.primitives import XWingKey
from vaitiolo.keys.refused import Refused

HERE = Path(__file__).parents[1] / "vectors" / "independent"
X_WING = 0x647A
KDFS = {
    0x0001: hpke.KDF.HKDF_SHA256,
    0x0003: hpke.KDF.HKDF_SHA512,
    0x0011: hpke.KDF.SHAKE256,
}
AEADS = {
    0x0001: hpke.AEAD.AES_128_GCM,
    0x0002: hpke.AEAD.AES_256_GCM,
    0x0003: hpke.AEAD.CHACHA20_POLY1305,
}


def packaged(*path: str) -> str:
    with cryptography_vectors.open_vector_file("/".join(path), "r") as file:
        return str(file.read())


def copied(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((HERE / name).read_text())
    return read


def hexed(case: dict[str, Any], *names: str) -> list[bytes]:
    return [bytes.fromhex(case[name]) for name in names]


def cases_of(text: str) -> Iterator[dict[str, str]]:
    """Read the NIST way of writing vectors: one `name = value` a line, `count` first."""
    case: dict[str, str] = {}
    for line in text.splitlines():
        name, _, value = (part.strip() for part in line.partition("="))
        if name.lower() == "count":
            yield from [case] if case else []
            case = {}
        elif name and name[0] not in "#[":
            case[name] = value
    yield case


def counted(cases: Iterator[object], least: int) -> None:
    assert sum(1 for _ in cases) >= least


# --- what grants are sealed with ---------------------------------------------------


def opened(case: dict[str, Any], key: Any) -> Iterator[bytes]:
    suite = hpke.Suite(KEMS[case["kem_id"]], KDFS[case["kdf_id"]], AEADS[case["aead_id"]])
    enc, info = hexed(case, "enc", "info")
    # A suite of one message opens the first of a sequence; the others have other nonces.
    first = case["encryptions"][0]
    ct, aad, said = hexed(first, "ct", "aad", "pt")
    assert openssl.hpke._decrypt_with_aad(suite, enc + ct, key, info, aad) == said
    with pytest.raises(InvalidTag):
        openssl.hpke._decrypt_with_aad(suite, enc + ct, key, info + b"!", aad)
    yield said


KEMS = {0x0020: hpke.KEM.X25519, X_WING: hpke.KEM.MLKEM768_X25519}


def test_rfc_9180_base_mode() -> None:
    def cases() -> Iterator[bytes]:
        for case in json.loads(packaged("HPKE", "test-vectors.json")):
            if case["mode"] == 0 and case["kem_id"] == 0x0020 and case["aead_id"] in AEADS:
                (secret,) = hexed(case, "skRm")
                yield from opened(case, x25519.X25519PrivateKey.from_private_bytes(secret))

    counted(cases(), 6)


def x_wing_cases() -> list[dict[str, Any]]:
    read = json.loads(packaged("HPKE", "hpke-pq-test-vectors.json"))
    return [case for case in read if case["kem_id"] == X_WING]


def test_hpke_pq_opens_with_a_key_of_ours() -> None:
    def cases() -> Iterator[bytes]:
        for case in x_wing_cases():
            (seed,) = hexed(case, "skRm")
            ours = XWingKey(seed)
            key = hpke.MLKEM768X25519PrivateKey(ours._mlkem, ours._x25519)
            yield from opened(case, key)

    counted(cases(), 2)


def test_hpke_pq_seeds_give_the_public_keys() -> None:
    def cases() -> Iterator[bytes]:
        for case in x_wing_cases():
            seed, public = hexed(case, "skRm", "pkRm")
            assert XWingKey(seed).public() == public
            yield public

    counted(cases(), 2)


def test_the_x_wing_draft_gives_the_same_public_keys() -> None:
    tests = copied("x-wing-draft.json")["tests"]
    for case in tests:
        public = XWingKey(bytes.fromhex(case["seed"])).public()
        assert primitives.sha256(public).hex() == case["public_sha256"]
    assert len(tests) >= 3


def test_post_quantum_files_of_age_open_with_a_key_of_ours() -> None:
    suite = hpke.Suite(hpke.KEM.MLKEM768_X25519, KDFS[0x0001], hpke.AEAD.CHACHA20_POLY1305)
    info, refused = b"age-encryption.org/mlkem768x25519", 0

    def cases() -> Iterator[bytes]:
        nonlocal refused
        for case in copied("age-hybrid.json")["files"].values():
            ours = XWingKey(bytes.fromhex(case["seed"]))
            key = hpke.MLKEM768X25519PrivateKey(ours._mlkem, ours._x25519)
            found = set()
            for stanza in case["stanzas"]:
                with suppress(InvalidTag):
                    found.add(suite.decrypt(b"".join(hexed(stanza, "enc", "body")), key, info))
            if case["expect"] == "success":
                assert found == {bytes.fromhex(case["file_key"])}
                yield found.pop()
            else:
                assert not found
                refused += 1

    counted(cases(), 5)
    # A bad tag, both halves corrupted, a foreign identity, and two points of low order.
    assert refused == 6


def test_ml_kem_768_of_nist() -> None:
    def cases() -> Iterator[bytes]:
        for case in cases_of(packaged("asymmetric", "MLKEM", "kat_MLKEM_768.rsp")):
            d, z, ct, ss, pk = hexed(case, "d", "z", "ct", "ss", "pk")
            key = mlkem.MLKEM768PrivateKey.from_seed_bytes(d + z)
            assert key.public_key().public_bytes_raw() == pk
            assert key.decapsulate(ct) == ss
            yield ss

    counted(cases(), 1000)


def test_ml_kem_768_of_wycheproof() -> None:
    def cases() -> Iterator[str]:
        for case in copied("wycheproof-ml-kem-768.json")["tests"]:
            seed, ct, ss = hexed(case, "seed", "c", "K")
            if case["result"] == "valid":
                key = mlkem.MLKEM768PrivateKey.from_seed_bytes(seed)
                assert key.decapsulate(ct) == ss
            else:
                with pytest.raises(ValueError, match=r"seed|ciphertext|length|bytes"):
                    mlkem.MLKEM768PrivateKey.from_seed_bytes(seed).decapsulate(ct)
            yield case["result"]

    counted(cases(), 19)


# --- what is signed with -------------------------------------------------------------


def verified(verify: Callable[..., None], *given: bytes) -> str:
    try:
        verify(*given)
    except Refused:
        return "invalid"
    return "valid"


def test_ed25519_of_rfc_8032() -> None:
    lines = packaged("asymmetric", "Ed25519", "sign.input").splitlines()
    for line in lines:
        secret, public, message, signed = (bytes.fromhex(part) for part in line.split(":")[:4])
        assert primitives.ed25519_public(secret[:32]) == public
        assert primitives.ed25519_sign(secret[:32], message) == signed[:64]
        primitives.ed25519_verify(public, message, signed[:64])
    assert len(lines) >= 1024


def test_ed25519_of_wycheproof() -> None:
    tests = copied("wycheproof-ed25519.json")["tests"]
    for case in tests:
        said = verified(primitives.ed25519_verify, *hexed(case, "public", "msg", "sig"))
        # On public keys of small or mixed order verifiers may differ; ours only has to answer.
        assert said == case["result"] or case["result"] == "acceptable", case["tcId"]
    assert len(tests) >= 150


def test_ml_dsa_65_of_nist() -> None:
    def cases() -> Iterator[bytes]:
        for case in cases_of(packaged("asymmetric", "MLDSA", "kat_MLDSA_65_det_pure.rsp")):
            seed, public, message, signed = hexed(case, "xi", "pk", "msg", "sm")
            signature = signed[: primitives.MLDSA65_SIGNATURE_LENGTH]
            assert primitives.mldsa65_public(seed) == public
            # These are made with a context, which our own signatures do not have.
            context = bytes.fromhex(case["ctx"])
            MLDSA65PublicKey.from_public_bytes(public).verify(signature, message, context)
            primitives.mldsa65_verify(public, message, primitives.mldsa65_sign(seed, message))
            yield signature

    counted(cases(), 100)


def test_ml_dsa_65_of_wycheproof() -> None:
    read = copied("wycheproof-ml-dsa-65.json")
    for case in read["tests"]:
        public = bytes.fromhex(read["publics"][case["public"]])
        message, signature = hexed(case, "msg", "sig")
        said = verified(primitives.mldsa65_verify, public, message, signature)
        assert said == case["result"], case["tcId"]
    assert len(read["tests"]) >= 36


# --- what documents are sealed with --------------------------------------------------


def test_aes_256_gcm_of_nist() -> None:
    def cases() -> Iterator[bool]:
        for case in cases_of(packaged("ciphers", "AES", "GCM", "gcmDecrypt256.rsp")):
            if len(case.get("IV", "")) != 24 or len(case.get("Tag", "")) != 32:
                continue
            key, nonce, ct, aad, tag = hexed(case, "Key", "IV", "CT", "AAD", "Tag")
            if "FAIL" in case:
                with pytest.raises(Refused):
                    primitives.aead_open(key, ct + tag, nonce=nonce, aad=aad)
            else:
                text = bytes.fromhex(case["PT"])
                assert primitives.aead_open(key, ct + tag, nonce=nonce, aad=aad) == text
                assert primitives.aead_seal(key, text, nonce=nonce, aad=aad) == ct + tag
            yield True

    counted(cases(), 375)


def test_aes_256_gcm_of_wycheproof() -> None:
    tests = copied("wycheproof-aes-256-gcm.json")["tests"]
    for case in tests:
        key, nonce, aad, text, ct, tag = hexed(case, "key", "iv", "aad", "msg", "ct", "tag")
        if case["result"] == "valid":
            assert primitives.aead_seal(key, text, nonce=nonce, aad=aad) == ct + tag
            assert primitives.aead_open(key, ct + tag, nonce=nonce, aad=aad) == text
        else:
            with pytest.raises(Refused):
                primitives.aead_open(key, ct + tag, nonce=nonce, aad=aad)
    assert len(tests) >= 66


def test_hkdf_sha_512_of_wycheproof() -> None:
    tests = copied("wycheproof-hkdf-sha-512.json")["tests"]
    for case in tests:
        ikm, salt, info, okm = hexed(case, "ikm", "salt", "info", "okm")
        assert primitives.hkdf(ikm, salt, info, length=case["size"]) == okm
    assert len(tests) >= 77


def test_hkdf_of_rfc_5869_by_the_same_library() -> None:
    # The RFC has SHA-256 only; our own call has no choice of hash.
    def cases() -> Iterator[str]:
        for case in cases_of(packaged("KDF", "rfc-5869-HKDF-SHA256.txt")):
            ikm, salt, info, okm = hexed(case, "IKM", "salt", "info", "OKM")
            assert HKDF(hashes.SHA256(), int(case["L"]), salt, info).derive(ikm) == okm
            yield case["OKM"]

    counted(cases(), 3)


def test_argon2id_of_rfc_9106() -> None:
    seen = set()
    for case in cases_of(packaged("KDF", "argon2id.txt")):
        numbers = {"iterations": int(case["iter"]), "lanes": int(case["lanes"])}
        salt, password, output = hexed(case, "salt", "pass", "output")
        kdf = Argon2id(
            salt=salt,
            length=int(case["length"]),
            memory_cost=int(case["memcost"]),
            ad=bytes.fromhex(case["ad"]) if "ad" in case else None,
            secret=bytes.fromhex(case["secret"]) if "secret" in case else None,
            **numbers,
        )
        assert kdf.derive(password) == output
        seen.add("rfc" if {"ad", "secret"} <= set(case) else "other")
        if len(output) == 32 and not {"ad", "secret"} & set(case):
            memory = int(case["memcost"])
            ours = primitives.argon2id(password, salt, memory_kib=memory, **numbers)
            assert ours == output
            seen.add("ours")
    assert seen == {"rfc", "other", "ours"}
