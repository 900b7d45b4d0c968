"""Who is on call, and whose records a duty card reaches: set, sealed to, barred and allowed again.

A registrar or a manager says who is on call; only who holds the seed of the duty card, or a
registrar who makes a new one, brings somebody in. Nothing is opened here.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from vaitiolo.keys import store
from vaitiolo.keys.cards import Role as CardRole
from vaitiolo.keys.cards import TrustedCard
from vaitiolo.keys.fields import NO_END
from vaitiolo.keys.grants import Grant
from vaitiolo.keys.holders import HolderKeys
from vaitiolo.keys.kinds import CompartmentClass
from vaitiolo.keys.refused import Refused
from vaitiolo.keys.rows import DueReason
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.warden import protocol
from vaitiolo.warden.emergency_parts import Roster
from vaitiolo.warden.kinds import Role
from vaitiolo.warden.protocol.touching import over
from vaitiolo.warden.server import (
    duty_cards,
    granting,
    holding,
    sign_ins,
    touches,
    turning,
    unit_books,
    unit_cards,
    withdrawing,
)
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.memory import Held, Person, Seat
from vaitiolo.warden.server.recording import Deed
from vaitiolo.warden.server.refusing import No
from vaitiolo.warden.server.rosters import ROSTERS
from vaitiolo.warden.server.sign_ins import sit

MOST_ON_CALL: Final = 40
# What one question seals to a duty card, so that it is over before anybody waits for it.
AT_ONCE: Final = 50
SETTERS: Final = frozenset({Role.REGISTRAR, Role.MANAGER})
CHOICES: Final = frozenset({Act.BREAK_GLASS_BARRED, Act.BREAK_GLASS_ALLOWED})

# --- the rosters --------------------------------------------------------------------


def rosters(install: Installation, question: protocol.AskRosters) -> protocol.Rosters:
    """Return who is on call for which unit. Raises No(not-allowed)."""
    _demand_setter(sit(install, question.cookie).person)
    found = install.rosters.everyones()
    return protocol.Rosters(
        install.trust.break_glass.enabled,
        tuple(
            Roster(unit, tuple(sorted(persons)), _ready(install, unit))
            for unit, persons in sorted(found.items())
        ),
    )


def set_roster(install: Installation, question: protocol.SetRoster) -> protocol.Done:
    """Say who is on call for a unit. Who is taken off opens nothing from this moment on.

    Raises No(not-allowed, glass-off, no-touch). The duty card is made, or exchanged, by whichever
    registrar next settles; who is added is let in by any colleague on call, or then.
    """
    person = sit(install, question.cookie).person
    _demand_setter(person)
    if not install.trust.break_glass.enabled:
        raise No("glass-off", subject=person.id)
    if not unit_books.is_unit(install, question.unit) or len(question.persons) > MOST_ON_CALL:
        raise No("not-allowed", subject=person.id, because="unit or too many")
    for one in question.persons:
        granting.person_card(install, one, CompartmentClass.CHART)
    persons = sorted(set(question.persons))
    request = over("roster", question.unit, *persons)
    touch = touches.demand(install, question.cookie, over=request, assertion=question.assertion)
    detail = {
        "persons": [one.hex for one in persons],
        "touch": touches.said(touch),
        "unit": question.unit.hex,
    }
    install.recording.record([Deed(Act.ROSTER, ROSTERS, person.id, detail)])
    return protocol.Done()


def _demand_setter(person: Person) -> None:
    if person.role not in SETTERS:
        raise No("not-allowed", subject=person.id, because="roster")


def _ready(install: Installation, unit: UUID) -> tuple[UUID, ...]:
    """Return to whom of those on call the seed of the unit's newest duty card is sealed."""
    card = duty_cards.newest(install, unit)
    on_call = duty_cards.on_call(install, unit)
    if card is None:
        return ()
    return tuple(
        one.id
        for one in on_call
        if any(held.card == card.id for held in _duties_of(install, one.card))
    )


def _duties_of(install: Installation, card: bytes) -> Iterable[Any]:
    try:
        return sign_ins.roles_of(install, frozenset({card}))
    except Refused:
        return ()


# --- what whoever is signed in can do for it ------------------------------------------


def settle(install: Installation, cookie: bytes, seat: Seat) -> None:
    """Let in who is newly on call, and give the duty card what its unit's therapists hold.

    Once in a session for each duty card. What is barred stays barred.
    """
    if not install.trust.break_glass.enabled or seat.person.role != Role.THERAPIST:
        return
    unit = seat.person.unit
    cards = duty_cards.of_units(install, [] if unit is None else [unit])
    fresh = [card for card in cards if card.id not in seat.on_duty_cards]
    outside = _outside(install, seat.person)
    if not fresh and not outside:
        return
    with install.memory.keys(cookie, seat) as keys:
        for compartment, card in outside:
            _give(install, seat.person, keys, compartment=compartment, card=card)
        for card in fresh:
            if _reach_all(install, seat.person, keys, card=card):
                seat.on_duty_cards |= {card.id}


