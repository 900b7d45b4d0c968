"""A security key in software: ES256, a PIN that was given or not, and a PRF. For tests alone."""

import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

ORIGIN = "http://localhost:8000"
PRESENT, VERIFIED, WITH_CREDENTIAL = 0x01, 0x04, 0x40


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


@dataclass
class Authenticator:
    """One key. What it says can be bent by a test: the site, the flags, where it stands."""

    origin: str = ORIGIN
    rp_id: str = "localhost"
    flags: int = PRESENT | VERIFIED
    cross_origin: bool = False
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    @property
    def cose(self) -> bytes:
        numbers = self.private.public_key().public_numbers()
        x, y = numbers.x.to_bytes(32), numbers.y.to_bytes(32)
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})

    def prf(self, salt: bytes) -> bytes:
        """Return what WebAuthn's PRF gives for a salt: always the same, and nothing without it."""
        return hmac.digest(self.secret, b"WebAuthn PRF\0" + salt, "sha256")

    def touch(self, challenge: bytes) -> bytes:
        """Answer a challenge, as ``navigator.credentials.get`` and ``toJSON`` do."""
        client, data = self._client("webauthn.get", challenge), self._data()
        signed = data + hashlib.sha256(client).digest()
        signature = self.private.sign(signed, ec.ECDSA(hashes.SHA256()))
        return self._json(
            {
                "clientDataJSON": b64(client),
                "authenticatorData": b64(data),
                "signature": b64(signature),
            }
        )

    def make(self, challenge: bytes) -> bytes:
        """Make the credential, as ``navigator.credentials.create`` and ``toJSON`` do."""
        client = self._client("webauthn.create", challenge)
        about = bytes(16) + len(self.id).to_bytes(2) + self.id + self.cose
        data = self._data(WITH_CREDENTIAL) + about
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._json({"clientDataJSON": b64(client), "attestationObject": b64(attestation)})

    def _client(self, kind: str, challenge: bytes) -> bytes:
        said = {"type": kind, "challenge": b64(challenge), "origin": self.origin}
        return json.dumps({**said, "crossOrigin": self.cross_origin}).encode()

    def _data(self, more: int = 0) -> bytes:
        return hashlib.sha256(self.rp_id.encode()).digest() + bytes([self.flags | more]) + bytes(4)

    def _json(self, response: dict[str, Any]) -> bytes:
        said = {"id": b64(self.id), "rawId": b64(self.id), "type": "public-key"}
        return json.dumps({**said, "response": response}).encode()
