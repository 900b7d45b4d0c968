"""Which role cards a unit has. What a card is, it says itself; its row only points at it.

A row with another class or unit in it would have a colleague's card retired as a unit's old one, or
stand where the newest is looked for.
"""

from collections.abc import Iterable
from uuid import UUID

from vaitiolo.keys import store
from vaitiolo.keys.cards import CardClass
from vaitiolo.keys.rows import CardRow
from vaitiolo.warden.server.install import Installation


def everyones(install: Installation) -> list[CardRow]:
    """Return the role cards of all units, oldest first."""
    return _genuine(install, store.cards_of_class(CardClass.ROLE))


def of(install: Installation, unit: UUID, *, role: int) -> list[CardRow]:
    """Return a unit's cards of a role, oldest first."""
    rows = _genuine(install, store.cards_of(unit))
    return [row for row in rows if row.role == role]


def newest(install: Installation) -> list[CardRow]:
    """Return the newest card of each unit and role."""
    return list({(row.holder, row.role): row for row in everyones(install)}.values())


def _genuine(install: Installation, rows: Iterable[CardRow]) -> list[CardRow]:
    return [row for row in rows if _is_genuine(install, row)]


def _is_genuine(install: Installation, row: CardRow) -> bool:
    card = install.cards.known(row.id)
    return card is not None and (card.klass, card.holder, card.role) == (
        CardClass.ROLE,
        row.holder,
        row.role,
    )
