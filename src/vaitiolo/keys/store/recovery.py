"""What recovery needs to keep: sealed pairs of officers, and the lists of cases."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from vaitiolo.keys.models import StoredCase, StoredPair
from vaitiolo.keys.rows import CaseRow, PairRow
from vaitiolo.keys.store.reaching import list_of, one_of, put, rows_of


def put_pairs(rows: Iterable[PairRow]) -> None:
    """Store the sealed seeds of new pairs."""
    put(StoredPair, rows)


def pair(first: UUID, second: UUID) -> PairRow | None:
    """Return what two officers can open together; the lower id stands first."""
    return one_of(PairRow, rows_of(StoredPair).filter(first=first, second=second))


def officers() -> frozenset[UUID]:
    """Return everybody who has a share of the contact key, as far as these rows say."""
    both = rows_of(StoredPair).values_list("first", "second")
    return frozenset(one for two in both for one in two)


def is_officer(person: UUID) -> bool:
    """Return whether somebody is named in a pair."""
    return bool(rows_of(StoredPair).filter(Q(first=person) | Q(second=person)).exists())


def put_case(row: CaseRow) -> None:
    """Store a new case."""
    put(StoredCase, [row])


def case(case_id: UUID) -> CaseRow | None:
    """Return a case."""
    return one_of(CaseRow, rows_of(StoredCase).filter(id=case_id))


def cases() -> list[CaseRow]:
    """List all cases there are."""
    return list_of(CaseRow, rows_of(StoredCase).order_by("id"))
