"""What signing or revoking a card brings with it: desks, a unit's books, role cards exchanged.

Every step looks at what is there and does what is missing, so a kill between two of them is made
good the next time. All of it is signed with a registrar's card.
"""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from vaitiolo.keys.fields import NO_END
from vaitiolo.keys.holders import HolderKeys
from vaitiolo.keys.kinds import CompartmentClass
from vaitiolo.keys.refused import Refused
from vaitiolo.keys.store import joining
from vaitiolo.keys.vouching import Moment
from vaitiolo.warden import protocol
from vaitiolo.warden.server import granting, roles, unit_books
from vaitiolo.warden.server.enrolling import demand_registrar
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.memory import Person, Seat


def answer(install: Installation, question: protocol.SettleStaff) -> protocol.Done:
    """Finish whatever was begun."""
    seat = demand_registrar(install, question.cookie)
    settle(install, question.cookie, seat)
    return protocol.Done()


def settle(install: Installation, cookie: bytes, seat: Seat) -> None:
    """Make missing desks and books, and exchange and retire role cards that are due."""
    person = seat.person
    with install.memory.keys(cookie, seat) as keys, install.settling:
        for holder in joining.active_without(CompartmentClass.DESK):
            _make_desk(install, keys, person, holder=holder)
        for unit, role in roles.to_exchange(install):
            roles.exchange(install, keys, person, unit=unit, role=role)
        unit_books.make(install, keys, person)
        roles.ask_for_new_keys(install)
        roles.retire(install, keys, person)


def _make_desk(install: Installation, keys: HolderKeys, person: Person, *, holder: UUID) -> None:
    colleague = install.directory.find(holder)
    if colleague is None:
        return
    try:
        card = install.cards.trusted(colleague.card, at=Moment(install.today()))
    except Refused:
        # A card that has run out gets its desk when it is renewed.
        return
    with granting.make(
        install,
        CompartmentClass.DESK,
        holder,
        recipients=[(card, NO_END)],
        signer=keys,
        creator=person.card,
    ) as made:
        leaves = install.recording.record([made.deed(person.id)])
        granting.store_made([made], leaves)


ANSWERERS: Final[Mapping[type[protocol.Question], Any]] = {protocol.SettleStaff: answer}
