"""One's own ways in, changed by their owner alone: the seed of the session locked once more.

Every change needs a proof of its own, which having signed in is not, and has its entry before it
is made: who has a session in hand, and no key or password, gains no lasting way in. Nobody locks or
sees a seed of anybody else's, and nobody is left without a way in.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from vaitiolo.keys import sessions, slots, store, typed
from vaitiolo.keys.cards import CardClass
from vaitiolo.keys.octets import random_bytes, sha256, wipe
from vaitiolo.keys.refused import Refused
from vaitiolo.keys.rows import SlotRow
from vaitiolo.keys.slots import Credential, Given, Owner, Slot, SlotKind, SlotPolicy
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.warden import protocol
from vaitiolo.warden.parts import OwnSlot
from vaitiolo.warden.server import touches
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.memory import MINUTE, SECOND, Proof, Seat
from vaitiolo.warden.server.recording import SIGN_INS, Deed
from vaitiolo.warden.server.refusing import No
from vaitiolo.warden.server.sign_ins import WRONG, card_of, demand_standing, sit
from vaitiolo.warden.server.ways import ways_of

FRESH: Final = 5 * MINUTE
MOST_KEYS: Final = 4
LONGEST_LABEL: Final = 40
EVERYDAY: Final = frozenset({SlotKind.PASSWORD_AND_KEY, SlotKind.KEY, SlotKind.PASSWORD})


def list_own_keys(install: Installation, question: protocol.ListOwnKeys) -> protocol.OwnKeys:
    """Return the asker's ways in, with what the ledger says of each."""
    seat = sit(install, question.cookie)
    told = _told(install, seat.person.id)
    listed = tuple(_as_told(slot, told) for slot in _own(seat.person.id))
    kinds = tuple(sorted(int(kind) for kind in _policy(install, seat).kinds))
    return protocol.OwnKeys(listed, kinds, _proved(install, seat))


def confirm_self(install: Installation, question: protocol.ConfirmSelf) -> protocol.Done:
    """Take a proof for one change. Raises No(wrong-sign-in, no-touch, too-many-tries)."""
    seat = sit(install, question.cookie)
    person = seat.person.id
    if question.deed not in _deeds(person):
        raise No("not-granted", subject=person, because="deed")
    touch = _touch_of(install, person, question) if question.assertion else b""
    if not touch:
        wipe(_open_alone(install, person, question.password))
    detail = {"deed": question.deed, "touch": touches.said(touch), "what": "confirmed"}
    install.recording.record([Deed(Act.SIGN_IN, SIGN_INS, person, detail)])
    seat.proof = Proof(question.deed, install.clock() + FRESH)
    return protocol.Done()


def begin_own_key(install: Installation, question: protocol.BeginOwnKey) -> protocol.NewKey:
    """Give a challenge for making a key. Raises No(confirm-first, not-allowed)."""
    person = _confirmed(install, question.cookie, protocol.NEW_KEY).person
    others = tuple(one.id for one in touches.credentials_of(person.id))
    if len(others) >= MOST_KEYS:
        raise No("not-allowed", subject=person.id, because="as many keys as there may be")
    salt = bytes(random_bytes(slots.PRF_LENGTH))
    request = protocol.over("new-key", person.id, salt)
    drawn = install.challenges.draw(request, cookie=question.cookie, now=install.clock())
    return protocol.NewKey(drawn, touches.rp_id(), person.id, person.name, salt, others)


def add_own_key(install: Installation, question: protocol.AddOwnKey) -> protocol.Done:
    """Lock the seed for a new key. Raises No(confirm-first, no-touch, not-allowed)."""
    seat = _confirmed(install, question.cookie, protocol.NEW_KEY)
    request = protocol.over("new-key", seat.person.id, question.prf_salt)
    made = touches.register(
        install, attestation=question.attestation, over=request, cookie=question.cookie
    )
    if made.id in {one.id for one in touches.credentials_of(seat.person.id)}:
        raise No("not-allowed", subject=seat.person.id, because="a key that is there already")
    kind = SlotKind.PASSWORD_AND_KEY if question.password else SlotKind.KEY
    slot = _locked(
        install,
        seat,
        question.cookie,
        shape=(kind, Credential(made.id, made.cose, question.prf_salt)),
        given=Given(password=question.password or None, prf=question.prf),
    )
    _use_up(install, seat, protocol.NEW_KEY)
    _put(install, seat, [slot], label=question.label[:LONGEST_LABEL])
    return protocol.Done()


