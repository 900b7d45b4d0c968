"""How far a subject's chain reaches, by its numbers: for complete reports. Never writes."""

from typing import Any, NamedTuple

from django.db import connections


class Extent(NamedTuple):
    """The entries that there are of a tag: how many, and the first and last of their numbers."""

    entries: int
    first: int
    last: int

    @property
    def missing(self) -> int:
        """How many numbers between one and the last have no entry."""
        return self.last - self.entries


def extent_of(tag: bytes, *, alias: str = "vault") -> Extent:
    """Return how far a tag's chain reaches; zeros where there is none."""
    asked = (
        "SELECT count(*), coalesce(min(patient_seq), 0), coalesce(max(patient_seq), 0)"
        " FROM ledger_entry WHERE patient_tag = %s"
    )
    return Extent(*_one(alias, asked, tag))


class Substance(NamedTuple):
    """What an erasure of a tag's details would take: how many there are, of which time."""

    entries: int
    details: int
    first_us: int
    last_us: int


def substance_of(tag: bytes, *, alias: str = "vault") -> Substance:
    """Return how many entries and details stand under a tag; zeros where there is none."""
    asked = (
        'SELECT count(*), count(d."index"), coalesce(min(e.time_us), 0),'
        " coalesce(max(e.time_us), 0) FROM ledger_entry e"
        ' LEFT JOIN ledger_detail d ON d."index" = e."index" WHERE e.patient_tag = %s'
    )
    return Substance(*_one(alias, asked, tag))


def first_since(tag: bytes, time_us: int, *, alias: str = "vault") -> int | None:
    """Return the number of a tag's first entry that is not older than a time, or nothing."""
    asked = "SELECT min(patient_seq) FROM ledger_entry WHERE patient_tag = %s AND time_us >= %s"
    (first,) = _one(alias, asked, tag, time_us)
    return None if first is None else int(first)


def last_below(tag: bytes, index: int, *, alias: str = "vault") -> int:
    """Return the number of a tag's last entry below an index; 0 where there is none."""
    asked = (
        "SELECT coalesce(max(patient_seq), 0) FROM ledger_entry"
        ' WHERE patient_tag = %s AND "index" < %s'
    )
    (last,) = _one(alias, asked, tag, index)
    return int(last)


def _one(alias: str, sql: str, *values: Any) -> tuple[Any, ...]:
    with connections[alias].cursor() as cursor:
        cursor.execute(sql, values)
        found: tuple[Any, ...] = cursor.fetchone()
        return found
