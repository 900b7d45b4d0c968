"""A7: somebody who works here and asks for what is not theirs.

Here everybody but the care team asks for every chart; each attempt is an entry. At the careful
team's one key opens all of a patient, and which part is shown is the page's business.
"""

from functools import singledispatch
from typing import Any

from tests.promises.adversaries.here import Here
from tests.promises.adversaries.loot import Loot
from tests.promises.careful import Careful
from vaitiolo.ledger.acts import Act

OTHERS = ("reception", "billing", "manager", "registrar", "privacy_officer")


@singledispatch
def attack(target: Any) -> Loot:
    raise TypeError(type(target).__name__)


@attack.register
def _(target: Here) -> Loot:
    sessions = {role: target.session(role) for role in OTHERS}
    before = refusals(target)
    named = {role: target.sweep([session]) for role, session in sessions.items()}
    also = {
        "identities": {role: names for role, (names, _read) in named.items()},
        "attempts recorded": refusals(target) - before,
    }
    read = sum(read for _names, read in named.values())
    return Loot(len(target.patients()), max(n for n, _read in named.values()), read, also)


def refusals(target: Here) -> int:
    query = "SELECT count(*) FROM ledger_entry WHERE act = ?"
    [(count,)] = target.vault.ask(query, int(Act.REFUSED))
    return int(count)


@attack.register
def _(target: Careful) -> Loot:
    token, read, names = target.sign_in("sanna.koivisto"), 0, set()
    for patient in range(target.clinic.scale.patients):
        # Reception holds the key for the name; it is the key for everything.
        key = target.key(token, patient)
        names.add(target.name(key, patient))
        read += bool(target.notes(key, patient))
    return Loot(target.clinic.scale.patients, len(names), read)
