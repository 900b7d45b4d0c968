"""For whom a unit keeps its patients: `controllers.toml` beside the policy. Holds no person.

Without the file, or for a unit that it does not name, the organisation itself is the controller.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

from vaitiolo.keys.octets import sha256
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.refusing import No

FILE_NAME: Final = "controllers.toml"


@dataclass(frozen=True, slots=True)
class Controllers:
    """Names of controllers by unit, the house's own name, and the hash of the file."""

    names: Mapping[UUID, str]
    house: str
    file_hash: str = ""

    def of(self, units: set[UUID]) -> tuple[str, ...]:
        """Return whose patient somebody is who is known in these units."""
        return tuple(sorted({self.names.get(unit, self.house) for unit in units} or {self.house}))


def read(install: Installation) -> Controllers:
    """Read the file as it stands now. Raises No where it cannot be read as what it is."""
    house = install.trust.organisation.name
    path = (install.home or Path()) / FILE_NAME
    if install.home is None or not path.exists():
        return Controllers({}, house)
    try:
        raw = path.read_bytes()
        listed = tomllib.loads(raw.decode())["controller"]
        names = {UUID(unit): str(one["name"]) for one in listed for unit in one["units"]}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise No("scope-wrong", because=FILE_NAME) from None
    if sum(len(one["units"]) for one in listed) != len(names):
        raise No("scope-wrong", because="a unit of two controllers")
    return Controllers(names, house, sha256(raw).hex())
