"""Founds a demo in an empty installation, from a description on stdin; `vaitiolo demo` runs it.

Its keys lie in files, and its people have passwords from the start. Its recovery keys are
forgotten, or go on paper. Names and passwords are read, used and not written anywhere in clear.
"""

import argparse
import json
import os
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import django

from vaitiolo.ceremony.files import FileThere
from vaitiolo.config.hardening import harden

os.environ["DJANGO_SETTINGS_MODULE"] = "vaitiolo.config.warden.settings"
django.setup()

from django.conf import settings
from django.db import connections

from vaitiolo.config.warden import paper
from vaitiolo.kit.progress import track
from vaitiolo.warden.kinds import Role
from vaitiolo.warden.server.agent import read_clock
from vaitiolo.warden.server.founding import (
    CannotBeFounded,
    Charter,
    Founded,
    Founding,
    Newcomer,
    draw_seed,
    found,
    wipe_seeds,
)
from vaitiolo.warden.server.recovery_keys import Keeping

ABOUT = """\
Found a demo organisation in VAITIOLO_HOME. Reads JSON from stdin:
{"name", "origin", "units": [id], "staff": [{"id", "name", "role", "unit", "sign_in", "password"}]}
and perhaps "officers": [id], two to five of the staff: who keep the shares of the contact key,
and "on_call": {unit: [id]}, therapists who may open a record in an emergency (switched on by it),
and writes {"units": [{"id", "phonebook", "diary"}], "desks": {id: desk}} to stdout.
"""


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="vaitiolo demo",
        description=ABOUT,
        formatter_class=argparse.RawTextHelpFormatter,
    )
    about = "write the recovery keys' shares as sheets into this folder, which must be new"
    parser.add_argument("--shares", type=Path, metavar="FOLDER", help=about)
    folder = parser.parse_args().shares
    harden()
    wanted = json.load(sys.stdin)
    charter = read_charter(wanted)
    try:
        keeping = Keeping() if folder is None else paper.keeping(folder, wanted, today())
        with found(settings.HOME, charter, read_clock, keeping=keeping) as founding:
            founded = founding.enrol_all()
            for unit, persons in wanted.get("on_call", {}).items():
                founding.put_on_call(UUID(unit), [UUID(one) for one in persons])
            give_passwords(founding, charter, wanted["staff"])
    except (CannotBeFounded, FileThere) as refused:
        sys.stderr.write(f"vaitiolo found: {refused}\n")
        return 1
    finally:
        wipe_seeds(charter)
    json.dump(written(founded), sys.stdout)
    return 0


def today() -> date:
    return datetime.now(UTC).date()


def read_charter(wanted: Mapping[str, Any]) -> Charter:
    newcomers = tuple(
        Newcomer(
            UUID(one["id"]),
            one["name"],
            Role(one["role"]),
            UUID(one["unit"]) if one["unit"] else None,
            draw_seed(),
        )
        for one in wanted["staff"]
    )
    units = tuple(map(UUID, wanted["units"]))
    on_call = bool(wanted.get("on_call"))
    return Charter(wanted["name"], wanted["origin"], units, newcomers, has_break_glass=on_call)


def give_passwords(founding: Founding, charter: Charter, staff: list[dict[str, Any]]) -> None:
    """Lock each seed with its password: one slow Argon2id each, as many at a time as there are."""

    def give(newcomer: Newcomer, one: Mapping[str, Any]) -> None:
        try:
            founding.give_password(newcomer, sign_in_name=one["sign_in"], password=one["password"])
        finally:
            connections.close_all()

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        given = pool.map(give, charter.newcomers, staff)
        for _ in track(given, "Locking everyone's key", total=len(staff)):
            pass


def written(founded: Founded) -> dict[str, Any]:
    return {
        "units": [
            {"id": one.id.hex, "phonebook": one.phonebook.hex, "diary": one.diary.hex}
            for one in founded.units
        ],
        "desks": {person.hex: desk.hex for person, desk in founded.desks.items()},
    }


if __name__ == "__main__":
    sys.exit(main())
