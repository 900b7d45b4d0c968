"""Opening a patient's record in an emergency: a reason, a touch, an entry, a little budget.

What is opened is opened by `openings`, an entry each; this only says that it may be, until when.
The seed of the duty card never leaves the question that uses it.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from vaitiolo.keys import bodies, hetu, store
from vaitiolo.keys.cards import Role as CardRole
from vaitiolo.keys.hetu import IndexKey
from vaitiolo.keys.holders import HolderKeys
from vaitiolo.keys.kinds import CompartmentClass, Kind
from vaitiolo.keys.octets import wipe
from vaitiolo.keys.refused import Refused
from vaitiolo.keys.rows import CompartmentRow
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.heading import ChainCut
from vaitiolo.warden import parts, protocol
from vaitiolo.warden.emergency_parts import DutyDocument, LivingGlass
from vaitiolo.warden.kinds import Role
from vaitiolo.warden.protocol.touching import over
from vaitiolo.warden.server import (
    duty,
    duty_cards,
    emergencies,
    finding,
    holding,
    openings,
    sign_ins,
    touches,
    witnesses,
)
from vaitiolo.warden.server.glasses import GLASSES
from vaitiolo.warden.server.install import DAY, SECOND, Installation
from vaitiolo.warden.server.memory import MINUTE, Glass, Held, HeldRole, Person
from vaitiolo.warden.server.recording import HETU_INDEX, Deed
from vaitiolo.warden.server.refusing import No
from vaitiolo.warden.server.rosters import ROSTERS
from vaitiolo.warden.server.sign_ins import sit
from vaitiolo.warden.server.unlocked import Unlocked

LEAST_LETTERS: Final = 10
LONGEST_REASON: Final = 500
SPAN: Final = 28 * DAY
# In a day; looking somebody up takes two questions.
LOOKUPS: Final = 40


def on_duty(install: Installation, question: protocol.AskDuty) -> protocol.Duty:
    """Say what the asker could open in an emergency, and what is open now."""
    seat = sit(install, question.cookie)
    policy = install.trust.break_glass
    units = tuple(one.unit for one in _duties(install, seat.person))
    left = max(0, policy.patients_in_28_days - len(_opened_by(install, seat.person)))
    lived = emergencies.living(install, seat).values()
    return protocol.Duty(
        policy.enabled,
        units,
        policy.minutes,
        left,
        policy.witness,
        tuple(LivingGlass(one.opening, one.patient, one.until // SECOND) for one in lived),
    )


def find(install: Installation, question: protocol.FindOnDuty) -> protocol.FoundOnDuty:
    """Say whose identity code this is, among the patients of the units one is on call for.

    A tag is shared by strangers, so the documents behind it are compared here, and not shown.
    """
    seat = sit(install, question.cookie)
    duties = _demand_duty(install, seat.person, subject=HETU_INDEX)
    code = finding.code_of(question.hetu)
    install.hetu_pace.spend(install.clock())
    detail = {"person": seat.person.id.hex, "ground": emergencies.GROUND}
    # Counted and recorded in one turn: sessions that ask at once are not counted as one.
    with install.turns[seat.person.id]:
        _check_lookups(install, seat.person)
        install.recording.record([Deed(Act.HETU_FOUND, HETU_INDEX, seat.person.id, detail)])
    policy = install.trust.hetu
    key = IndexKey(policy.key, install.org, policy.salt)
    tagged = store.identities_tagged(hetu.tag(code, kms=install.kms, key=key))
    held = _reached(install, seat.person, duties=duties, compartments=tagged)
    with install.memory.keys(question.cookie, seat) as keys:
        for brought in question.documents:
            found = held.get(brought.compartment)
            if found is not None and _says(install, keys, found, brought=brought, code=code):
                return protocol.FoundOnDuty(found.subject, ())
    return protocol.FoundOnDuty(None, tuple(held))


def _check_lookups(install: Installation, person: Person) -> None:
    """Refuse to be asked for a list of codes: which of them is a patient's is told exactly."""
    actor, since = install.recording.tag(person.id), install.clock() - DAY
    if len(queries.indices_by(actor, Act.HETU_FOUND, since_us=since)) >= LOOKUPS:
        raise No("over-budget", subject=person.id, because="identity codes")


