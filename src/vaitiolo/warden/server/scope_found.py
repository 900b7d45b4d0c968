"""A scope as it was found: a list of marks with what came of each, its hash, a short memory.

The ledger keeps the hash and the question; the list itself is found again from the log whenever it
is asked for, so no copy of it lies anywhere.
"""

import struct
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Final, NamedTuple
from uuid import UUID

from vaitiolo.keys.bodies import canonical_json
from vaitiolo.keys.octets import sha256
from vaitiolo.warden.losses import Tier
from vaitiolo.warden.scope_parts import ScopeOther, ScopeQuery

REMEMBERED: Final = 3
_ROW: Final = struct.Struct(">16sBBHIQQ")
_REFUSED: Final = struct.Struct(">16sI")


class Row(NamedTuple):
    """One part of one patient's record: by the tag while it is looked for, then by a mark."""

    of: bytes
    klass: int
    tier: int
    done: int = 0
    times: int = 0
    first: int = 0
    last: int = 0


@dataclass(slots=True)
class Findings:
    """What the rules of a loss say, before patients are told from units and colleagues."""

    rows: dict[tuple[bytes, int], Row] = field(default_factory=dict)
    refused: dict[bytes, int] = field(default_factory=dict)
    others: list[ScopeOther] = field(default_factory=list)
    staff: set[UUID] = field(default_factory=set)
    says: list[str] = field(default_factory=list)
    adversary: str = ""
    pace: tuple[int, int] = (0, 0)
    reminders: int = 0
    unknown: int = 0

    def add(self, row: Row) -> None:
        """Put a row in; where there is one of that part, what weighs more stands."""
        key = (row.of, row.klass)
        known = self.rows.get(key)
        if known is None or row.tier < known.tier:
            self.rows[key] = row


@dataclass(frozen=True, slots=True)
class Found:
    """A scope of one size of the log. ``note`` is the signed checkpoint that it was read under."""

    query: ScopeQuery
    asked: int
    size: int
    root: bytes = field(repr=False)
    note: str = field(repr=False)
    rows: tuple[Row, ...] = field(repr=False)
    refused: Mapping[bytes, int] = field(repr=False)
    findings: Findings = field(repr=False)
    subjects: Mapping[bytes, UUID] = field(repr=False)
    controllers: Mapping[bytes, tuple[str, ...]] = field(repr=False)
    twice: frozenset[bytes] = field(repr=False)
    starts: tuple[int, ...]
    list_hash: bytes

    @property
    def marks(self) -> list[bytes]:
        """Return every patient's mark once, in order."""
        return sorted({row.of for row in self.rows} | set(self.refused))


def as_json(query: ScopeQuery) -> dict[str, object]:
    """Return a question as the entry of its asking holds it; each empty field is left out."""
    said: dict[str, object] = {"loss": query.loss, "since": query.since, "until": query.until}
    for name in ("person", "unit", "session"):
        value = getattr(query, name)
        if value is not None:
            said[name] = value.hex
    if query.network:
        said["network"] = query.network
    if query.card:
        said["card"] = query.card.hex()
    if query.is_thorough:
        said["thorough"] = True
    return said


def from_json(said: Mapping[str, object]) -> ScopeQuery:
    """Return the question that an entry holds."""
    ids = {
        name: UUID(hex=str(said[name])) for name in ("person", "unit", "session") if name in said
    }
    return ScopeQuery(
        loss=int(str(said["loss"])),
        since=int(str(said["since"])),
        until=int(str(said["until"])),
        person=ids.get("person"),
        unit=ids.get("unit"),
        session=ids.get("session"),
        network=str(said.get("network", "")),
        card=bytes.fromhex(str(said.get("card", ""))),
        is_thorough=bool(said.get("thorough")),
    )


def hash_of(
    org: UUID,
    query: ScopeQuery,
    stated: tuple[int, bytes],
    *,
    rows: tuple[Row, ...],
    refused: Mapping[bytes, int],
) -> bytes:
    """Return the hash of a list (docs/formats.md, section 20): question, log, every row."""
    size, root = stated
    return sha256(
        b"vaitiolo/1/scope",
        org.bytes,
        sha256(canonical_json(as_json(query))),
        size.to_bytes(8),
        root,
        len(rows).to_bytes(4),
        *(_ROW.pack(*row) for row in rows),
        *(_REFUSED.pack(mark, refused[mark]) for mark in sorted(refused)),
    )


def tier_of(rows: list[Row]) -> int:
    """Return how far it came with a patient at the worst."""
    return min((row.tier for row in rows), default=int(Tier.UNTOUCHED))


class Scopes:
    """The scopes found last, so that turning a page does not read the whole log again."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: OrderedDict[int, Found] = OrderedDict()

    def keep(self, scope: int, found: Found) -> None:
        """Remember a scope; the oldest goes."""
        with self._lock:
            self._kept[scope] = found
            while len(self._kept) > REMEMBERED:
                self._kept.popitem(last=False)

    def find(self, scope: int) -> Found | None:
        """Return a scope that is still remembered."""
        with self._lock:
            return self._kept.get(scope)

    def forget_all(self) -> None:
        """Forget every scope: one of them may lead to somebody who was erased."""
        with self._lock:
            self._kept.clear()