def add_own_code(install: Installation, question: protocol.AddOwnCode) -> protocol.Done:
    """Lock the seed for a printed code, in place of an earlier one. Raises No(confirm-first, …)."""
    seat = _confirmed(install, question.cookie, protocol.NEW_CODE)
    shape = (SlotKind.PRINTED_CODE, None)
    given = Given(password=question.code)
    slot = _locked(install, seat, question.cookie, shape=shape, given=given)
    before = [one for one in _own(seat.person.id) if one.kind is SlotKind.PRINTED_CODE]
    _use_up(install, seat, protocol.NEW_CODE)
    _put(install, seat, [slot], instead_of=before)
    return protocol.Done()


def change_own_password(
    install: Installation, question: protocol.ChangeOwnPassword
) -> protocol.Done:
    """Lock the seed with a new password: for the key at hand, and for the password alone.

    The old password, with the touch where there is a key, is the proof. Other keys that open with
    the old password are dropped, because what they give is not here.
    Raises No(wrong-sign-in, no-touch, too-many-tries, not-allowed).
    """
    seat = sit(install, question.cookie)
    old = [one for one in _own(seat.person.id) if one.kind in _WITH_PASSWORD]
    kept = [one for one in old if one.kind is SlotKind.PASSWORD]
    if any(one.kind is SlotKind.PASSWORD_AND_KEY for one in old):
        kept.append(_at_hand(install, seat, question, old=old))
    _check_old(install, seat, kept, given=Given(password=question.old, prf=question.prf or None))
    given = Given(password=question.new, prf=question.prf or None)
    fresh = [
        _locked(install, seat, question.cookie, shape=(one.kind, one.credential), given=given)
        for one in kept
    ]
    _put(install, seat, fresh, instead_of=old)
    return protocol.Done()


def remove_own_slot(install: Installation, question: protocol.RemoveOwnSlot) -> protocol.Done:
    """Remove a way in; never the last everyday one. Raises No(confirm-first, last-way-in, …)."""
    deed = protocol.removal(question.slot)
    seat = _confirmed(install, question.cookie, deed)
    # One after another, or two removals at one moment would each see the other's way as left.
    with install.turns[seat.person.id]:
        own = _own(seat.person.id)
        gone = next((one for one in own if one.id == question.slot), None)
        if gone is None:
            raise No("not-granted", subject=seat.person.id, because="slot")
        if not any(one.kind in EVERYDAY and one is not gone for one in own):
            raise No("last-way-in", subject=seat.person.id)
        _take_proof(install, seat, deed)
        _record(install, seat, [_gone(gone)], act=Act.SLOT_REMOVED)
        store.remove_slot(gone.id)
    return protocol.Done()


_WITH_PASSWORD: Final = frozenset({SlotKind.PASSWORD_AND_KEY, SlotKind.PASSWORD})


# --- proofs -----------------------------------------------------------------------


def _deeds(person: UUID) -> set[str]:
    removals = {protocol.removal(one.id) for one in _own(person)}
    return {protocol.NEW_KEY, protocol.NEW_CODE, *removals}


def _proved(install: Installation, seat: Seat) -> str:
    """Return which change a proof stands for now; empty where none does."""
    proof = seat.proof
    return proof.deed if proof is not None and install.clock() <= proof.until else ""


def _confirmed(install: Installation, cookie: bytes, deed: str) -> Seat:
    seat = sit(install, cookie)
    if _proved(install, seat) != deed:
        raise No("confirm-first", subject=seat.person.id)
    return seat


def _use_up(install: Installation, seat: Seat, deed: str) -> None:
    """Take the proof of a change away. Raises No(confirm-first) for a second one at that moment."""
    with install.turns[seat.person.id]:
        _take_proof(install, seat, deed)


