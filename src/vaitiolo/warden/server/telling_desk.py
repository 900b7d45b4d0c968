"""One step of a telling: who may make notices, for whom, and what opens their records.

An approved telling, its running case, both lists; whoever is on one of them alone is refused.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID

from vaitiolo.keys import store
from vaitiolo.keys.holders import HolderKeys
from vaitiolo.keys.refused import Refused
from vaitiolo.keys.rows import Opening
from vaitiolo.kit.dates import day_since
from vaitiolo.warden.server import (
    cases,
    incident_story,
    scoping,
    telling,
    telling_pages,
    telling_state,
    telling_story,
)
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.memory import Person, Seat
from vaitiolo.warden.server.recording import Deed
from vaitiolo.warden.server.refusing import No
from vaitiolo.warden.server.running_cases import Running
from vaitiolo.warden.server.scope_found import Row
from vaitiolo.warden.server.sign_ins import sit
from vaitiolo.warden.server.telling_story import SECOND, Story
from vaitiolo.warden.server.unlocked import Unlocked, unlocked
from vaitiolo.warden.telling_parts import MOST_AT_ONCE, TellingPlan, ToTell

LATEST: Final = 0xFFFFFFFF  # what an outbox row has room for


@dataclass(frozen=True, slots=True)
class Desk:
    """One step of a telling: what it makes notices with. It lives as long as the question."""

    install: Installation
    seat: Seat
    story: Story
    plan: TellingPlan
    running: Running
    reference: str
    rows: Mapping[UUID, Sequence[Row]] = field(repr=False)
    keys: HolderKeys = field(repr=False)
    # The case of this plan, and those in which earlier notices were made.
    cases: Mapping[UUID, Unlocked] = field(repr=False)

    @property
    def person(self) -> Person:
        """Who asks."""
        return self.seat.person

    @property
    def today(self) -> date:
        """The warden's day."""
        return day_since(self.install.today())


@contextmanager
def at_desk(
    install: Installation, cookie: bytes, telling_id: UUID, *, people: Sequence[ToTell]
) -> Iterator[Desk]:
    """Open what notices are made with, for an approved telling and its running case. Raises No."""
    seat = sit(install, cookie)
    story = telling_story.ready(install, telling_id)
    plan = story.plan
    if not 1 <= len(people) <= MOST_AT_ONCE or len({one.patient for one in people}) != len(people):
        raise No("question-broken", subject=telling_id, because="how many")
    with cases.running_for(install, plan.case, seat.person) as running, ExitStack() as stack:
        check_list(install, story, running)
        rows = _reach(install, seat.person, story, running=running)
        for one in people:
            _check_person(story, running, one=one, is_reached=one.patient in rows)
        reference = f"V-{incident_story.find(install, story.incident).number}"
        keys = stack.enter_context(HolderKeys(running.seed, install.org))
        named = {plan.case, *(telling_state.case_of(one.state) or plan.case for one in people)}
        holds = [telling_state.held(install, seat, one) for one in sorted(named)]
        opened = {
            held.subject: stack.enter_context(unlocked(install, seat, held, cookie=cookie))
            for held in holds
        }
        yield Desk(install, seat, story, plan, running, reference, rows, keys, opened)


def check_list(install: Installation, story: Story, running: Running) -> None:
    """Refuse a case whose list is not the plan's. Raises Refused."""
    list_hash = cases.list_hash_of(install.org, running.case, running.patients).hex()
    if story.planned.said["list"] != list_hash:
        raise Refused("telling.list")


def _check_person(story: Story, running: Running, *, one: ToTell, is_reached: bool) -> None:
    """Refuse whoever is not on both lists, and what comes before its time. Raises No."""
    if one.patient not in running.on_list or not is_reached:
        raise No("not-granted", subject=one.patient, because="not on both lists")
    first_at, approved = story.plan.first_at, story.approved
    if story.plan.helpers and approved is not None:
        first_at = max(first_at, approved.time_us // SECOND + telling.HELPERS_BEFORE)
    if not first_at <= one.due <= LATEST:
        raise No("telling-wrong", subject=story.telling, because="before its time")
    if not set(one.found.split()) <= {*telling_pages.KINDS, telling_pages.NONE_FOUND}:
        raise No("question-broken", subject=story.telling, because="found")


def _reach(
    install: Installation, person: Person, story: Story, *, running: Running
) -> Mapping[UUID, Sequence[Row]]:
    """Return what the loss did to each patient; read once for as long as the case runs."""
    scope = story.plan.scope
    if running.reach is None or running.reach[0] != scope:
        chain = scoping.chain_of(install, story.incident, scope=scope)
        found = scoping.again(install, person, chain, scope=scope)
        if found.list_hash != story.plan.list_hash and len(found.subjects) == len(found.marks):
            # Another list although nobody of it was erased.
            raise Refused("telling.scope")
        reach: dict[UUID, list[Row]] = {one: [] for one in found.subjects.values()}
        for row in found.rows:
            if row.of in found.subjects:
                reach[found.subjects[row.of]].append(row)
        running.reach = (scope, reach)
    return running.reach[1]


def recorded(
    desk: Desk, people: Sequence[ToTell], *, more: Sequence[Deed] = ()
) -> dict[UUID, Opening]:
    """Record that these are opened; return what opens them. The erased have nothing to open."""
    found = {one.patient: cases.identity_of(one.patient) for one in people}
    identities = [one for one in found.values() if one is not None]
    openings = store.openings(identities)
    case = desk.running.case
    deeds = [
        cases.opening_of(desk.person, one.patient, identity, case=case)
        for one in people
        if one.document is not None and (identity := found[one.patient]) is not None
    ]
    if deeds or more:
        desk.install.recording.record([*deeds, *more])
    desk.running.listed.update(deed.subject for deed in deeds)
    return {
        patient: openings[identity]
        for patient, identity in found.items()
        if identity is not None and identity in openings
    }
