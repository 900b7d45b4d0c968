"""A unit's duty card: the role card by which a record can be opened in an emergency.

Its seed is sealed to whoever is on call. Nobody acts with it as with reception's card: it is not
among what a person signs in with, and `breaking` alone finds it.
"""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from vaitiolo.keys.cards import CardClass, Role, TrustedCard
from vaitiolo.keys.kinds import CompartmentClass
from vaitiolo.keys.refused import Refused
from vaitiolo.keys.vouching import Moment
from vaitiolo.warden.server import unit_cards
from vaitiolo.warden.server.directory import Colleague
from vaitiolo.warden.server.install import Installation

# What an emergency needs: what was said, and who it is with phone and next of kin.
REACHED: Final = frozenset({CompartmentClass.CHART, CompartmentClass.IDENTITY})


def is_duty(card: TrustedCard | None) -> bool:
    """Return whether a card is a unit's duty card."""
    return card is not None and (card.klass, card.role) == (CardClass.ROLE, Role.DUTY)


def of_units(install: Installation, units: Iterable[UUID]) -> list[TrustedCard]:
    """Return the newest duty card of each of these units that has one; none where it is off."""
    if not install.trust.break_glass.enabled:
        return []
    found = (newest(install, unit) for unit in dict.fromkeys(units))
    return [card for card in found if card is not None]


def newest(install: Installation, unit: UUID) -> TrustedCard | None:
    """Return a unit's newest duty card, if it is to be believed."""
    rows = unit_cards.of(install, unit, role=Role.DUTY)
    try:
        return install.cards.trusted(rows[-1].id, at=Moment(install.today())) if rows else None
    except Refused:
        return None


def on_call(install: Installation, unit: UUID) -> list[Colleague]:
    """Return who is on call for a unit and works here; nobody where break-glass is off."""
    if not install.trust.break_glass.enabled:
        return []
    everyone = install.directory.everyone()
    named = (everyone.get(person) for person in sorted(install.rosters.of(unit)))
    return [one for one in named if one is not None and one.is_active]
