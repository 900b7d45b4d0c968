"""Reads what an operator has set: the environment and the files of an installation.

A wrong value stops the start. No value read here turns protection, ledger or alarms off.
"""

import os
import pwd
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

HOME = "VAITIOLO_HOME"
FLAGS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
SQLITE = "django.db.backends.sqlite3"
POSTGRESQL = "django.db.backends.postgresql"

Database = dict[str, object]


class WrongSetting(SystemExit):
    """A setting cannot be understood; the program ends and says which one."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"vaitiolo: {name} {reason}")


def text(name: str, default: str) -> str:
    return os.environ.get(name, "").strip() or default


def flag(name: str, *, default: bool = False) -> bool:
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value not in FLAGS:
        raise WrongSetting(name, f"is {value!r}; write yes or no.")
    return FLAGS[value]


def number(name: str, default: int, *, most: int) -> int:
    value = text(name, str(default))
    if not value.isdecimal() or int(value) > most:
        raise WrongSetting(name, f"is {value!r}; write a whole number up to {most}.")
    return int(value)


def words(name: str, default: str) -> list[str]:
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def user(name: str) -> frozenset[int]:
    """Return the operating system's number of a user; without a name, of whoever runs this."""
    wanted = text(name, "")
    try:
        return frozenset({pwd.getpwnam(wanted).pw_uid if wanted else os.getuid()})
    except KeyError:
        raise WrongSetting(name, f"is {wanted!r}, and this machine has no such user.") from None


def home() -> Path:
    """Find the folder that holds the whole state of an installation."""
    return Path(text(HOME, "var")).absolute()


def secret(file: Path) -> str:
    """Read a secret from its file. Secrets never travel in the environment."""
    try:
        found = file.read_text(encoding="ascii").strip()
    except OSError as problem:
        reason = problem.strerror or "cannot be read"
        raise WrongSetting(str(file), f"holds a secret and could not be read: {reason}.") from None
    if not found:
        raise WrongSetting(str(file), "holds no secret: the file is empty.")
    return found


def database(name: str, *, file: str, synchronous: str) -> Database:
    """Describe the database that an address names; without one, a file of this installation.

    `postgresql://role@host:5432/name`, or `postgresql:///name?host=/folder` for a socket in a
    folder. A password stands in the file that `<name>_PASSWORD_FILE` names, never in the address.
    """
    address = text(name, "")
    if not address:
        return sqlite(home() / "db" / file, synchronous=synchronous)
    return postgresql(name, address)


def sqlite(file: Path | str, *, synchronous: str) -> Database:
    pragmas = {"journal_mode": "WAL", "synchronous": synchronous, "secure_delete": "ON"}
    return {
        "ENGINE": SQLITE,
        "NAME": str(file),
        "OPTIONS": {
            "timeout": 20,
            # A reader that becomes a writer is refused at once under DEFERRED, without waiting.
            "transaction_mode": "IMMEDIATE",
            "init_command": "".join(f"PRAGMA {key}={value};" for key, value in pragmas.items()),
        },
    }


def postgresql(name: str, address: str) -> Database:
    parts = address_parts(name, address)
    folder = parts.query.removeprefix("host=") if parts.query.startswith("host=") else ""
    return {
        "ENGINE": POSTGRESQL,
        "NAME": parts.path.strip("/"),
        "USER": parts.username or "",
        "PASSWORD": password(name),
        "HOST": folder or parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def address_parts(name: str, address: str) -> SplitResult:
    parts = urlsplit(address)
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
        raise WrongSetting(name, "is not an address like postgresql://role@host:5432/name.")
    if parts.password:
        raise WrongSetting(name, f"holds a password; put it into the file {name}_PASSWORD_FILE.")
    return parts


def password(name: str) -> str:
    file = text(f"{name}_PASSWORD_FILE", "")
    return secret(Path(file)) if file else ""


def connection(name: str) -> dict[str, str]:
    """Return the address in a variable, with its password, as PostgreSQL's own library takes it."""
    found = postgresql(name, text(name, ""))
    words = {
        "NAME": "dbname",
        "USER": "user",
        "PASSWORD": "password",
        "HOST": "host",
        "PORT": "port",
    }
    return {word: str(found[field]) for field, word in words.items() if found[field]}
