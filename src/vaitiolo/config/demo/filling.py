"""Fills a founded demo with its invented people: under the web's settings, at the console's socket.

Run by `vaitiolo demo`, which hands it ids and the demo's password on stdin.
"""

import json
import os
import sys
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import django

from vaitiolo.config.hardening import harden

os.environ["DJANGO_SETTINGS_MODULE"] = "vaitiolo.config.web.settings"
django.setup()

from django.conf import settings

from vaitiolo.config.demo.people import ROLES, clinic_of
from vaitiolo.kit.ids import CompartmentId, HolderId, UnitId
from vaitiolo.kit.progress import shown
from vaitiolo.ops import access
from vaitiolo.ops.bringing_in import Bringing, Ids, bring_in
from vaitiolo.ops.synthetic.clinic import SyntheticClinic
from vaitiolo.ops.synthetic.crib import write_crib
from vaitiolo.people import receiving
from vaitiolo.people.receiving import ReceivedMember, ReceivedUnit
from vaitiolo.warden.transport import OverSocket


def main(kind: type[Bringing] = Bringing) -> int:
    harden()
    wanted = json.load(sys.stdin)
    clinic = clinic_of(wanted)
    ids = read_ids(wanted)
    receive_staff(clinic, ids, wanted["founded"])
    transport = OverSocket(settings.HOME / "run" / "console.sock")
    officers = [
        access.sign_in_officer(
            transport,
            name=next(one.sign_in_name for one in clinic.members if one.role == role),
            password=wanted["password"],
        )
        for role in ("manager", "privacy_officer")
    ]
    register = access.open_register(
        officers[0], officers[1], source="demo", patients=clinic.scale.patients
    )
    bringing = kind(clinic, ids, officers[0], register, datetime.now(UTC))
    with shown("Bringing patients in") as report:
        bring_in(bringing, report=report)
    write_crib(settings.HOME, clinic)
    return 0


def read_ids(wanted: dict[str, Any]) -> Ids:
    units = {number: UUID(own) for number, own in enumerate(wanted["units"])}
    made = {UUID(one["id"]): UUID(one["diary"]) for one in wanted["founded"]["units"]}
    return Ids(
        members={number: UUID(own) for number, own in enumerate(wanted["members"])},
        units=units,
        diaries={number: made[own] for number, own in units.items()},
    )


def receive_staff(clinic: SyntheticClinic, ids: Ids, founded: dict[str, Any]) -> None:
    books = {UUID(one["id"]): UUID(one["phonebook"]) for one in founded["units"]}
    desks = {UUID(person): UUID(desk) for person, desk in founded["desks"].items()}
    units = [
        ReceivedUnit(
            UnitId(ids.units[place]),
            unit.name,
            CompartmentId(books[ids.units[place]]),
            CompartmentId(ids.diaries[place]),
        )
        for place, unit in enumerate(clinic.units)
    ]
    members = [
        ReceivedMember(
            HolderId(ids.members[place]),
            UnitId(ids.units[one.unit.number]),
            ROLES[one.role],
            CompartmentId(desks[ids.members[place]]),
        )
        for place, one in enumerate(clinic.members)
    ]
    receiving.receive_staff(units, members)


if __name__ == "__main__":
    sys.exit(main())
