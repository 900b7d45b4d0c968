"""Leaving: a card ends at once, and with it the slots, the sessions and the grants of its holder.

What an old copy of the vault would still open is then turned to new keys by those who remain;
until it is, this says how much of it there is.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from vaitiolo.keys import grants, revocations, store
from vaitiolo.keys.cards import CardClass
from vaitiolo.keys.holders import HolderKeys
from vaitiolo.keys.kinds import CompartmentClass
from vaitiolo.keys.revocations import Reason, Revocation
from vaitiolo.keys.rows import DueReason, GrantRow, HolderState, Opening, RevocationRow, SlotRow
from vaitiolo.keys.store import joining
from vaitiolo.ledger.acts import Act
from vaitiolo.warden import protocol
from vaitiolo.warden.server import duty_cards, roles, rotating, settling
from vaitiolo.warden.server.directory import Colleague
from vaitiolo.warden.server.enrolling import demand_registrar
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.memory import Person
from vaitiolo.warden.server.recording import STAFF, Deed
from vaitiolo.warden.server.refusing import No

PERSONAL: Final = frozenset({CardClass.STAFF, CardClass.REGISTRAR})
# A desk is its holder's alone: there is nobody to turn it for. A role's seed is exchanged instead.
# A case's key has never been anywhere but here, and its grants go: its documents stay as sealed.
NOT_TURNED: Final = frozenset({CompartmentClass.DESK, CompartmentClass.ROLE, CompartmentClass.CASE})


@dataclass(frozen=True, slots=True)
class Leaving:
    """Who leaves, and all that goes with the cards: slots and grants.

    ``ended`` are those cards that no revocation names yet: the earlier ones too, so that none of
    them lives on under a row that was changed.
    """

    colleague: Colleague
    cards: tuple[bytes, ...]
    ended: tuple[bytes, ...]
    slots: tuple[SlotRow, ...] = field(repr=False)
    grants: tuple[GrantRow, ...] = field(repr=False)
    openings: Mapping[UUID, Opening] = field(repr=False)

    def turned(self) -> list[UUID]:
        """Return the compartments that are to get a new key."""
        return [
            one for one, found in self.openings.items() if found.compartment.klass not in NOT_TURNED
        ]

    def deletable(self) -> list[bytes]:
        """Return the grants that can go at once.

        Those that others were made from go with their epoch, for chains never break; those of a
        role's seed with the role card, since they are how it is seen that it has to be exchanged.
        """
        found = [
            one for one in self.openings.values() if one.compartment.klass != CompartmentClass.ROLE
        ]
        parents = {grants.parse(row.grant).parent for one in found for row in one.grants}
        kept = parents | {row.id for row in self.grants if self._is_of_role(row)}
        return [row.id for row in self.grants if row.id not in kept]

    def _is_of_role(self, row: GrantRow) -> bool:
        found = self.openings.get(row.compartment)
        return found is not None and found.compartment.klass == CompartmentClass.ROLE


def revoke(install: Installation, question: protocol.RevokeCard) -> protocol.Done:
    """End a colleague's card: signed by a registrar, recorded, and everything with it."""
    # One after another, and asked inside: of two registrars who end each other at one moment, one
    # must remain, or nobody could be invited but by a ceremony.
    with install.settling:
        seat = demand_registrar(install, question.cookie)
        leaving = _leaving(install, seat.person, question)
        with install.memory.keys(question.cookie, seat) as keys:
            words = _words(install, leaving, question, person=seat.person, keys=keys)
        leaves = install.recording.record(_deeds(seat.person, leaving, words))
        _store(install, leaving, zip(words, leaves, strict=False))
        install.memory.end_all_of(leaving.colleague.id)
        install.cards.forget()
        install.directory.forget()
    settling.settle(install, question.cookie, seat)
    return protocol.Done()


def left_behind(install: Installation, question: protocol.LeftBehind) -> protocol.Left:
    """Say how much waits to be turned without somebody, and how much of it nobody can turn."""
    demand_registrar(install, question.cookie)
    ids = joining.due_without(row.id for row in store.cards_of(question.person))
    openings = store.openings(ids)
    alive = _alive(install, without=question.person)
    can = sum(_is_held(found, alive) for found in openings.values())
    return protocol.Left(can, len(openings) - can)


