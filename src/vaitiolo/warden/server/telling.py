"""Answers the officers who tell people: a plan, a second officer's approval, a stop for each.

Nothing of anybody is opened here. What is approved is a hash, over which nothing can be changed.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID, uuid4

from vaitiolo.keys import outboxes, pages
from vaitiolo.keys.octets import random_bytes
from vaitiolo.keys.refused import Refused
from vaitiolo.kit.dates import HELSINKI
from vaitiolo.ledger.acts import Act
from vaitiolo.notices import codes, writing
from vaitiolo.notices.mail import Mail
from vaitiolo.warden import protocol
from vaitiolo.warden.server import cases, incident_story, scoping, telling_story
from vaitiolo.warden.server.incidents import OFFICERS
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.memory import Person, Seat
from vaitiolo.warden.server.recording import OUTBOX, TELLINGS, Deed
from vaitiolo.warden.server.refusing import No
from vaitiolo.warden.server.sign_ins import sit
from vaitiolo.warden.server.telling_story import SECOND, Story
from vaitiolo.warden.telling_parts import Channel, MadeNotice, TellingHelper, TellingPlan

LONGEST: Final = 200
LONGEST_REASON: Final = 500
MOST_HELPERS: Final = 20
MOST_FOLLOWUPS: Final = 9
MOST_CALLS: Final = 100_000
# So much earlier the helpers are told, and so long ago a plan's first wave may begin.
HELPERS_BEFORE: Final = 2 * 60 * 60
ADDRESS: Final = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+(/[a-z0-9/-]*)?")
EMAIL: Final = re.compile(r"[^@\s<>,;:\"]+@[^@\s<>,;:\"]+\.[^@\s<>,;:\"]+")


def officer(install: Installation, cookie: bytes, incident: UUID) -> tuple[Seat, Person]:
    """Return an officer who holds the incident. Raises No."""
    seat = sit(install, cookie)
    if seat.person.role not in OFFICERS:
        raise No("not-allowed", subject=seat.person.id, because="telling")
    story = incident_story.find(install, incident)
    incident_story.held(install, seat.person, story)
    if story.state == "closed":
        raise No("incident-closed", subject=incident, because="telling")
    return seat, seat.person


def plan(install: Installation, question: protocol.PlanTelling) -> protocol.TellingPlanned:
    """Record a plan with everything in it that counts, and nothing else. Raises No."""
    seat, person = officer(install, question.cookie, question.incident)
    _check_plan(install, question.plan, subject=question.incident)
    telling = question.telling or uuid4()
    with install.turns[telling]:
        if question.telling is not None:
            earlier = telling_story.find(install, telling)
            if earlier.incident != question.incident:
                raise No("not-granted", subject=question.incident, because="another's telling")
        said = _said(install, seat, question)
        said |= {"hash": telling_story.hash_of(install.org, telling, said).hex()}
        deeds = [Deed(Act.TELLING_PLANNED, telling, person.id, said)]
        if question.telling is None:
            mark = {"incident": question.incident.hex, "telling": telling.hex}
            deeds.append(Deed(Act.TELLING_PLANNED, TELLINGS, person.id, mark))
        step = _step("telling-planned", person, telling, incident=question.incident)
        install.recording.record([*deeds, step])
    story = telling_story.find(install, telling)
    return protocol.TellingPlanned(telling_story.known(install, story))


def approve(install: Installation, question: protocol.ApproveTelling) -> protocol.TellingApproved:
    """Record another officer's approval of exactly this plan; seal the helpers' messages."""
    with install.turns[question.telling]:
        story = telling_story.find(install, question.telling)
        seat, person = officer(install, question.cookie, story.incident)
        _check_approval(install, seat, story, question=question)
        rows = [(uuid4(), helper) for helper in story.plan.helpers]
        said = {
            "hash": question.plan_hash.hex(),
            "helpers": [row.hex for row, _helper in rows],
            "person": person.id.hex,
        }
        deed = Deed(Act.TELLING_APPROVED, story.telling, person.id, said)
        step = _step("telling-approved", person, story.telling, incident=story.incident)
        puts = [_put(install, person, row) for row, _helper in rows]
        install.recording.record([deed, step, *puts])
    patients = int(story.planned.said["patients"])
    return protocol.TellingApproved(
        tuple(
            _to_helper(install, story.plan, row, helper=one, people=patients) for row, one in rows
        )
    )


def stop(install: Installation, question: protocol.StopTelling) -> protocol.Done:
    """Record a stop; from now on no row of it is taken and no notice made."""
    return _turn(install, question, act=Act.TELLING_STOPPED, step="telling-stopped")


def go_on(install: Installation, question: protocol.GoOnTelling) -> protocol.Done:
    """Record that a stopped telling goes on, as it was approved."""
    return _turn(install, question, act=Act.TELLING_WENT_ON, step="telling-went-on")


def listed(install: Installation, question: protocol.ListTellings) -> protocol.TellingsListed:
    """Return the tellings of an incident to whoever holds it."""
    seat = sit(install, question.cookie)
    incident = incident_story.find(install, question.incident)
    incident_story.held(install, seat.person, incident)
    stories = [*telling_story.of_incident(install, question.incident)]
    known = (telling_story.known(install, one) for one in reversed(stories))
    return protocol.TellingsListed(tuple(known))


def _turn(
    install: Installation,
    question: protocol.StopTelling | protocol.GoOnTelling,
    *,
    act: Act,
    step: str,
) -> protocol.Done:
    with install.turns[question.telling]:
        story = telling_story.find(install, question.telling)
        _seat, person = officer(install, question.cookie, story.incident)
        reason = question.reason.strip()[:LONGEST_REASON]
        if not reason:
            raise No("no-reason", subject=story.telling)
        if act is Act.TELLING_WENT_ON and story.stopped is None:
            raise No("telling-changed", subject=story.telling, because="not stopped")
        said = {"person": person.id.hex, "reason": reason}
        done = _step(step, person, story.telling, incident=story.incident)
        install.recording.record([Deed(act, story.telling, person.id, said), done])
    return protocol.Done()


def _said(install: Installation, seat: Seat, question: protocol.PlanTelling) -> dict[str, Any]:
    """Return what a plan's entry says, with the two lists side by side. Raises No, Refused."""
    plan, incident = question.plan, question.incident
    chain = scoping.chain_of(install, incident, scope=plan.scope)
    if not scoping.is_kept(install, chain, scope=plan.scope, list_hash=plan.list_hash):
        raise No("telling-wrong", subject=incident, because="no such kept scope")
    found = scoping.again(install, seat.person, chain, scope=plan.scope)
    if found.list_hash != plan.list_hash:
        # Somebody on it was erased since: then the list is another, and is asked for again.
        raise No("telling-wrong", subject=incident, because="list")
    listed = cases.list_of(install, seat, question.cookie, case=plan.case)
    reached = frozenset(found.subjects.values())
    if not reached.issuperset(listed):
        raise No("telling-wrong", subject=incident, because="a stranger to the scope")
    return {
        "incident": incident.hex,
        "left_out": len(reached) - len(listed),
        "list": cases.list_hash_of(install.org, plan.case, listed).hex(),
        "patients": len(listed),
        "person": seat.person.id.hex,
        "plan": telling_story.as_json(plan),
    }


