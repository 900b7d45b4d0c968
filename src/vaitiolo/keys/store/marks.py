"""Records of fingerprints: appended in the transaction of their entry, read to be taken out."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import UUIDField

from vaitiolo.keys import mark_chain
from vaitiolo.keys.models import (
    StoredIncidentPair,
    StoredMark,
    StoredMarkKey,
    StoredMarkLink,
    StoredSegment,
)
from vaitiolo.keys.rows import IncidentPairRow, MarkLinkRow, MarkRow, NewMark, SegmentRow
from vaitiolo.keys.store.reaching import VAULT, batches, list_of, put, rows_of

_THE_KEY: Final = 1
_LAST: Final = "SELECT number, link FROM keys_storedmarklink ORDER BY number DESC LIMIT 1"
_SEGMENT: Final = (
    "INSERT INTO keys_storedsegment (number, kind, sealed_key) VALUES (%s, %s, %s)"
    " ON CONFLICT DO NOTHING"
)
_MARK: Final = (
    "INSERT INTO keys_storedmark (number, patient, kind, row, version, segment, place,"
    " sealed_marks) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
)
_LINK: Final = "INSERT INTO keys_storedmarklink (number, digest, link) VALUES (%s, %s, %s)"

Document = tuple[int, UUID, int]


def append_marks(connection: BaseDatabaseWrapper, made: Sequence[NewMark]) -> None:
    """Append records within a transaction that somebody else began, under the ledger's lock.

    Segments that are stored already stay as they are. Numbers have no gaps.
    """
    uuid = UUIDField()
    with connection.cursor() as cursor:
        cursor.execute(_LAST)
        last, link = cursor.fetchone() or (0, mark_chain.FIRST)
        marks: list[tuple[Any, ...]] = []
        links = []
        for number, one in enumerate(made, start=last + 1):
            digest = mark_chain.digest_of(number, one, one.segment.sealed_key)
            link = mark_chain.link(bytes(link), digest)
            links.append((number, digest, link))
            patient, row = (
                uuid.get_db_prep_value(id_, connection) for id_ in (one.patient, one.row)
            )
            where = (one.segment.number, one.place, one.sealed_marks)
            marks.append((number, patient, one.kind, row, one.version, *where))
        segments = {one.segment.number: one.segment for one in made}.values()
        cursor.executemany(_SEGMENT, [(one.number, one.kind, one.sealed_key) for one in segments])
        cursor.executemany(_MARK, marks)
        cursor.executemany(_LINK, links)


def marked(documents: Iterable[Document]) -> set[Document]:
    """Return those documents that have a record."""
    wanted = set(documents)
    there: set[Document] = set()
    for rows in batches({row for _kind, row, _version in wanted}):
        found = rows_of(StoredMark).filter(row__in=rows)
        there.update(found.values_list("kind", "row", "version"))
    return wanted & there


def count_marks() -> int:
    """Return how many records there are."""
    return rows_of(StoredMark).count()


def last_link() -> tuple[int, bytes]:
    """Return number and link of the newest record, also of one that was erased."""
    last = next(iter(list_of(MarkLinkRow, rows_of(StoredMarkLink).order_by("-number")[:1])), None)
    return (0, mark_chain.FIRST) if last is None else (last.number, last.link)


def links_after(number: int, *, most: int) -> list[MarkLinkRow]:
    """Return links in their order, from behind a number on."""
    return list_of(
        MarkLinkRow, rows_of(StoredMarkLink).filter(number__gt=number).order_by("number")[:most]
    )


def segments() -> list[tuple[int, int]]:
    """Return number and kind of every segment, in the order of the numbers."""
    return list(rows_of(StoredSegment).order_by("number").values_list("number", "kind"))


def segments_of(numbers: Iterable[int]) -> Mapping[int, SegmentRow]:
    """Return some segments by their numbers."""
    found = list_of(SegmentRow, rows_of(StoredSegment).filter(number__in=list(numbers)))
    return {one.number: one for one in found}


def marks_in(numbers: Iterable[int], *, upto: int) -> list[MarkRow]:
    """Return the records of some segments in the order of their places, up to a number."""
    found = rows_of(StoredMark).filter(segment__in=list(numbers), number__lte=upto)
    return list_of(MarkRow, found.order_by("segment", "place"))


def digests(numbers: Iterable[int]) -> dict[int, bytes]:
    """Return what the chain says of some records."""
    found: dict[int, bytes] = {}
    for some in batches(numbers):
        rows = rows_of(StoredMarkLink).filter(number__in=some)
        found |= {number: bytes(digest) for number, digest in rows.values_list("number", "digest")}
    return found


def mark_key() -> bytes | None:
    """Return the sealed fingerprint key, if one was drawn."""
    found = rows_of(StoredMarkKey).filter(id=_THE_KEY).values_list("sealed_key", flat=True).first()
    return None if found is None else bytes(found)


def put_mark_key(sealed: bytes) -> bytes:
    """Store the sealed fingerprint key unless there is one; return the one that is there."""
    with transaction.atomic(using=VAULT):
        rows_of(StoredMarkKey).bulk_create(
            [StoredMarkKey(id=_THE_KEY, sealed_key=sealed)], ignore_conflicts=True
        )
    return mark_key() or sealed


def incident_pairs() -> list[IncidentPairRow]:
    """Return the seed of `incident` as it is sealed for every pair of officers."""
    return list_of(IncidentPairRow, rows_of(StoredIncidentPair).order_by("first", "second"))


def put_incident_pairs(rows: Iterable[IncidentPairRow]) -> None:
    """Store the sealed seeds of new pairs, in the place of those there were."""
    with transaction.atomic(using=VAULT):
        rows_of(StoredIncidentPair).all().delete()
        put(StoredIncidentPair, rows)


def has_incident_key() -> bool:
    """Return whether any two officers can open a kit of this house."""
    return bool(rows_of(StoredIncidentPair).exists())
