"""What a careful team writes first: sealed fields, public keys for colleagues, hashed passwords.

Real cryptography over a real database, of the same invented people: AES-256-GCM for each field with
its place in the AAD, HPKE in base mode for grants, PBKDF2 for passwords, HMAC for the index. What
it lacks is what the attacks beside it need: signatures, commitments, a second process.
"""

import hashlib
import hmac
import os
from dataclasses import dataclass, field
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.promises.adversaries.rows import Rows
from vaitiolo.ops.synthetic.clinic import SyntheticClinic

PASSWORD: Final = "vaitiolo-demo-2026"
ITERATIONS: Final = 20_000
A_SESSION: Final = 15
SUITE: Final = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
TABLES: Final = {
    "member": "id bigint, name text, role text, iterations bigint, salt bytea, password bytea,"
    " public bytea, sealed_private bytea",
    "session": "token bytea, member bigint, private bytea, opened bigint, has_ended bigint",
    "patient": "id bigint, therapist bigint, name bytea, phone bytea, hetu_index bytea",
    "note": "id bigint, patient bigint, body bytea",
    "access": "patient bigint, member bigint, epoch bigint, sealed_key bytea",
    "reminder": "patient bigint, sealed bytea",
    "setting": "name text, value bytea",
    "revoked": "member bigint",
}
RECOVERY: Final = -1


class Denied(Exception):
    """The page says no."""


@dataclass
class Secrets:
    """What stands in the settings file on the disk, or in the key service."""

    index_key: bytes = field(default_factory=lambda: os.urandom(32))
    service_key: bytes = field(default_factory=lambda: os.urandom(32))


def seal(key: bytes, text: bytes, place: str) -> bytes:
    nonce = os.urandom(12)
    return nonce + AESGCM(key).encrypt(nonce, text, place.encode())


def unseal(key: bytes, sealed: bytes, place: str) -> bytes:
    return AESGCM(key).decrypt(sealed[:12], sealed[12:], place.encode())


def stretched(password: str, salt: bytes, iterations: int) -> bytes:
    return hashlib.pbkdf2_hmac("sha256", password.encode(), salt, iterations, 64)


def seal_to(public: bytes, key: bytes) -> bytes:
    return SUITE.encrypt(key, X25519PublicKey.from_public_bytes(public), b"access")


def open_with(private: bytes, sealed_key: bytes) -> bytes:
    return SUITE.decrypt(sealed_key, X25519PrivateKey.from_private_bytes(private), b"access")


