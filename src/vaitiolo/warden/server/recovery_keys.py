"""The organisation's recovery keys at its founding: cards, paper, officers' shares.

No seed outlives this: what is kept is kept by whoever is handed it here, on paper.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from vaitiolo.keys import cards, contact
from vaitiolo.keys.cards import Card, CardClass, Terms
from vaitiolo.keys.holders import HolderKeys, master_part
from vaitiolo.keys.kinds import RecoveryRole
from vaitiolo.keys.octets import random_bytes, wipe
from vaitiolo.keys.rows import PairRow


@dataclass(frozen=True, slots=True)
class Keeping:
    """What becomes of the founding's secrets. Without it they are forgotten, as in most tests.

    ``master`` takes the master seed, ``shares`` each officer's share of the contact key; both are
    called before anything is founded, and what they are given is wiped afterwards.
    """

    officers: tuple[UUID, ...] = ()
    master: Callable[[bytearray, UUID], None] | None = None
    shares: Callable[[Mapping[UUID, bytearray], UUID], None] | None = None


@dataclass(frozen=True, slots=True)
class Drawn:
    """What the installation keeps: three cards, and the contact seed sealed for every pair."""

    cards: tuple[Card, ...]
    pairs: tuple[PairRow, ...]


def draw(org: UUID, master: bytearray, keeping: Keeping) -> Drawn:
    """Draw the recovery keys and hand out what is for paper. Raises Refused for a lone officer."""
    seed = random_bytes(32)
    shares = {officer: random_bytes(contact.SHARE_LENGTH) for officer in keeping.officers}
    try:
        made = tuple(_card(org, role, master, contact_seed=seed) for role in RecoveryRole)
        pairs = contact.seal_pairs(seed, shares, org=org) if shares else {}
        if keeping.master is not None:
            keeping.master(master, org)
        if keeping.shares is not None and shares:
            keeping.shares(shares, org)
    finally:
        wipe(seed, *shares.values())
    return Drawn(made, tuple(PairRow(*pair, sealed) for pair, sealed in pairs.items()))


def printed_share(share: bytearray, *, org: UUID, officer: UUID) -> str:
    """Return an officer's share as it stands on paper."""
    return contact.printed(share, org=org, officer=officer)


def card_id(seed: bytearray, org: UUID, role: RecoveryRole) -> bytes:
    """Return the id of the recovery card that a seed gives, to be compared with the pinned one."""
    with HolderKeys(seed, org) as keys:
        return cards.request(keys, _terms(org, role)).id


def _card(org: UUID, role: RecoveryRole, master: bytearray, *, contact_seed: bytearray) -> Card:
    seed = {
        RecoveryRole.CHART: lambda: master_part(master, org, part="chart"),
        RecoveryRole.CONTACT: lambda: bytearray(contact_seed),
        # Nobody keeps this one yet: what it would open is not made yet either.
        RecoveryRole.INCIDENT: lambda: random_bytes(32),
    }[role]()
    try:
        with HolderKeys(seed, org) as keys:
            return cards.request(keys, _terms(org, role))
    finally:
        wipe(seed)


def _terms(org: UUID, role: RecoveryRole) -> Terms:
    return Terms(org=org, holder=UUID(int=0), klass=CardClass.RECOVERY, role=role)
