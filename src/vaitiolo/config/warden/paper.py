"""What a founding gives its officers: share sheets, written before anything is founded.

Five sheets of the master seed, any three of which open the charts in a ceremony, and two sheets for
each officer: of the contact key and of the incident key. Marked as a demo's; a real house's are
written by `house`.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from vaitiolo.ceremony import shares, sheets
from vaitiolo.ceremony.files import FileThere
from vaitiolo.warden.kinds import Role
from vaitiolo.warden.server.recovery_keys import Keeping, printed_incident_share, printed_share

MASTER: Final = "recovery-share"
CONTACT: Final = "contact-share"
INCIDENT: Final = "incident-share"
MOST_OFFICERS: Final = 5
BY_OFFICE: Final = (Role.PRIVACY_OFFICER, Role.MANAGER, Role.REGISTRAR)


def keeping(folder: Path, wanted: Mapping[str, Any], today: date) -> Keeping:
    """Return what writes the sheets into a folder. Raises FileThere when there are some already."""
    demand_empty(folder)
    name, names = wanted["name"], {UUID(one["id"]): one["name"] for one in wanted["staff"]}

    def keep_master(master: bytearray, _org: UUID) -> None:
        five = shares.split(master)
        sheets.write(folder, MASTER, sheets.master_sheets(name, five, made=today, mark=sheets.DEMO))

    def keep_shares(drawn: Mapping[UUID, bytearray], org: UUID) -> None:
        printed = [
            (names[officer], printed_share(share, org=org, officer=officer))
            for officer, share in drawn.items()
        ]
        sheets.write(
            folder, CONTACT, sheets.contact_sheets(name, printed, made=today, mark=sheets.DEMO)
        )

    def keep_incident(drawn: Mapping[UUID, bytearray], org: UUID) -> None:
        printed = [
            (names[officer], printed_incident_share(share, org=org, officer=officer))
            for officer, share in drawn.items()
        ]
        sheets.write(
            folder, INCIDENT, sheets.incident_sheets(name, printed, made=today, mark=sheets.DEMO)
        )

    return Keeping(officers(wanted), keep_master, keep_shares, keep_incident)


def demand_empty(folder: Path) -> None:
    """Return quietly when sheets may be written into a folder. Raises FileThere."""
    if folder.exists() and any(folder.iterdir()):
        # The sheets of another founding: whoever kept them would think them good.
        raise FileThere(
            f"{folder} is not empty. Sheets of a founding that was cut off open nothing: destroy "
            "them. Nothing was founded."
        )


def officers(wanted: Mapping[str, Any]) -> tuple[UUID, ...]:
    """Return who keeps shares: those named, or the first of privacy, management and registry."""
    if "officers" in wanted:
        return tuple(map(UUID, wanted["officers"]))
    staff = sorted(
        (one for one in wanted["staff"] if Role(one["role"]) in BY_OFFICE),
        key=lambda one: BY_OFFICE.index(Role(one["role"])),
    )
    return tuple(UUID(one["id"]) for one in staff[:MOST_OFFICERS])
