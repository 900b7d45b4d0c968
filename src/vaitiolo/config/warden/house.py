"""The warden's half of `vaitiolo found` and `unit`: draws keys, writes paper, signs the policy.

Reads the judged answers from stdin as JSON, and writes units and codes to stdout.
"""

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import django

from vaitiolo.ceremony import shares, sheets
from vaitiolo.ceremony.files import FileThere
from vaitiolo.config.hardening import harden

os.environ["DJANGO_SETTINGS_MODULE"] = "vaitiolo.config.warden.settings"
django.setup()

from django.conf import settings

from vaitiolo.config.warden.paper import CONTACT, INCIDENT, MASTER, demand_empty
from vaitiolo.warden.server import house, policies
from vaitiolo.warden.server.agent import read_clock
from vaitiolo.warden.server.founding import CannotBeFounded
from vaitiolo.warden.server.house import Answers, House, Unit
from vaitiolo.warden.server.recovery_keys import Keeping, printed_incident_share, printed_share
from vaitiolo.warden.server.starting import CannotStart, started


def main() -> int:
    parser = argparse.ArgumentParser(prog="vaitiolo found")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--end", action="store_true")
    parser.add_argument("--sheets", type=Path)
    parser.add_argument("--unit")
    wanted = parser.parse_args()
    harden()
    try:
        if wanted.check:
            house.refuse_what_is_there(settings.HOME, environ=os.environ)
        elif wanted.end:
            house.end(settings.HOME)
        elif wanted.unit:
            json.dump({"units": [told_of(added(wanted.unit))]}, sys.stdout)
        else:
            json.dump(written(found(wanted.sheets)), sys.stdout)
    except (CannotBeFounded, CannotStart, FileThere) as refused:
        sys.stderr.write(f"vaitiolo found: {refused}\n")
        return 1
    except OSError as problem:
        sys.stderr.write(f"vaitiolo found: {problem}. Nothing more was done; call it again.\n")
        return 1
    return 0


def found(folder: Path) -> House:
    told = json.load(sys.stdin)
    demand_witnesses(told["witnesses"])
    if house.goes_on(settings.HOME):
        sys.stderr.write("A founding was cut off here. It goes on; its sheets stay good.\n")
    else:
        demand_empty(folder)
    paper = Paper(folder, told, today())
    return house.found(settings.HOME, read(told), read_clock, keeping=paper.keeping)


def demand_witnesses(keys: Sequence[str]) -> None:
    """Return quietly when these are witnesses' keys. Raises CannotBeFounded before anything is."""
    try:
        policies.read_witnesses(keys)
    except ValueError:
        raise CannotBeFounded(
            "One of the witnesses is not a key as `vaitiolo witness init` prints it, or stands "
            "there twice. Nothing was founded."
        ) from None


def today() -> date:
    return datetime.now(UTC).date()


def read(told: Mapping[str, Any]) -> Answers:
    return Answers(
        name=told["name"],
        origin=f"{urlsplit(told['address']).hostname}/ledger",
        units=tuple(told["units"]),
        people=tuple((one["name"], one["sign_in"], one["role"]) for one in told["people"]),
        registrars_per_card=told["registrars_per_card"],
        witnesses=tuple(told["witnesses"]),
        quorum=told["quorum"],
        break_glass=told["break_glass"],
        break_glass_witness=told["break_glass_witness"],
    )


def written(made: House) -> dict[str, Any]:
    return {
        "root": " ".join(made.root.hex()[at : at + 4] for at in range(0, 32, 4)),
        "units": [told_of(one) for one in made.units],
        "people": [
            {"name": name, "role": role, "code": code, "until": until}
            for name, role, code, until in made.codes
        ],
    }


def told_of(unit: Unit) -> dict[str, str]:
    return {
        "id": unit.id.hex,
        "name": unit.name,
        "phonebook": unit.phonebook.hex,
        "diary": unit.diary.hex,
    }


def added(name: str) -> Unit:
    with started(settings.HOME, read_clock) as install:
        return house.add_unit(install, name)


class Paper:
    """The sheets of one founding: five of the master seed, and two for each officer."""

    def __init__(self, folder: Path, told: Mapping[str, Any], today: date) -> None:
        self._folder = folder
        self._house, self._today = told["name"], today
        self._holders = told["holders"]
        self._people = [one["name"] for one in told["people"]]
        self._names: dict[UUID, str] = {}

    def keeping(self, officers: tuple[UUID, ...]) -> Keeping:
        self._names = dict(zip(officers, self._people, strict=True))
        return Keeping(officers, self._keep_master, self._keep_shares, self._keep_incident)

    def _keep_master(self, master: bytearray, _org: UUID) -> None:
        made = sheets.master_sheets(
            self._house, shares.split(master), made=self._today, holders=self._holders
        )
        sheets.write(self._folder, MASTER, made)

    def _keep_shares(self, drawn: Mapping[UUID, bytearray], org: UUID) -> None:
        printed = [
            (self._names[officer], printed_share(share, org=org, officer=officer))
            for officer, share in drawn.items()
        ]
        made = sheets.contact_sheets(self._house, printed, made=self._today)
        sheets.write(self._folder, CONTACT, made)

    def _keep_incident(self, drawn: Mapping[UUID, bytearray], org: UUID) -> None:
        printed = [
            (self._names[officer], printed_incident_share(share, org=org, officer=officer))
            for officer, share in drawn.items()
        ]
        made = sheets.incident_sheets(self._house, printed, made=self._today)
        sheets.write(self._folder, INCIDENT, made)


if __name__ == "__main__":
    sys.exit(main())