def _check_plan(install: Installation, plan: TellingPlan, *, subject: UUID) -> None:
    """Refuse a plan that cannot be followed. Raises No."""
    now = install.clock() // SECOND
    said = (plan.contact.phone, plan.contact.hours, plan.contact.address)
    checks = {
        "texts": _has_texts(plan),
        "address": len(plan.address) <= LONGEST and bool(ADDRESS.fullmatch(plan.address)),
        "contact": all(one.strip() and len(one) <= LONGEST for one in said),
        "helpers": len(plan.helpers) <= MOST_HELPERS and all(map(_is_helper, plan.helpers)),
        "calls": 1 <= plan.calls_an_hour <= MOST_CALLS,
        "happened": 0 < plan.happened_from <= plan.happened_to <= now,
        "known": 0 < plan.known_since <= now,
        "first": plan.first_at > 0,
        "followup": 0 <= plan.followup <= MOST_FOLLOWUPS,
        "words": all(len(one) <= LONGEST for one in (*plan.untouched, *plan.audiences)),
    }
    wrong = [name for name, is_good in checks.items() if not is_good]
    if wrong:
        raise No("telling-wrong", subject=subject, because=", ".join(wrong))


def _has_texts(plan: TellingPlan) -> bool:
    try:
        return writing.find_texts(plan.texts).hash == plan.texts_hash
    except writing.TextsUnknown:
        return False