def _leaving(install: Installation, person: Person, question: protocol.RevokeCard) -> Leaving:
    colleague = install.directory.find(question.person)
    if colleague is None or colleague.id == person.id:
        raise No("not-allowed", subject=person.id, because="revoke")
    if colleague.klass not in PERSONAL or question.reason not in set(Reason):
        raise No("not-allowed", subject=person.id, because="revoke whom or why")
    cards = store.cards_of(colleague.id)
    own = tuple(row.id for row in cards)
    told = store.revocations_of(own)
    ended = tuple(one.id for one in cards if one.klass in PERSONAL and one.id not in told)
    if not ended:
        raise No("not-allowed", subject=person.id, because="ended already")
    granted = joining.grants_to(own)
    return Leaving(
        colleague,
        own,
        ended,
        tuple(store.slots_of(colleague.id)),
        tuple(granted),
        store.openings({row.compartment for row in granted}),
    )


def _words(
    install: Installation,
    leaving: Leaving,
    question: protocol.RevokeCard,
    *,
    person: Person,
    keys: HolderKeys,
) -> list[Revocation]:
    return [
        revocations.make(
            card,
            Reason(question.reason),
            since=install.today() + 1,
            org=install.org,
            registrar=person.card,
            keys=keys,
        )
        for card in leaving.ended
    ]


def _deeds(person: Person, leaving: Leaving, words: Sequence[Revocation]) -> list[Deed]:
    who = leaving.colleague.id
    return [
        *(Deed(Act.CARD_REVOKED, STAFF, person.id, _said(word, who)) for word in words),
        *(
            Deed(Act.SLOT_REMOVED, who, person.id, {"person": who.hex, "slot": row.id.hex})
            for row in leaving.slots
        ),
        *(
            Deed(Act.REVOKE_GRANT, found.compartment.subject, person.id, said)
            for found, said in _withdrawn(leaving)
        ),
    ]


def _said(word: Revocation, who: UUID) -> dict[str, object]:
    return {
        "card": word.card.hex(),
        "person": who.hex,
        "since": word.since,
        "why": int(word.why),
    }


def _withdrawn(leaving: Leaving) -> list[tuple[Opening, dict[str, object]]]:
    by_compartment: dict[UUID, list[str]] = {}
    for row in leaving.grants:
        by_compartment.setdefault(row.compartment, []).append(row.id.hex())
    who = leaving.colleague.id.hex
    return [
        (found, {"compartment": one.hex, "from": who, "grants": by_compartment[one]})
        for one, found in leaving.openings.items()
    ]


def _store(
    install: Installation, leaving: Leaving, words: Iterable[tuple[Revocation, int]]
) -> None:
    holder = leaving.colleague.id
    with transaction.atomic(using=store.VAULT):
        store.put_revocations(
            RevocationRow(word.card, word.encode(), leaf_index=leaf) for word, leaf in words
        )
        store.set_state(holder, HolderState.CLOSED)
        for row in leaving.slots:
            store.remove_slot(row.id)
        store.remove_grants(leaving.deletable())
        asked_for = joining.request_of(holder)
        if asked_for is not None:
            joining.remove_request(asked_for.id)
        joining.remove_proposal(holder)
        # In the same transaction, so that no kill can leave a compartment that nobody turns.
        rotating.ask(install, leaving.turned(), why=DueReason.LEFT, without=leaving.cards)


def _alive(install: Installation, *, without: UUID) -> set[bytes]:
    """Return the cards with which somebody who works here can act."""
    people = [
        one for one in install.directory.everyone().values() if one.is_active and one.id != without
    ]
    own = {row.id for one in people for row in store.cards_of(one.id)}
    held = store.granted_to(own, klass=CompartmentClass.ROLE)
    shared = {roles.card_of(install, row) for row in held}
    return own | {one for one in shared if not duty_cards.is_duty(install.cards.known(one))}


def _is_held(found: Opening, alive: set[bytes]) -> bool:
    epoch = found.compartment.epoch
    return any(row.recipient_card in alive for row in found.grants if row.epoch == epoch)


ANSWERERS: Final[Mapping[type[protocol.Question], Any]] = {
    protocol.RevokeCard: revoke,
    protocol.LeftBehind: left_behind,
}
