"""Where sealed documents stand in rows, so that they can be sealed anew when a key is turned.

A row is changed only if it still holds the bytes that were read: a save that comes in between
stands. Nothing is opened here, and no key is known here.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import BinaryField, Model, QuerySet
from django.db.models.functions import Substr

from vaitiolo.people.access import Place, Sealed
from vaitiolo.warden.kinds import CompartmentClass

# Where the epoch stands in sealed bytes, counted from one (docs/formats.md, section 3).
_EPOCH: Final = (5, 4)


@dataclass(frozen=True, slots=True)
class Behind:
    """A row whose document is sealed at another epoch than the one that is to be."""

    key: Any
    document: Sealed


@dataclass(frozen=True, slots=True)
class SealedRows:
    """One sealed column: of which class of compartment, which rows of one, and where each belongs.

    ``placed`` names the columns that ``place`` is made of.
    """

    model: type[Model]
    klass: CompartmentClass
    compartment: str
    placed: tuple[str, ...]
    place: Callable[..., Place]
    column: str = "sealed_body"

    def list_behind(
        self, compartment: UUID, *, epoch: int, most: int, after: Any = None
    ) -> list[Behind]:
        """List rows of a compartment that are not sealed at an epoch, those after a key."""
        start, length = _EPOCH
        head = Substr(self.column, start, length, output_field=BinaryField())
        behind = (
            self._rows.filter(**{self.compartment: compartment, f"{self.column}__isnull": False})
            .annotate(sealed_at=head)
            .exclude(sealed_at=epoch.to_bytes(length))
            .order_by("pk")
        )
        if after is not None:
            behind = behind.filter(pk__gt=after)
        found = behind.values_list("pk", self.column, *self.placed)[:most]
        return [
            Behind(key, Sealed(self.place(*placed), bytes(sealed)))
            for key, sealed, *placed in found
        ]

    def put(self, row: Behind, sealed: bytes) -> bool:
        """Store a document as it is sealed now; false when the row was saved over meanwhile."""
        standing = self._rows.filter(pk=row.key, **{self.column: row.document.sealed})
        return standing.update(**{self.column: sealed}) == 1

    @property
    def _rows(self) -> QuerySet[Any]:
        return self.model._default_manager.all()  # noqa: SLF001 - the typed way to any model's rows


def of_class(tables: Iterable[SealedRows], klass: int) -> tuple[SealedRows, ...]:
    """Return the columns that hold documents of a class of compartments."""
    return tuple(table for table in tables if table.klass == klass)
