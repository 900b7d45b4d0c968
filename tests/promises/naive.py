"""What is usually built: the same practice in clear, with flags, a log kept afterwards and hashes.

Every attack that is tried on vaitiolo is tried here too and has to succeed: an attack that never
wins proves nothing.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from vaitiolo.keys import primitives

NOTE = "Uni on parantunut."


@dataclass
class Naive:
    """A practice of one patient. ``log_works`` says whether its log can be written."""

    log_works: bool = True
    argon2: int = 0
    log: list[str] = field(default_factory=list)
    sessions: dict[str, dict[str, Any]] = field(default_factory=dict)
    tables: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.tables = {
            "patient": [
                {"id": 1, "name": "Aada Mäkinen", "hetu": "010190-999W", "phone": "048 001 2345"}
            ],
            "note": [{"id": 1, "patient": 1, "by": "helmi", "text": NOTE, "version": 2}],
            "user": [self.user("helmi", "therapist"), self.user("aino", "reception")],
            "access": [{"user": "helmi", "patient": 1, "public_key": "helmi's"}],
            "policy": [{"charts_an_hour": 15, "iterations": 3}],
            "drop": [{"desk": "helmi", "from": "aino", "text": "booked"}],
        }

    def user(self, name: str, role: str) -> dict[str, Any]:
        salt = name.encode()
        digest = hashlib.sha256(salt + b"a long password").hexdigest()
        return {"name": name, "role": role, "salt": salt.hex(), "password": digest}

    def dump(self) -> list[bytes]:
        return [
            str(value).encode()
            for rows in self.tables.values()
            for row in rows
            for value in row.values()
        ]

    def row(self, table: str, **wanted: Any) -> dict[str, Any]:
        rows = self.tables[table]
        return next(row for row in rows if wanted.items() <= row.items())

    def sign_in(self, name: str, password: str) -> str:
        users = [row for row in self.tables["user"] if row["name"] == name]
        if not users:
            return "There is no such user."
        self.argon2 += 1
        digest = hashlib.sha256(bytes.fromhex(users[0]["salt"]) + password.encode()).hexdigest()
        if digest != users[0]["password"]:
            return "The password is wrong."
        self.sessions[name] = {"user": name, "opened": 0, "key": primitives.sha256(b"naive")}
        return "Welcome."

    def may(self, name: str) -> bool:
        role = self.row("user", name=name)["role"]
        return role in {"therapist", "admin"}

    def open(self, name: str, patients: list[int]) -> Iterator[str]:
        """Hand out notes one after another; the log is written when the last has gone."""
        for patient in patients:
            session = self.sessions[name]
            session["opened"] += 1
            if not self.may(name) or session["opened"] > self.row("policy")["charts_an_hour"]:
                return
            yield self.row("note", patient=1)["text"]
            self.write_log(f"{name} opened {patient}")

    def sealed_to(self, name: str) -> str:
        """Return whose key the next secret for somebody is sealed to: the row's, whatever it is."""
        return str(self.row("access", user=name)["public_key"])

    def write_log(self, line: str) -> None:
        if self.log_works:
            self.log.append(line)

    def answer(self, question: dict[str, Any]) -> bytes:
        """Answer as an interface does that hands its callers what they are to decrypt with."""
        session = self.sessions.get(question["user"], {})
        return json.dumps({"key": session.get("key", b"").hex(), "user": question["user"]}).encode()


def plain_gcm(key: bytes, text: bytes) -> bytes:
    """Seal as most do: AES-GCM that binds a text to no place, no version and no key."""
    return primitives.aead_seal(key, text, nonce=bytes(11) + b"\x01", aad=b"")


def open_plain_gcm(key: bytes, sealed: bytes) -> bytes:
    return bytes(primitives.aead_open(key, sealed, nonce=bytes(11) + b"\x01", aad=b""))
