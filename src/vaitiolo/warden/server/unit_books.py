"""The units that a founding named: their phone books and diaries, made when somebody can open them.

A house is founded before anybody works in it, so a unit begins as an entry in the ledger. Its
reception's card is made with its first receptionist, and its books are sealed to that card.
"""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from vaitiolo.keys import store
from vaitiolo.keys.cards import TrustedCard
from vaitiolo.keys.fields import NO_END
from vaitiolo.keys.holders import HolderKeys
from vaitiolo.keys.kinds import CompartmentClass
from vaitiolo.keys.refused import Refused
from vaitiolo.keys.vouching import Moment
from vaitiolo.ledger.acts import Act
from vaitiolo.warden.kinds import Role
from vaitiolo.warden.server import evidence, granting, unit_cards
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.memory import Person
from vaitiolo.warden.server.recording import NOBODY, UNITS, Deed

BOOKS: Final = (CompartmentClass.PHONEBOOK, CompartmentClass.DIARY)


def record(install: Installation, units: Collection[UUID]) -> None:
    """Name the units of a house that is being founded, unless an entry names them already."""
    missing = [unit for unit in units if unit not in founded(install)]
    if missing:
        detail = {"units": [unit.hex for unit in missing], "what": "founded"}
        install.recording.record([Deed(Act.CONFIGURED, UNITS, NOBODY, detail)])


def founded(install: Installation) -> list[UUID]:
    """Return the units that entries name. Raises Refused for an entry that was altered."""
    return [
        UUID(hex=str(unit))
        for said in evidence.details_of(install.recording, UNITS, act=Act.CONFIGURED)
        for unit in list(said["units"])  # type: ignore[call-overload] # an entry is of our making
    ]


def is_unit(install: Installation, unit: UUID) -> bool:
    """Return whether there is such a unit: one with a card, or one that was founded."""
    has_card = {row.holder for row in unit_cards.everyones(install)}
    return unit in has_card or unit in founded(install)


def without_card(install: Installation) -> list[UUID]:
    """Return the founded units whose reception has no card yet."""
    having = {row.holder for row in unit_cards.everyones(install) if row.role == Role.RECEPTION}
    return [unit for unit in founded(install) if unit not in having]


def make(install: Installation, registrar: HolderKeys, person: Person) -> None:
    """Make the books that are missing of units whose reception has a card."""
    for unit in founded(install):
        for klass in BOOKS:
            card = _card_of(install, unit)
            if card is not None and not store.compartments_of(unit, klass=klass):
                _make_book(install, registrar, person, klass=klass, card=card)


def _card_of(install: Installation, unit: UUID) -> TrustedCard | None:
    rows = unit_cards.of(install, unit, role=Role.RECEPTION)
    try:
        return install.cards.trusted(rows[-1].id, at=Moment(install.today())) if rows else None
    except Refused:
        return None


def _make_book(
    install: Installation,
    registrar: HolderKeys,
    person: Person,
    *,
    klass: CompartmentClass,
    card: TrustedCard,
) -> None:
    with granting.make(
        install,
        klass,
        card.holder,
        recipients=[(card, NO_END)],
        signer=registrar,
        creator=person.card,
    ) as made:
        leaves = install.recording.record([made.deed(person.id)])
        granting.store_made([made], leaves)
