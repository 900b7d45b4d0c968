"""Says whether an installation is what this release expects, without asking a database.

It notices a change so that a start costs nothing when there is none; it proves nothing to anybody.
"""

import importlib.metadata
import zlib
from pathlib import Path

from vaitiolo.config import env

HOUSE = Path(__file__).parents[1]
# Which program's settings know which database, and the variable that says where it is.
HALVES = (("web", "default", "VAITIOLO_DATABASE"), ("warden", "vault", "VAITIOLO_VAULT"))
MARK = "prepared"


def is_prepared(home: Path) -> bool:
    mark = home / MARK
    return mark.exists() and mark.read_text(encoding="ascii") == release()


def mark_prepared(home: Path) -> None:
    (home / MARK).write_text(release(), encoding="ascii")


def release() -> str:
    """Sum up what an installation is made for: migrations, static files, where the tables are."""
    told = [importlib.metadata.version("whitenoise"), *owners().values()]
    found = zlib.crc32(repr(told).encode())
    for pattern in ("*/migrations/*.py", "*/static/**/*.*"):
        for file in sorted(HOUSE.glob(pattern)):
            found = zlib.crc32(str(file.relative_to(HOUSE)).encode() + file.read_bytes(), found)
    return f"{found:08x}"


def owner_of(address: str) -> str:
    """Name the variable that holds the owner's address, or the only one there is."""
    return f"{address}_OWNER" if env.text(f"{address}_OWNER", "") else address


def owners() -> dict[str, str]:
    """Put the tables' owner in the place of the roles that the programs use."""
    changed = {
        address + part: env.text(owner_of(address) + part, "")
        for _program, _alias, address in HALVES
        for part in ("", "_PASSWORD_FILE")
    }
    return {name: value for name, value in changed.items() if value}
