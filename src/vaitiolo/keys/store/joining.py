"""Invitations, cards that wait for registrars, and proposed changes of role."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from vaitiolo.keys.models import (
    StoredCard,
    StoredCompartment,
    StoredDue,
    StoredGrant,
    StoredHolder,
    StoredInvitation,
    StoredProposal,
    StoredRequest,
)
from vaitiolo.keys.rows import (
    CardRow,
    GrantRow,
    HolderRow,
    HolderState,
    InvitationRow,
    ProposalRow,
    RequestRow,
    SlotRow,
)
from vaitiolo.keys.store.reaching import VAULT, NotStored, list_of, one_of, put, rows_of
from vaitiolo.keys.store.slots import put_slots

# --- invitations ---


def put_invitation(row: InvitationRow) -> None:
    """Store an invitation; raise `IntegrityError` when one for the same name is there already."""
    put(StoredInvitation, [row])


def invitation_tagged(code_tag: bytes) -> InvitationRow | None:
    """Return the invitation of a code."""
    return one_of(InvitationRow, rows_of(StoredInvitation).filter(code_tag=code_tag))


def invitation(invitation_id: UUID) -> InvitationRow | None:
    """Return an invitation."""
    return one_of(InvitationRow, rows_of(StoredInvitation).filter(id=invitation_id))


def invitations() -> list[InvitationRow]:
    """List all invitations, the next to lapse first."""
    return list_of(InvitationRow, rows_of(StoredInvitation).order_by("until", "id"))


def remove_invitation(invitation_id: UUID) -> int:
    """Delete an invitation; return 1, or 0 when it is not there any more."""
    return rows_of(StoredInvitation).filter(id=invitation_id).delete()[0]


def remove_lapsed_invitations(*, before: int) -> int:
    """Delete the invitations whose last day is past; return how many they were."""
    return rows_of(StoredInvitation).filter(until__lt=before).delete()[0]


def is_name_taken(name_tag: bytes) -> bool:
    """Return whether an invitation or a waiting card has this sign-in name already."""
    return any(
        rows_of(table).filter(name_tag=name_tag).exists()
        for table in (StoredInvitation, StoredRequest)
    )


# --- requests ---


def take_up(invitation_id: UUID, row: RequestRow) -> None:
    """Put a request in the place of its invitation, all or nothing.

    Raises `NotStored` when somebody else has taken the invitation up.
    """
    with transaction.atomic(using=VAULT):
        if remove_invitation(invitation_id) != 1:
            raise NotStored
        put(StoredRequest, [row])


def put_request(row: RequestRow) -> None:
    """Store what a holder asks for, instead of what the same holder asked for before."""
    with transaction.atomic(using=VAULT):
        rows_of(StoredRequest).filter(holder=row.holder).delete()
        rows_of(StoredProposal).filter(holder=row.holder).delete()
        put(StoredRequest, [row])


def request(card_id: bytes) -> RequestRow | None:
    """Return a card that waits."""
    return one_of(RequestRow, rows_of(StoredRequest).filter(id=card_id))


def request_of(holder: UUID) -> RequestRow | None:
    """Return the card that a holder waits for."""
    return one_of(RequestRow, rows_of(StoredRequest).filter(holder=holder))


def request_waiting(waiting: bytes) -> RequestRow | None:
    """Return the request that a newcomer's browser waits for."""
    return one_of(RequestRow, rows_of(StoredRequest).filter(waiting=waiting))


def requests() -> list[RequestRow]:
    """List the cards that wait, the oldest first."""
    return list_of(RequestRow, rows_of(StoredRequest).order_by("asked_on", "id"))


def sign_request(card_id: bytes, *, before: bytes, after: bytes) -> None:
    """Put a request with one more signature in the place of what it was.

    Raises `NotStored` when it is not what it was any more.
    """
    standing = rows_of(StoredRequest).filter(id=card_id, request=before)
    if standing.update(request=after) != 1:
        raise NotStored


def remove_request(card_id: bytes) -> int:
    """Delete a request; return 1, or 0 when it is not there any more."""
    return rows_of(StoredRequest).filter(id=card_id).delete()[0]


def admit(card: CardRow, holder: HolderRow | None, slots: Iterable[SlotRow]) -> None:
    """Store a signed card, its holder and slots, and forget the request; all or nothing.

    A holder who is there already gets the card, role and unit; a role card has none. Raises
    `NotStored` when the request is gone.
    """
    with transaction.atomic(using=VAULT):
        if remove_request(card.id) != 1:
            raise NotStored
        put(StoredCard, [card])
        if holder is not None:
            _put_holder(holder)
        put_slots(slots)


def _put_holder(holder: HolderRow) -> None:
    found = rows_of(StoredHolder).filter(id=holder.id)
    if not found.update(role=holder.role, unit=holder.unit, card=holder.card):
        put(StoredHolder, [holder])


# --- proposals ---


def put_proposal(row: ProposalRow) -> None:
    """Store a proposal instead of an earlier one to the same holder."""
    with transaction.atomic(using=VAULT):
        remove_proposal(row.holder)
        put(StoredProposal, [row])


def proposal(holder: UUID) -> ProposalRow | None:
    """Return what is proposed to a holder."""
    return one_of(ProposalRow, rows_of(StoredProposal).filter(holder=holder))


def proposals() -> list[ProposalRow]:
    """List what is proposed."""
    return list_of(ProposalRow, rows_of(StoredProposal).order_by("proposed_on", "holder"))


def remove_proposal(holder: UUID) -> None:
    """Delete what is proposed to a holder, if anything."""
    rows_of(StoredProposal).filter(holder=holder).delete()


# --- what is left to be done ---


def active_without(klass: int) -> list[UUID]:
    """List the holders who work here and have no compartment of this class of their own."""
    having = rows_of(StoredCompartment).filter(klass=klass).values("subject")
    found = rows_of(StoredHolder).filter(state=HolderState.ACTIVE).exclude(id__in=having)
    return list(found.order_by("id").values_list("id", flat=True))


def subjects_of(klass: int) -> dict[UUID, UUID]:
    """Return the compartment of each subject that has one of this class."""
    found = rows_of(StoredCompartment).filter(klass=klass).values_list("subject", "id")
    return dict(found)


def is_granted(card_id: bytes) -> bool:
    """Return whether any grant, of whatever epoch, names a card."""
    return rows_of(StoredGrant).filter(recipient_card=card_id).exists()


def due_without(card_ids: Iterable[bytes]) -> list[UUID]:
    """List the compartments that wait to be turned without one of these cards."""
    found = rows_of(StoredDue).filter(without_card__in=list(card_ids))
    return list(found.order_by("id").values_list("compartment", flat=True).distinct())


def grants_to(card_ids: Iterable[bytes]) -> list[GrantRow]:
    """List all grants to these cards, of whatever epoch."""
    found = rows_of(StoredGrant).filter(recipient_card__in=list(card_ids))
    return list_of(GrantRow, found.order_by("leaf_index", "id"))
