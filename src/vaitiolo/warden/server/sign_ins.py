"""Signing in is the opening of a slot, recognising a look at the seats. One answer to failures."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from vaitiolo.keys import cards, fake_keys, names, slots, store
from vaitiolo.keys.cards import CardClass
from vaitiolo.keys.holders import HolderKeys
from vaitiolo.keys.kinds import CompartmentClass
from vaitiolo.keys.octets import sha256, wipe
from vaitiolo.keys.refused import Refused
from vaitiolo.keys.slots import Credential, Given, Slot, SlotKind
from vaitiolo.keys.vouching import Moment, earlier_cards
from vaitiolo.ledger.acts import Act
from vaitiolo.warden import protocol
from vaitiolo.warden.parts import TouchKey
from vaitiolo.warden.server import epochs, evidence, renewing, touches
from vaitiolo.warden.server.directory import Colleague
from vaitiolo.warden.server.endings import ended
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.memory import HeldRole, Person, Seat, Way
from vaitiolo.warden.server.recording import NOBODY, SIGN_INS, Deed
from vaitiolo.warden.server.refusing import No
from vaitiolo.warden.server.tries import HOUSE, WHOLE_HOUSE
from vaitiolo.warden.server.ways import ways_of

WRONG: Final = "wrong-sign-in"
KEYS_SHOWN: Final = 4
WAYS: Final = frozenset(
    {SlotKind.PASSWORD_AND_KEY, SlotKind.KEY, SlotKind.PRINTED_CODE, SlotKind.PASSWORD}
)
# A public key of which everybody knows the private half. It verifies nothing that matters: it is
# there so that a key nobody has costs the same work as one that somebody has.
NOBODYS_COSE: Final = bytes.fromhex(
    "a5010203262001"
    "2158206b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
    "2258204fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"
)


def sit(install: Installation, cookie: bytes) -> Seat:
    """Return the seat of a cookie, its card valid now. Raises No(signed-out, card-ended)."""
    seat = install.memory.find(cookie, now=install.clock())
    try:
        install.cards.trusted(seat.person.card, at=Moment(install.today()))
    except Refused as refused:
        raise No("card-ended", subject=seat.person.id, because=refused.reason) from None
    return seat


def ways_to_sign_in(install: Installation, _question: protocol.WaysToSignIn) -> protocol.WaysIn:
    """Return what the policy allows to the staff of this house."""
    kinds = install.trust.slot_policy(CardClass.STAFF).kinds
    return protocol.WaysIn(SlotKind.PASSWORD in kinds, SlotKind.KEY in kinds)


def ask_to_sign_in(install: Installation, question: protocol.AskToSignIn) -> protocol.AskedToSignIn:
    """Give a challenge for a name and four keys, of which none, some or all are somebody's."""
    tag = _tag_of(install, question.name)
    fakes = fake_keys.fake_keys(question.name, KEYS_SHOWN, kms=install.kms, org=install.org)
    own = {one.id: one.prf_salt for slot in _slots_of(tag) if (one := slot.credential)}
    shown = [*own.items(), *fakes][:KEYS_SHOWN]
    drawn = install.challenges.draw(protocol.over("sign-in", tag), now=install.clock())
    keys = tuple(TouchKey(*one) for one in sorted(shown))
    return protocol.AskedToSignIn(drawn, touches.rp_id(), keys)


def sign_in(install: Installation, question: protocol.SignIn) -> protocol.Recognised:
    """Open a slot of the name and seat its holder; every failure has the same answer."""
    now = install.clock()
    tag = _tag_of(install, question.name)
    slot = _slot_for(install, question, tag)
    is_touched = _is_touched(install, question, slot, over=protocol.over("sign-in", tag))
    bucket = sha256(slot.credential.id) if is_touched and slot.credential else tag
    _begin(install, bucket, now=now, has_key=is_touched)
    given = Given(password=question.password or None, prf=question.prf or None)
    seed = _unlock(install, slot, given, is_touched=is_touched)
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
        epochs.rewrap(install, slot, seed, given=given)
        renewing.at_sign_in(install, person, seed)
    finally:
        wipe(seed)
    install.tries.succeeded(bucket, now=now)
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


def _slots_of(tag: bytes) -> list[Slot]:
    return [slots.parse(row.slot) for row in store.slots_named(tag)]


def _slot_for(install: Installation, question: protocol.SignIn, tag: bytes) -> Slot:
    """Return the slot that is tried: of this kind, and of the key that answered, or a fake one."""
    if question.kind not in WAYS:
        raise No(WRONG, subject=SIGN_INS, because="kind")
    kind, key = SlotKind(question.kind), touches.credential_id(question.assertion)
    fake = slots.fake_slot(
        question.name,
        kind,
        kms=install.kms,
        kms_epoch=install.epochs.current("slot"),
        policy=install.trust.slot_policy(CardClass.STAFF),
    )
    if fake.credential is not None:
        fake = replace(fake, credential=Credential(key, NOBODYS_COSE, fake.credential.prf_salt))
    fits = (one for one in _slots_of(tag) if one.kind is kind)
    return next((one for one in fits if one.credential is None or one.credential.id == key), fake)


