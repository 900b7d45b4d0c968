"""Epochs of the key service, as the warden turns them: a new key, slots moved to it, the old ended.

Each change has its entry before it is made. A key of the service is never seen here.
"""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from vaitiolo.keys import slots, store, trust
from vaitiolo.keys.cards import CardClass
from vaitiolo.keys.kms import Keeper, KmsAway, KmsMisset, choosing
from vaitiolo.keys.kms.epochs import FAMILIES, FILE_NAME, Epochs
from vaitiolo.keys.refused import Refused
from vaitiolo.keys.rows import SlotRow
from vaitiolo.keys.slot_epochs import count_slots
from vaitiolo.keys.slots import Given, Slot, SlotPolicy
from vaitiolo.keys.trust_form import TrustRefused
from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.recorder import LedgerSilent
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.recording import NOBODY, SYSTEM, Deed

SLOT: Final = "slot"

log = logging.getLogger(__name__)


class EpochRefused(Exception):
    """An epoch cannot be begun or ended like this. The message is for the operator."""


@dataclass(frozen=True, slots=True)
class State:
    """What an operator asks first: which service, its keys, current epochs, slots by epoch."""

    kind: str
    keys: tuple[str, ...]
    trouble: str
    current: dict[str, int]
    slots: dict[int, int]


def rewrap(install: Installation, slot: Slot, seed: bytearray, *, given: Given) -> None:
    """Lock a seed, just opened out of a slot of an older epoch, into one of the current epoch.

    Call it after the sign-in was recorded, with what was given to open the slot. Does nothing for a
    slot of the current epoch. The old slot is replaced only when the new one is recorded; if the
    service is away or the policy has become stricter, the old slot stays. Raises LedgerSilent.
    """
    if slot.kms_epoch >= install.epochs.current(SLOT):
        return
    with install.epochs.turn:
        row = store.slot(slot.id)
        if row is None:
            return
        try:
            fresh = _again(install, slot, seed, given=given)
        except (Refused, KmsAway) as kept:
            log.warning("a slot stays in epoch %d: %s", slot.kms_epoch, type(kept).__name__)
            return
        _replace(install, row, fresh)


def next_epoch(install: Installation, keeper: Keeper, family: str) -> int:
    """Make the key of the next epoch of a family and use it from now on; return its number.

    The key is made first, then the entry, then the switch: a run that was interrupted is repeated
    and finds the key. Raises EpochRefused.
    """
    _check_family(family)
    number = install.epochs.current(family) + 1
    name = f"{family}-{number}"
    with _plainly():
        if name not in keeper.names():
            keeper.create(name)
        _record(install, what="epoch-begun", family=family, epoch=number)
        install.epochs.switch(family, number)
    return number


def destroy(install: Installation, keeper: Keeper, *, family: str, number: int) -> None:
    """End the key of an earlier epoch for ever, after its entry.

    What it locked stays shut from then on, in every copy and backup there is. Raises EpochRefused
    for the current epoch, for a key that is not there, and when service or ledger is away.
    """
    _check_family(family)
    if number >= install.epochs.current(family):
        raise EpochRefused(f"Epoch {number} is not over: begin the next one first.")
    name = f"{family}-{number}"
    with _plainly():
        if name not in keeper.names():
            raise EpochRefused(f"The key service has no key {name}. Nothing was changed.")
        _record(install, what="epoch-destroyed", family=family, epoch=number)
        keeper.destroy(name)


def open_keeper(home: Path, *, demo: bool) -> Keeper:
    """Return what makes and ends keys at the key service that is set. Raises EpochRefused."""
    with _plainly():
        return choosing.keeper(home, demo=demo, environ=os.environ)


def survey(home: Path) -> State:
    """Look at the key service and the vault, and change nothing. Raises EpochRefused."""
    with _plainly():
        kind = choosing.kind_of(os.environ)
        epochs = Epochs(home / "warden" / FILE_NAME, log.critical)
        demo = trust.load(home).demo
    keys: tuple[str, ...] = ()
    trouble = ""
    try:
        keys = open_keeper(home, demo=demo).names()
    except (EpochRefused, KmsAway) as refused:
        trouble = str(refused)
    current = {family: epochs.current(family) for family in FAMILIES}
    return State(kind, keys, trouble, current, dict(count_slots()))


def slots_left(number: int) -> int:
    """Return how many slots are still of an epoch: the sign-ins that end with its key."""
    return count_slots()[number]


@contextmanager
def _plainly() -> Iterator[None]:
    try:
        yield
    except KmsAway as away:
        raise EpochRefused(f"The key service does not answer: {away}. Try again later.") from None
    except LedgerSilent:
        raise EpochRefused(
            "The ledger could not be written, so no epoch was begun or ended. Try again later."
        ) from None
    except (KmsMisset, TrustRefused) as refused:
        raise EpochRefused(str(refused)) from None


def _check_family(family: str) -> None:
    if family not in FAMILIES:
        known = " and ".join(FAMILIES)
        raise EpochRefused(f"Only {known} have epochs that turn. Nothing was changed.")


def _record(install: Installation, **detail: str | int) -> None:
    install.recording.record([Deed(Act.CONFIGURED, SYSTEM, NOBODY, detail)])


def _again(install: Installation, slot: Slot, seed: bytearray, *, given: Given) -> Slot:
    policy = _policy(install, slot)
    shape = slots.new_slot(
        slot.kind,
        slot.owner,
        kms_epoch=install.epochs.current(SLOT),
        policy=policy,
        credential=slot.credential,
    )
    return slots.lock(seed, shape, given, kms=install.kms, policy=policy)


def _policy(install: Installation, slot: Slot) -> SlotPolicy:
    # The class that decides comes from a card that leads to the root, never from a row.
    card = install.cards.known(slot.owner.card)
    if card is None:
        raise Refused("slot.card")
    return install.trust.slot_policy(CardClass(card.klass))


def _replace(install: Installation, old: SlotRow, fresh: Slot) -> None:
    holder = fresh.owner.holder
    detail = {
        "epoch": fresh.kms_epoch,
        "instead_of": old.id.hex,
        "kind": int(fresh.kind),
        "person": holder.hex,
        "slot": fresh.id.hex,
    }
    install.recording.record([Deed(Act.SLOT_ADDED, holder, holder, detail)])
    store.replace_slot(old.id, SlotRow(fresh.id, old.holder, old.name_tag, fresh.encode()))
    # Only now: a kill in between must shut nobody out. From here on the old one opens nothing,
    # though its row be brought back while its epoch lives.
    gone = {"kind": int(fresh.kind), "person": holder.hex, "slot": old.id.hex}
    install.recording.record([Deed(Act.SLOT_REMOVED, holder, holder, gone)])
