"""A6: has a therapist's password, and nothing else.

Here, where a password stands alone, he signs in and has that caseload at the pace of the budget,
each opening recorded; where the slot holds a security key he has nothing, and is told no more than
whoever is wrong. At the careful team's the count is in the session, and each sign-in begins anew.
"""

import secrets
from functools import singledispatch
from typing import Any

from tests.promises.adversaries.here import NO, Here
from tests.promises.adversaries.loot import Loot
from tests.promises.careful import Careful, Denied
from tests.warden.authenticator import Authenticator
from tests.warden.own_keys import add_key, remove
from vaitiolo.config.demo.main import PASSWORD
from vaitiolo.warden import client
from vaitiolo.warden.session import Session

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
    also = {"sign-ins": TRIES, "let in where there is a key": past_a_key(target)}
    return Loot(len(target.patients()), 0, len(read), also)


def past_a_key(target: Here) -> int:
    """Try the right password where the only slot holds a security key; say how often it let in."""
    name, key = target.name_of("manager"), Authenticator(origin=target.live.address)
    key_instead_of_password(target, name, key)
    asked = client.ask_to_sign_in(target.web, name)
    other = Authenticator(origin=target.live.address)
    guesses = [
        (client.PASSWORD_ALONE, client.UNTOUCHED),
        (client.WITH_KEY, client.UNTOUCHED),
        (
            client.WITH_KEY,
            client.Touched(other.touch(asked.challenge), secrets.token_bytes(32)),
        ),
    ]
    let_in = [enters(target, name, kind, touched) for kind, touched in guesses]
    asked = client.ask_to_sign_in(target.web, name)
    [salt] = [one.prf_salt for one in asked.keys if one.id == key.id]
    whole = client.Touched(key.touch(asked.challenge), key.prf(salt))
    owner = enters(target, name, client.WITH_KEY, whole)
    assert owner, "its owner comes in with the key"
    target.sessions[name] = owner
    return sum(session is not None for session in let_in)


def enters(target: Here, name: str, kind: int, touched: client.Touched) -> Session | None:
    session = Session(secrets.token_bytes(32), target.web)
    try:
        client.sign_in(
            session, name=name, password=PASSWORD, network="", kind=kind, touched=touched
        )
    except client.WrongSignIn:
        return None
    return session


def key_instead_of_password(target: Here, name: str, key: Authenticator) -> None:
    """Give somebody a key in the place of the password, for good: a removed way does not return."""
    owner = target.sign_in(name)
    [password] = client.list_own_keys(owner).slots
    add_key(owner, key, password=PASSWORD, typed=PASSWORD)
    remove(owner, password.slot)


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
