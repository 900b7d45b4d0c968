"""The queries over this room's tables, and the only way to them. Always in the vault.

Takes and returns frozen values with encoded bytes; never parses, verifies or opens them.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields
from typing import Any, Final, TypeVar
from uuid import UUID

from django.db import IntegrityError, models, transaction

from vaitiolo.keys.models import (
    AuditSecret,
    HetuTag,
    RoleSeed,
    StoredCard,
    StoredCompartment,
    StoredGrant,
    StoredHolder,
    StoredRevocation,
    StoredRotation,
    StoredSlot,
)
from vaitiolo.keys.rows import (
    AuditSecretRow,
    CardRow,
    CompartmentRow,
    GrantRow,
    HetuTagRow,
    HolderRow,
    HolderState,
    Opening,
    RevocationRow,
    RotationRow,
    SlotRow,
)

VAULT: Final = "vault"
# Below the number of variables that any build of SQLite takes in one statement.
_BATCH: Final = 500

Row = TypeVar("Row")


class NotStored(Exception):
    """There is no such row to change; nothing was written."""


class RotationRefused(Exception):
    """The compartment is not at the epoch that this rotation goes on from; nothing was written."""


# --- bringing in, one call for one row or for many ---


def put_cards(rows: Iterable[CardRow]) -> None:
    """Store new cards; raise `IntegrityError` when one is there already."""
    _put(StoredCard, rows)


def put_holders(rows: Iterable[HolderRow]) -> None:
    """Store new holders."""
    _put(StoredHolder, rows)


def put_compartments(rows: Iterable[CompartmentRow]) -> None:
    """Store new compartments."""
    _put(StoredCompartment, rows)


def put_grants(rows: Iterable[GrantRow]) -> None:
    """Store new grants."""
    _put(StoredGrant, rows)


def put_slots(rows: Iterable[SlotRow]) -> None:
    """Store new slots."""
    _put(StoredSlot, rows)


def put_revocations(rows: Iterable[RevocationRow]) -> None:
    """Store revocations of cards; each card has one at most."""
    _put(StoredRevocation, rows)


def put_hetu_tags(rows: Iterable[HetuTagRow]) -> None:
    """Store tags of identity codes."""
    _put(HetuTag, rows)


def put_audit_secrets(rows: Iterable[AuditSecretRow]) -> None:
    """Store the ledger secrets of new subjects."""
    _put(AuditSecret, rows)


def put_role_seed(compartment: UUID, sealed_seed: bytes) -> None:
    """Store the sealed seed of a role card."""
    _all(RoleSeed).create(compartment=compartment, sealed_seed=sealed_seed)


# --- cards and holders ---


def card(card_id: bytes) -> CardRow | None:
    """Return a card."""
    return _one(CardRow, _all(StoredCard).filter(id=card_id))


def cards(card_ids: Iterable[bytes]) -> dict[bytes, CardRow]:
    """Return those cards that there are, by id."""
    return {row.id: row for row in _many(CardRow, _all(StoredCard), id=card_ids)}


def cards_of(holder_id: UUID) -> list[CardRow]:
    """List the cards that a holder ever had, oldest first."""
    return _list(CardRow, _all(StoredCard).filter(holder=holder_id).order_by("leaf_index"))


def cards_of_class(klass: int) -> list[CardRow]:
    """List all cards of a class, oldest first."""
    return _list(CardRow, _all(StoredCard).filter(klass=klass).order_by("leaf_index"))


def holder(holder_id: UUID) -> HolderRow | None:
    """Return a holder."""
    return _one(HolderRow, _all(StoredHolder).filter(id=holder_id))


def holders(*, klass: int | None = None, unit: UUID | None = None) -> list[HolderRow]:
    """List holders, of one class or one unit where named."""
    wanted = {"klass": klass, "unit": unit}
    named = {key: value for key, value in wanted.items() if value is not None}
    return _list(HolderRow, _all(StoredHolder).filter(**named).order_by("id"))


def give_card(holder_id: UUID, card_id: bytes) -> None:
    """Make a stored card the holder's present one."""
    _change(StoredHolder, holder_id, card=card_id)


def set_state(holder_id: UUID, state: HolderState) -> None:
    """Open or close a holder's way in."""
    _change(StoredHolder, holder_id, state=state)


def rename(holder_id: UUID, sealed_name: bytes) -> None:
    """Give a holder another name on screen."""
    _change(StoredHolder, holder_id, sealed_name=sealed_name)


