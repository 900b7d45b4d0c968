"""A9: records today what lies at rest, and has a quantum computer later.

Every cell of both databases is parsed: whatever holds a key sealed to a public key is of a format
that says X-Wing, or it is named and the attack has won. The later machine is played by handing over
every X25519 private half: with them alone no grant opens. At the careful team's, all of them do.
"""

import hashlib
from collections import Counter
from functools import singledispatch
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from tests.promises.adversaries import steal_db
from tests.promises.adversaries.here import Here
from tests.promises.adversaries.loot import Loot
from tests.promises.adversaries.offline import Copy, taken_kms
from tests.promises.adversaries.rows import octets
from tests.promises.careful import PASSWORD, Careful, open_with
from vaitiolo.keys import drops, fields, grants, primitives

SUITE = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
XWING = {"GRANT", "DROP"}
# Sealed with keys that both sides share, or signed; no key is sealed to a public key in these.
SYMMETRIC = {"SEALED", "SLOT", "CARD", "OUTBOX", "ROTATION", "REVOKE"}
NAMES = {
    getattr(fields, name): name
    for name in ("SEALED", "GRANT", "SLOT", "CARD", "OUTBOX", "ROTATION", "REVOKE", "DROP")
}
# A key alone, sealed to X-Wing: those of records of fingerprints have no format around them.
SEALED_KEY = primitives.HPKE_OVERHEAD + primitives.KEY_LENGTH
BARE_KEYS = {"keys_storedsegment"}
# The least that a key sealed to a public key takes: X25519's point, a key, a tag.
SMALLEST = 32 + 32 + 16
# Cells that are neither: leaves and their parts, and what the key service's own seal holds.
OTHERS = {"ledger_entry", "ledger_batch", "ledger_checkpoint", "ledger_publicdetail"}


@singledispatch
def attack(target: Any) -> Loot:
    raise TypeError(type(target).__name__)


@attack.register
def _(target: Here) -> Loot:
    found: Counter[str] = Counter()
    for rows in (target.default, target.vault):
        for table, stored in rows.copy().items():
            for cell in (cell for row in stored for cell in octets(row)):
                found[format_of(table, cell)] += 1
    unknown = {name: n for name, n in found.items() if name.startswith("unknown")}
    opened, whole = with_half_a_key(target)
    also = {"formats": dict(found), "unknown": unknown, "opens with both halves": whole}
    return Loot(len(target.patients()), 0, opened + len(unknown), also)


def format_of(table: str, cell: bytes) -> str:
    if len(cell) < SMALLEST or table in OTHERS:
        return "no room for a sealed key"
    if table in BARE_KEYS and len(cell) == SEALED_KEY:
        return "a key sealed to X-Wing"
    name = NAMES.get(cell[2], "") if cell[:2] == b"VT" and cell[3] == 1 else ""
    if name in XWING:
        demand_xwing(name, cell)
    return name if name in XWING | SYMMETRIC else f"unknown in {table}"


def demand_xwing(name: str, cell: bytes) -> None:
    sealed = grants.parse(cell).sealed_key if name == "GRANT" else drops.parse(cell).sealed_key
    assert len(sealed) == SEALED_KEY


def with_half_a_key(target: Here) -> tuple[int, int]:
    """Open a therapist's grants with the true X25519 half and any ML-KEM half; then with both."""
    copy = Copy.of(target)
    seeds = copy.guess(taken_kms(target.home / "kms"), [PASSWORD])
    opened = whole = 0
    for card, seed in seeds.items():
        xwing = primitives.hkdf(seed, copy.org.bytes, b"vaitiolo/1/seed/xwing")
        for _compartment, grant in list(copy.grants_to(card))[:8]:
            info = grants.hpke_info(grant, org=copy.org)
            opened += opens(xwing, grant.sealed_key, info, true_half=False)
            whole += opens(xwing, grant.sealed_key, info, true_half=True)
    return opened, whole


def opens(seed: bytearray, sealed: bytes, info: bytes, *, true_half: bool) -> bool:
    expanded = hashlib.shake_256(seed).digest(96)
    mlkem = MLKEM768PrivateKey.from_seed_bytes(expanded[:64] if true_half else bytes(64))
    x25519 = X25519PrivateKey.from_private_bytes(expanded[64:])
    try:
        SUITE.decrypt(sealed, hpke.MLKEM768X25519PrivateKey(mlkem, x25519), info)
    except InvalidTag:
        return False
    return True


@attack.register
def _(target: Careful) -> Loot:
    # What Shor's algorithm gives back out of the public keys in the table; here they are handed.
    privates = {}
    for number, iterations, salt, sealed in target.rows.ask(
        "SELECT id, iterations, salt, sealed_private FROM member"
    ):
        long = steal_db.stretched(PASSWORD, bytes(salt), iterations)
        privates[number] = steal_db.private_of(number, long, bytes(sealed))
    assert all(
        len(open_with(privates[member], bytes(sealed))) == primitives.KEY_LENGTH
        for member, sealed in target.rows.ask(
            "SELECT member, sealed_key FROM access WHERE member >= 0"
        )
    )
    named, read = steal_db.open_all(target, privates)
    return Loot(target.clinic.scale.patients, named, read)
