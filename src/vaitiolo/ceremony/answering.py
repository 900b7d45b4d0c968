"""Answering a request on the machine without network: check all of it, join shares, seal anew.

The master seed is in memory from the third share to the answer, and wiped before anything is
written. What is wrong is said before a share is typed wherever that can be.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from vaitiolo.ceremony import desk, shares
from vaitiolo.ceremony.desk import Desk
from vaitiolo.ceremony.files import write_whole
from vaitiolo.keys import cards, ceremonies, trust, words
from vaitiolo.keys.cards import CardClass, Terms
from vaitiolo.keys.ceremonies import Ceremony, CeremonyPurpose, CheckedRequest, Pins
from vaitiolo.keys.holders import HolderKeys, master_part
from vaitiolo.keys.kinds import RecoveryRole
from vaitiolo.keys.octets import wipe
from vaitiolo.keys.refused import Refused
from vaitiolo.keys.trust import Trust
from vaitiolo.keys.trust_form import TrustRefused

PURPOSES = {
    CeremonyPurpose.SUCCESSION: "succession: somebody takes over",
    CeremonyPurpose.LOSS: "loss: keys were lost",
    CeremonyPurpose.ROTATION: "rotation: new keys are made",
    CeremonyPurpose.CONTACT_OFFLINE: "contact, offline",
}


class CannotAnswer(Exception):
    """The ceremony ends here; the message says why and what is kept."""


@dataclass(frozen=True, slots=True)
class Pinned:
    """Whose house it is, and what its signed policy pins."""

    organisation: str
    pins: Pins


def read_pins(folder: Path) -> Pinned:
    """Return what `trust.toml` in a folder pins, its signatures checked. Raises CannotAnswer."""
    try:
        policy = trust.load(folder)
    except TrustRefused as refused:
        raise CannotAnswer(str(refused)) from None
    return pinned_by(policy)


def pinned_by(policy: Trust) -> Pinned:
    """Return what a policy pins."""
    return Pinned(
        policy.organisation.name,
        Pins(
            org=policy.org,
            root=policy.root,
            registrars_per_card=policy.cards.registrars_per_card,
            contact=policy.recovery.contact,
            chart=policy.recovery.chart,
        ),
    )


def read_request(raw: bytes, pinned: Pinned) -> CheckedRequest:
    """Return a request when all of it leads to what is pinned. Raises CannotAnswer."""
    try:
        request = ceremonies.parse(raw)
        checked = ceremonies.check_request(request, pinned.pins)
    except Refused as refused:
        # Here nobody is an attacker who must not know: the officers sit around one table.
        raise CannotAnswer(
            f"The request is not to be believed ({refused.reason}). Nothing was opened or written."
        ) from None
    if request.terms.purpose is CeremonyPurpose.CONTACT_OFFLINE:
        raise CannotAnswer("Contact details are opened by two officers in a case, not by paper.")
    return checked


def show(checked: CheckedRequest, pinned: Pinned, desk_of: Desk) -> None:
    """Show what is asked, by whom and for whom, so that it can be compared with other paper."""
    terms, target = checked.request.terms, checked.target
    root = pinned.pins.root.id.hex()
    for line in (
        f"Organisation: {pinned.organisation}",
        f"Root on paper begins: {' '.join(root[at : at + 4] for at in range(0, 32, 4))}",
        f"Purpose: {PURPOSES[terms.purpose]}",
        f"Compartments to be opened: {len(checked.request.grants)}",
        f"For the holder {target.holder}, whose card reads:",
        f"    {' '.join(words.of_card(target.id))}",
        "Asked by the officer whose card reads:",
        f"    {' '.join(words.of_card(checked.signer.id))}",
    ):
        desk_of.say(line)


def answer(checked: CheckedRequest, pinned: Pinned, desk_of: Desk, *, made: int) -> Ceremony:
    """Show the request, take three shares and a "yes", and return the answer.

    Raises CannotAnswer when the shares give another key than the pinned one, or nobody says yes.
    """
    show(checked, pinned, desk_of)
    with recovery_keys(desk_of, pinned.pins.org) as keys:
        _demand_pinned(keys, pinned.pins)
        count = len(checked.request.grants)
        said = desk_of.ask(f"Seal {count} keys to the card above? Type yes: ")
        if said.strip().lower() != "yes":
            raise CannotAnswer("Nobody said yes. Nothing was written; the shares are wiped.")
        try:
            return ceremonies.make_answer(checked, keys=keys, made=made)
        except Refused as refused:
            raise CannotAnswer(
                f"One of the keys does not open ({refused.reason}). Nothing was written."
            ) from None


def write(path: Path, made: Ceremony) -> None:
    """Write an answer, whole or not at all. Raises FileThere, OSError."""
    write_whole(path, made.encode())


@contextmanager
def joined(desk_of: Desk) -> Iterator[bytearray]:
    """Take three shares and give the master seed for as long as the block lasts."""
    try:
        typed = desk.three_shares(desk_of)
        master = shares.join(typed)
    except EOFError:
        raise CannotAnswer("The shares were not all typed. Nothing was opened.") from None
    except shares.WrongShare as wrong:
        raise CannotAnswer(f"{wrong} Nothing was opened.") from None
    try:
        yield master
    finally:
        wipe(master)


@contextmanager
def recovery_keys(desk_of: Desk, org: UUID) -> Iterator[HolderKeys]:
    """Take three shares and give the keys of `chart`; they are wiped after the block."""
    with joined(desk_of) as master:
        seed = master_part(master, org, part="chart")
    try:
        with HolderKeys(seed, org) as keys:
            yield keys
    finally:
        wipe(seed)


def demand_master(master: bytearray, pins: Pins) -> None:
    """Return quietly when a master seed gives the pinned recovery card. Raises CannotAnswer."""
    seed = master_part(master, pins.org, part="chart")
    try:
        with HolderKeys(seed, pins.org) as keys:
            _demand_pinned(keys, pins)
    finally:
        wipe(seed)


def _demand_pinned(keys: HolderKeys, pins: Pins) -> None:
    # Three good shares of another set give a seed too, and no error.
    terms = Terms(
        org=pins.org, holder=UUID(int=0), klass=CardClass.RECOVERY, role=RecoveryRole.CHART
    )
    if cards.request(keys, terms).id != pins.chart:
        raise CannotAnswer(
            "These shares give another key than the one that trust.toml pins. Nothing was opened."
        )
