"""Who works here: names as colleagues see them, unsealed by the KMS and kept in memory only."""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from uuid import UUID

from vaitiolo.keys import cards, names, store
from vaitiolo.keys.cards import CardClass
from vaitiolo.keys.kms import Kms
from vaitiolo.keys.rows import HolderRow, HolderState


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of staff."""

    id: UUID
    name: str = field(repr=False)
    klass: int
    role: int
    unit: UUID | None
    card: bytes
    is_active: bool
    since: int = 0


class Directory:
    """All holders who are staff, by id. ``unit_of`` says what the ledger knows of their units."""

    def __init__(self, *, kms: Kms, org: UUID, unit_of: Callable[[UUID], UUID | None]) -> None:
        self._kms = kms
        self._org = org
        self._unit_of = unit_of
        self._lock = Lock()
        self._known: dict[UUID, Colleague] | None = None

    def everyone(self) -> dict[UUID, Colleague]:
        """Return all colleagues, those who have left too."""
        with self._lock:
            if self._known is None:
                since = _first_days()
                self._known = {
                    row.id: self._read(row, since.get(row.id, 0)) for row in store.holders()
                }
            return self._known

    def find(self, person: UUID) -> Colleague | None:
        """Return one colleague."""
        return self.everyone().get(person)

    def name_of(self, person: UUID) -> str:
        """Return a colleague's name, empty for somebody unknown."""
        found = self.find(person)
        return "" if found is None else found.name

    def forget(self) -> None:
        """Read again at the next question."""
        with self._lock:
            self._known = None

    def _read(self, row: HolderRow, since: int) -> Colleague:
        name = names.unseal_name(row.sealed_name, kms=self._kms, org=self._org, holder=row.id)
        is_active = row.state == HolderState.ACTIVE
        unit = self._unit_of(row.id)
        return Colleague(row.id, name, row.klass, row.role, unit, row.card, is_active, since)


def _first_days() -> dict[UUID, int]:
    """Return since when each of the staff has had a card, for the page on which all see it."""
    found: dict[UUID, int] = {}
    for klass in (CardClass.STAFF, CardClass.REGISTRAR):
        for row in store.cards_of_class(klass):
            found.setdefault(row.holder, cards.parse(row.card).terms.not_before)
    return found
