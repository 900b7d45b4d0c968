"""Who holds which keys, counted for the operator: random ids, no record, no key, no patient's name.

What a holder could open is counted as a thief of the holder's session would find it.
"""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from vaitiolo.keys import slots, store
from vaitiolo.keys.kinds import CompartmentClass, recovery_of
from vaitiolo.keys.kms.epochs import FAMILIES
from vaitiolo.keys.refused import Refused
from vaitiolo.keys.rows import Opening
from vaitiolo.keys.slot_epochs import count_slots
from vaitiolo.ledger.acts import Act
from vaitiolo.warden import parts, protocol
from vaitiolo.warden.server import epochs, holding
from vaitiolo.warden.server.directory import Colleague
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.openings import A_PATIENTS, budget_of, readers_of
from vaitiolo.warden.server.recording import NOBODY, SYSTEM, Deed
from vaitiolo.warden.server.refusing import No
from vaitiolo.warden.server.sign_ins import person_of

CLINICAL: Final = A_PATIENTS - {CompartmentClass.IDENTITY}


def survey(install: Installation, question: protocol.Survey) -> protocol.Surveyed:
    """Return everyone who has a card, and how far each of them reaches."""
    del question
    _note(install, "who holds keys")
    trust = install.trust
    everyone = install.directory.everyone().values()
    return protocol.Surveyed(
        org=install.org,
        policy=trust.fingerprint,
        root=trust.root.id,
        contact=trust.recovery.contact,
        chart=trust.recovery.chart,
        incident=trust.recovery.incident,
        patients=store.count_subjects(A_PATIENTS),
        holders=tuple(_holder(install, one) for one in everyone),
        epochs=_epochs(install),
    )


def survey_one(install: Installation, question: protocol.SurveyOne) -> protocol.SurveyedOne:
    """Return who can open what belongs to one subject, each grant verified up to the root."""
    _note(install, question.subject.hex)
    rows = store.compartments_of(question.subject)
    found = store.openings([row.id for row in rows])
    return protocol.SurveyedOne(tuple(_compartment(install, found[row.id]) for row in rows))


def _note(install: Installation, asked: str) -> None:
    detail = {"asked": asked, "what": "survey"}
    install.recording.record([Deed(Act.OFFICER_ACT, SYSTEM, NOBODY, detail)])


def _holder(install: Installation, one: Colleague) -> parts.KeyHolder:
    card = install.cards.known(one.card)
    held = store.granted_to(_cards_of(install, one))
    budget, _alert = budget_of(install, one.role)
    return parts.KeyHolder(
        person=one.id,
        name=one.name,
        role=one.role,
        unit=one.unit,
        is_active=one.is_active,
        is_signed_in=install.memory.seats(one.id),
        card=one.card,
        card_until=0 if card is None else card.terms.not_after,
        generation=0 if card is None else card.terms.generation,
        slots=_slots_of(one.id),
        patients=len({row.subject for row in held if row.klass in A_PATIENTS}),
        charts=len({row.subject for row in held if row.klass in CLINICAL}),
        hour=budget.hour,
        day=budget.day or 0,
    )


def _cards_of(install: Installation, one: Colleague) -> frozenset[bytes]:
    try:
        return person_of(install, one.id, is_weak=False, network="").recipients
    except (No, Refused):
        # Somebody who has left: what still names the card is what was not withdrawn yet.
        return frozenset({one.card})


def _slots_of(person: UUID) -> tuple[int, ...]:
    return tuple(sorted(int(slots.parse(row.slot).kind) for row in store.slots_of(person)))


def _epochs(install: Installation) -> tuple[parts.KeyEpoch, ...]:
    count = count_slots()
    found = []
    for family in FAMILIES:
        current = install.epochs.current(family)
        numbers = {current, *(count if family == epochs.SLOT else ())}
        found += [
            parts.KeyEpoch(
                family, number, number == current, count[number] if family == epochs.SLOT else 0
            )
            for number in sorted(numbers)
        ]
    return tuple(found)


def _compartment(install: Installation, opening: Opening) -> parts.HeldCompartment:
    row = opening.compartment
    klass = CompartmentClass(row.klass)
    recovery = recovery_of(klass)
    return parts.HeldCompartment(
        compartment=row.id,
        klass=row.klass,
        epoch=row.epoch,
        pending_epoch=row.pending_epoch,
        readers=readers_of(install, holding.valid_grants(install, opening)),
        recoveries=() if recovery is None else (recovery.name.lower(),),
    )


ANSWERERS: Final[Mapping[type[protocol.Question], Any]] = {
    protocol.Survey: survey,
    protocol.SurveyOne: survey_one,
}
