"""Who works here: names as colleagues see them, unsealed by the KMS and kept in memory only."""

from dataclasses import dataclass, field
from threading import Lock
from uuid import UUID

from vaitiolo.keys import names, store
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


class Directory:
    """All holders who are staff, by id."""

    def __init__(self, *, kms: Kms, org: UUID) -> None:
        self._kms = kms
        self._org = org
        self._lock = Lock()
        self._known: dict[UUID, Colleague] | None = None

    def everyone(self) -> dict[UUID, Colleague]:
        """Return all colleagues, those who have left too."""
        with self._lock:
            if self._known is None:
                self._known = {row.id: self._read(row) for row in store.holders()}
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

    def _read(self, row: HolderRow) -> Colleague:
        name = names.unseal_name(row.sealed_name, kms=self._kms, org=self._org, holder=row.id)
        is_active = row.state == HolderState.ACTIVE
        return Colleague(row.id, name, row.klass, row.role, row.unit, row.card, is_active)
