"""The first policy of a house, and the keys that it needs at the key service.

Written once, at the founding, and signed by the root. Outside a demo nobody on the staff signs in
by a password alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from uuid import UUID

from vaitiolo.keys import cards, trust
from vaitiolo.keys.cards import Card
from vaitiolo.keys.holders import HolderKeys
from vaitiolo.keys.octets import random_bytes
from vaitiolo.keys.slots import LEAST_COST, SlotKind
from vaitiolo.keys.trust import (
    BreakGlass,
    Budgets,
    CardLife,
    CareTeamBudget,
    DeskBudget,
    HetuIndex,
    LedgerIdentity,
    Organisation,
    RecoveryCards,
    SlotKinds,
    Trust,
    Witness,
)
from vaitiolo.ledger.verify import cosignatures
from vaitiolo.ledger.verify.cosignatures import NotAKey
from vaitiolo.warden.server import starting

KMS_KEYS: Final = ("slot-1", "hetu-1", "audit-1", "outbox-1", "staff-1")
CARD_DAYS: Final = 400
PATIENTS_CARD_DAYS: Final = 3_650


def break_glass(*, enabled: bool, witness: str = "") -> BreakGlass:
    """Return the figures of break-glass that a house begins with; the root can sign others."""
    return BreakGlass(enabled, witness, patients_in_28_days=5, unit_patients_a_day=5, minutes=60)


@dataclass(frozen=True, slots=True)
class Named:
    """Whose policy it is, and what the house itself decides in it."""

    org: UUID
    name: str
    origin: str
    demo: bool
    registrars_per_card: int = 1
    witnesses: tuple[Witness, ...] = ()
    quorum: int = 0
    break_glass: BreakGlass = field(default_factory=lambda: break_glass(enabled=False))


def read_witnesses(keys: Sequence[str]) -> tuple[Witness, ...]:
    """Return witnesses as the policy pins them, from their public keys. Raises NotAKey."""
    found = [cosignatures.read_key(key) for key in keys]
    if len({one.name for one in found}) != len(found):
        raise NotAKey
    return tuple(Witness(one.name, one.public) for one in found)


def write_first(home: Path, named: Named, *, root: HolderKeys, recovery: Sequence[Card]) -> Trust:
    """Make the log's key, and write and sign the policy. Raises TrustRefused."""
    contact, chart, incident = (card.id for card in recovery)
    policy = Trust(
        demo=named.demo,
        organisation=Organisation(named.org, named.name),
        root=cards.root_keys(root),
        recovery=RecoveryCards(contact=contact, chart=chart, incident=incident),
        cards=CardLife(named.registrars_per_card, CARD_DAYS, PATIENTS_CARD_DAYS),
        argon2=LEAST_COST,
        slots=_slots(demo=named.demo),
        budgets=Budgets(
            new_grants_per_minute=10,
            care_team=CareTeamBudget(hour=15, day=40, alert_day=25),
            reception=DeskBudget(130),
            billing=DeskBudget(130),
        ),
        break_glass=named.break_glass,
        ledger=LedgerIdentity(named.origin, starting.make_log_key(home), quorum=named.quorum),
        hetu=HetuIndex(salt=bytes(random_bytes(16)), key=1),
        witnesses=named.witnesses,
    )
    return trust.write(home, policy, root=root)


def _slots(*, demo: bool) -> SlotKinds:
    with_key = frozenset({SlotKind.PASSWORD_AND_KEY, SlotKind.PRINTED_CODE})
    patient = with_key | {SlotKind.PASSWORD}
    staff = (patient if demo else with_key) | {SlotKind.SHARE}
    return SlotKinds(staff, staff, patient, frozenset({SlotKind.MACHINE}))