def revocations_of(card_ids: Iterable[bytes]) -> dict[bytes, RevocationRow]:
    """Return the revocations that there are of these cards, by card."""
    found = _many(RevocationRow, _all(StoredRevocation), card=card_ids)
    return {row.card: row for row in found}


# --- compartments and grants ---


def compartment(compartment_id: UUID) -> CompartmentRow | None:
    """Return a compartment."""
    return _one(CompartmentRow, _all(StoredCompartment).filter(id=compartment_id))


def compartments_of(subject: UUID, *, klass: int | None = None) -> list[CompartmentRow]:
    """List what belongs to a patient, unit, holder or incident."""
    found = _all(StoredCompartment).filter(subject=subject)
    if klass is not None:
        found = found.filter(klass=klass)
    return _list(CompartmentRow, found.order_by("klass", "id"))


def openings(compartment_ids: Iterable[UUID]) -> dict[UUID, Opening]:
    """Return compartments, each with all its grants: two questions to the database per 500."""
    ids = list(compartment_ids)
    found = _many(CompartmentRow, _all(StoredCompartment), id=ids)
    grants: dict[UUID, list[GrantRow]] = {row.id: [] for row in found}
    for row in _many(GrantRow, _all(StoredGrant).order_by("leaf_index"), compartment=ids):
        grants.get(row.compartment, []).append(row)
    return {row.id: Opening(row, tuple(grants[row.id])) for row in found}


def grants_of(compartment_id: UUID) -> list[GrantRow]:
    """List a compartment's grants of every epoch there is, oldest first."""
    found = _all(StoredGrant).filter(compartment=compartment_id)
    return _list(GrantRow, found.order_by("leaf_index"))


def grant(grant_id: bytes) -> GrantRow | None:
    """Return a grant."""
    return _one(GrantRow, _all(StoredGrant).filter(id=grant_id))


def granted_to(card_ids: Iterable[bytes], *, klass: int | None = None) -> list[CompartmentRow]:
    """List the compartments whose present epoch is granted to one of these cards: a caseload."""
    grants = _all(StoredGrant).filter(recipient_card__in=list(card_ids))
    present = grants.filter(compartment=models.OuterRef("id"), epoch=models.OuterRef("epoch"))
    # The first condition is implied by the second; it lets both engines start from the grants of
    # these cards instead of from all compartments of the house.
    found = _all(StoredCompartment).filter(
        models.Exists(present), id__in=grants.values("compartment")
    )
    if klass is not None:
        found = found.filter(klass=klass)
    return _list(CompartmentRow, found.order_by("id"))


def remove_grants(grant_ids: Iterable[bytes]) -> int:
    """Delete grants and return how many there were."""
    removed = 0
    for batch in _batches(grant_ids):
        removed += _all(StoredGrant).filter(id__in=batch).delete()[0]
    return removed


# --- rotation ---


def begin_rotation(row: RotationRow, grants: Sequence[GrantRow]) -> None:
    """Store a rotation and the grants of its epoch, and mark the epoch as pending.

    All or nothing; raise `RotationRefused` when another rotation runs or the epoch is not the next.
    """
    waiting = _all(StoredCompartment).filter(
        id=row.compartment, epoch=row.epoch - 1, pending_epoch=None
    )
    with transaction.atomic(using=VAULT):
        if waiting.update(pending_epoch=row.epoch) != 1:
            raise RotationRefused
        _put(StoredRotation, [row])
        _put(StoredGrant, grants)


def commit_rotation(compartment_id: UUID, *, epoch: int) -> int:
    """Make the pending epoch the present one, delete older grants, and return how many they were.

    All or nothing; raise `RotationRefused` when that epoch is not pending.
    """
    pending = _all(StoredCompartment).filter(id=compartment_id, pending_epoch=epoch)
    with transaction.atomic(using=VAULT):
        if pending.update(epoch=epoch, pending_epoch=None) != 1:
            raise RotationRefused
        older = _all(StoredGrant).filter(compartment=compartment_id, epoch__lt=epoch)
        return older.delete()[0]


def rotations_of(compartment_id: UUID) -> list[RotationRow]:
    """List the rotations of a compartment, oldest first."""
    found = _all(StoredRotation).filter(compartment=compartment_id)
    return _list(RotationRow, found.order_by("epoch"))


# --- slots ---


def slot(slot_id: UUID) -> SlotRow | None:
    """Return a slot."""
    return _one(SlotRow, _all(StoredSlot).filter(id=slot_id))


