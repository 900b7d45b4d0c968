"""Which invented clinic a demo has, and how its staff are described to whoever founds it."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from vaitiolo.ops.synthetic.clinic import SyntheticClinic, make_clinic
from vaitiolo.warden.kinds import Role

ROLES: Final[Mapping[str, Role]] = {
    "therapist": Role.THERAPIST,
    "reception": Role.RECEPTION,
    "billing": Role.BILLING,
    "registrar": Role.REGISTRAR,
    "manager": Role.MANAGER,
    "privacy_officer": Role.PRIVACY_OFFICER,
}
# The first therapists of each unit are on call for it.
ON_CALL: Final = 2


def clinic_of(wanted: Mapping[str, Any]) -> SyntheticClinic:
    """Make the clinic that seed, scale and day name."""
    return make_clinic(wanted["seed"], wanted["scale"], date.fromisoformat(wanted["today"]))


def charter(clinic: SyntheticClinic, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Describe the clinic as `vaitiolo found` reads it."""
    units, members = wanted["units"], wanted["members"]
    return {
        "name": "Demo",
        "origin": "ledger.demo.example/1",
        "units": units,
        "staff": [
            {
                "id": members[place],
                "name": str(one.name),
                "role": int(ROLES[one.role]),
                "unit": units[one.unit.number],
                "sign_in": one.sign_in_name,
                "password": wanted["password"],
            }
            for place, one in enumerate(clinic.members)
        ],
        "on_call": {
            unit: _therapists_of(clinic, number, members)[:ON_CALL]
            for number, unit in enumerate(units)
        },
    }


def _therapists_of(clinic: SyntheticClinic, unit: int, members: list[str]) -> list[str]:
    return [
        members[place]
        for place, one in enumerate(clinic.members)
        if one.role == "therapist" and one.unit.number == unit
    ]
