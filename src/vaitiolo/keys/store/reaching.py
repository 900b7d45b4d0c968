"""How this room reaches its tables: always in the vault, frozen values in and out."""

from collections.abc import Iterable, Iterator
from dataclasses import fields
from typing import Any, Final, TypeVar
from uuid import UUID

from django.db import models, transaction

VAULT: Final = "vault"
# Below the number of variables that any build of SQLite takes in one statement.
BATCH: Final = 500

Row = TypeVar("Row")


class NotStored(Exception):
    """There is no such row to change; nothing was written."""


def rows_of(model: type[models.Model]) -> models.QuerySet[Any]:
    """Return all rows of a table of the vault."""
    return model._default_manager.using(VAULT)  # noqa: SLF001 - the typed way to any model's rows


def put(model: type[models.Model], rows: Iterable[Any]) -> None:
    """Store new rows, all or none."""
    with transaction.atomic(using=VAULT):
        rows_of(model).bulk_create([model(**_columns(row)) for row in rows], batch_size=BATCH)


def _columns(row: Any) -> dict[str, Any]:
    # Not `asdict`, which copies every value: a register has hundreds of thousands of rows.
    return {column.name: getattr(row, column.name) for column in fields(row)}


def change(model: type[models.Model], row_id: UUID, **values: Any) -> None:
    """Change one row that there must be, else raise `NotStored`."""
    if rows_of(model).filter(id=row_id).update(**values) != 1:
        raise NotStored


def one_of(row: type[Row], query: models.QuerySet[Any]) -> Row | None:
    """Return the first row of a query, or none."""
    return next(iter(list_of(row, query[:1])), None)


def list_of(row: type[Row], query: models.QuerySet[Any]) -> list[Row]:
    """Return the rows of a query as frozen values."""
    names = [column.name for column in fields(row)]  # type: ignore[arg-type]  # every row is a dataclass
    return [
        row(**dict(zip(names, map(_plain, found), strict=True)))
        for found in query.values_list(*names)
    ]


def many_of(row: type[Row], query: models.QuerySet[Any], **wanted: Iterable[Any]) -> list[Row]:
    """Return the rows whose one named column has one of many values."""
    ((key, values),) = wanted.items()
    found = [query.filter(**{f"{key}__in": batch}) for batch in batches(values)]
    return [one for some in found for one in list_of(row, some)]


def batches(wanted: Iterable[Any]) -> Iterator[list[Any]]:
    """Cut what is wanted into statements that any engine takes."""
    listed = list(wanted)
    return (listed[start : start + BATCH] for start in range(0, len(listed), BATCH))


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value