class Careful:
    """The practice. Its methods are what its pages do; attacks reach past them."""

    def __init__(self, rows: Rows, clinic: SyntheticClinic) -> None:
        self.rows, self.clinic, self.secrets = rows, clinic, Secrets()
        for table, columns in TABLES.items():
            typed = columns if rows.address else columns.replace("bytea", "blob")
            rows.ask(f"CREATE TABLE {table} ({typed})")
        recovery = X25519PrivateKey.generate().public_key().public_bytes_raw()
        rows.add("setting", name="recovery", value=recovery)
        for one in clinic.members:
            self._enrol(one.number, one.sign_in_name, one.role)
        for patient in clinic.patients():
            key = self.admit(patient.number, patient.therapist.number)
            self._fill(patient.number, key)

    def _enrol(self, number: int, name: str, role: str) -> None:
        private, salt = X25519PrivateKey.generate(), os.urandom(16)
        long = stretched(PASSWORD, salt, ITERATIONS)
        self.rows.add(
            "member",
            id=number,
            name=name,
            role=role,
            iterations=ITERATIONS,
            salt=salt,
            password=hashlib.sha256(long[:32]).digest(),
            public=private.public_key().public_bytes_raw(),
            sealed_private=seal(long[32:], private.private_bytes_raw(), f"member/{number}"),
        )

    def _fill(self, number: int, key: bytes) -> None:
        patient = self.clinic.patient(number)
        name, phone = str(patient.name).encode(), patient.phone.encode()
        self.rows.ask(
            "UPDATE patient SET name = ?, phone = ?, hetu_index = ? WHERE id = ?",
            seal(key, name, f"patient/{number}/name"),
            seal(key, phone, f"patient/{number}/phone"),
            self.index(patient.hetu),
            number,
        )
        sealed = seal(self.secrets.service_key, name + b" " + phone, f"reminder/{number}")
        self.rows.add("reminder", patient=number, sealed=sealed)
        for note in patient.notes():
            self._add_note(number, key, note.text.encode())

    def index(self, hetu: str) -> bytes:
        return hmac.digest(self.secrets.index_key, hetu.encode(), "sha256")

    def admit(self, number: int, therapist: int) -> bytes:
        """Make a patient's one key and seal it to whoever the tables say may have it."""
        key = os.urandom(32)
        self.rows.add("patient", id=number, therapist=therapist)
        desks = self.rows.ask("SELECT id FROM member WHERE role = 'reception'")
        for member in (therapist, *(one for (one,) in desks)):
            self.give(key, number, member)
        [(recovery,)] = self.rows.ask("SELECT value FROM setting WHERE name = 'recovery'")
        sealed = seal_to(bytes(recovery), key)
        self.rows.add("access", patient=number, member=RECOVERY, epoch=1, sealed_key=sealed)
        return key

    def give(self, key: bytes, patient: int, member: int) -> None:
        [(public,)] = self.rows.ask("SELECT public FROM member WHERE id = ?", member)
        sealed = seal_to(bytes(public), key)
        self.rows.add("access", patient=patient, member=member, epoch=1, sealed_key=sealed)

    def number_of(self, name: str) -> int:
        [(number,)] = self.rows.ask("SELECT id FROM member WHERE name = ?", name)
        return int(number)

    def sign_in(self, name: str, password: str = PASSWORD) -> bytes:
        query = "SELECT id, iterations, salt, password, sealed_private FROM member WHERE name = ?"
        [(number, iterations, salt, kept, sealed)] = self.rows.ask(query, name)
        if self.rows.ask("SELECT member FROM revoked WHERE member = ?", number):
            raise Denied
        long = stretched(password, bytes(salt), iterations)
        if hashlib.sha256(long[:32]).digest() != bytes(kept):
            raise Denied
        try:
            private = unseal(long[32:], bytes(sealed), f"member/{number}")
        except InvalidTag:
            # A new password makes new keys, as after a reset.
            private = X25519PrivateKey.generate().private_bytes_raw()
        token = os.urandom(32)
        self.rows.add("session", token=token, member=number, private=private, opened=0, has_ended=0)
        return token

    def sign_out(self, token: bytes) -> None:
        self.rows.ask("UPDATE session SET has_ended = 1 WHERE token = ?", token)

    def key(self, token: bytes, patient: int) -> bytes:
        """Open the newest key of a patient that is sealed to the member of a session."""
        query = "SELECT member, private, has_ended FROM session WHERE token = ?"
        [(member, private, has_ended)] = self.rows.ask(query, token)
        found = self.rows.ask(
            "SELECT sealed_key FROM access WHERE patient = ? AND member = ? ORDER BY epoch DESC",
            patient,
            member,
        )
        if has_ended or not found:
            raise Denied
        return open_with(bytes(private), bytes(found[0][0]))

    def read(self, token: bytes, patient: int) -> list[bytes]:
        """Hand out the notes; how many charts a session opened is counted in its row."""
        [(opened,)] = self.rows.ask("SELECT opened FROM session WHERE token = ?", token)
        if opened >= A_SESSION:
            raise Denied
        self.rows.ask("UPDATE session SET opened = opened + 1 WHERE token = ?", token)
        return self.notes(self.key(token, patient), patient)

    def notes(self, key: bytes, patient: int) -> list[bytes]:
        rows = self.rows.ask("SELECT body FROM note WHERE patient = ? ORDER BY id", patient)
        return [unseal(key, bytes(body), f"note/{patient}") for (body,) in rows]

    def name(self, key: bytes, patient: int) -> bytes:
        [(sealed,)] = self.rows.ask("SELECT name FROM patient WHERE id = ?", patient)
        return unseal(key, bytes(sealed), f"patient/{patient}/name")

    def write(self, token: bytes, patient: int, text: bytes) -> None:
        self._add_note(patient, self.key(token, patient), text)

    def _add_note(self, patient: int, key: bytes, text: bytes) -> None:
        [(count,)] = self.rows.ask("SELECT count(*) FROM note")
        body = seal(key, text, f"note/{patient}")
        self.rows.add("note", id=count + 1, patient=patient, body=body)
