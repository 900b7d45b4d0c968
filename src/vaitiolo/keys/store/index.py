"""Tags of identity codes, and the secrets behind the tags of the ledger."""

from collections.abc import Callable, Iterable
from uuid import UUID

from django.db import IntegrityError, transaction

from vaitiolo.keys.models import AuditSecret, HetuTag
from vaitiolo.keys.rows import AuditSecretRow, HetuTagRow
from vaitiolo.keys.store.reaching import VAULT, many_of, one_of, put, rows_of


def put_hetu_tags(rows: Iterable[HetuTagRow]) -> None:
    """Store tags of identity codes."""
    put(HetuTag, rows)


def put_audit_secrets(rows: Iterable[AuditSecretRow]) -> None:
    """Store the ledger secrets of new subjects."""
    put(AuditSecret, rows)


def identities_tagged(tag: int) -> list[UUID]:
    """List the identity compartments with this tag; a tag is shared by strangers."""
    found = rows_of(HetuTag).filter(tag=tag).order_by("identity")
    return list(found.values_list("identity", flat=True))


def remove_hetu_tag(identity: UUID) -> None:
    """Delete the tag of an identity, if it is there."""
    rows_of(HetuTag).filter(identity=identity).delete()


def audit_secret(subject: UUID, make: Callable[[], tuple[bytes, bytes]]) -> AuditSecretRow:
    """Return a subject's ledger secret; the first time, what ``make`` gives: the secret, its tag.

    Two wardens that meet a subject at the same moment end with the same secret.
    """
    found = find_audit_secret(subject)
    if found is not None:
        return found
    made = AuditSecretRow(subject, *make())
    try:
        with transaction.atomic(using=VAULT):
            put(AuditSecret, [made])
    except IntegrityError:
        found = find_audit_secret(subject)
        if found is None:
            raise
        return found
    return made


def find_audit_secret(subject: UUID) -> AuditSecretRow | None:
    """Return a subject's ledger secret, if it has one and was not erased."""
    return one_of(AuditSecretRow, rows_of(AuditSecret).filter(subject=subject))


def audit_secrets(subjects: Iterable[UUID]) -> dict[UUID, AuditSecretRow]:
    """Return the ledger secrets that there are of these subjects, by subject."""
    found = many_of(AuditSecretRow, rows_of(AuditSecret), subject=subjects)
    return {row.subject: row for row in found}


def subject_of(tag: bytes) -> UUID | None:
    """Return whose tag this is, unless the subject was erased."""
    found = one_of(AuditSecretRow, rows_of(AuditSecret).filter(tag=tag))
    return None if found is None else found.subject