def _take_proof(install: Installation, seat: Seat, deed: str) -> None:
    if _proved(install, seat) != deed:
        raise No("confirm-first", subject=seat.person.id)
    seat.proof = None


def _touch_of(install: Installation, person: UUID, question: protocol.ConfirmSelf) -> bytes:
    """Return which own key was touched for a change. A wrong touch counts as a wrong secret does.

    No count keeps a right one out: whoever has the session only cannot lock out who has the key.
    """
    request = protocol.over("own-keys", person, question.deed)
    try:
        return touches.demand(install, question.cookie, over=request, assertion=question.assertion)
    except No:
        install.tries.begin(_tried(person), now=install.clock(), has_key=True)
        raise


def _open_alone(install: Installation, person: UUID, password: str) -> bytearray:
    """Open an own slot with what can be typed: the printed code, or the password alone.

    The password only where no security key is: whoever runs code in the pages sees it at every
    sign-in, and must not be able to add a way in with it. Keys count as the ledger has them.
    """
    is_code = typed.is_code(typed.code(password))
    kind = SlotKind.PRINTED_CODE if is_code else SlotKind.PASSWORD
    if kind is SlotKind.PASSWORD and any(ways_of(install, person).keys.values()):
        install.tries.begin(_tried(person), now=install.clock())
        raise No(touches.NO_TOUCH, subject=person, because="a password beside a key")
    slot = next((one for one in _own(person) if one.kind is kind), None)
    if slot is None:
        raise No(WRONG, subject=person, because="no such slot")
    return _opened(install, slot, Given(password=password))


def _at_hand(
    install: Installation,
    seat: Seat,
    question: protocol.ChangeOwnPassword,
    *,
    old: Iterable[Slot],
) -> Slot:
    request = protocol.over("password", seat.person.id)
    touched = touches.demand(install, question.cookie, over=request, assertion=question.assertion)
    for one in old:
        if one.credential is not None and one.credential.id == touched:
            return one
    raise No(touches.NO_TOUCH, subject=seat.person.id, because="a key without a password")


def _check_old(install: Installation, seat: Seat, old: list[Slot], *, given: Given) -> None:
    # Opened before anything is replaced: it shows that the key gave what it gives at every sign-in.
    if not old:
        raise No("not-allowed", subject=seat.person.id, because="no password")
    for one in old:
        wipe(_opened(install, one, given))


def _opened(install: Installation, slot: Slot, given: Given) -> bytearray:
    person, now = slot.owner.holder, install.clock()
    bucket = _tried(person)
    install.tries.begin(bucket, now=now)
    policy = install.trust.slot_policy(_class(install, slot.owner.card))
    demand_standing(install, slot)
    try:
        seed = slots.unlock(
            slot,
            given,
            kms=install.kms,
            policy=policy,
            card_of=lambda seed: card_of(install, slot, seed),
        )
    except Refused as refused:
        raise No(WRONG, subject=person, because=refused.reason) from None
    install.tries.succeeded(bucket, now=now)
    return seed


def _tried(person: UUID) -> bytes:
    return sha256(b"own" + person.bytes)


# --- slots ------------------------------------------------------------------------


def _own(person: UUID) -> list[Slot]:
    found = [slots.parse(row.slot) for row in store.slots_of(person)]
    return [one for one in found if one.owner.holder == person and one.kind in _SHOWN]


_SHOWN: Final = EVERYDAY | {SlotKind.PRINTED_CODE}


def _class(install: Installation, card: bytes) -> CardClass:
    known = install.cards.known(card)
    if known is None:
        raise No("card-ended", because="card")
    return known.klass


def _policy(install: Installation, seat: Seat) -> SlotPolicy:
    return install.trust.slot_policy(_class(install, seat.person.card))