def slots_named(name_tag: bytes) -> list[SlotRow]:
    """List the slots of a sign-in name."""
    return _list(SlotRow, _all(StoredSlot).filter(name_tag=name_tag).order_by("id"))


def slots_of(holder_id: UUID) -> list[SlotRow]:
    """List the slots of a holder."""
    return _list(SlotRow, _all(StoredSlot).filter(holder=holder_id).order_by("id"))


def replace_slot(old: UUID, row: SlotRow) -> None:
    """Store a slot in the place of an old one, as when its KMS epoch is over. All or nothing."""
    with transaction.atomic(using=VAULT):
        remove_slot(old)
        _put(StoredSlot, [row])


def remove_slot(slot_id: UUID) -> None:
    """Delete a slot, if it is there."""
    _all(StoredSlot).filter(id=slot_id).delete()


# --- small tables ---


def role_seed(compartment_id: UUID) -> bytes | None:
    """Return the sealed seed of a role card."""
    found = _all(RoleSeed).filter(compartment=compartment_id).values_list("sealed_seed", flat=True)
    return next((bytes(sealed) for sealed in found), None)


def identities_tagged(tag: int) -> list[UUID]:
    """List the identity compartments with this tag; a tag is shared by strangers."""
    found = _all(HetuTag).filter(tag=tag).order_by("identity")
    return list(found.values_list("identity", flat=True))


def remove_hetu_tag(identity: UUID) -> None:
    """Delete the tag of an identity, if it is there."""
    _all(HetuTag).filter(identity=identity).delete()


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
            _put(AuditSecret, [made])
    except IntegrityError:
        found = find_audit_secret(subject)
        if found is None:
            raise
        return found
    return made


def find_audit_secret(subject: UUID) -> AuditSecretRow | None:
    """Return a subject's ledger secret, if it has one and was not erased."""
    return _one(AuditSecretRow, _all(AuditSecret).filter(subject=subject))


def audit_secrets(subjects: Iterable[UUID]) -> dict[UUID, AuditSecretRow]:
    """Return the ledger secrets that there are of these subjects, by subject."""
    found = _many(AuditSecretRow, _all(AuditSecret), subject=subjects)
    return {row.subject: row for row in found}


def subject_of(tag: bytes) -> UUID | None:
    """Return whose tag this is, unless the subject was erased."""
    found = _one(AuditSecretRow, _all(AuditSecret).filter(tag=tag))
    return None if found is None else found.subject


def erase_audit_secret(subject: UUID) -> int:
    """Delete a subject's ledger secret, for ever; return 1, or 0 when there was none."""
    return _all(AuditSecret).filter(subject=subject).delete()[0]


def _all(model: type[models.Model]) -> models.QuerySet[Any]:
    return model._default_manager.using(VAULT)  # noqa: SLF001 - the typed way to any model's rows


def _put(model: type[models.Model], rows: Iterable[Any]) -> None:
    with transaction.atomic(using=VAULT):
        _all(model).bulk_create([model(**_columns(row)) for row in rows], batch_size=_BATCH)


def _columns(row: Any) -> dict[str, Any]:
    # Not `asdict`, which copies every value: a register has hundreds of thousands of rows.
    return {column.name: getattr(row, column.name) for column in fields(row)}


def _change(model: type[models.Model], row_id: UUID, **values: Any) -> None:
    if _all(model).filter(id=row_id).update(**values) != 1:
        raise NotStored


def _one(row: type[Row], query: models.QuerySet[Any]) -> Row | None:
    return next(iter(_list(row, query[:1])), None)


def _list(row: type[Row], query: models.QuerySet[Any]) -> list[Row]:
    names = [column.name for column in fields(row)]  # type: ignore[arg-type]  # every row is a dataclass
    return [
        row(**dict(zip(names, map(_plain, found), strict=True)))
        for found in query.values_list(*names)
    ]


def _many(row: type[Row], query: models.QuerySet[Any], **wanted: Iterable[Any]) -> list[Row]:
    ((key, values),) = wanted.items()
    batches = [query.filter(**{f"{key}__in": batch}) for batch in _batches(values)]
    return [found for batch in batches for found in _list(row, batch)]


def _batches(wanted: Iterable[Any]) -> Iterator[list[Any]]:
    listed = list(wanted)
    return (listed[start : start + _BATCH] for start in range(0, len(listed), _BATCH))


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value