def break_glass(install: Installation, question: protocol.BreakGlass) -> protocol.GlassBroken:
    """Record an opening in an emergency, and let this session open the patient's record by it.

    Raises No(glass-off, no-reason, off-call, barred, not-granted, own-patient, no-touch,
    glass-spent, no-witness): in each of these cases nothing is opened.
    """
    seat = sit(install, question.cookie)
    person, patient = seat.person, question.patient
    rows = store.compartments_of(patient)
    subject = patient if any(row.klass in openings.A_PATIENTS for row in rows) else person.id
    duties = _demand_duty(install, person, subject=subject)
    _check_reason(question.reason, subject=subject)
    if duty.is_barred(install, subject):
        raise No("barred", subject=subject)
    role, charts = _reach(install, person, duties=duties, rows=rows, subject=subject)
    request = over("break-glass", patient, question.reason)
    touch = touches.demand(install, question.cookie, over=request, assertion=question.assertion)
    with install.turns[person.id], install.turns[role.unit]:
        _check_chains(install)
        _check_budget(install, person, patient, role=role)
        until = install.clock() + install.trust.break_glass.minutes * MINUTE
        detail = {
            "network": person.network,
            "person": person.id.hex,
            "reason": question.reason.strip(),
            "role": person.role,
            "touch": touches.said(touch),
            "unit": role.unit.hex,
            "until": until,
        }
        team = _team(install, charts)
        opening = _record(install, person, patient, detail=detail, team=team)
    named = install.trust.break_glass.witness
    if named:
        witnesses.demand(install, opening, subject=patient, named=named)
    seat.glasses[patient] = Glass(opening, patient, role, until)
    return protocol.GlassBroken(opening, until // SECOND)


def end(install: Installation, question: protocol.EndGlass) -> protocol.Done:
    """End an opening before its time; asking twice is no fault."""
    seat = sit(install, question.cookie)
    glass = seat.glasses.pop(question.patient, None)
    if glass is not None:
        install.memory.take_back(question.cookie, question.patient)
        detail = {"opening": glass.opening}
        install.recording.record(
            [
                Deed(Act.BREAK_GLASS_ENDED, question.patient, seat.person.id, detail),
                Deed(Act.BREAK_GLASS_ENDED, GLASSES, seat.person.id, detail),
            ]
        )
    return protocol.Done()


def _check_reason(reason: str, *, subject: UUID) -> None:
    letters = sum(one.isalpha() for one in reason)
    if letters < LEAST_LETTERS or len(reason) > LONGEST_REASON:
        raise No("no-reason", subject=subject, because=f"{letters} letters")


def _demand_duty(install: Installation, person: Person, *, subject: UUID) -> list[HeldRole]:
    if not install.trust.break_glass.enabled:
        raise No("glass-off", subject=subject)
    duties = _duties(install, person)
    if not duties:
        raise No("off-call", subject=subject)
    return duties


def _duties(install: Installation, person: Person) -> list[HeldRole]:
    """Return the duty cards that somebody may use now: on the roster, sealed to, the newest."""
    if not install.trust.break_glass.enabled or person.role != Role.THERAPIST:
        return []
    rosters = install.rosters.everyones()
    found = sign_ins.roles_of(install, frozenset(person.cards))
    return [
        one
        for one in found
        if one.role == CardRole.DUTY and person.id in rosters.get(one.unit, frozenset())
    ]


def _reach(
    install: Installation,
    person: Person,
    *,
    duties: Sequence[HeldRole],
    rows: Sequence[CompartmentRow],
    subject: UUID,
) -> tuple[HeldRole, list[Held]]:
    """Return by which duty card a patient's record is reached, and the charts that it opens."""
    ids = [row.id for row in rows if row.klass in duty_cards.REACHED]
    helds = list(_reached(install, person, duties=duties, compartments=ids).values())
    charts = [held for held in helds if held.klass is CompartmentClass.CHART]
    if any(held.role is None for held in charts):
        raise No("own-patient", subject=subject)
    if not helds:
        raise No("not-granted", subject=subject, because="no duty grant")
    role = next((held.role for held in [*charts, *helds] if held.role is not None), None)
    if role is None:
        raise No("own-patient", subject=subject)
    return role, charts


def _reached(
    install: Installation,
    person: Person,
    *,
    duties: Sequence[HeldRole],
    compartments: Sequence[UUID],
) -> dict[UUID, Held]:
    """Return which of these are held by a duty card, or by the person's own card."""
    found: dict[UUID, Held] = {}
    for role in duties:
        with_duty = emergencies.with_duty(person, role)
        for one in compartments:
            try:
                held = holding.find(install, with_duty, one)
            except (No, Refused):
                continue
            found.setdefault(one, held)
    return found


def _check_chains(install: Installation) -> None:
    """Return if nothing is missing of what rosters and budgets are read from. Raises Refused."""
    try:
        for chain in (ROSTERS, GLASSES):
            install.heads.check(install.recording.tag(chain))
    except ChainCut:
        raise Refused("chain.cut") from None


def _check_budget(install: Installation, person: Person, patient: UUID, *, role: HeldRole) -> None:
    policy, tag = install.trust.break_glass, install.recording.tag(patient)
    if len(_opened_by(install, person) | {tag}) > policy.patients_in_28_days:
        raise No("glass-spent", subject=patient, because="clinician")
    since = install.clock() - DAY
    of_unit = {
        one.patient
        for one in install.glasses.everyones().values()
        if one.unit == role.unit and one.at >= since
    }
    if len(of_unit | {tag}) > policy.unit_patients_a_day:
        raise No("glass-spent", subject=patient, because="unit")


def _opened_by(install: Installation, person: Person) -> frozenset[bytes]:
    """Return whose records somebody opened so within the span: of the ledger, not of a session."""
    since = install.clock() - SPAN
    # Out of the leaves: a column beside them says what the database's owner wrote.
    return frozenset(
        one.patient
        for one in install.glasses.everyones().values()
        if one.opener == person.id and one.at >= since
    )


def _team(install: Installation, charts: Sequence[Held]) -> list[UUID]:
    """Return the therapists who hold a chart: those who are told, and asked the next morning."""
    grants = [grant for held in charts for grant in held.others]
    readers = openings.readers_of(install, grants)
    return sorted({one.person for one in readers if one.person and one.role == Role.THERAPIST})


def _record(
    install: Installation,
    person: Person,
    patient: UUID,
    *,
    detail: Mapping[str, object],
    team: Sequence[UUID],
) -> int:
    """Write an opening on the patient's chain, then on that of openings; return where that is."""
    [entry] = install.recording.record([Deed(Act.BREAK_GLASS, patient, person.id, detail)])
    said = {
        "entry": entry,
        "opener": person.id.hex,
        # A tag and not an id: who is erased is not named here any more either.
        "patient": install.recording.tag(patient).hex(),
        "team": [one.hex for one in team],
        "unit": detail["unit"],
        "until": detail["until"],
    }
    return install.recording.record([Deed(Act.BREAK_GLASS, GLASSES, person.id, said)])[0]


def _says(
    install: Installation, keys: HolderKeys, held: Held, *, brought: DutyDocument, code: str
) -> bool:
    """Return whether an identity document has this code. What else it says goes with the block."""
    # A patient's identity documents stand in the patient's own row.
    where = parts.Place(Kind.IDENTITY, held.subject, brought.version)
    epochs = [held] if held.coming is None else [held, held.coming]
    for one in epochs:
        with holding.key_of(install, keys, one) as dk:
            unlocked = Unlocked(install, one, dk, keys, b"")
            try:
                place, body = unlocked.unseal(parts.Sealed(where, brought.sealed))
            except Refused:
                continue
        try:
            signed = bodies.check_body(body, place, public_key_of=install.cards.signing_key)
            return bool(json.loads(signed.text).get("hetu") == code)
        except (Refused, ValueError, AttributeError):
            return False
        finally:
            wipe(body)
    return False


ANSWERERS: Final[Mapping[type[protocol.Question], Any]] = {
    protocol.AskDuty: on_duty,
    protocol.FindOnDuty: find,
    protocol.BreakGlass: break_glass,
    protocol.EndGlass: end,
}
