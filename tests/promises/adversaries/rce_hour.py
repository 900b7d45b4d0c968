"""A5: runs code in the pages' process for an hour, with the cookies of whoever is signed in.

Against the programs that run: everything a page can ask, for every patient, in a therapist's and a
receptionist's name. Against a warden in this process, whose clock can be moved: hour after hour of
a day, then the day after the last cookie. At the careful team's the same process holds the keys.
"""

from functools import singledispatch
from typing import Any
from uuid import uuid4

from tests.cast import HOUR, Clinic
from tests.promises.adversaries import steal_db
from tests.promises.adversaries.here import NO, Here
from tests.promises.adversaries.loot import Loot
from tests.promises.adversaries.rows import id_of
from tests.promises.careful import Careful
from tests.warden.hostile import make_chart, open_chart
from vaitiolo.warden import client
from vaitiolo.warden.kinds import Purpose

CHARTS = 50
HOURS = 12
# What stands in everybody's line: the invented addresses are all of one domain.
EVERYBODY = "example"


@singledispatch
def attack(target: Any) -> Loot:
    raise TypeError(type(target).__name__)


@attack.register
def _(target: Here) -> Loot:
    present = [target.session("therapist"), target.session("reception")]
    named, read = target.sweep(present)
    also = {"from the phone book": lines(target), "after it": after(target)}
    return Loot(len(target.patients()), named, read, also)


def lines(target: Here) -> int:
    """Say how many lines of the phone book one question gives, for a word that fits all."""
    aino = target.session("reception")
    [(book, unit)] = target.default.ask("SELECT phonebook, id FROM people_unit")[:1]
    rows = target.default.ask(
        "SELECT patient_id, version, sealed_body FROM people_phonebookrow WHERE unit_id = ?", unit
    )
    opened = client.open_compartment(aino, id_of(book), purpose=Purpose.RECEPTION)
    sealed = [
        client.Sealed(client.Place(32, id_of(patient), version), bytes(body))
        for patient, version, body in rows
    ]
    opened.load_book(sealed)
    try:
        opened.unseal(sealed)
    except client.NotGranted:
        return len(client.find(aino, id_of(book), EVERYBODY).rows)
    return len(sealed)


def after(target: Here) -> int:
    """Use what was kept of that hour once its people have signed out."""
    kept = [target.session("therapist"), target.session("reception")]
    for session in kept:
        client.sign_out(session)
    return sum(target.sweep(kept))


@attack.register
def _(target: Clinic) -> Loot:
    charts = []
    for number in range(CHARTS):
        # Making them is paced too: so many in a minute.
        target.clock.ahead += HOUR // 60 if number % 10 == 9 else 0
        charts.append(make_chart(target, uuid4()))
    per_hour, opened = [], set()
    for _hour in range(HOURS):
        before = len(opened)
        # What was opened already would be counted again and bring nothing.
        for chart in (chart for chart in charts if chart not in opened):
            try:
                open_chart(target, chart)
            except NO:
                continue
            opened.add(chart)
        per_hour.append(len(opened) - before)
        target.clock.ahead += HOUR + 1
        keep_awake(target)
    return Loot(CHARTS, 0, len(opened), {"each hour": per_hour})


def keep_awake(target: Clinic) -> None:
    """A session lapses when nobody uses it; whoever runs in the pages sees the next one come."""
    target.cookies.pop("helmi", None)


@attack.register
def _(target: Careful) -> Loot:
    for name in ("helmi.aalto", "sanna.koivisto"):
        target.sign_in(name)
    kept = dict(target.rows.ask("SELECT member, private FROM session"))
    target.rows.ask("UPDATE session SET has_ended = 1, private = ?", b"")
    # The hour is over and the table is clean; the keys that were seen in it open everything still.
    named, read = steal_db.open_all(target, kept)
    return Loot(target.clinic.scale.patients, named, read, {"after it": named + read})