def _is_touched(
    install: Installation, question: protocol.SignIn, slot: Slot, *, over: bytes
) -> bool:
    if slot.credential is None:
        return False
    try:
        touches.check(install, assertion=question.assertion, credential=slot.credential, over=over)
    except No:
        return False
    return slot.credential.cose != NOBODYS_COSE


def _begin(install: Installation, bucket: bytes, *, now: int, has_key: bool) -> None:
    try:
        install.tries.begin(bucket, now=now, has_key=has_key)
    except No as no:
        if no.because == HOUSE and install.tries.is_alarm_due(now=now):
            detail = {"failures": WHOLE_HOUSE, "rule": "sign-ins"}
            install.recording.record([Deed(Act.ALERT, SIGN_INS, NOBODY, detail)])
        raise


def _unlock(install: Installation, slot: Slot, given: Given, *, is_touched: bool) -> bytearray:
    """Open a slot. Without the touch that it needs, the work is done all the same, for nothing."""
    try:
        seed = slots.unlock(
            slot,
            given,
            kms=install.kms,
            policy=install.trust.slot_policy(_class_of(install, slot)),
            card_of=lambda seed: card_of(install, slot, seed),
        )
    except Refused as refused:
        raise No(WRONG, subject=SIGN_INS, because=refused.reason) from None
    if slot.credential is not None and not is_touched:
        wipe(seed)
        raise No(WRONG, subject=SIGN_INS, because=touches.NO_TOUCH)
    try:
        demand_standing(install, slot)
    except BaseException:
        wipe(seed)
        raise
    return seed


def demand_standing(install: Installation, slot: Slot) -> None:
    """Refuse a slot that its owner removed or replaced: somebody has brought its row back."""
    if slot.id.hex in ways_of(install, slot.owner.holder).gone:
        raise No(WRONG, subject=slot.owner.holder, because="slot brought back")


def _class_of(install: Installation, slot: Slot) -> CardClass:
    # The class that decides the policy comes from a card that leads to the root, never from a row.
    # A slot whose card is not there is tried under the policy of the staff, and opens nothing.
    card = install.cards.known(slot.owner.card)
    return CardClass.STAFF if card is None else card.klass


def card_of(install: Installation, slot: Slot, seed: bytearray) -> bytes:
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
    colleague = _colleague(install, holder)
    if colleague is None:
        raise No(WRONG, because="holder")
    try:
        present = install.cards.present(colleague.card, at=Moment(install.today()))
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
        roles=tuple(one for one in roles_of(install, earlier) if one.role != cards.Role.DUTY),
        is_weak=is_weak,
        network=network,
    )


def _colleague(install: Installation, holder: UUID) -> Colleague | None:
    row, known = store.holder(holder), install.directory.find(holder)
    if row is not None and (known is None or known.card != row.card):
        # A console has brought a registrar's card in beside this warden.
        install.directory.forget()
        install.cards.read_on()
        known = install.directory.find(holder)
    return known


def _desk_of(person: UUID) -> UUID | None:
    desks = store.compartments_of(person, klass=CompartmentClass.DESK)
    return desks[0].id if desks else None


def roles_of(install: Installation, own: frozenset[bytes]) -> tuple[HeldRole, ...]:
    """Return the role cards whose seed was granted to one of these cards, duty cards too."""
    found = []
    for row in store.granted_to(own, klass=CompartmentClass.ROLE):
        _, made = evidence.detail_of(
            install.recording, row.creation_leaf, subject=row.subject, acts={Act.CREATE}
        )
        # Which card the seed belongs to stands in the leaf, not in a row that could be altered.
        card_id = bytes.fromhex(str(made["card"]))
        try:
            card = install.cards.trusted(card_id, at=Moment(install.today()))
        except Refused:
            # It waits for its second registrar, or has ended: its holder signs in without it.
            continue
        found.append(HeldRole(card.id, row.id, own, card.holder, card.role))
    return tuple(found)


def _recognised(person: Person) -> protocol.Recognised:
    return protocol.Recognised(
        person.id, person.name, person.role, person.unit, person.desk, person.is_weak
    )


ANSWERERS: Final[Mapping[type[protocol.Question], Any]] = {
    protocol.WaysToSignIn: ways_to_sign_in,
    protocol.AskToSignIn: ask_to_sign_in,
    protocol.SignIn: sign_in,
    protocol.Recognise: recognise,
    protocol.SignOut: sign_out,
}
