"""A first incident key, drawn in a ceremony, brought in: its card and its seed for two officers.

Believed only when the policy that this warden runs under pins the card. The seed is opened nowhere.
"""

import io
from collections.abc import Mapping
from typing import Any, Final

from vaitiolo.keys import cards, kits, store
from vaitiolo.keys.cards import Card, CardClass
from vaitiolo.keys.kinds import RecoveryRole
from vaitiolo.keys.kits import Front
from vaitiolo.keys.refused import Refused
from vaitiolo.keys.rows import CardRow, IncidentPairRow
from vaitiolo.ledger.acts import Act
from vaitiolo.warden import protocol
from vaitiolo.warden.server.cases import OFFICERS
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.recording import KITS, STAFF, Deed
from vaitiolo.warden.server.refusing import No
from vaitiolo.warden.server.sign_ins import sit


def adopt(install: Installation, question: protocol.AdoptIncidentKey) -> protocol.Done:
    """Record and store what a ceremony drew; the same twice is harmless. Raises No, Refused.

    A house that has an incident key keeps it: what was sealed to it would open to nobody.
    """
    person = sit(install, question.cookie).person
    if person.role not in OFFICERS:
        raise No("not-allowed", subject=person.id, because="incident key")
    front, card = _read(install, question.key)
    rows = [IncidentPairRow(*pair, sealed) for pair, sealed in front.pairs]
    there = store.incident_pairs()
    if there:
        if sorted(there, key=_order) == sorted(rows, key=_order):
            return protocol.Done()
        raise No("not-allowed", subject=person.id, because="there is an incident key")
    said = {"cards": [card.id.hex()], "holder": card.holder.hex, "unit": ""}
    officers = sorted({one.hex for pair, _ in front.pairs for one in pair})
    kept = {"officers": officers, "person": person.id.hex, "what": "incident-key"}
    [leaf, _] = install.recording.record(
        [Deed(Act.CARD, STAFF, person.id, said), Deed(Act.OFFICER_ACT, KITS, person.id, kept)]
    )
    install.cards.read_on()
    if store.card(card.id) is None:
        store.put_cards(
            [CardRow(card.id, card.holder, card.klass, card.role, card.encode(), leaf_index=leaf)]
        )
    store.put_incident_pairs(rows)
    return protocol.Done()


def _read(install: Installation, raw: bytes) -> tuple[Front, Card]:
    file = io.BytesIO(raw)
    try:
        front = kits.read_front(file)
        card = cards.parse(file.read())
    except Refused:
        raise No("question-broken", subject=KITS, because="no incident key") from None
    pinned = install.trust.recovery_card(RecoveryRole.INCIDENT)
    is_pinned = card.id == front.card == pinned and front.org == install.org
    is_card = card.klass is CardClass.RECOVERY and card.role == RecoveryRole.INCIDENT
    known = install.directory.everyone()
    officers = {one for pair, _ in front.pairs for one in pair}
    if not (is_pinned and is_card and front.pairs and officers <= known.keys()):
        raise No("not-allowed", subject=KITS, because="not the pinned card, or strange officers")
    return front, card


def _order(row: IncidentPairRow) -> tuple[bytes, bytes]:
    return row.first.bytes, row.second.bytes


ANSWERERS: Final[Mapping[type[protocol.Question], Any]] = {protocol.AdoptIncidentKey: adopt}
