"""Every call into the cryptographic library, and nothing else: bytes in, bytes out.

No state, no format of its own. Secrets come back as bytearrays to wipe; a refusal is `Refused`.
"""

import hashlib
import hmac
import os
import threading
from collections.abc import Iterable
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, hpke
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PrivateKey, MLDSA65PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand

from vaitiolo.keys.refused import Refused

Readable = bytes | bytearray | memoryview
# For whoever signs, or seals to one holder, many times: making one costs as much as using it.
SigningKey = Ed25519PrivateKey
RecipientKey = hpke.MLKEM768X25519PublicKey

KEY_LENGTH = 32
TAG_LENGTH = 16
MLKEM_PUBLIC_LENGTH = 1184
XWING_PUBLIC_LENGTH = 1216
HPKE_OVERHEAD = 1120 + TAG_LENGTH
ED25519_SIGNATURE_LENGTH = 64
MLDSA65_PUBLIC_LENGTH = 1952
MLDSA65_SIGNATURE_LENGTH = 3309

# Two derivations at a time wait for ever inside OpenSSL for the worker threads that they share. So
# a hundred people knocking at once also take the memory of one (64 MiB), and no more.
_ONE_ARGON2 = threading.Lock()
_SHA512 = hashes.SHA512()
_SUITE = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)


def random_bytes(length: int) -> bytearray:
    """Return fresh bytes of the operating system's generator."""
    return bytearray(os.urandom(length))


def wipe(*secrets: bytearray) -> None:
    """Overwrite secrets in place with zeros."""
    for secret in secrets:
        secret[:] = bytes(len(secret))


def same(one: Readable, other: Readable) -> bool:
    """Compare two values in constant time."""
    return hmac.compare_digest(one, other)


def sha256(*parts: Readable) -> bytes:
    """Return SHA-256 (FIPS 180-4) of the parts, joined."""
    return hashlib.sha256(b"".join(parts)).digest()


def sha256_of(parts: Iterable[Readable]) -> bytes:
    """Return SHA-256 (FIPS 180-4) of parts that are too long to be joined."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.digest()


def running_sha256() -> "hashlib._Hash":
    """Return SHA-256 (FIPS 180-4) of parts that come one by one: `update`, then `digest`."""
    return hashlib.sha256()


def hmac_sha256(key: Readable, data: Readable) -> bytes:
    """Return HMAC-SHA-256 (RFC 2104)."""
    return hmac.digest(key, data, "sha256")


def hkdf(ikm: Readable, salt: Readable, info: Readable, *, length: int = KEY_LENGTH) -> bytearray:
    """Return HKDF-SHA-512 (RFC 5869). The salt is always explicit."""
    okm = bytearray(length)
    HKDF(_SHA512, length, bytes(salt), bytes(info)).derive_into(ikm, okm)
    return okm


def hkdf_pair(ikm: Readable, salt: Readable, infos: tuple[bytes, bytes]) -> list[bytearray]:
    """Return `hkdf` of both infos, extracted once: 32 bytes each."""
    okms = [bytearray(KEY_LENGTH), bytearray(KEY_LENGTH)]
    # The extracted key cannot be wiped; it serves one salt, and is gone when this returns.
    prk = HKDF.extract(_SHA512, bytes(salt), ikm)
    for info, okm in zip(infos, okms, strict=True):
        HKDFExpand(_SHA512, KEY_LENGTH, info).derive_into(prk, okm)
    return okms


def argon2id(
    password: Readable, salt: Readable, *, memory_kib: int, iterations: int, lanes: int
) -> bytearray:
    """Return 32 bytes of Argon2id (RFC 9106) of a password."""
    okm = bytearray(KEY_LENGTH)
    cost: Any = {"iterations": iterations, "lanes": lanes, "memory_cost": memory_kib}
    kdf = Argon2id(salt=bytes(salt), length=KEY_LENGTH, **cost)
    with _ONE_ARGON2:
        kdf.derive_into(password, okm)  # type: ignore[arg-type]  # any buffer will do; the stub says bytes
    return okm


def aead_seal(key: Readable, plaintext: Readable, *, nonce: Readable, aad: Readable) -> bytes:
    """Return AES-256-GCM (SP 800-38D) ciphertext and tag. A key and nonce are used once only."""
    return AESGCM(key).encrypt(nonce, plaintext, aad)


def aead_open(key: Readable, sealed: Readable, *, nonce: Readable, aad: Readable) -> bytearray:
    """Open AES-256-GCM; raise `Refused` when it is short or the tag is wrong."""
    if len(sealed) < TAG_LENGTH:
        raise Refused("seal.length")
    opened = bytearray(len(sealed) - TAG_LENGTH)
    try:
        AESGCM(key).decrypt_into(nonce, sealed, aad, opened)
    except InvalidTag:
        # The library leaves the unverified text in the buffer.
        wipe(opened)
        raise Refused("seal.tag") from None
    return opened


class XWingKey:
    """An X-Wing private key, expanded once from its seed (82 µs) to open many sealed keys.

    X-Wing (ML-KEM-768 with X25519, HPKE KEM 0x647A) is an Internet-Draft, not an RFC.
    """

    __slots__ = ("_mlkem", "_x25519")

    def __init__(self, seed: Readable) -> None:
        if len(seed) != KEY_LENGTH:
            raise Refused("hpke.seed")
        expanded = bytearray(hashlib.shake_256(seed).digest(96))
        with memoryview(expanded) as view:
            self._mlkem = MLKEM768PrivateKey.from_seed_bytes(view[:64])
            self._x25519 = X25519PrivateKey.from_private_bytes(view[64:])
        wipe(expanded)

    def public(self) -> bytes:
        """Return the 1,216 public bytes: ML-KEM-768, then X25519."""
        mlkem = self._mlkem.public_key().public_bytes_raw()
        return mlkem + self._x25519.public_key().public_bytes_raw()

    def open(self, sealed: Readable, info: Readable) -> bytearray:
        """Open `hpke_seal`'s result; raise `Refused` when anything about it is different."""
        if len(sealed) < HPKE_OVERHEAD:
            raise Refused("hpke.length")
        private = hpke.MLKEM768X25519PrivateKey(self._mlkem, self._x25519)
        try:
            return bytearray(_SUITE.decrypt(sealed, private, info))
        except InvalidTag:
            raise Refused("hpke.open") from None


