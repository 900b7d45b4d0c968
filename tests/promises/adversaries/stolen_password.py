"""A6: has a therapist's password, and nothing else.

Here, where a password stands alone, he signs in and has that caseload at the pace of the budget,
each opening recorded; where the slot holds a security key he has nothing, and is told no more than
whoever is wrong. At the careful team's the count is in the session, and each sign-in begins anew.
"""

from functools import singledispatch
from typing import Any

from tests.promises.adversaries.here import NO, Here
from tests.promises.adversaries.loot import Loot
from tests.promises.careful import Careful, Denied
from vaitiolo.warden import client

TRIES = 3


@singledispatch
def attack(target: Any) -> Loot:
    raise TypeError(type(target).__name__)


@attack.register
def _(target: Here) -> Loot:
    name = target.name_of("therapist")
    read: set[object] = set()
    for _sign_in in range(TRIES):
        thief = target.sign_in(name)
        for patient in target.patients():
            try:
                target.read_chart(thief, patient)
            except NO:
                continue
            read.add(patient.id)
        client.sign_out(thief)
    target.sessions.clear()
    return Loot(len(target.patients()), 0, len(read), {"sign-ins": TRIES})


@attack.register
def _(target: Careful) -> Loot:
    names, read = set(), set()
    patients = range(target.clinic.scale.patients)
    for _sign_in in range(TRIES):
        token = target.sign_in("helmi.aalto")
        for patient in set(patients) - read:
            try:
                target.read(token, patient)
            except Denied:
                break
            read.add(patient)
            names.add(target.name(target.key(token, patient), patient))
    return Loot(len(patients), len(names), len(read), {"sign-ins": TRIES})