def _is_helper(helper: TellingHelper) -> bool:
    is_name = bool(helper.name.strip()) and len(helper.name) <= LONGEST
    return is_name and len(helper.email) <= LONGEST and bool(EMAIL.fullmatch(helper.email))


def _check_approval(
    install: Installation, seat: Seat, story: Story, *, question: protocol.ApproveTelling
) -> None:
    """Refuse the planner's own approval, and one of a plan that is not what it was. Raises No."""
    if story.planned.person == seat.person.id:
        raise No("telling-second", subject=story.telling)
    if question.plan_hash != story.plan_hash or story.approved is not None:
        raise No("telling-changed", subject=story.telling, because="hash")
    listed = cases.list_of(install, seat, question.cookie, case=story.plan.case)
    list_hash = cases.list_hash_of(install.org, story.plan.case, listed).hex()
    said = story.planned.said
    if list_hash != said["list"]:
        raise Refused("telling.list")
    if telling_story.hash_of(install.org, story.telling, said) != story.plan_hash:
        raise Refused("telling.hash")
    if not _has_texts(story.plan):
        raise No("telling-changed", subject=story.telling, because="texts")


def _step(step: str, person: Person, telling: UUID, *, incident: UUID) -> Deed:
    said = {"person": person.id.hex, "step": step, "telling": telling.hex}
    return Deed(Act.INCIDENT, incident, person.id, said)


def _put(install: Installation, person: Person, row: UUID) -> Deed:
    due = install.clock() // SECOND
    said = {"due": due, "person": person.id.hex, "row": row.hex}
    return Deed(Act.OUTBOX_PUT, OUTBOX, person.id, said)


def _to_helper(
    install: Installation, plan: TellingPlan, row: UUID, *, helper: TellingHelper, people: int
) -> MadeNotice:
    at = datetime.fromtimestamp(plan.first_at, tz=UTC).astimezone(HELSINKI)
    contact, code = plan.contact, codes.fresh(bytes(random_bytes(codes.RANDOM_BYTES)))
    message = writing.write_helpers(
        first_at=f"{at.day}.{at.month}.{at.year} {at:%H.%M}",
        people=people,
        contact=f"{contact.phone}, {contact.hours}, {contact.address}",
        code=code,
        texts=writing.find_texts(plan.texts),
    )
    mail = Mail(Channel.EMAIL, helper.email, message.subject, message.body)
    due = install.clock() // SECOND
    sealed = seal(install, mail, row=row, due=due)
    return MadeNotice(row, Channel.HELPERS, due, message.mark, bucket_of(code), sealed)


def bucket_of(code: str) -> int:
    """Return the bucket in which a reader of a message with this code looks for its mark."""
    return int(pages.bucket_of(code), 16)


def seal(install: Installation, mail: Mail, *, row: UUID, due: int) -> bytes:
    """Seal a message for the worker, so that nobody else opens it, the warden not either."""
    made = outboxes.make(
        mail.encode(),
        org=install.org,
        row=row,
        due=due,
        kms_epoch=install.epochs.current("outbox"),
        kms=install.kms,
    )
    return made.encode()


ANSWERERS: Final[Mapping[type[protocol.Question], Any]] = {
    protocol.PlanTelling: plan,
    protocol.ApproveTelling: approve,
    protocol.StopTelling: stop,
    protocol.GoOnTelling: go_on,
    protocol.ListTellings: listed,
}
