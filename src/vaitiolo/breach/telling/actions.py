"""What is done to tellings: planned, approved, written step by step, stopped, settled by people.

Each deed is in the ledger before it is stored here. No name or address passes through, but in
letters that are printed and in what an officer opens to reach somebody by hand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from vaitiolo.breach import access as cases
from vaitiolo.breach.access import CaseNotRunning
from vaitiolo.breach.duties import queries as duties
from vaitiolo.breach.leaks import queries as leaks
from vaitiolo.breach.leaks.queries import FoundParts
from vaitiolo.breach.models import Telling
from vaitiolo.breach.scope import access as scope_access
from vaitiolo.breach.scope import queries as scopes
from vaitiolo.breach.telling import access, folding, reading, storing
from vaitiolo.breach.telling.access import (
    MOST_AT_ONCE,
    KnownTelling,
    NotAllowed,
    Outcome,
    TellingContact,
    TellingHelper,
    TellingPlan,
    ToldOne,
    ToTell,
)
from vaitiolo.breach.telling.reading import PlanSaid
from vaitiolo.breach.telling.words import PARTS
from vaitiolo.breach.told import access as told_access
from vaitiolo.kit.errors import Refusal
from vaitiolo.kit.ids import HolderId
from vaitiolo.notices import writing
from vaitiolo.notices.waves import TooSlow
from vaitiolo.people import actions as people
from vaitiolo.people import desks, listed
from vaitiolo.people.actor import Actor
from vaitiolo.people.desk_calls import CallFirst
from vaitiolo.warden.kinds import CompartmentClass
from vaitiolo.warden.scope_parts import ScopeFacts

NOT_SEARCHED: Final = FoundParts(is_searched=False, parts={})
CLASSES: Final = {
    CompartmentClass.IDENTITY: "identity",
    CompartmentClass.CHART: "chart",
    CompartmentClass.WORKING: "working",
    CompartmentClass.SHARED: "shared",
}


class WavesTooSlow(Refusal):
    """So few answer that the last would be told after too many waves."""

    status = HTTPStatus.CONFLICT
    message = _(
        "With so few calls an hour the last would be told much too late. Nothing was planned or "
        "written: find more people who answer, and plan again."
    )


@dataclass(frozen=True, slots=True)
class Written:
    """How far the writing has come."""

    done: int
    total: int


def plan(
    actor: Actor, incident: UUID, scope: int, *, said: PlanSaid, telling: KnownTelling | None
) -> KnownTelling:
    """Plan a telling for everybody on a kept list. Raises ScopeNotFound, TellingWrong.

    The contact case is opened here, for exactly the people of the list; a next plan of the same
    telling and list keeps the case that there is.
    """
    within = reading.asked_in(actor, incident, scope)
    page = scope_access.list_some(actor, scope, start=0, count=1, controller="", incident=within)
    if telling is not None and telling.plan.scope == scope:
        case = telling.plan.case
    else:
        patients = scopes.everybody(actor, scope, incident=within)
        case = cases.open_case(actor, patients, reason=str(_("Telling the people of a kept list")))
    again = telling.plan.followup if telling is not None else 0
    planned = _planned(said, page.facts, case=case, again=again)
    known = access.plan(actor, incident, planned, telling=telling.telling if telling else None)
    storing.keep_telling(known.telling, incident, is_stopped=False)
    if not told_access.has_box(known.telling):
        told_access.open_box(actor, incident, known.telling)
    return known


def plan_again(
    actor: Actor, incident: UUID, telling: KnownTelling, *, number: int, at: datetime
) -> KnownTelling:
    """Copy the plan for the next time that the same people are told; another officer approves."""
    first_at = int((at + folding.HELPERS_BEFORE + timedelta(minutes=30)).timestamp())
    texts = writing.newest()
    plain = {name: getattr(telling.plan, name) for name in TellingPlan.__slots__}
    plain |= {
        "followup": number,
        "first_at": first_at,
        "texts": texts.version,
        "texts_hash": texts.hash,
    }
    return access.plan(actor, incident, TellingPlan(**plain), telling=telling.telling)


def approve(actor: Actor, incident: UUID, telling: UUID, *, plan_hash: bytes, at: datetime) -> None:
    """Approve another officer's plan. Raises TellingNeedsSecond, TellingChanged.

    A hold that lasts holds this telling too: what is written waits until it is over.
    """
    held = duties.read(actor, incident, at=at).hold
    made = access.approve(actor, telling, plan_hash=plan_hash)
    storing.keep_telling(telling, incident, is_stopped=False)
    if held is not None and held.lasts(at):
        Telling.objects.filter(id=telling).update(not_before=held.ends_at())
    storing.keep_helpers(telling, made)


def stop(actor: Actor, incident: UUID, telling: UUID, *, reason: str) -> None:
    """Stop a telling at once. What waits stays as it is."""
    # The worker is kept off first: should the warden be away, nothing more goes all the same.
    storing.keep_telling(telling, incident, is_stopped=True)
    access.stop(actor, telling, reason=reason)


def go_on(actor: Actor, incident: UUID, telling: UUID, *, reason: str) -> None:
    """Let a stopped telling go on. Raises TellingChanged."""
    access.go_on(actor, telling, reason=reason)
    storing.keep_telling(telling, incident, is_stopped=False)


def write_some(actor: Actor, known: KnownTelling, *, start: int, at: datetime) -> Written:
    """Write the notices of the next step and store them. Raises CaseNotRunning, WavesTooSlow.

    Who has one in this round is passed over, so that a step may be made again at any time.
    """
    again, total = known.plan.followup, known.patients
    try:
        given = access.next_to_tell(actor, known.telling, start=start, count=MOST_AT_ONCE)
        total = given.total
        dues = _dues(known, total, at=at)
        ids = [one.patient for one in given.patients]
        has = storing.already(known.telling, ids, again=again)
        places = {one: start + place for place, one in enumerate(ids) if one not in has}
        told = _tell(actor, known, {one: dues[place] for one, place in places.items()})
    except NotAllowed:
        raise CaseNotRunning from None
    done = start + len(given.patients) if given.patients else total
    waves = {one: dues[place][0] for one, place in places.items()}
    if storing.keep(known.telling, told, waves=waves):
        _ask_to_call(actor, known, told)
    return Written(min(done, total), total)


def to_tell(
    known: KnownTelling,
    dues: Mapping[UUID, tuple[int, int]],
    *,
    without: Mapping[UUID, tuple[str, ...]],
    found: FoundParts = NOT_SEARCHED,
) -> list[ToTell]:
    """Return what the warden needs of each: the record as it is sealed, when, and what failed."""
    ids = list(dues)
    sealed = listed.sealed_identities(ids)
    states = reading.newest_state(known.telling, ids)
    return [
        ToTell(
            patient=one,
            document=sealed.get(one),
            wave=wave,
            due=due,
            found=found.of(one),
            state=states.get(one, b""),
            without=without.get(one, ()),
        )
        for one, (wave, due) in dues.items()
    ]


def _tell(
    actor: Actor, known: KnownTelling, dues: Mapping[UUID, tuple[int, int]]
) -> tuple[ToldOne, ...]:
    if not dues:
        return ()
    found = leaks.found_parts(actor, known.incident)
    return access.tell_some(actor, known.telling, to_tell(known, dues, without={}, found=found))


def _dues(known: KnownTelling, total: int, *, at: datetime) -> tuple[tuple[int, int], ...]:
    first_at = reading.starts_at(known, at=at)
    an_hour, again = known.plan.calls_an_hour, known.plan.followup
    try:
        return folding.dues_of(total, an_hour=an_hour, first_at=first_at, again=again)
    except TooSlow:
        raise WavesTooSlow from None


def _ask_to_call(actor: Actor, known: KnownTelling, told: Sequence[ToldOne]) -> None:
    """Lay a call on the desk of each therapist who calls first."""
    tier = _tier_of(actor, known) if any(one.outcome == Outcome.CALL_FIRST for one in told) else ""
    events = []
    for one in told:
        if one.outcome == Outcome.CALL_FIRST and one.therapist is not None and one.notices:
            first = one.notices[0]
            until = folding.moment(first.due)
            call = CallFirst(one.patient, known.telling, until, tier)
            at = folding.moment(known.approved)
            events.append((HolderId(one.therapist), desks.call_wanted(first.row, call, at=at)))
    people.lay_on_desks(actor, events)


def _tier_of(actor: Actor, known: KnownTelling) -> str:
    """Return how far it came where that is the same for everybody on the list; else nothing."""
    if actor.role not in reading.MAY_PLAN:
        return ""
    scope = known.plan.scope
    within = reading.asked_in(actor, known.incident, scope)
    page = scope_access.list_some(actor, scope, start=0, count=1, controller="", incident=within)
    tiers = {one.tier for one in page.facts.counts}
    names = {scope_access.Tier.READ: "taken", scope_access.Tier.COULD: "could"}
    found = {names.get(scope_access.Tier(tier), "") for tier in tiers}
    return found.pop() if len(found) == 1 else ""


def _planned(said: PlanSaid, facts: ScopeFacts, *, case: UUID, again: int) -> TellingPlan:
    texts = writing.find_texts(said.texts)
    return TellingPlan(
        scope=facts.scope,
        list_hash=facts.list_hash,
        case=case,
        texts=texts.version,
        texts_hash=texts.hash,
        address=said.address,
        contact=TellingContact(said.phone, said.hours, said.post),
        helpers=tuple(TellingHelper(name, email) for name, email in said.helpers),
        calls_an_hour=said.calls_an_hour,
        first_at=said.first_at,
        happened_from=said.happened_from,
        happened_to=said.happened_to,
        known_since=said.known_since,
        untouched=_untouched(facts),
        audiences=said.audiences,
        followup=again,
    )


def _untouched(facts: ScopeFacts) -> tuple[str, ...]:
    """Return which parts of a record were reached of nobody on the list."""
    reached = {
        CLASSES.get(CompartmentClass(one.klass))
        for one in facts.counts
        if one.klass and one.tier <= scope_access.Tier.COULD and one.patients
    }
    return tuple(one for one in PARTS if one not in reached)
