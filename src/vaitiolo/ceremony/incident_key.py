"""A first incident key for a house that was founded without: drawn on the machine without network.

The root signs a policy that pins its card; the seed is sealed for every two officers and wiped.
Nothing that was signed before can be found by it.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Final
from uuid import UUID

from vaitiolo.ceremony import answering, sheets
from vaitiolo.ceremony.answering import CannotAnswer
from vaitiolo.ceremony.desk import Desk
from vaitiolo.ceremony.files import write_whole
from vaitiolo.keys import cards, contact, trust
from vaitiolo.keys.cards import Card, CardClass, Terms
from vaitiolo.keys.fields import ZERO
from vaitiolo.keys.holders import HolderKeys, master_part
from vaitiolo.keys.kinds import RecoveryRole
from vaitiolo.keys.kits import Front
from vaitiolo.keys.octets import random_bytes, wipe
from vaitiolo.keys.refused import Refused
from vaitiolo.keys.trust import Trust
from vaitiolo.keys.trust_form import TrustRefused

KEY_NAME: Final = "incident-key"
SHEET_NAME: Final = "incident-share"


def draw(policy: Trust, officers: Sequence[UUID], desk_of: Desk, *, to: Path, made: date) -> None:
    """Take a "yes" and three shares; write policy, key and sheets into a new folder.

    Raises CannotAnswer, FileThere, OSError; then what was written opens nothing.
    """
    if not contact.LEAST_OFFICERS <= len(set(officers)) <= contact.MOST_OFFICERS:
        raise CannotAnswer("Two to five different officers are needed. Nothing was written.")
    desk_of.say(f"Organisation: {policy.organisation.name}. Officers of the incident key:")
    for officer in officers:
        desk_of.say(f"    {officer}")
    if desk_of.ask("Are these the officers' ids? Type yes: ").strip().lower() != "yes":
        raise CannotAnswer("Nobody said yes. Nothing was signed or written.")
    to.mkdir(mode=0o700)
    with answering.joined(desk_of) as master:
        answering.demand_master(master, answering.pinned_by(policy).pins)
        _write(policy, officers, master, to=to, made=made)


def _write(
    policy: Trust, officers: Sequence[UUID], master: bytearray, *, to: Path, made: date
) -> None:
    org, seed = policy.org, random_bytes(contact.SHARE_LENGTH)
    shares = {officer: random_bytes(contact.SHARE_LENGTH) for officer in officers}
    root_seed = master_part(master, org, part="root")
    try:
        card, pairs = _card(org, seed), contact.seal_pairs(seed, shares, org=org)
        pinned = replace(policy, recovery=replace(policy.recovery, incident=card.id))
        with HolderKeys(root_seed, org) as root:
            trust.write(to, pinned, root=root)
        at = int(datetime.combine(made, time.min, UTC).timestamp())
        front = Front(org, at, ZERO, card.id, tuple(pairs.items()))
        write_whole(to / KEY_NAME, front.encode() + card.encode())
        printed = [
            (
                str(officer),
                contact.printed(share, org=org, officer=officer, role=RecoveryRole.INCIDENT),
            )
            for officer, share in shares.items()
        ]
        sheets.write(
            to, SHEET_NAME, sheets.incident_sheets(policy.organisation.name, printed, made=made)
        )
    except (Refused, TrustRefused) as refused:
        raise CannotAnswer(
            f"The shares do not sign this policy ({refused}). Destroy {to.name}; nothing in it is "
            "good."
        ) from None
    finally:
        wipe(seed, root_seed, *shares.values())


def _card(org: UUID, seed: bytearray) -> Card:
    terms = Terms(org=org, holder=UUID(int=0), klass=CardClass.RECOVERY, role=RecoveryRole.INCIDENT)
    with HolderKeys(seed, org) as keys:
        return cards.request(keys, terms)
