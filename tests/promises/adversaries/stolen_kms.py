"""A8: has the keys of the key service, or its credentials, and a copy of both databases.

He opens reminders that are due, tries passwords at the price of one Argon2id each, and compares
tags. A password that he guesses is all that its owner holds, with no budget and no entry; a slot
with a security key does not open with password and service. At the careful team's the service key
opens everybody's contact, and the index key everybody's code.
"""

import secrets
import time
from dataclasses import dataclass
from functools import singledispatch
from typing import Any

from tests.promises.adversaries.here import Here
from tests.promises.adversaries.loot import Loot
from tests.promises.adversaries.offline import Copy, taken_kms
from tests.promises.adversaries.rows import id_of
from tests.promises.careful import PASSWORD, Careful, unseal
from vaitiolo.keys import hetu, outboxes, slots
from vaitiolo.keys.hetu import IndexKey
from vaitiolo.keys.kms import Kms
from vaitiolo.keys.names import name_tag
from vaitiolo.keys.refused import Refused
from vaitiolo.keys.slots import Credential, Given, SlotKind

WRONG = ("salasana", "kissa123", "Kesä2026!")


@dataclass
class Guessing:
    """Whether he comes upon the password, which decides everything."""

    target: Here
    words: tuple[str, ...]


@singledispatch
def attack(target: Any) -> Loot:
    raise TypeError(type(target).__name__)


@attack.register
def _(target: Here) -> Loot:
    return attack(Guessing(target, WRONG))


@attack.register
def _(target: Guessing) -> Loot:
    here = target.target
    kms, copy = taken_kms(here.home / "kms"), Copy.of(here)
    name = here.name_of("therapist")
    slot = slot_of(copy, kms, name)
    began, seed = time.perf_counter(), None
    for word in target.words:
        try:
            seed = copy.unlock(slot, Given(password=word), kms)
        except Refused:
            continue
    each = (time.perf_counter() - began) / len(target.words)
    named, read = copy.read_all(seed, slot.owner.card) if seed else (0, 0)
    also = {
        "reminders opened": reminders(here, kms),
        "seconds a guess": round(each, 3),
        "KiB a guess": slot.cost.memory_kib,
        "tags that fit": tags(here, kms),
        "opens with a key's slot": opens_without_the_key(copy, kms),
    }
    return Loot(len(here.patients()), named, read, also)


def slot_of(copy: Copy, kms: Kms, name: str) -> slots.Slot:
    tag = name_tag(name, kms=kms, org=copy.org)
    [(raw,)] = copy.vault.ask("SELECT slot FROM keys_storedslot WHERE name_tag = ?", tag)
    return slots.parse(bytes(raw))


def reminders(here: Here, kms: Kms) -> int:
    rows = here.default.ask("SELECT id, sealed_row FROM schedule_outboxrow")
    opened = [
        outboxes.unseal(outboxes.parse(bytes(raw)), org=here.trust.org, row=id_of(row), kms=kms)
        for row, raw in rows
    ]
    assert len(opened) == len(rows)
    return len(opened)


def tags(here: Here, kms: Kms) -> tuple[int, int]:
    """Try one patient's code: it fits that patient's row, and some row by chance for a stranger."""
    key = IndexKey(here.trust.hetu.key, here.trust.org, here.trust.hetu.salt)
    patient = next(iter(here.live.clinic.patients()))
    rows = [tag for (tag,) in here.vault.ask("SELECT tag FROM keys_hetutag")]
    return rows.count(hetu.tag(patient.hetu, kms=kms, key=key)), len(rows)


def opens_without_the_key(copy: Copy, kms: Kms) -> int:
    """Lock a seed with password and security key, then try all that he has: password, service."""
    of_staff = copy.slots()[0]
    policy = slots.SlotPolicy(copy.org, frozenset({SlotKind.PASSWORD_AND_KEY}), slots.LEAST_COST)
    credential = Credential(b"credential", b"cose", secrets.token_bytes(32))
    empty = slots.new_slot(
        SlotKind.PASSWORD_AND_KEY,
        of_staff.owner,
        kms_epoch=of_staff.kms_epoch,
        policy=policy,
        credential=credential,
    )
    prf = secrets.token_bytes(32)
    whole = Given(password=PASSWORD, prf=prf)
    locked = slots.lock(secrets.token_bytes(32), empty, whole, kms=kms, policy=policy)
    assert copy.unlock(locked, whole, kms), "with the key it opens, or this would show nothing"
    opened = 0
    for guess in (None, bytes(32), credential.prf_salt, secrets.token_bytes(32)):
        try:
            copy.unlock(locked, Given(password=PASSWORD, prf=guess), kms)
        except Refused:
            continue
        opened += 1
    return opened


@attack.register
def _(target: Careful) -> Loot:
    names, found = set(), 0
    for patient, sealed in target.rows.ask("SELECT patient, sealed FROM reminder"):
        names.add(unseal(target.secrets.service_key, bytes(sealed), f"reminder/{patient}"))
    indexes = {bytes(tag) for (tag,) in target.rows.ask("SELECT hetu_index FROM patient")}
    for patient in target.clinic.patients():
        found += target.index(patient.hetu) in indexes
    return Loot(target.clinic.scale.patients, len(names), 0, {"identity codes": found})
