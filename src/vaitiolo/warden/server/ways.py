"""What the ledger says of somebody's ways in: which were removed, and which keys were recorded.

A slot's row can be planted, or brought back from an old copy; its entries cannot. Opens nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.warden.server.install import Installation

SLOT_ACTS: Final = frozenset({Act.SLOT_ADDED, Act.SLOT_REMOVED})


@dataclass(slots=True)
class Ways:
    """A holder's slots by their ids: the security keys of those that stand, and what is gone."""

    keys: dict[str, str] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)


def ways_of(install: Installation, person: UUID) -> Ways:
    """Read a holder's own chain. Raises Refused for a detail that is not what was committed to."""
    ways = Ways()
    for act, said in _entries(install, person):
        slot, before = str(said.get("slot", "")), str(said.get("instead_of", ""))
        if act is Act.SLOT_REMOVED:
            ways.gone.add(slot)
            ways.keys.pop(slot, None)
        else:
            # A turn of the key service's epoch puts a slot in another's place; it is the same key.
            ways.keys[slot] = str(said.get("key") or ways.keys.get(before, ""))
    return ways


def _entries(install: Installation, person: UUID) -> Iterable[tuple[Act, dict[str, object]]]:
    for entry in queries.entries_of(install.recording.tag(person)):
        if entry.leaf.act in SLOT_ACTS and entry.salt is not None and entry.detail is not None:
            said = install.recording.read(
                person, commit=entry.leaf.detail_commit, salt=entry.salt, sealed=entry.detail
            )
            yield Act(entry.leaf.act), said