def _outside(install: Installation, person: Person) -> list[tuple[UUID, TrustedCard]]:
    """Return who is on call beside somebody who holds the seed, and has it not yet."""
    found = []
    newest = {row.id for row in unit_cards.newest(install)}
    for role in sign_ins.roles_of(install, frozenset(person.cards)):
        if role.role != CardRole.DUTY or role.card not in newest:
            continue
        held = holding.find(install, person, role.compartment)
        inside = {install.cards.known(grant.recipient) for grant in held.others}
        holders = {card.holder for card in inside if card is not None}
        for one in duty_cards.on_call(install, role.unit):
            if person.id in install.rosters.of(role.unit) and one.id not in holders:
                card = granting.person_card(install, one.id, CompartmentClass.ROLE)
                found.append((role.compartment, card))
    return found


def _reach_all(
    install: Installation, person: Person, keys: HolderKeys, *, card: TrustedCard
) -> bool:
    """Seal what somebody holds of patients to a duty card; return whether nothing is left."""
    rows = [
        row
        for klass in sorted(duty_cards.REACHED)
        for row in store.granted_to(person.cards, klass=klass)
    ]
    lacking = [
        one.compartment
        for one in store.openings(row.id for row in rows).values()
        if card.id not in {grant.recipient_card for grant in one.grants}
        and not is_barred(install, one.compartment.subject)
    ]
    for row in lacking[:AT_ONCE]:
        with install.turns[row.id]:
            _give(install, person, keys, compartment=row.id, card=card)
    return len(lacking) <= AT_ONCE


def _give(
    install: Installation, person: Person, keys: HolderKeys, *, compartment: UUID, card: TrustedCard
) -> None:
    try:
        held = holding.find(install, person, compartment)
        epochs = [held] if held.coming is None else [held, held.coming]
        made = [granting.child(install, keys, one, card=card, until=NO_END) for one in epochs]
        granting.keep(install, person, held, made=made, card=card)
    except No:
        # Withdrawn or turned meanwhile: the next session goes on from what stands then.
        return


# --- a patient who is not to be opened so ---------------------------------------------


def is_barred(install: Installation, patient: UUID) -> bool:
    """Return whether a therapist barred a patient from being opened in an emergency."""
    last = queries.last_act(install.recording.tag(patient), CHOICES)
    return last == Act.BREAK_GLASS_BARRED


def bar(install: Installation, question: protocol.BarGlass) -> protocol.Done:
    """Take a patient's record from the duty cards, its key turned, or give it to them again.

    By a therapist who holds the chart without an end. Raises No(not-granted, glass-off).
    """
    seat = sit(install, question.cookie)
    person = seat.person
    rows = store.compartments_of(question.patient)
    own = {row.id for row in store.granted_to(person.cards)}
    held = [
        holding.find(install, person, row.id)
        for row in rows
        if row.klass in duty_cards.REACHED and row.id in own
    ]
    if not any(_is_own_chart(one) for one in held):
        raise No("not-granted", subject=person.id, because="not of the own caseload")
    if question.is_barred:
        _bar(install, question, seat, held=held)
    else:
        _allow(install, question, seat, held=held)
    return protocol.Done()


def _is_own_chart(held: Held) -> bool:
    return held.klass is CompartmentClass.CHART and held.grant.until == NO_END


def _bar(
    install: Installation, question: protocol.BarGlass, seat: Seat, *, held: Sequence[Held]
) -> None:
    person, patient = seat.person, question.patient
    losses = [(one, _duty_grants(install, one)) for one in held]
    losses = [(one, lost) for one, lost in losses if lost]
    install.recording.record(
        [
            Deed(Act.BREAK_GLASS_BARRED, patient, person.id, {"person": person.id.hex}),
            *(withdrawing.deed(one, person, lost=lost, because="barred") for one, lost in losses),
        ]
    )
    withdrawing.remove([(one.compartment, lost) for one, lost in losses])
    ids = [one.compartment for one, _ in losses]
    store.ask_rotation(ids, without=(), why=DueReason.WITHDRAWN, on=install.today())
    with install.memory.keys(question.cookie, seat) as keys:
        turner = turning.Turner(install, person, keys)
        for compartment in ids:
            with install.turns[compartment]:
                turner.turn(compartment)


def _duty_grants(install: Installation, held: Held) -> list[Grant]:
    both = [*held.others, *(() if held.coming is None else held.coming.others)]
    return [one for one in both if duty_cards.is_duty(install.cards.known(one.recipient))]


def _allow(
    install: Installation, question: protocol.BarGlass, seat: Seat, *, held: Sequence[Held]
) -> None:
    person = seat.person
    cards = duty_cards.of_units(install, [] if person.unit is None else [person.unit])
    if not cards:
        raise No("glass-off", subject=question.patient)
    deed = Deed(Act.BREAK_GLASS_ALLOWED, question.patient, person.id, {"person": person.id.hex})
    install.recording.record([deed])
    with install.memory.keys(question.cookie, seat) as keys:
        for one in held:
            if not _duty_grants(install, holding.newest(one)):
                _give(install, person, keys, compartment=one.compartment, card=cards[0])


ANSWERERS: Final[Mapping[type[protocol.Question], Any]] = {
    protocol.AskRosters: rosters,
    protocol.SetRoster: set_roster,
    protocol.BarGlass: bar,
}
