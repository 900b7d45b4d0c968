"""A witness's folder: its key, its settings in TOML, its memory. Makes it and reads it.

A wrong setting stops the start with a sentence; nothing has a hidden default.
"""

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from vaitiolo.ledger.verify import checkpoints, cosignatures
from vaitiolo.ledger.verify.checkpoints import LogKey
from vaitiolo.ledger.verify.cosignatures import Cosigner
from vaitiolo.witness.alarms import ByMail, ByWebhook, Limits, Tell, read_password
from vaitiolo.witness.answering import Witness
from vaitiolo.witness.keeping import Memory

KEY_FILE: Final = "witness-key"
SETTINGS_FILE: Final = "witness.toml"
MEMORY_FILE: Final = "witness.sqlite3"
SILENCE: Final = (120, 3600)
ALERT: Final = (60, 7 * 86_400)
LAST_PORT: Final = 65_535

_EXAMPLE: Final = """\
# A witness of vaitiolo ledgers. Its key is in the file witness-key: copy it nowhere.
name = "{name}"
listen = "127.0.0.1:8470"
# With these two it speaks HTTPS itself; without them, put a server in front that does.
# certificate = "certificate.pem"
# certificate_key = "certificate-key.pem"

# Seconds until a silent log, and a critical alert that nobody answers, are told.
silence = 600
alert = 14400

# Where alarms go. Without any of these, only the log and `vaitiolo witness check` tell.
# webhook = "https://example.org/alarms"
# [mail]
# host = "smtp.example.org"
# port = 465
# user = "witness"
# password_file = "mail-password"
# from = "witness@example.org"
# to = ["operator@example.org"]

# One for each ledger that this witness follows; the clinic tells its key.
# [[log]]
# key = "ledger.clinic.example/1+0a1b2c3d+AQ…"
"""


class WrongFolder(Exception):
    """The folder or its settings are not as they must be; in words for the operator."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What a witness runs on."""

    witness: Witness
    address: tuple[str, int]
    limits: Limits
    ways: tuple[Tell, ...]
    certificate: tuple[Path, Path] | None


def make(folder: Path, name: str) -> str:
    """Make a folder with a key of its own and settings to fill in; return the key's public form.

    Raises WrongFolder where there is a witness already.
    """
    try:
        cosigner = Cosigner(name, seed := cosignatures.draw_seed())
    except ValueError as wrong:
        raise WrongFolder(str(wrong)) from None
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        _write(folder / KEY_FILE, seed)
        _write(folder / SETTINGS_FILE, _EXAMPLE.format(name=name).encode())
    except FileExistsError:
        raise WrongFolder(f"{folder} holds a witness already; nothing was changed.") from None
    Memory(folder / MEMORY_FILE)
    return cosigner.key.verifier


def read_cosigner(folder: Path) -> Cosigner:
    """Return the witness's own key. Raises WrongFolder."""
    return _cosigner(folder, _read(folder))


def read(folder: Path, clock: Callable[[], int]) -> Setting:
    """Return what a witness runs on. Raises WrongFolder with a sentence."""
    found = _read(folder)
    logs = {key.origin: key for key in map(_log_key, found.get("log", ()))}
    limits = Limits(_number(found, "silence", SILENCE), _number(found, "alert", ALERT))
    witness = Witness(_cosigner(folder, found), logs, Memory(folder / MEMORY_FILE), clock)
    return Setting(witness, _address(found), limits, _ways(folder, found), _files(folder, found))


def _read(folder: Path) -> dict[str, Any]:
    try:
        return tomllib.loads((folder / SETTINGS_FILE).read_text(encoding="utf-8"))
    except OSError:
        raise WrongFolder(
            f"{folder} holds no witness; `vaitiolo witness init` makes one."
        ) from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise WrongFolder(f"{SETTINGS_FILE} is not TOML in UTF-8.") from None


def _cosigner(folder: Path, found: Mapping[str, Any]) -> Cosigner:
    try:
        return Cosigner(str(found.get("name", "")), (folder / KEY_FILE).read_bytes())
    except OSError:
        raise WrongFolder(f"{KEY_FILE} cannot be read.") from None
    except ValueError:
        raise WrongFolder(
            f"name or {KEY_FILE} is not as `vaitiolo witness init` made it."
        ) from None


def _log_key(entry: object) -> LogKey:
    try:
        return checkpoints.read_key(str(entry["key"]))  # type: ignore[index]  # anything may stand there
    except (KeyError, TypeError, ValueError):
        raise WrongFolder("Each [[log]] needs a key of the form name+id+base64.") from None


def _number(found: Mapping[str, Any], name: str, bounds: tuple[int, int]) -> int:
    value = found.get(name)
    if type(value) is not int or not bounds[0] <= value <= bounds[1]:
        raise WrongFolder(f"{name} must be a number of seconds from {bounds[0]} to {bounds[1]}.")
    return value


def _address(found: Mapping[str, Any]) -> tuple[str, int]:
    host, _, port = str(found.get("listen", "")).rpartition(":")
    if not host or not port.isdigit() or int(port) > LAST_PORT:
        raise WrongFolder("listen must be an address and a port, like 127.0.0.1:8470.")
    return host.strip("[]"), int(port)


def _ways(folder: Path, found: Mapping[str, Any]) -> tuple[Tell, ...]:
    ways: list[Tell] = []
    if "mail" in found:
        ways.append(_mail(folder, found["mail"]))
    url = str(found.get("webhook", ""))
    if url and not url.startswith(("https://", "http://")):
        raise WrongFolder("webhook must be an address that begins with https:// or http://.")
    if url:
        ways.append(ByWebhook(url))
    return tuple(ways)


def _mail(folder: Path, found: Mapping[str, Any]) -> ByMail:
    try:
        file = str(found.get("password_file", ""))
        return ByMail(
            host=str(found["host"]),
            port=int(found["port"]),
            sender=str(found["from"]),
            to=tuple(map(str, found["to"])),
            user=str(found.get("user", "")),
            password=read_password(folder / file) if file else "",
        )
    except (KeyError, TypeError, ValueError):
        raise WrongFolder("[mail] needs host, port, from and to.") from None
    except OSError:
        raise WrongFolder("The mail server's password_file cannot be read.") from None


def _files(folder: Path, found: Mapping[str, Any]) -> tuple[Path, Path] | None:
    names = [str(found[name]) for name in ("certificate", "certificate_key") if name in found]
    if len(names) == 1:
        raise WrongFolder("certificate and certificate_key belong together.")
    return (folder / names[0], folder / names[1]) if names else None


def _write(file: Path, content: bytes) -> None:
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
