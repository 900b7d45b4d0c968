"""Erasures that were asked for; and what is deleted of a subject, in one transaction."""

from typing import Final
from uuid import UUID

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import UUIDField

from vaitiolo.keys.models import StoredErasure
from vaitiolo.keys.rows import ErasureRow
from vaitiolo.keys.store.reaching import list_of, one_of, put, rows_of

_OWN: Final = "(SELECT id FROM keys_storedcompartment WHERE subject = %s)"
# In this order: compartments are asked for until they go themselves.
_DELETES: Final = (
    f"DELETE FROM keys_storedgrant WHERE compartment IN {_OWN}",  # noqa: S608 - ours
    f"DELETE FROM keys_storedrotation WHERE compartment IN {_OWN}",  # noqa: S608 - ours
    f"DELETE FROM keys_storeddue WHERE compartment IN {_OWN}",  # noqa: S608 - ours
    f"DELETE FROM keys_hetutag WHERE identity IN {_OWN}",  # noqa: S608 - ours
    "DELETE FROM keys_storedcompartment WHERE subject = %s",
    "DELETE FROM keys_storedmark WHERE patient = %s",
    "DELETE FROM keys_auditsecret WHERE subject = %s",
    "DELETE FROM keys_storederasure WHERE subject = %s",
)


def put_erasure(row: ErasureRow) -> None:
    """Store that somebody's erasure was asked for, in place of an earlier asking."""
    remove_erasure(row.subject)
    put(StoredErasure, [row])


def erasure(subject: UUID) -> ErasureRow | None:
    """Return what was asked for somebody, as far as the row says."""
    return one_of(ErasureRow, rows_of(StoredErasure).filter(subject=subject))


def erasures() -> list[ErasureRow]:
    """List all erasures that wait, the oldest first."""
    return list_of(ErasureRow, rows_of(StoredErasure).order_by("leaf_index"))


def remove_erasure(subject: UUID) -> None:
    """Delete what was asked for somebody, if it is there."""
    rows_of(StoredErasure).filter(subject=subject).delete()


def remove_subject(connection: BaseDatabaseWrapper, subject: UUID) -> None:
    """Delete a subject's keys within a transaction that somebody else began and will end.

    The ledger secret, and with it the row that leads to the tag; every compartment with its grants,
    rotations and index tag; the records of fingerprints. Statement by statement over that
    connection: a transaction of its own could be committed without the other, or not.
    """
    stored = UUIDField().get_db_prep_value(subject, connection)
    with connection.cursor() as cursor:
        for delete in _DELETES:
            cursor.execute(delete, (stored,))
