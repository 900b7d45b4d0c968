"""A trust policy and a key service such as a small clinic has."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.keys.clinic import id_of, named
from vaitiolo.keys import cards, trust
from vaitiolo.keys.holders import HolderKeys
from vaitiolo.keys.kms import May, Operation
from vaitiolo.keys.kms import file as kms_file
from vaitiolo.keys.kms.file import FileKms
from vaitiolo.keys.slots import LEAST_COST, SlotKind
from vaitiolo.keys.trust import Trust

ORG = id_of("clinic")
EVERYTHING: May = dict.fromkeys(("slot", "hetu", "audit", "outbox", "staff"), frozenset(Operation))
NAMES = ("slot-1", "slot-2", "hetu-1", "audit-1", "outbox-1", "staff-1")


def root_keys() -> HolderKeys:
    return HolderKeys(named("seed of root"), ORG)


def policy(**changes: Any) -> Trust:
    strong = frozenset({SlotKind.PASSWORD_AND_KEY, SlotKind.KEY, SlotKind.PRINTED_CODE})
    weak = strong | {SlotKind.PASSWORD}
    made = Trust(
        demo=True,
        organisation=trust.Organisation(ORG, "Terapiatalo Hiljaisuus"),
        root=cards.root_keys(root_keys()),
        recovery=trust.RecoveryCards(named("contact"), named("chart"), named("incident")),
        cards=trust.CardLife(registrars_per_card=1, life_days=400, patient_life_days=3653),
        argon2=LEAST_COST,
        slots=trust.SlotKinds(weak, weak, weak, frozenset({SlotKind.MACHINE})),
        budgets=trust.Budgets(
            new_grants_per_minute=1,
            care_team=trust.CareTeamBudget(hour=15, day=40, alert_day=25),
            reception=trust.DeskBudget(130),
            billing=trust.DeskBudget(130),
        ),
        break_glass=trust.BreakGlass(
            enabled=False, witness="", patients_in_28_days=5, unit_patients_a_day=5, minutes=60
        ),
        ledger=trust.LedgerIdentity("ledger.clinic.test/1", named("log"), quorum=0),
        hetu=trust.HetuIndex(named("salt of the index", 16), 1),
    )
    return replace(made, **changes)


def key_service(folder: Path, may: May = EVERYTHING) -> FileKms:
    kms_file.found(folder, demo=True)
    for name in NAMES:
        if name not in kms_file.names(folder):
            kms_file.create(folder, name, demo=True)
    return FileKms(folder, demo=True, may=may)
