"""What is done about an incident's duties: facts, assessments, texts marked as sent, a hold.

Each is an entry of the incident, in the ledger before it is stored.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from vaitiolo.breach import hold, rulebook, severity
from vaitiolo.breach.drafts.words import recipient
from vaitiolo.breach.drafts.writing import Draft
from vaitiolo.breach.duties.folding import FACTS, HOLD, SENT, SEVERITY, Folded, people_of
from vaitiolo.breach.hold import HoldDeed, HoldRefused
from vaitiolo.breach.incidents import access, clocks
from vaitiolo.breach.models import Telling
from vaitiolo.breach.severity import Assessment, Given
from vaitiolo.kit.errors import Refusal
from vaitiolo.people.actor import Actor


class HoldNotPossible(Refusal):
    """A hold that cannot stand as it was asked for."""

    status = HTTPStatus.CONFLICT
    message = _(
        "This cannot be: a hold has somebody who asked, a reason, and an end within a week; only a "
        "second officer confirms that it goes on. Nothing was changed, and notices wait or go as "
        "before."
    )


class TextMoved(Refusal):
    """The facts have moved on since the officer looked at the text."""

    status = HTTPStatus.CONFLICT
    message = _(
        "The facts have changed since you opened this text, so it would not be the one you sent. "
        "Nothing was marked. Open it again, and compare it with what you have sent."
    )


def record_facts(actor: Actor, incident: UUID, said: Mapping[str, Any]) -> None:
    """Record what is known now; it takes the place of what was known before."""
    access.add(actor, incident, FACTS, said=said)


def judge(actor: Actor, folded: Folded, given: Sequence[Given]) -> Assessment:
    """Record an assessment by today's rules. Raises AssessmentWrong."""
    made = severity.assess(rulebook.newest(), given, people=people_of(folded.facts))
    said = {"assessment": json.loads(made.as_json())}
    access.add(actor, folded.incident, SEVERITY, said=said)
    return made


@dataclass(frozen=True, slots=True)
class Marked:
    """What is marked as sent: the hash on the page, the one of this moment, and which way."""

    seen: str
    now: str
    way: str


def mark_sent(actor: Actor, incident: UUID, sent: Draft, *, marked: Marked) -> None:
    """Freeze a text as sent: by whom, when, which way. Raises TextMoved."""
    if marked.now != marked.seen:
        raise TextMoved
    said = {"draft": json.loads(sent.as_json()), "hash": sent.hash, "way": marked.way}
    clock = recipient(sent.recipient).clocks.get(sent.phase)
    # The same entry stops the clock: nobody has to say a second time that it is done.
    said |= {"clock": clock, "state": clocks.DONE, "reason": sent.title} if clock else {}
    access.add(actor, incident, SENT, said=said)


def change_hold(
    actor: Actor, folded: Folded, deed: str, *, said: Mapping[str, Any], at: datetime
) -> None:
    """Place, renew, confirm or lift a hold. Raises HoldNotPossible."""
    made = HoldDeed(
        deed,
        actor.id,
        at,
        said.get("until"),
        str(said.get("asked_by", "")),
        str(said.get("reason", "")),
    )
    try:
        becomes = hold.after(folded.hold, made)
    except HoldRefused:
        raise HoldNotPossible from None
    tellings = Telling.objects.filter(incident=folded.incident)
    if becomes.lasts(at):
        # Before the entry: whoever is killed in between has kept too much back, never too little.
        tellings.update(not_before=becomes.ends_at())
    access.add(actor, folded.incident, HOLD, said=made.said())
    if not becomes.lasts(at):
        tellings.update(not_before=None)
