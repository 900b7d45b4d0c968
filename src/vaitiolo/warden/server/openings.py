"""Opening compartments: all or none, judged, counted and recorded before a handle exists."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from vaitiolo.keys.cards import CardClass
from vaitiolo.keys.fields import NO_END
from vaitiolo.keys.grants import Grant
from vaitiolo.keys.kinds import CompartmentClass, recovery_of
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.warden import parts, protocol
from vaitiolo.warden.budgets import Budget, allows
from vaitiolo.warden.kinds import Mode, Purpose, Role
from vaitiolo.warden.server import emergencies, holding
from vaitiolo.warden.server.install import DAY, Installation
from vaitiolo.warden.server.memory import MINUTE, Held, Person, Seat
from vaitiolo.warden.server.recording import Deed
from vaitiolo.warden.server.refusing import No
from vaitiolo.warden.server.sign_ins import sit

HOUR: Final = 60 * MINUTE

OPENING: Final[Mapping[CompartmentClass, Act]] = {
    CompartmentClass.IDENTITY: Act.OPEN_IDENTITY,
    CompartmentClass.CHART: Act.OPEN_CHART,
    CompartmentClass.WORKING: Act.OPEN_WORKING,
    CompartmentClass.SHARED: Act.OPEN_SHARED,
    CompartmentClass.PHONEBOOK: Act.OPEN_PHONEBOOK,
    CompartmentClass.DIARY: Act.OPEN_DIARY,
    CompartmentClass.DESK: Act.OPEN_DESK,
    CompartmentClass.CASE: Act.OPEN_CASE,
    CompartmentClass.COPY: Act.OPEN_COPY,
}
A_PATIENTS: Final = frozenset(
    {
        CompartmentClass.IDENTITY,
        CompartmentClass.CHART,
        CompartmentClass.WORKING,
        CompartmentClass.SHARED,
        CompartmentClass.COPY,
    }
)
CLINICAL: Final = A_PATIENTS - {CompartmentClass.IDENTITY}
# Patients are counted, not documents: any of these counts the patient once.
COUNTED: Final = frozenset(OPENING[klass] for klass in A_PATIENTS)


def open_compartments(install: Installation, question: protocol.Open) -> protocol.Opened:
    """Answer with a handle for each compartment, in the order asked."""
    seat = sit(install, question.cookie)
    person = seat.person
    helds = emergencies.find_all(install, seat, [one.compartment for one in question.wanted])
    asked = list(zip(question.wanted, helds, strict=True))
    for wanted, held in asked:
        _check(wanted, held)
    reads = [(wanted, held) for wanted, held in asked if wanted.mode == Mode.READ]
    if reads:
        with install.turns[person.id]:
            alert = _spend(install, person, [held for _, held in reads])
            install.recording.record([_deed(seat, *read) for read in reads] + alert)
    now = install.clock()
    return protocol.Opened(
        tuple(
            _opened(
                install,
                held,
                handle=install.memory.hand_out(
                    question.cookie,
                    held,
                    wanted=wanted,
                    now=now,
                    until=emergencies.end_of(seat, held),
                ),
            )
            for wanted, held in asked
        )
    )


def _check(wanted: parts.Wanted, held: Held) -> None:
    if wanted.mode not in set(Mode) or wanted.purpose not in set(Purpose):
        raise No("not-allowed", subject=held.subject, because="mode or purpose")
    if emergencies.is_one(held) and wanted.mode != Mode.READ:
        raise No("not-allowed", subject=held.subject, because="an emergency is for reading")
    if held.klass not in OPENING:
        raise No("not-granted", subject=held.subject, because="class")


def _spend(install: Installation, person: Person, helds: Sequence[Held]) -> list[Deed]:
    """Refuse what is over the budget; return the alert if this opening reaches its figure."""
    tags = frozenset(
        install.recording.tag(held.subject) for held in helds if held.klass in A_PATIENTS
    )
    if not tags:
        return []
    # Whoever kept charts from an earlier role opens them no faster than those who treat.
    is_clinical = any(held.klass in CLINICAL for held in helds)
    budget, alert_at = budget_of(install, Role.THERAPIST if is_clinical else person.role)
    actor, now = install.recording.tag(person.id), install.clock()
    today = queries.distinct_subjects(actor, COUNTED, since_us=now - DAY)
    hour = queries.distinct_subjects(actor, COUNTED, since_us=now - HOUR)
    if not allows(budget, wanted=tags, this_hour=hour, today=today):
        raise No("over-budget", subject=person.id, because=f"{len(hour)} {len(today)}")
    after = len(today | tags)
    if alert_at is not None and len(today) < alert_at <= after:
        return [Deed(Act.ALERT, person.id, person.id, {"patients": after, "rule": "day"})]
    return []


def budget_of(install: Installation, role: int) -> tuple[Budget, int | None]:
    """Return how many patients a role may open, and at how many a day somebody is told."""
    budgets = install.trust.budgets
    if role == Role.THERAPIST:
        team = budgets.care_team
        return Budget(team.hour, team.day), team.alert_day
    if role == Role.BILLING:
        return Budget(None, budgets.billing.identity_day), None
    return Budget(None, budgets.reception.identity_day), None


def _deed(seat: Seat, wanted: parts.Wanted, held: Held) -> Deed:
    person = seat.person
    detail = {
        "compartment": held.compartment.hex,
        "for": wanted.purpose,
        "ground": emergencies.GROUND if emergencies.is_one(held) else wanted.ground,
        "network": person.network,
        "person": person.id.hex,
        "role": person.role,
        "session": seat.way.session.hex,
    }
    return Deed(OPENING[held.klass], held.subject, person.id, detail)


def _opened(install: Installation, held: Held, *, handle: bytes) -> parts.OpenedOne:
    recovery = recovery_of(held.klass)
    return parts.OpenedOne(
        handle=handle,
        compartment=held.compartment,
        klass=held.klass,
        readers=readers_of(install, holding.newest(held).others),
        recoveries=() if recovery is None else (recovery.name.lower(),),
    )


def readers_of(install: Installation, valid: Sequence[Grant]) -> tuple[parts.Reader, ...]:
    """Return who can open a compartment, computed from valid grants and from nothing else."""
    readers: dict[tuple[UUID | None, UUID | None, int], parts.Reader] = {}
    for grant in valid:
        card = install.cards.known(grant.recipient)
        if card is None or card.klass is CardClass.RECOVERY:
            continue
        until = None if grant.until == NO_END else grant.until
        if card.klass is CardClass.ROLE:
            reader = parts.Reader(None, "", card.role, card.holder, until)
        else:
            colleague = install.directory.find(card.holder)
            unit = None if colleague is None else colleague.unit
            name = install.directory.name_of(card.holder)
            reader = parts.Reader(card.holder, name, card.role, unit, until)
        who = (reader.person, reader.unit, reader.role)
        if who not in readers or _lasts_longer(reader, readers[who]):
            readers[who] = reader
    return tuple(readers.values())


def _lasts_longer(reader: parts.Reader, other: parts.Reader) -> bool:
    if reader.until is None or other.until is None:
        return reader.until is None
    return reader.until > other.until


ANSWERERS: Final[Mapping[type[protocol.Question], Any]] = {protocol.Open: open_compartments}
