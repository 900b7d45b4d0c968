"""Signing in is the opening of a slot, recognising a look at the seats. One answer to failures."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from vaitiolo.keys import cards, names, slots, store
from vaitiolo.keys.cards import CardClass
from vaitiolo.keys.holders import HolderKeys
from vaitiolo.keys.kinds import CompartmentClass
from vaitiolo.keys.octets import wipe
from vaitiolo.keys.refused import Refused
from vaitiolo.keys.slots import Given, Slot, SlotKind
from vaitiolo.keys.vouching import Moment, earlier_cards
from vaitiolo.ledger.acts import Act
from vaitiolo.warden import protocol
from vaitiolo.warden.server import evidence
from vaitiolo.warden.server.endings import ended
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.memory import HeldRole, Person, Seat, Way
from vaitiolo.warden.server.recording import SIGN_INS, Deed
from vaitiolo.warden.server.refusing import No

WRONG: Final = "wrong-sign-in"


def sit(install: Installation, cookie: bytes) -> Seat:
    """Return the seat of a cookie, its card valid now. Raises No(signed-out, card-ended)."""
    seat = install.memory.find(cookie, now=install.clock())
    try:
        install.cards.trusted(seat.person.card, at=Moment(install.today()))
    except Refused as refused:
        raise No("card-ended", subject=seat.person.id, because=refused.reason) from None
    return seat


def sign_in(install: Installation, question: protocol.SignIn) -> protocol.Recognised:
    """Open a slot of the name with the password and seat its holder."""
    now = install.clock()
    tag = _tag_of(install, question.name)
    install.tries.begin(tag, now=now)
    try:
        seed, slot = _unlock(install, question, tag)
    except Refused as refused:
        raise No(WRONG, subject=SIGN_INS, because=refused.reason) from None
    try:
        person = person_of(
            install,
            slot.owner.holder,
            is_weak=slot.kind is SlotKind.PASSWORD,
            network=question.network,
            card=slot.owner.card,
        )
        way = Way(int(slot.kind))
        detail = {"network": question.network, "slot": slot.id.hex, "kind": way.kind}
        detail["session"] = way.session.hex
        install.recording.record([Deed(Act.SIGN_IN, SIGN_INS, person.id, detail)])
        seat = install.memory.seat(person, seed, cookie=question.cookie, now=now, way=way)
        ended(install, [seat.gave_way] if seat.gave_way else [], by=seat)
    finally:
        wipe(seed)
    install.tries.succeeded(tag, now=now)
    return _recognised(person)


def recognise(install: Installation, question: protocol.Recognise) -> protocol.Recognised:
    """Return the person behind a cookie."""
    return _recognised(sit(install, question.cookie).person)


def sign_out(install: Installation, question: protocol.SignOut) -> protocol.Done:
    """End a session; asking twice is no fault."""
    seat = install.memory.end(question.cookie)
    if seat is not None:
        ended(install, [seat], by=seat)
    return protocol.Done()


def _tag_of(install: Installation, name: str) -> bytes:
    try:
        return names.name_tag(name, kms=install.kms, org=install.org)
    except Refused as refused:
        # No name that anybody has: whoever knocks with it must not set off an alarm.
        raise No(WRONG, subject=SIGN_INS, because=refused.reason) from None


def _unlock(install: Installation, question: protocol.SignIn, tag: bytes) -> tuple[bytearray, Slot]:
    """Try the slots of a name; an unknown name costs the same work and has the same answer."""
    policy = install.trust.slot_policy(CardClass.STAFF)
    known = [slots.parse(row.slot) for row in store.slots_named(tag)]
    fake = slots.fake_slot(
        question.name, SlotKind.PASSWORD, kms=install.kms, kms_epoch=1, policy=policy
    )
    slot = next((one for one in known if one.kind is SlotKind.PASSWORD), fake)
    if slot is not fake:
        policy = install.trust.slot_policy(_class_of(install, slot))
    given = Given(password=question.password)
    seed = slots.unlock(
        slot,
        given,
        kms=install.kms,
        policy=policy,
        card_of=lambda seed: _card_of(install, slot, seed),
    )
    return seed, slot


def _class_of(install: Installation, slot: Slot) -> CardClass:
    # The class that decides the policy comes from a card that leads to the root, never from a row.
    card = install.cards.known(slot.owner.card)
    if card is None:
        raise Refused("slot.card")
    return card.klass


def _card_of(install: Installation, slot: Slot, seed: bytearray) -> bytes:
    """Return the id of the slot's card if the seed gives its keys, else refuse."""
    row = store.card(slot.owner.card)
    if row is None:
        raise Refused("slot.card")
    card = cards.parse(row.card)
    with HolderKeys(seed, install.org) as keys:
        cards.demand_keys(card, keys)
    return card.id


def person_of(
    install: Installation, holder: UUID, *, is_weak: bool, network: str, card: bytes = b""
) -> Person:
    """Return what is known of a holder, whose card must be valid now.

    ``card`` is what a slot names: it must be the holder's, or one that it renews. Raises No.
    """
    colleague = install.directory.find(holder)
    if colleague is None:
        raise No(WRONG, because="holder")
    try:
        present = install.cards.trusted(colleague.card, at=Moment(install.today()))
        earlier = earlier_cards(present, install.cards.authority)
    except Refused as refused:
        raise No("card-ended", subject=colleague.id, because=refused.reason) from None
    if present.holder != colleague.id or (card and card not in earlier):
        raise No(WRONG, because="card of another")
    return Person(
        id=colleague.id,
        name=colleague.name,
        role=present.role,
        unit=colleague.unit,
        desk=_desk_of(colleague.id),
        cards=(present.id, *(earlier - {present.id})),
        roles=_roles_of(install, earlier),
        is_weak=is_weak,
        network=network,
    )


def _desk_of(person: UUID) -> UUID | None:
    desks = store.compartments_of(person, klass=CompartmentClass.DESK)
    return desks[0].id if desks else None


def _roles_of(install: Installation, own: frozenset[bytes]) -> tuple[HeldRole, ...]:
    """Return the role cards whose seed was granted to one of these cards."""
    found = []
    for row in store.granted_to(own, klass=CompartmentClass.ROLE):
        _, made = evidence.detail_of(
            install.recording, row.creation_leaf, subject=row.subject, acts={Act.CREATE}
        )
        # Which card the seed belongs to stands in the leaf, not in a row that could be altered.
        card_id = bytes.fromhex(str(made["card"]))
        card = install.cards.trusted(card_id, at=Moment(install.today()))
        found.append(HeldRole(card.id, row.id, own, card.holder, card.role))
    return tuple(found)


def _recognised(person: Person) -> protocol.Recognised:
    return protocol.Recognised(
        person.id, person.name, person.role, person.unit, person.desk, person.is_weak
    )


ANSWERERS: Final[Mapping[type[protocol.Question], Any]] = {
    protocol.SignIn: sign_in,
    protocol.Recognise: recognise,
    protocol.SignOut: sign_out,
}
