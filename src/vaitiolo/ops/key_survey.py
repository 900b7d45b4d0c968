"""`vaitiolo keys`: who holds which keys, and what a thief of each one's session would reach.

It asks the warden at the console, which records the question. It shows names of staff and random
ids, never a patient's name, a key or a share.
"""

import argparse
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

from rich.console import Console
from rich.table import Table

from vaitiolo.kit.errors import Refusal
from vaitiolo.ops import access
from vaitiolo.ops.access import HeldCompartment, KeyEpoch, KeyHolder, Reader, Surveyed
from vaitiolo.warden.kinds import CompartmentClass, Role
from vaitiolo.warden.transport import OverSocket

ABOUT = """\
Say who holds which keys: cards, slots and their kinds, the key service's epochs, the pinned
recovery keys, and for each holder what a stolen session would reach now. With the random id of a
patient, unit or holder: who can open what belongs to it, by grants that were verified just now.
"""
NOT_ASKED = 1
NO_END = 0xFFFFFFFF
FIRST_DAY = date(1970, 1, 1)
SLOT_WORDS = {
    1: "password + key",
    2: "key",
    3: "printed code",
    4: "PASSWORD ALONE",
    5: "share",
    6: "machine",
}


def main(arguments: Sequence[str], *, home: Path) -> int:
    """Run the command, and return how the program ends."""
    options = argparse.ArgumentParser(prog="vaitiolo keys", description=ABOUT)
    options.add_argument("subject", nargs="?", type=UUID, help="the random id to look at")
    chosen = options.parse_args(arguments)
    console = Console()
    transport = OverSocket(home / "run" / "console.sock")
    try:
        if chosen.subject is None:
            show_all(console, access.survey(transport))
        else:
            show_one(console, access.survey_one(transport, chosen.subject))
    except Refusal as refusal:
        console.print(f"vaitiolo keys: {refusal}", style="red", highlight=False)
        return NOT_ASKED
    return 0


def show_all(console: Console, found: Surveyed) -> None:
    """Print pinned keys, epochs, holders, and how far each reaches."""
    console.print(pinned(found))
    console.print(epochs(found.epochs))
    console.print(holders(found.holders))
    console.print(reach(found.holders, found.patients))
    console.print(
        "Held: patients of whom something could be opened by the keys this person has. A stolen "
        "session reaches them at the policy's pace, each opening recorded; a stolen password with "
        "a security key in the slot reaches none.",
        highlight=False,
    )


def show_one(console: Console, compartments: Sequence[HeldCompartment]) -> None:
    """Print who can open each compartment of one random id."""
    if not compartments:
        console.print("Nothing belongs to that id here.")
        return
    table = _table("Who can open what", "compartment", "class", "epoch", "opened by", "recovery")
    for one in compartments:
        turning = "" if one.pending_epoch is None else f" → {one.pending_epoch}"
        table.add_row(
            str(one.compartment),
            CompartmentClass(one.klass).name.lower(),
            f"{one.epoch}{turning}",
            "\n".join(map(reader, one.readers)) or "nobody here",
            ", ".join(one.recoveries) or "none",
        )
    console.print(table)


def pinned(found: Surveyed) -> Table:
    """Return the keys that trust.toml pins, by the first half of their ids."""
    table = _table("Pinned by the signed policy", "what", "id")
    table.add_row("organisation", str(found.org))
    table.add_row("policy's fingerprint", found.policy.hex())
    table.add_row("root", found.root.hex())
    table.add_row("recovery: contact (2 officers)", found.contact.hex())
    table.add_row("recovery: chart (3 of 5, on paper)", found.chart.hex())
    table.add_row("recovery: incident (2 officers)", found.incident.hex())
    return table


def epochs(found: Sequence[KeyEpoch]) -> Table:
    """Return the epochs of the key service, and how many slots still need an old one."""
    table = _table("Epochs of the key service", "family", "epoch", "slots of it", "")
    for one in found:
        slots = f"{one.slots:,}" if one.family == "slot" else ""
        state = "current" if one.is_current else "old: end it when no slot is left"
        table.add_row(one.family, str(one.number), slots, state)
    return table


def holders(found: Sequence[KeyHolder]) -> Table:
    """Return who has a card, until when, and what opens it."""
    table = _table("Holders", "name", "role", "holder", "card", "good until", "opened with")
    for one in in_order(found):
        table.add_row(
            one.name + ("" if one.is_active else " (left)"),
            Role(one.role).name.lower().replace("_", " "),
            str(one.person),
            f"{one.card.hex()[:16]} gen {one.generation}",
            day(one.card_until),
            ", ".join(SLOT_WORDS[kind] for kind in one.slots) or "nothing",
        )
    return table


def reach(found: Sequence[KeyHolder], patients: int) -> Table:
    """Return how many patients each holder's session would reach, in all and at what pace."""
    title = f"Reach of a stolen session, of {patients:,} patients"
    table = _table(title, "name", "signed in", "held", "with charts", "in an hour", "in a day")
    for one in in_order(found):
        pace = one.patients if one.hour is None else min(one.patients, one.hour)
        table.add_row(
            one.name,
            "yes" if one.is_signed_in else "no: nothing",
            f"{one.patients:,}",
            f"{one.charts:,}",
            f"{min(pace, one.day):,}",
            f"{min(one.patients, one.day):,}",
        )
    return table


def in_order(found: Sequence[KeyHolder]) -> list[KeyHolder]:
    """Return the holders who reach furthest first."""
    return sorted(found, key=lambda one: (-one.charts, -one.patients, one.name))


def reader(one: Reader) -> str:
    """Return a person, or the role of a unit, and until when."""
    role = Role(one.role).name.lower().replace("_", " ")
    who = one.name or f"{role} of {one.unit}"
    return who if one.until is None else f"{who} until {day(one.until)}"


def day(number: int) -> str:
    """Return a day number as a date; a card without an end says so."""
    return "no end" if number == NO_END else (FIRST_DAY + timedelta(days=number)).isoformat()


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", header_style="dim")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table
