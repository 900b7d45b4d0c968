"""Whole tables in a few columns each: what belongs to whom, and who was granted what."""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from vaitiolo.keys.models import AuditSecret, HetuTag, StoredCompartment, StoredGrant
from vaitiolo.keys.store.reaching import batches, rows_of


class Belonging(NamedTuple):
    """A compartment, its class, whose it is, and the entry of its creation."""

    creation_leaf: int
    klass: int
    subject: UUID
    compartment: UUID


class GrantedTo(NamedTuple):
    """A stored grant to one of some cards."""

    recipient_card: bytes
    compartment: UUID
    leaf_index: int
    grant: bytes


def belongings() -> list[Belonging]:
    """Return every compartment there is."""
    found = rows_of(StoredCompartment).values_list("creation_leaf", "klass", "subject", "id")
    return [Belonging(*row) for row in found]


def subjects_by_tag() -> dict[bytes, UUID]:
    """Return whose each tag of the ledger is, of those who were not erased."""
    return {
        bytes(tag): subject for tag, subject in rows_of(AuditSecret).values_list("tag", "subject")
    }


def leaves_of_grants() -> set[int]:
    """Return the entries of which at least one grant is stored."""
    return set(rows_of(StoredGrant).values_list("leaf_index", flat=True).distinct())


def grants_to(card_ids: Iterable[bytes]) -> list[GrantedTo]:
    """Return the stored grants to some cards, of whatever epoch."""
    columns = ("recipient_card", "compartment", "leaf_index", "grant")
    found = [
        rows_of(StoredGrant).filter(recipient_card__in=some).values_list(*columns)
        for some in batches(card_ids)
    ]
    return [
        GrantedTo(bytes(card), compartment, leaf, bytes(grant))
        for rows in found
        for card, compartment, leaf, grant in rows
    ]


def compartments_by_card(card_ids: Iterable[bytes]) -> list[tuple[bytes, UUID]]:
    """Return which compartments are granted to which of some cards."""
    columns = ("recipient_card", "compartment")
    found = [
        rows_of(StoredGrant).filter(recipient_card__in=some).values_list(*columns).distinct()
        for some in batches(card_ids)
    ]
    return [(bytes(card), compartment) for rows in found for card, compartment in rows]


def recipients_of(grant_ids: Iterable[bytes]) -> dict[bytes, bytes]:
    """Return to which card each of some grants goes, of those that are stored."""
    found = [
        rows_of(StoredGrant).filter(id__in=some).values_list("id", "recipient_card")
        for some in batches(grant_ids)
    ]
    return {bytes(grant): bytes(card) for rows in found for grant, card in rows}


def hetu_tags() -> dict[UUID, int]:
    """Return the tag of the identity code in each identity compartment that has one."""
    return dict(rows_of(HetuTag).values_list("identity", "tag"))
