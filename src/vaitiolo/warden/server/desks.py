"""Desks: what colleagues lay on one, sealed and signed, without being able to read it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from vaitiolo.keys import drops, store
from vaitiolo.keys.drops import Spot
from vaitiolo.keys.holders import HolderKeys
from vaitiolo.keys.kinds import CompartmentClass
from vaitiolo.keys.refused import Refused
from vaitiolo.keys.vouching import Moment
from vaitiolo.ledger.acts import Act
from vaitiolo.warden import parts, protocol
from vaitiolo.warden.kinds import Mode
from vaitiolo.warden.server.documents import LARGEST
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.memory import Held, Person
from vaitiolo.warden.server.recording import Deed
from vaitiolo.warden.server.refusing import No
from vaitiolo.warden.server.sign_ins import sit


def drop(install: Installation, question: protocol.Drop) -> protocol.SealedBack:
    """Seal things onto desks, signed by whoever is signed in."""
    seat = sit(install, question.cookie)
    if any(len(one.body) > LARGEST for one in question.drops):
        raise No("too-large", subject=seat.person.id)
    with install.memory.keys(question.cookie, seat) as keys:
        return protocol.SealedBack(
            tuple(_seal(install, keys, seat.person, to_drop=one) for one in question.drops)
        )


def _seal(
    install: Installation, keys: HolderKeys, person: Person, *, to_drop: parts.ToDrop
) -> bytes:
    colleague = install.directory.find(to_drop.person)
    desks = store.compartments_of(to_drop.person, klass=CompartmentClass.DESK)
    if colleague is None or not desks:
        raise No("not-allowed", subject=person.id, because="no desk")
    try:
        card = install.cards.trusted(colleague.card, at=Moment(install.today()))
    except Refused as refused:
        raise No("not-allowed", subject=person.id, because=refused.reason) from None
    if card.holder != to_drop.person:
        raise No("not-allowed", subject=person.id, because="card of another")
    spot = Spot(install.org, desks[0].id, to_drop.row, install.today())
    return drops.make(to_drop.body, spot, recipient=card, keys=keys, sender=person.card).encode()


def open_drops(install: Installation, question: protocol.OpenDrops) -> protocol.Unsealed:
    """Read what lies on the own desk; what nobody signed is an empty answer and is recorded.

    One planted row must not keep a therapist from the whole day, so the others are read.
    """
    seat = sit(install, question.cookie)
    handle = install.memory.handle(question.cookie, question.handle, now=install.clock())
    if handle.held.klass is not CompartmentClass.DESK or handle.mode != Mode.READ:
        raise No("not-granted", subject=handle.held.subject, because="not a desk")
    with install.memory.keys(question.cookie, seat) as keys:
        desk = _Desk(install, keys, seat.person, handle.held)
        return protocol.Unsealed(tuple(map(desk.read, question.drops)))


@dataclass(frozen=True, slots=True)
class _Desk:
    """The own desk, while one's keys are open."""

    install: Installation
    keys: HolderKeys = field(repr=False)
    person: Person
    held: Held

    def read(self, raw: bytes) -> parts.Read:
        """Read one drop, or record that it is none."""
        try:
            return self._read(drops.parse(raw))
        except Refused as refused:
            detail = {"because": refused.reason, "compartment": self.held.compartment.hex}
            deed = Deed(Act.REFUSED, self.held.subject, self.person.id, detail)
            self.install.recording.record([deed])
            return parts.Read(b"")

    def _read(self, dropped: drops.Drop) -> parts.Read:
        # Judged on the day it was left: what a colleague booked before leaving still stands.
        day = min(dropped.day, self.install.today())
        sender = self.install.cards.trusted(dropped.sender, at=Moment(day, leaf=0))
        drops.verify(
            dropped,
            org=self.install.org,
            compartment=self.held.compartment,
            recipients=frozenset(self.person.cards),
            sender=sender,
        )
        body = bytes(self.keys.open_drop(dropped))
        return parts.Read(body, sender.holder, self.install.directory.name_of(sender.holder))


ANSWERERS: Final[Mapping[type[protocol.Question], Any]] = {
    protocol.Drop: drop,
    protocol.OpenDrops: open_drops,
}
