"""Cards, their holders and their revocations."""

from collections.abc import Iterable
from uuid import UUID

from vaitiolo.keys.models import StoredCard, StoredHolder, StoredRevocation
from vaitiolo.keys.rows import CardRow, HolderRow, HolderState, RevocationRow
from vaitiolo.keys.store.reaching import change, list_of, many_of, one_of, put, rows_of


def put_cards(rows: Iterable[CardRow]) -> None:
    """Store new cards; raise `IntegrityError` when one is there already."""
    put(StoredCard, rows)


def put_holders(rows: Iterable[HolderRow]) -> None:
    """Store new holders."""
    put(StoredHolder, rows)


def put_revocations(rows: Iterable[RevocationRow]) -> None:
    """Store revocations of cards; each card has one at most."""
    put(StoredRevocation, rows)


def card(card_id: bytes) -> CardRow | None:
    """Return a card."""
    return one_of(CardRow, rows_of(StoredCard).filter(id=card_id))


def cards(card_ids: Iterable[bytes]) -> dict[bytes, CardRow]:
    """Return those cards that there are, by id."""
    return {row.id: row for row in many_of(CardRow, rows_of(StoredCard), id=card_ids)}


def cards_of(holder_id: UUID) -> list[CardRow]:
    """List the cards that a holder ever had, oldest first."""
    return list_of(CardRow, rows_of(StoredCard).filter(holder=holder_id).order_by("leaf_index"))


def cards_of_class(klass: int) -> list[CardRow]:
    """List all cards of a class, oldest first."""
    return list_of(CardRow, rows_of(StoredCard).filter(klass=klass).order_by("leaf_index"))


def holder(holder_id: UUID) -> HolderRow | None:
    """Return a holder."""
    return one_of(HolderRow, rows_of(StoredHolder).filter(id=holder_id))


def holders(*, klass: int | None = None, unit: UUID | None = None) -> list[HolderRow]:
    """List holders, of one class or one unit where named."""
    wanted = {"klass": klass, "unit": unit}
    named = {key: value for key, value in wanted.items() if value is not None}
    return list_of(HolderRow, rows_of(StoredHolder).filter(**named).order_by("id"))


def give_card(holder_id: UUID, card_id: bytes) -> None:
    """Make a stored card the holder's present one."""
    change(StoredHolder, holder_id, card=card_id)


def set_state(holder_id: UUID, state: HolderState) -> None:
    """Open or close a holder's way in."""
    change(StoredHolder, holder_id, state=state)


def rename(holder_id: UUID, sealed_name: bytes) -> None:
    """Give a holder another name on screen."""
    change(StoredHolder, holder_id, sealed_name=sealed_name)


def revocations_of(card_ids: Iterable[bytes]) -> dict[bytes, RevocationRow]:
    """Return the revocations that there are of these cards, by card."""
    found = many_of(RevocationRow, rows_of(StoredRevocation), card=card_ids)
    return {row.card: row for row in found}
