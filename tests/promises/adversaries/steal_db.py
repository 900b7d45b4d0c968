"""A1: copies both databases once.

Here every cell is searched for everybody's name, codes, numbers and words, and the right password
is tried with a key service of the thief's own. At the careful team's the table of sessions holds
the keys of whoever works, and the column of passwords says which guess was right.
"""

import hashlib
from functools import singledispatch
from typing import Any

from tests.promises.adversaries.here import Here
from tests.promises.adversaries.loot import Loot
from tests.promises.adversaries.offline import Copy
from tests.promises.careful import PASSWORD, Careful, open_with, stretched, unseal
from vaitiolo.keys import primitives
from vaitiolo.ops.thief.search import Search
from vaitiolo.ops.thief.wanted import wanted_for

GUESSES = ("salasana salasana", PASSWORD)


class HisOwn:
    """A key service that the thief made himself: as good as the real one but for its keys."""

    def mac(self, name: str, data: primitives.Readable) -> bytes:
        return primitives.hmac_sha256(name.encode(), data)


@singledispatch
def attack(target: Any) -> Loot:
    raise TypeError(type(target).__name__)


@attack.register
def _(target: Here) -> Loot:
    wanted = wanted_for(target.live.clinic.patients())
    search, cells = Search(wanted), 0
    for rows in (target.default, target.vault):
        for table, found in rows.copy().items():
            for row in found:
                cells += len(row)
                text = b"\x00\x01".join(
                    bytes(cell) if isinstance(cell, bytes | memoryview) else str(cell).encode()
                    for cell in row
                )
                search.through(text, table, passed=lambda _count: None)
    opened = Copy.of(target).guess(HisOwn(), GUESSES)
    named = len(search.findings.owners(wanted))
    also = {"cells": cells, "passwords confirmed": len(opened), **plain(target)}
    return Loot(wanted.patients, named, len(opened), also)


def plain(target: Here) -> dict[str, object]:
    """Say what the rows tell by themselves: the first row of the threat model's table."""
    [(patients,)] = target.default.ask("SELECT count(*) FROM people_patient")
    [(times,)] = target.default.ask("SELECT count(DISTINCT starts_at) FROM schedule_appointment")
    [(tag,)] = target.vault.ask("SELECT max(tag) FROM keys_hetutag")
    sizes = target.default.ask("SELECT DISTINCT length(sealed_body) FROM charts_noteversion")
    return {
        "patients counted": patients,
        "times of appointments": times,
        "largest tag": tag,
        "sizes of notes": sorted(size for (size,) in sizes),
    }


@attack.register
def _(target: Careful) -> Loot:
    patients = target.clinic.scale.patients
    known = dict(target.rows.ask("SELECT member, private FROM session"))
    signed_in = len(known)
    confirmed = 0
    for number, iterations, salt, password, sealed in target.rows.ask(
        "SELECT id, iterations, salt, password, sealed_private FROM member"
    ):
        for word in GUESSES:
            long = stretched(word, bytes(salt), iterations)
            if hashlib.sha256(long[:32]).digest() == bytes(password):
                confirmed += 1
                known[number] = private_of(number, long, bytes(sealed))
    named, read = open_all(target, known)
    also = {"passwords confirmed": confirmed, "keys in the table of sessions": signed_in}
    return Loot(patients, named, read, also)


def private_of(number: int, long: bytes, sealed: bytes) -> bytes:

    return unseal(long[32:], sealed, f"member/{number}")


def open_all(target: Careful, privates: dict[int, bytes]) -> tuple[int, int]:
    """Open what these private keys open; say how many names and how many charts."""
    names, charts = set(), set()
    for member, private in privates.items():
        for patient, sealed in target.rows.ask(
            "SELECT patient, sealed_key FROM access WHERE member = ?", member
        ):
            key = open_with(bytes(private), bytes(sealed))
            names.add((patient, target.name(key, patient)))
            charts.add((patient, b"".join(target.notes(key, patient))))
    return len(names), len(charts)
