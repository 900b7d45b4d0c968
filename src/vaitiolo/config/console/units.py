"""The pages' half of a founding: a row for each unit. Holds no key, and may be repeated."""

import json
import os
import sys
from uuid import UUID

import django

from vaitiolo.config.hardening import harden

os.environ["DJANGO_SETTINGS_MODULE"] = "vaitiolo.config.web.settings"
django.setup()

from vaitiolo.kit.ids import CompartmentId, UnitId
from vaitiolo.people.receiving import ReceivedUnit, receive_founded_units


def main() -> int:
    harden()
    told = json.load(sys.stdin)
    receive_founded_units(
        ReceivedUnit(
            UnitId(UUID(one["id"])),
            one["name"],
            CompartmentId(UUID(one["phonebook"])),
            CompartmentId(UUID(one["diary"])),
        )
        for one in told["units"]
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
