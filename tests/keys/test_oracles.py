"""Other people's libraries, asked whether they read and write what we do.

Tink (BoringSSL) for what grants are sealed with; the AWS Encryption SDK for how documents are.
"""

import os
import struct

import aws_encryption_sdk
import pytest
import tink
from aws_encryption_sdk.identifiers import (
    Algorithm,
    CommitmentPolicy,
    EncryptionKeyType,
    WrappingAlgorithm,
)
from aws_encryption_sdk.internal.crypto.wrapping_keys import WrappingKey
from aws_encryption_sdk.key_providers.raw import RawMasterKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from tink import hybrid, secret_key_access
from tink.proto import hpke_pb2, tink_pb2

from vaitiolo.keys import primitives
from vaitiolo.keys.primitives import XWingKey
from vaitiolo.keys.refused import Refused

TIMES = 200
MESSAGES = 50

# --- Tink ----------------------------------------------------------------------

TYPE = "type.googleapis.com/google.crypto.tink.Hpke"


def tink_key(seed: bytes) -> tuple[hybrid.HybridEncrypt, hybrid.HybridDecrypt]:
    params = hpke_pb2.HpkeParams(
        kem=hpke_pb2.X_WING, kdf=hpke_pb2.HKDF_SHA256, aead=hpke_pb2.AES_256_GCM
    )
    public = hpke_pb2.HpkePublicKey(params=params, public_key=XWingKey(seed).public())
    private = hpke_pb2.HpkePrivateKey(public_key=public, private_key=seed)
    keyset = tink_pb2.Keyset(primary_key_id=1)
    entry = keyset.key.add(status=tink_pb2.ENABLED, key_id=1, output_prefix_type=tink_pb2.RAW)
    entry.key_data.type_url = TYPE + "PrivateKey"
    entry.key_data.value = private.SerializeToString()
    entry.key_data.key_material_type = tink_pb2.KeyData.ASYMMETRIC_PRIVATE
    handle = tink.proto_keyset_format.parse(keyset.SerializeToString(), secret_key_access.TOKEN)
    public_handle = handle.public_keyset_handle()
    return public_handle.primitive(hybrid.HybridEncrypt), handle.primitive(hybrid.HybridDecrypt)


@pytest.fixture(scope="module", autouse=True)
def _registered() -> None:
    hybrid.register()


def test_tink_opens_what_we_seal_and_we_open_what_tink_seals() -> None:
    agreed = 0
    for turn in range(TIMES):
        seed, dk, info = os.urandom(32), os.urandom(32), os.urandom(turn)
        encrypts, decrypts = tink_key(seed)
        ours = XWingKey(seed)
        assert decrypts.decrypt(primitives.hpke_seal(dk, ours.public(), info), info) == dk
        assert ours.open(encrypts.encrypt(dk, info), info) == dk
        agreed += 1
    assert agreed == TIMES


def test_tink_refuses_what_we_refuse() -> None:
    seed = os.urandom(32)
    _, decrypts = tink_key(seed)
    sealed = bytearray(primitives.hpke_seal(bytes(32), XWingKey(seed).public(), b"info"))
    for at in (0, 1087, 1088, 1119, 1120, 1167):
        sealed[at] ^= 1
        with pytest.raises(tink.TinkError):
            decrypts.decrypt(bytes(sealed), b"info")
        with pytest.raises(Refused):
            XWingKey(seed).open(sealed, b"info")
        sealed[at] ^= 1


# --- AWS Encryption SDK ----------------------------------------------------------

WRAPPING = bytes(range(32))
FINAL = b"AWSKMSEncryptionClient Final Frame"


def sdk_message(text: bytes) -> bytes:
    client = aws_encryption_sdk.EncryptionSDKClient(
        commitment_policy=CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT
    )
    key = RawMasterKey(
        provider_id="vaitiolo",
        key_id="test",
        wrapping_key=WrappingKey(
            wrapping_algorithm=WrappingAlgorithm.AES_256_GCM_IV12_TAG16_NO_PADDING,
            wrapping_key=WRAPPING,
            wrapping_key_type=EncryptionKeyType.SYMMETRIC,
        ),
    )
    sealed, _ = client.encrypt(
        source=text,
        key_provider=key,
        algorithm=Algorithm.AES_256_GCM_HKDF_SHA512_COMMIT_KEY,
        frame_length=4096,
    )
    return bytes(sealed)


class Message:
    """The parts of a message of format 2 with one data key and one frame, read by hand."""

    def __init__(self, raw: bytes) -> None:
        version, suite = struct.unpack(">BH", raw[:3])
        assert (version, suite) == (2, 0x0478)
        self.id, rest = raw[3:35], raw[35:]
        assert rest[:4] == b"\x00\x00\x00\x01"  # No encryption context, one data key.
        _, rest = self.field(rest[4:])
        info, rest = self.field(rest)
        wrapped, rest = self.field(rest)
        self.dk = AESGCM(WRAPPING).decrypt(info[-12:], wrapped, b"")
        self.commitment, self.header_tag, self.frame = rest[5:37], rest[37:53], rest[53:]
        self.header = raw[: len(raw) - len(rest) + 37]

    @staticmethod
    def field(raw: bytes) -> tuple[bytes, bytes]:
        (length,) = struct.unpack(">H", raw[:2])
        return raw[2 : 2 + length], raw[2 + length :]


def test_the_sdk_derives_the_key_and_the_commitment_that_we_derive() -> None:
    reproduced = 0
    for turn in range(MESSAGES):
        text = os.urandom(turn * 7 + 1)
        read = Message(sdk_message(text))
        key = primitives.hkdf(read.dk, read.id, b"\x04\x78DERIVEKEY")
        assert primitives.hkdf(read.dk, read.id, b"COMMITKEY") == read.commitment
        aad = read.header
        assert primitives.aead_seal(key, b"", nonce=bytes(12), aad=aad) == read.header_tag
        mark, number, nonce, length = struct.unpack(">II12sI", read.frame[:24])
        assert (mark, number, length) == (0xFFFFFFFF, 1, len(text))
        place = read.id + FINAL + struct.pack(">IQ", number, length)
        assert primitives.aead_open(key, read.frame[24:], nonce=nonce, aad=place) == text
        assert primitives.aead_seal(key, text, nonce=nonce, aad=place) == read.frame[24:]
        reproduced += 1
    assert reproduced == MESSAGES
