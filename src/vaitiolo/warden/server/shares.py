"""An officer's share of the contact key: typed from paper once, then locked like a seed.

A share opens nothing alone. It never leaves the warden, and is opened for one case at a time, by
password and security key, with a touch over that case and its list.
"""

from collections.abc import Mapping
from typing import Any, Final

from vaitiolo.keys import contact, slots, store
from vaitiolo.keys.cards import CardClass
from vaitiolo.keys.octets import wipe
from vaitiolo.keys.refused import Refused
from vaitiolo.keys.rows import SlotRow
from vaitiolo.keys.slots import Credential, Given, Owner, Slot, SlotKind, SlotPolicy
from vaitiolo.ledger.acts import Act
from vaitiolo.warden import protocol
from vaitiolo.warden.protocol.recovering import over_enrolling
from vaitiolo.warden.server import epochs, touches
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.memory import Person, Seat
from vaitiolo.warden.server.recording import Deed
from vaitiolo.warden.server.refusing import No
from vaitiolo.warden.server.sign_ins import sit
from vaitiolo.warden.server.ways import ways_of

WRONG: Final = "wrong-share"
# Nobody signs in with a share, so no name leads to its slot.
NO_NAME: Final = bytes(16)


def enrol(install: Installation, question: protocol.EnrolShare) -> protocol.Done:
    """Lock the asker's share with a password and the touched security key."""
    person = sit(install, question.cookie).person
    if not store.is_officer(person.id):
        raise No("not-allowed", subject=person.id, because="no officer")
    _begin_try(install, person)
    touched = touches.demand(
        install, question.cookie, over=over_enrolling(), assertion=question.assertion
    )
    own = touches.credentials_of(person.id)
    credential = next((one for one in own if one.id == touched), None)
    if credential is None:
        raise No(touches.NO_TOUCH, subject=person.id, because="a share needs a security key")
    slot = _locked(install, person, question, credential=credential)
    _replace(install, person, slot)
    _end_try(install, person)
    return protocol.Done()


def ask_own(install: Installation, question: protocol.AskOwnShare) -> protocol.OwnShare:
    """Say whether the asker holds a share, and with how many keys it is locked."""
    person = sit(install, question.cookie).person
    # A key that does not sign in any more is never asked for, so its share cannot be opened either.
    asked = {one.id for one in touches.credentials_of(person.id)}
    keys = sum(_key_of(one).id in asked for one in _slots_of(person))
    return protocol.OwnShare(store.is_officer(person.id), keys)


def share_of(
    install: Installation, seat: Seat, question: protocol.JoinCase, *, over: bytes
) -> bytearray:
    """Return the share in the asker's own slot, opened with a touch; the caller wipes it.

    Raises No(no-touch, wrong-share, too-many-tries).
    """
    person = seat.person
    _begin_try(install, person)
    touched = touches.credential_id(question.assertion)
    slot = next((one for one in _slots_of(person) if _key_of(one).id == touched), None)
    if slot is None:
        raise No(touches.NO_TOUCH, subject=person.id, because="no share under this key")
    touches.check(
        install,
        assertion=question.assertion,
        credential=_key_of(slot),
        over=over,
        cookie=question.cookie,
    )
    if slot.id.hex in ways_of(install, person.id).gone:
        raise No(WRONG, subject=person.id, because="slot brought back")
    given = Given(password=question.password, prf=question.prf)
    try:
        share = slots.unlock(
            slot, given, kms=install.kms, policy=_policy(install, person), card_of=_no_card
        )
    except Refused as refused:
        raise No(WRONG, subject=person.id, because=refused.reason) from None
    _end_try(install, person)
    try:
        # Officers seldom use it: a turn of the key service's epoch must not shut it for good.
        epochs.rewrap(install, slot, share, given=given)
    except BaseException:
        wipe(share)
        raise
    return share


def _locked(
    install: Installation,
    person: Person,
    question: protocol.EnrolShare,
    *,
    credential: Credential,
) -> Slot:
    policy = _policy(install, person)
    slot = slots.new_slot(
        SlotKind.SHARE,
        Owner(install.org, person.id, person.card),
        kms_epoch=install.epochs.current("slot"),
        policy=policy,
        credential=credential,
    )
    try:
        share = contact.read(question.share, org=install.org, officer=person.id)
    except Refused as refused:
        raise No(WRONG, subject=person.id, because=refused.reason) from None
    try:
        given = Given(password=question.password, prf=question.prf)
        return slots.lock(share, slot, given, kms=install.kms, policy=policy)
    except Refused as refused:
        raise No("not-allowed", subject=person.id, because=refused.reason) from None
    finally:
        wipe(share)


def _replace(install: Installation, person: Person, slot: Slot) -> None:
    """Record a share's slot and store it in the place of an earlier one under the same key.

    The earlier one is recorded as removed when the new one is stored: it opens nothing from then
    on, though its row be brought back.
    """
    old = [one for one in _slots_of(person) if _key_of(one).id == _key_of(slot).id]
    detail = {
        "kind": int(slot.kind),
        "person": person.id.hex,
        "replaces": [one.id.hex for one in old],
        "slot": slot.id.hex,
    }
    install.recording.record([Deed(Act.SLOT_ADDED, person.id, person.id, detail)])
    store.put_slots([SlotRow(slot.id, person.id, NO_NAME, slot.encode())])
    if old:
        gone = [{"kind": int(one.kind), "slot": one.id.hex} for one in old]
        install.recording.record(
            [Deed(Act.SLOT_REMOVED, person.id, person.id, said) for said in gone]
        )
    for one in old:
        store.remove_slot(one.id)


def _slots_of(person: Person) -> list[Slot]:
    found = [slots.parse(row.slot) for row in store.slots_of(person.id)]
    return [one for one in found if one.kind is SlotKind.SHARE and one.owner.holder == person.id]


def _key_of(slot: Slot) -> Credential:
    if slot.credential is None:
        raise Refused("slot.form")
    return slot.credential


def _policy(install: Installation, person: Person) -> SlotPolicy:
    card = install.cards.known(person.card)
    return install.trust.slot_policy(CardClass.STAFF if card is None else card.klass)


def _no_card(_: bytearray) -> bytes:
    # A share gives no card: whoever joins two compares what they open with the pinned one.
    raise Refused("slot.card")


def _begin_try(install: Installation, person: Person) -> None:
    install.tries.begin(_tried(person), now=install.clock())


def _end_try(install: Installation, person: Person) -> None:
    install.tries.succeeded(_tried(person), now=install.clock())


def _tried(person: Person) -> bytes:
    return b"share" + person.id.bytes


ANSWERERS: Final[Mapping[type[protocol.Question], Any]] = {
    protocol.AskOwnShare: ask_own,
    protocol.EnrolShare: enrol,
}
