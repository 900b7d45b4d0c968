"""The key service's own record of what was asked of it: OpenBao's audit file, counted.

It is written by another program than the ledger, so it shows what the warden's keys did without an
entry. Only names of keys and operations are read out of it; values stand there as hashes.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from vaitiolo.kit.errors import Refusal

_ASKED: Final = re.compile(r"[^/]+/(?P<verb>encrypt|decrypt)/outbox-\d+")
SECOND: Final = 1_000_000


class LogUnreadable(Refusal):
    """The file is not there, or not the audit file of a key service."""

    message = _("This is not an audit file of OpenBao that can be read. Nothing was compared.")


@dataclass(frozen=True, slots=True)
class Counted:
    """How often reminders were sealed and opened since the first line of the file."""

    since_us: int
    sealed: int
    opened: int


def count(file: Path) -> Counted:
    """Count the operations that the key service answered without an error. Raises LogUnreadable."""
    try:
        with file.open(encoding="utf-8") as lines:
            return _count(lines)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise LogUnreadable from None


def _count(lines: Iterable[str]) -> Counted:
    since: int | None = None
    done = {"encrypt": 0, "decrypt": 0}
    for line in lines:
        said: dict[str, Any] = json.loads(line)
        since = _moment(said["time"]) if since is None else since
        asked = _ASKED.fullmatch(said["request"]["path"])
        if said["type"] == "response" and asked and not said.get("error"):
            done[asked["verb"]] += 1
    if since is None:
        raise LogUnreadable
    return Counted(since, done["encrypt"], done["decrypt"])


def _moment(text: str) -> int:
    # Nanoseconds are more than Python reads.
    whole = re.sub(r"(\.\d{6})\d+", r"\1", text)
    return int(datetime.fromisoformat(whole).timestamp() * SECOND)
