"""The organisation's recovery keys at its founding: cards, paper, officers' shares.

No seed outlives this: what is kept is kept by whoever is handed it here, on paper.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from vaitiolo.keys import cards, contact
from vaitiolo.keys.cards import Card, CardClass, Terms
from vaitiolo.keys.contact import Pair
from vaitiolo.keys.holders import HolderKeys, master_part
from vaitiolo.keys.kinds import RecoveryRole
from vaitiolo.keys.octets import random_bytes, wipe
from vaitiolo.keys.rows import IncidentPairRow, PairRow


@dataclass(frozen=True, slots=True)
class Keeping:
    """What becomes of the founding's secrets. Without it they are forgotten, as in most tests.

    ``master`` takes the master seed, ``shares`` each officer's share of the contact key and
    ``incident`` each one's of the incident key; all are called before anything is founded, and what
    they are given is wiped afterwards.
    """

    officers: tuple[UUID, ...] = ()
    master: Callable[[bytearray, UUID], None] | None = None
    shares: Callable[[Mapping[UUID, bytearray], UUID], None] | None = None
    incident: Callable[[Mapping[UUID, bytearray], UUID], None] | None = None


@dataclass(frozen=True, slots=True)
class Drawn:
    """What the installation keeps: three cards, and two seeds sealed for every pair.

    Nobody can open what is sealed to `incident` where its pairs are missing.
    """

    cards: tuple[Card, ...]
    pairs: tuple[PairRow, ...]
    incident: tuple[IncidentPairRow, ...] = ()


def draw(org: UUID, master: bytearray, keeping: Keeping) -> Drawn:
    """Draw the recovery keys and hand out what is for paper. Raises Refused for a lone officer."""
    seeds = {RecoveryRole.CONTACT: random_bytes(32), RecoveryRole.INCIDENT: random_bytes(32)}
    takers = {
        RecoveryRole.CONTACT: keeping.shares,
        RecoveryRole.INCIDENT: keeping.incident,
    }
    try:
        made = tuple(_card(org, role, master=master, seeds=seeds) for role in RecoveryRole)
        if keeping.master is not None:
            keeping.master(master, org)
        pairs = {
            role: split(seeds[role], org, officers=keeping.officers, taker=taker)
            for role, taker in takers.items()
            # A contact key may be kept by nobody, as in a test; then its pairs are noise.
            if keeping.officers and (taker is not None or role is RecoveryRole.CONTACT)
        }
    finally:
        wipe(*seeds.values())
    contacts = pairs.get(RecoveryRole.CONTACT, {}).items()
    incidents = pairs.get(RecoveryRole.INCIDENT, {}).items()
    return Drawn(
        made,
        tuple(PairRow(*pair, sealed) for pair, sealed in contacts),
        tuple(IncidentPairRow(*pair, sealed) for pair, sealed in incidents),
    )


def split(
    seed: bytearray,
    org: UUID,
    *,
    officers: Sequence[UUID],
    taker: Callable[[Mapping[UUID, bytearray], UUID], None] | None,
) -> dict[Pair, bytes]:
    """Draw a share for each officer, hand them out and seal the seed for every pair."""
    shares = {officer: random_bytes(contact.SHARE_LENGTH) for officer in officers}
    try:
        pairs = contact.seal_pairs(seed, shares, org=org)
        if taker is not None:
            taker(shares, org)
    finally:
        wipe(*shares.values())
    return pairs


def printed_share(
    share: bytearray, *, org: UUID, officer: UUID, role: RecoveryRole = RecoveryRole.CONTACT
) -> str:
    """Return an officer's share as it stands on paper."""
    return contact.printed(share, org=org, officer=officer, role=role)


def printed_incident_share(share: bytearray, *, org: UUID, officer: UUID) -> str:
    """Return an officer's share of the incident key as it stands on paper."""
    return printed_share(share, org=org, officer=officer, role=RecoveryRole.INCIDENT)


def card_id(seed: bytearray, org: UUID, role: RecoveryRole) -> bytes:
    """Return the id of the recovery card that a seed gives, to be compared with the pinned one."""
    with HolderKeys(seed, org) as keys:
        return cards.request(keys, _terms(org, role)).id


def _card(
    org: UUID, role: RecoveryRole, *, master: bytearray, seeds: Mapping[RecoveryRole, bytearray]
) -> Card:
    drawn = seeds.get(role)
    seed = master_part(master, org, part="chart") if drawn is None else bytearray(drawn)
    try:
        with HolderKeys(seed, org) as keys:
            return cards.request(keys, _terms(org, role))
    finally:
        wipe(seed)


def _terms(org: UUID, role: RecoveryRole) -> Terms:
    return Terms(org=org, holder=UUID(int=0), klass=CardClass.RECOVERY, role=role)