def _locked(
    install: Installation,
    seat: Seat,
    cookie: bytes,
    *,
    shape: tuple[SlotKind, Credential | None],
    given: Given,
) -> Slot:
    """Lock the session's seed into a new slot. Raises No(not-allowed) as the policy says."""
    policy, (kind, credential) = _policy(install, seat), shape
    slot = slots.new_slot(
        kind,
        Owner(install.org, seat.person.id, seat.person.card),
        kms_epoch=install.epochs.current("slot"),
        policy=policy,
        credential=credential,
    )
    seed = sessions.open_seed(seat.sealed_seed, cookie, org=install.org, holder=seat.person.id)
    try:
        return slots.lock(seed, slot, given, kms=install.kms, policy=policy)
    except Refused as refused:
        raise No("not-allowed", subject=seat.person.id, because=refused.reason) from None
    finally:
        wipe(seed)


def _put(
    install: Installation,
    seat: Seat,
    fresh: list[Slot],
    *,
    instead_of: Iterable[Slot] = (),
    label: str = "",
) -> None:
    """Record slots, then store them; then record and remove those whose place they take.

    A slot is recorded as removed only when what follows it is stored, because from then on it
    opens nothing any more, whoever brings it back: a kill in between must shut nobody out.
    """
    old, tag = list(instead_of), _name_tag(seat)
    _record(install, seat, [_came(one, old, label) for one in fresh], act=Act.SLOT_ADDED)
    store.put_slots(SlotRow(one.id, seat.person.id, tag, one.encode()) for one in fresh)
    if old:
        _record(install, seat, [_gone(one) for one in old], act=Act.SLOT_REMOVED)
    for one in old:
        store.remove_slot(one.id)


def _name_tag(seat: Seat) -> bytes:
    # Slots are found by the name somebody signs in with, which only another slot's row has.
    for row in store.slots_of(seat.person.id):
        if slots.parse(row.slot).kind in _SHOWN:
            return row.name_tag
    raise No("not-allowed", subject=seat.person.id, because="no name to sign in with")


def _place(slot: Slot) -> tuple[SlotKind, bytes]:
    return slot.kind, slot.credential.id if slot.credential else b""


def _came(slot: Slot, old: Iterable[Slot], label: str) -> dict[str, object]:
    before = [one.id.hex for one in old if _place(one) == _place(slot)]
    named: dict[str, object] = {"label": label} if label else {}
    replaced: dict[str, object] = {"instead_of": before[0]} if before else {}
    key = touches.named(slot.credential)
    return {"kind": int(slot.kind), "slot": slot.id.hex, **key, **named, **replaced}


def _gone(slot: Slot) -> dict[str, object]:
    return {"kind": int(slot.kind), "slot": slot.id.hex}


def _record(
    install: Installation, seat: Seat, details: Iterable[dict[str, object]], *, act: Act
) -> None:
    person = seat.person.id
    whose = {"person": person.hex}
    install.recording.record([Deed(act, person, person, {**detail, **whose}) for detail in details])


# --- what the ledger says ---------------------------------------------------------


def _told(install: Installation, person: UUID) -> dict[str, tuple[int, str]]:
    """Return when each slot came and what its owner called it, by its id, from their own chain."""
    found: dict[str, tuple[int, str]] = {}
    for entry in queries.entries_of(install.recording.tag(person)):
        if entry.leaf.act is not Act.SLOT_ADDED or entry.salt is None or entry.detail is None:
            continue
        detail = install.recording.read(
            person, commit=entry.leaf.detail_commit, salt=entry.salt, sealed=entry.detail
        )
        new = entry.leaf.time_us // SECOND, str(detail.get("label", ""))
        # A turn of the key service's epoch puts a slot in another's place; it is the same key.
        found[str(detail.get("slot", ""))] = found.get(str(detail.get("instead_of", "")), new)
    return found


def _as_told(slot: Slot, told: Mapping[str, tuple[int, str]]) -> OwnSlot:
    since, label = told.get(slot.id.hex, (0, ""))
    return OwnSlot(slot.id, int(slot.kind), since, label)


ANSWERERS: Final[Mapping[type[protocol.Question], Any]] = {
    protocol.ListOwnKeys: list_own_keys,
    protocol.ConfirmSelf: confirm_self,
    protocol.BeginOwnKey: begin_own_key,
    protocol.AddOwnKey: add_own_key,
    protocol.AddOwnCode: add_own_code,
    protocol.ChangeOwnPassword: change_own_password,
    protocol.RemoveOwnSlot: remove_own_slot,
}
