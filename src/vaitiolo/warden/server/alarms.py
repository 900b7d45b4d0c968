"""Critical alerts: entries on a chain of their own, told to the witnesses until somebody answers.

Their details name no person: a witness is shown them. Who acknowledges is in the entry's actor tag.
"""

import base64
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from vaitiolo.keys.bodies import canonical_json
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.publishing import read_leaves
from vaitiolo.ledger.queries import Recorded
from vaitiolo.ledger.verify.proofs import Inclusion
from vaitiolo.ledger.verify.tiles import TilesBroken
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.recording import NOBODY, Deed
from vaitiolo.warden.server.refusing import No
from vaitiolo.warden.server.witnesses import offer, tiles_of

ALARMS: Final = UUID(int=16)
AT_ONCE: Final = 50

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Alert:
    """A critical alert: where it stands in the ledger, since when, and which rule it is of."""

    index: int
    since: int
    rule: str


def cry(install: Installation, rule: str, detail: Mapping[str, object]) -> None:
    """Record a critical alert. `detail` must not name a person."""
    log.critical("critical alert: %s", rule)
    install.recording.record([Deed(Act.ALERT, ALARMS, NOBODY, {**detail, "rule": rule})])


def open_alerts(install: Installation) -> tuple[Alert, ...]:
    """Return the critical alerts that nobody has acknowledged, the oldest first."""
    found: dict[int, Alert] = {}
    for entry in _entries(install):
        said = _said(install, entry)
        if entry.leaf.act is Act.ALERT:
            found[entry.index] = _alert(entry, said)
        else:
            found.pop(int(str(said.get("alert", -1))), None)
    return tuple(found.values())


def all_alerts(install: Installation) -> tuple[Alert, ...]:
    """Return every critical alert there ever was, the oldest first."""
    return tuple(
        _alert(entry, _said(install, entry))
        for entry in _entries(install)
        if entry.leaf.act is Act.ALERT
    )


def _alert(entry: Recorded, said: Mapping[str, object]) -> Alert:
    since = entry.leaf.time_us // 1_000_000
    return Alert(entry.index, since, str(said.get("rule", "")))


def acknowledge(install: Installation, index: int, *, by: UUID) -> None:
    """Record that somebody took note of an alert. Raises No(not-allowed) where none is open."""
    if index not in {alert.index for alert in open_alerts(install)}:
        raise No("not-allowed", subject=ALARMS, because="no such alert")
    install.recording.record([Deed(Act.ACKNOWLEDGED, ALARMS, by, {"alert": index})])


def for_witnesses(install: Installation, *, after: int) -> tuple[list[str], int]:
    """Return what witnesses are told of alerts behind an index, each with its proof.

    Only what the published checkpoint covers: the rest follows with the next one.
    """
    note, stated = offer(install)
    bodies: list[str] = []
    upto = after
    for entry in _entries(install):
        if after < entry.index < stated.size and len(bodies) < AT_ONCE:
            bodies.append(_body(install, entry, note=note, size=stated.size))
            upto = entry.index
    return bodies, upto


def _body(install: Installation, entry: Recorded, *, note: str, size: int) -> str:
    """Return leaf, salt and detail, a line each, and the `.tlog-proof` of the entry."""
    try:
        path = tiles_of(install, size).inclusion(entry.index)
    except TilesBroken:
        raise No("no-checkpoint", because="tiles") from None
    [leaf] = read_leaves(entry.index, entry.index + 1)
    shown = (leaf, entry.salt or b"", canonical_json(_said(install, entry)))
    lines = "".join(f"{base64.b64encode(part).decode()}\n" for part in shown)
    return lines + Inclusion(entry.index, path, note).write()


def _entries(install: Installation) -> Iterator[Recorded]:
    for entry in queries.entries_of(install.recording.tag(ALARMS)):
        if entry.leaf.act in {Act.ALERT, Act.ACKNOWLEDGED}:
            yield entry


def _said(install: Installation, entry: Recorded) -> dict[str, object]:
    if entry.salt is None or entry.detail is None:
        return {}
    commit = entry.leaf.detail_commit
    return install.recording.read(ALARMS, commit=commit, salt=entry.salt, sealed=entry.detail)