def recipient_key(public: Readable) -> RecipientKey:
    """Read an X-Wing public key to seal to, or raise `Refused`."""
    if len(public) != XWING_PUBLIC_LENGTH:
        raise Refused("hpke.public")
    try:
        return RecipientKey(
            MLKEM768PublicKey.from_public_bytes(bytes(public[:MLKEM_PUBLIC_LENGTH])),
            X25519PublicKey.from_public_bytes(bytes(public[MLKEM_PUBLIC_LENGTH:])),
        )
    except ValueError:
        raise Refused("hpke.public") from None


def hpke_seal(plaintext: Readable, public: Readable | RecipientKey, info: Readable) -> bytes:
    """Seal to an X-Wing key: HPKE base mode (RFC 9180), 1,120 bytes of enc, then ciphertext, tag.

    Base mode has no sender: whoever calls this signs what he makes of it.
    """
    key = public if isinstance(public, RecipientKey) else recipient_key(public)
    try:
        return _SUITE.encrypt(plaintext, key, info)
    except ValueError:
        raise Refused("hpke.public") from None


def ed25519_public(seed: Readable) -> bytes:
    """Return the Ed25519 (RFC 8032) public key of a seed."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def signing_key(seed: Readable) -> SigningKey:
    """Return the Ed25519 private key of a seed; the library overwrites it when it is let go."""
    return Ed25519PrivateKey.from_private_bytes(seed)


def ed25519_sign(seed: Readable, message: Readable) -> bytes:
    """Return the Ed25519 signature of a message."""
    return signing_key(seed).sign(message)


def ed25519_verify(public: Readable, message: Readable, signature: Readable) -> None:
    """Return quietly when the signature is good, else raise `Refused`."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes(public)).verify(signature, message)
    except (InvalidSignature, ValueError):
        raise Refused("signature.ed25519") from None


def mldsa65_public(seed: Readable) -> bytes:
    """Return the ML-DSA-65 (FIPS 204) public key of a seed."""
    public = MLDSA65PrivateKey.from_seed_bytes(seed).public_key().public_bytes_raw()
    _overwrite_mldsa65()
    return public


def mldsa65_sign(seed: Readable, message: Readable) -> bytes:
    """Return an ML-DSA-65 signature; it differs each time, so it is never part of an id."""
    signature = MLDSA65PrivateKey.from_seed_bytes(seed).sign(message)
    _overwrite_mldsa65()
    return signature


def mldsa65_verify(public: Readable, message: Readable, signature: Readable) -> None:
    """Return quietly when the signature is good, else raise `Refused`."""
    try:
        MLDSA65PublicKey.from_public_bytes(bytes(public)).verify(signature, message)
    except (InvalidSignature, ValueError):
        raise Refused("signature.mldsa65") from None


def _overwrite_mldsa65() -> None:
    # The library leaves the seed in freed memory, where the next such key is built.
    MLDSA65PrivateKey.from_seed_bytes(bytes(KEY_LENGTH))
