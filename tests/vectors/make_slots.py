"""Makes `slots.json`: one slot of every kind, from fixed inputs, for readers in other languages.

Run as `python -m tests.vectors.make_slots`. A change of the file is a change of the format.
"""

import hashlib
import hmac
import json
from pathlib import Path
from typing import Any
from uuid import UUID

from vaitiolo.keys import slots
from vaitiolo.keys.primitives import Readable
from vaitiolo.keys.slots import Credential, Given, Owner, SlotKind, SlotPolicy

FILE = Path(__file__).with_name("slots.json")
WITH_KEY = (SlotKind.PASSWORD_AND_KEY, SlotKind.KEY, SlotKind.SHARE)
PASSWORD = "äiti lukee öisin"  # composed; NFKC leaves it as it is
CODE = "0123-4567-89AB-CDEF-GHJK-MNPQ-RSTV"


def fixed(name: str, length: int = 32) -> bytes:
    return hashlib.shake_256(f"vaitiolo slot vector: {name}".encode()).digest(length)


class FixedKms:
    """HMAC-SHA-256 under one key that the vectors show, whatever the name."""

    def __init__(self, key: bytes) -> None:
        self.key = key

    def mac(self, name: str, data: Readable) -> bytes:
        return hmac.digest(self.key, name.encode() + b":" + bytes(data), "sha256")


def given_for(kind: SlotKind) -> Given:
    password = {SlotKind.PRINTED_CODE: CODE, SlotKind.KEY: None, SlotKind.MACHINE: None}
    return Given(
        password=password.get(kind, PASSWORD),
        prf=fixed("prf") if kind in WITH_KEY else None,
        secret=fixed("secret") if kind is SlotKind.MACHINE else None,
    )


def vector(kind: SlotKind) -> dict[str, Any]:
    org = UUID(bytes=fixed("org", 16), version=4)
    owner = Owner(org, UUID(bytes=fixed("holder", 16), version=4), fixed("card"))
    key = Credential(fixed("credential", 48), fixed("cose", 77), fixed("prf salt"))
    policy, given, kms = (
        SlotPolicy(org, frozenset(SlotKind)),
        given_for(kind),
        FixedKms(fixed("kms")),
    )

    def draw(length: int) -> bytearray:
        return bytearray(fixed(f"drawn for {kind.name}", length))

    slot = slots.new_slot(
        kind,
        owner,
        kms_epoch=1,
        policy=policy,
        credential=key if kind in WITH_KEY else None,
        draw=draw,
    )
    stored = slots.lock(fixed("seed"), slot, given, kms=kms, policy=policy, draw=draw).encode()
    return {
        "kind": kind.value,
        "name": kind.name,
        "password": given.password,
        "prf": bytes(given.prf or b"").hex(),
        "secret": bytes(given.secret or b"").hex(),
        "kms_key": kms.key.hex(),
        "card": owner.card.hex(),
        "seed": fixed("seed").hex(),
        "slot": stored.hex(),
    }


def written() -> str:
    about = (
        "KMS.mac(name, data) here is HMAC-SHA-256(kms_key, name ':' data). docs/formats.md, SLOT."
    )
    rows = {"about": about, "vectors": [vector(kind) for kind in SlotKind]}
    return json.dumps(rows, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(written(), encoding="utf-8")
