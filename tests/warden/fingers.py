"""Security keys in software, and officers who touch them: ES256, as a real one answers."""

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from uuid import uuid4

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

from tests.cast import Clinic
from vaitiolo.keys import slots, store
from vaitiolo.keys.cards import CardClass
from vaitiolo.keys.rows import SlotRow
from vaitiolo.keys.slots import Credential, Given, Owner, SlotKind
from vaitiolo.ledger.acts import Act
from vaitiolo.warden import client, protocol
from vaitiolo.warden.client.asking import ask
from vaitiolo.warden.server import touches
from vaitiolo.warden.server.recording import Deed
from vaitiolo.warden.session import Session
from vaitiolo.warden.transport import Transport

PASSWORD = "hiljaa kulkee pitkälle"
TOUCHED_AND_VERIFIED = 0x05
# What each key's hidden secret is, for tests that look for it where it must not be.
PRFS: dict[bytes, bytes] = {}


def text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@dataclass
class Finger:
    """One security key of one person."""

    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    prf: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    def __post_init__(self) -> None:
        PRFS[self.id] = self.prf

    @property
    def credential(self) -> Credential:
        point = self.key.public_key().public_numbers()
        x, y = point.x.to_bytes(32), point.y.to_bytes(32)
        cose = b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20" + x + b"\x22\x58\x20" + y
        return Credential(self.id, cose, hashlib.sha256(self.id).digest())

    def touch(self, session: Session, over: bytes) -> bytes:
        """Answer a challenge that the warden gives for a request."""
        asked = ask(session.transport, protocol.BeginTouch(session.cookie, over), protocol.Touching)
        return self.answer(asked.challenge)

    def answer(self, challenge: bytes) -> bytes:
        said = json.dumps(
            {"type": "webauthn.get", "challenge": text(challenge), "origin": settings.ORIGIN}
        ).encode()
        front = hashlib.sha256(touches.rp_id().encode()).digest()
        front += bytes((TOUCHED_AND_VERIFIED,)) + bytes(4)
        signed = front + hashlib.sha256(said).digest()
        answer = {
            "clientDataJSON": text(said),
            "authenticatorData": text(front),
            "signature": text(self.key.sign(signed, ec.ECDSA(hashes.SHA256()))),
        }
        whole = {"id": text(self.id), "rawId": text(self.id), "type": "public-key"}
        return json.dumps(whole | {"response": answer}).encode()


def give_key(clinic: Clinic, name: str) -> Finger:
    """Lock somebody's seed with a password and a new security key."""
    finger, install, person = Finger(), clinic.install, clinic.people[name]
    card = install.directory.everyone()[person.id].card
    klass = CardClass.REGISTRAR if name == "ritva" else CardClass.STAFF
    policy = install.trust.slot_policy(klass)
    shape = slots.new_slot(
        SlotKind.PASSWORD_AND_KEY,
        Owner(install.org, person.id, card),
        kms_epoch=install.epochs.current("slot"),
        policy=policy,
        credential=finger.credential,
    )
    given = Given(password=PASSWORD, prf=finger.prf)
    # As the warden does it: a touch counts only when an entry says whose key it is.
    detail = {"kind": int(shape.kind), "person": person.id.hex, **touches.named(shape.credential)}
    install.recording.record([Deed(Act.SLOT_ADDED, person.id, person.id, detail)])
    slot = slots.lock(person.seed, shape, given, kms=install.kms, policy=policy)
    store.put_slots([SlotRow(slot.id, person.id, uuid4().bytes, slot.encode())])
    return finger


def enrol_officer(clinic: Clinic, name: str, transport: Transport | None = None) -> Finger:
    """Give an officer a security key, and lock the share from paper with it."""
    finger, cookie = give_key(clinic, name), clinic.session(name).cookie
    session = Session(cookie, transport or clinic.agent)
    client.enrol_share(
        session,
        clinic.paper.shares[clinic.id(name)],
        password=PASSWORD,
        prf=finger.prf,
        assertion=finger.touch(session, client.over_enrolling()),
    )
    return finger
