"""Runs code in the pages' process while nobody is signed in, with every cookie logged.

Here an ended cookie leads to nobody. At the careful team's an ended session keeps its row, and the
private key in it.
"""

from functools import singledispatch
from typing import Any

from tests.promises.adversaries import steal_db
from tests.promises.adversaries.here import Here
from tests.promises.adversaries.loot import Loot
from tests.promises.careful import Careful
from vaitiolo.warden import client


@singledispatch
def attack(target: Any) -> Loot:
    raise TypeError(type(target).__name__)


@attack.register
def _(target: Here) -> Loot:
    roles = ("therapist", "reception", "manager", "registrar", "privacy_officer")
    logged = [target.session(role) for role in roles]
    for session in logged:
        client.sign_out(session)
    named, read = target.sweep(logged)
    return Loot(len(target.patients()), named, read, {"cookies": len(logged)})


@attack.register
def _(target: Careful) -> Loot:
    for name in ("helmi.aalto", "sanna.koivisto"):
        target.sign_out(target.sign_in(name))
    rows = target.rows.ask("SELECT member, private FROM session WHERE has_ended = 1")
    named, read = steal_db.open_all(target, {member: bytes(key) for member, key in rows})
    return Loot(target.clinic.scale.patients, named, read)
